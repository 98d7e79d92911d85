"""The search over the facts: what it finds, when it answers, and that it always finds the same."""

import os
import subprocess
import sys
from collections.abc import Callable
from time import perf_counter, thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flows.entitlements.facts import FACTS
from flows.entitlements.meanings import MEANINGS, WIDER, Meanings, denied, read
from flows.entitlements.search import LONGEST, ONE_THING, SHOWN, Asked, ask, askings, reasons
from flows.hearing import hear
from flows.model import Language
from tests.flows.entitlements.measuring import SMALL_TALK, Question, Row, questions, table

SENDABLE = {fact.id for fact in FACTS.sendable()}
EXAMPLES = {
    "order paisi 2 bochor age taka ase nai": {"vc-payment-late", "vc-unpaid-steps"},
    "ক্ষতিপূরণ কবে পাব": {"vc-two-months", "vc-payment-late"},
    "muje vakil chahiye": {"la-right", "la-where"},
    "वकील पैसा मांग रहा है": {"la-what-is-free"},
    "police fir nicche na ki korbo": {"fir-refused"},
    "dlsa order hoyeche taka ase ni": {"vc-payment-late", "vc-unpaid-steps"},
}


@pytest.fixture(scope="module")
def asked() -> list[tuple[Question, Asked]]:
    """Every question to develop with, with what was found."""
    return [(question, ask(question[2], question[1])) for question in questions()]


@pytest.fixture(scope="module")
def rows(asked: list[tuple[Question, Asked]]) -> dict[Language, Row]:
    """The table of the questions to develop with."""
    return {row.language: row for row in table(asked)}


@pytest.mark.parametrize(("text", "right"), EXAMPLES.items())
def test_what_she_is_known_to_ask(text: str, right: set[str]) -> None:
    """The questions that the design was made for lead to their fact."""
    assert right & set(ask(text).matches[0].facts)


@pytest.mark.parametrize("language", Language)
def test_questions_to_develop_with(rows: dict[Language, Row], language: Language) -> None:
    """In every way of writing the right fact is first in 80 of 100, among three in 92, and few answers are wrong."""
    row = rows[language]
    assert row.first >= 0.8
    assert row.three >= 0.92
    assert row.answered >= 0.6
    assert row.wrong <= 0.05


def test_small_talk_is_not_answered(asked: list[tuple[Question, Asked]]) -> None:
    """At most 5 of 100 messages of small talk are answered with a fact."""
    answered = [one.answer for (fact, _, _), one in asked if fact == SMALL_TALK]
    assert sum(answered) / len(answered) <= 0.05


def test_questions_are_no_askings() -> None:
    """No question is word for word what it has learnt from."""
    assert not {line for _, _, line in questions()} & {line for _, _, line in askings(FACTS.sendable())}


def test_every_fact_is_asked_in_every_way() -> None:
    """Each fact has at least 12 askings in each way of writing."""
    assert [
        (fact.id, language) for fact in FACTS.sendable() for language in Language if len(fact.asked[language]) < 12
    ] == []


@given(some.text(max_size=LONGEST))
def test_any_text(text: str) -> None:
    """Any text is asked without a fault, finds only what may be sent, best first, and finds the same again."""
    found = ask(text)
    assert found == ask(text)
    assert len(found.matches) <= SHOWN
    assert {fact for match in found.matches for fact in match.facts} <= SENDABLE
    scores = [match.score for match in found.matches]
    assert all(0 <= score <= 1 for score in scores)
    assert len(reasons(text, found)) == len(found.matches)


@given(some.lists(some.sampled_from(sorted({line for _, _, line in questions()})), max_size=30).map(" ".join))
def test_any_words(text: str) -> None:
    """So are her own words in any heap."""
    assert ask(text) == ask(text)


@pytest.mark.parametrize("text", ["", " ", "hhh", "9", "৯", "asdf qwer zxcv", "👩", "nice weather today", "\u200b"])
def test_nothing_asked(text: str) -> None:
    """What asks for nothing finds nothing."""
    assert ask(text) == Asked((), answer=False)


def test_the_same_in_another_run() -> None:
    """The order in which a run happens to keep its sets changes no score by anything."""
    lines = [*EXAMPLES, *(line for _, _, line in questions()[::40])]
    code = f"from flows.entitlements.search import ask\nprint([ask(line) for line in {lines!r}])"
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    assert told.stdout.decode().strip() == repr([ask(line) for line in lines])


def test_facts_on_hold_are_never_learnt() -> None:
    """Only what may be sent has askings in the search; small talk stands under no name."""
    assert {fact for fact, _, _ in askings(FACTS.sendable())} == SENDABLE | {""}


def test_two_that_say_one_thing() -> None:
    """Each fact is in one pair at most, and both of a pair may be sent."""
    named = [fact for pair in ONE_THING for fact in pair]
    assert len(named) == len(set(named))
    assert set(named) <= SENDABLE


def test_two_that_say_one_thing_are_one_match() -> None:
    """Where a message fits both they are named together, the better first; no fact is named twice."""
    assert ask("apply for compensation money from the government").matches[0].facts in (
        ("vc-right", "vc-where-apply"),
        ("vc-where-apply", "vc-right"),
    )


def test_no_fact_is_named_twice(asked: list[tuple[Question, Asked]]) -> None:
    """Neither alone and in a pair, nor in two pairs."""
    for _, one in asked:
        named = [fact for match in one.matches for fact in match.facts]
        assert len(named) == len(set(named))


def test_meanings_are_the_same_in_every_way_of_writing() -> None:
    """A lawyer is a lawyer in any script, with its ending, and with a letter wrong."""
    for word in ("lawyer", "উকিল", "উকিলের", "ukil", "ukiler", "वकील", "vakil", "wakil", "advocate", "advocat"):
        assert "lawyer" in {name for _, name in MEANINGS.found(read(word))}, word


@pytest.mark.parametrize(
    "text", ["taka ase nai", "টাকা আসেনি", "paisa nahi aaya", "पैसा नहीं आया", "money not come", "taka aseni"]
)
def test_what_is_denied(text: str) -> None:
    """A negation is joined to what stands beside it, before or after it, or written together with it."""
    assert "come" in set(denied(MEANINGS.found(read(text))))


def test_an_exact_spelling() -> None:
    """A word after = is met in that spelling alone, one before * with any ending."""
    found = Meanings({"statement": "=bayan", "write": "likh*"}).found(read("bayan banan likhbo"))
    assert found == [(0, "statement"), (2, "write")]


def test_wider_meanings_are_of_known_ones() -> None:
    """Every kind of a wider meaning is itself written down."""
    assert set(WIDER) <= MEANINGS.names


def test_how_long_it_takes(proof: Callable[[str], None]) -> None:
    """Hearing and asking are timed; the figure is told, not judged, since other work may be going on."""
    took: list[tuple[float, float]] = []
    for _, _, line in questions():
        began, worked = perf_counter(), thread_time()
        hear(line)
        ask(line)
        took.append((1000 * (perf_counter() - began), 1000 * (thread_time() - worked)))
    for of, times in zip(("clock", "processor"), map(sorted, zip(*took, strict=True)), strict=True):
        late = times[int(len(times) * 0.99)]
        proof(f"hear and ask by the {of}: p50={times[len(times) // 2]:.2f}ms p99={late:.2f}ms of {len(times)}")
