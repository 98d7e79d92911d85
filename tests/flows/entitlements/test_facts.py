"""The facts: nothing on hold is sent, a caveat goes with its fact, and rewording changes nothing that counts."""

import re
from dataclasses import astuple, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.entitlements.facts import FACTS, TOPICS, Fact, Facts, Topic, is_due, pages, read_topic, sentences
from flows.errors import BadFlow
from flows.model import Language
from locales import risks_in
from tests.peers import need

SHARED = Path(__file__).parents[4] / "shared" / "facts" / "entitlements.yaml"
EVERY = [fact for topic in FACTS.topics for fact in topic.facts]
SENDABLE = FACTS.sendable()
named = pytest.mark.parametrize("fact", SENDABLE, ids=lambda fact: fact.id)

ONE = """
topic = "police_fir"
kind = "law"
checked_on = 2026-11-23
[[fact]]
id = "one"
show = "ok"
confidence = "verified"
title = "A title"
pages = [["A sentence."], ["Another."]]
caveat = ""
origin = "From the law."
[fact.asked]
en = ["a question"]
[fact.source]
statement = "A statement."
how_to_apply = []
papers = []
seen = [{ title = "A page", how = "read in a stored copy" }]
"""


def words(fact: Fact) -> str:
    """All that can reach a phone of a fact."""
    return " ".join(sentences(fact))


def told(fact: Fact) -> str:
    """All that its source says."""
    return " ".join(str(part) for part in astuple(replace(fact.source, seen=())))


def numbers(text: str) -> set[str]:
    """The numbers of a text, without what groups their digits; a range or a date counts whole and in its parts."""
    found = [number.strip(".,-").replace(",", "") for number in re.findall(r"\d[\d,.-]*", text)]
    return {part for number in found for part in (number.replace("-", ""), *number.split("-"))}


def offices(text: str) -> set[str]:
    """Offices and papers by their letters: DLSA, FIR, SP."""
    return set(re.findall(r"\b[A-Z]{2,}\b", text))


def test_every_topic_has_facts() -> None:
    """Every topic is read, and each has something to send."""
    assert tuple(topic.code for topic in FACTS.topics) == TOPICS
    assert all(topic.sendable() for topic in FACTS.topics)


def test_source_is_as_it_was_found() -> None:
    """Each fact's source, show and confidence are those of the coalition's list, to the letter."""
    need(SHARED.is_file(), "the coalition's list of facts")
    listed = {one["id"]: one for one in yaml.safe_load(SHARED.read_text(encoding="utf-8"))["facts"]}
    assert {fact.id for fact in EVERY} == {name for name, one in listed.items() if one["topic"] in TOPICS}
    for fact in EVERY:
        _agrees(fact, listed[fact.id])


def _agrees(fact: Fact, listed: dict[str, Any]) -> None:
    source = fact.source
    assert (fact.topic, fact.show, fact.confidence) == (listed["topic"], listed["show"], listed["confidence"])
    assert (source.statement, source.caveat) == (listed["statement_en"], listed["caveat"]), fact.id
    assert (source.who, source.amount, source.time_limit) == (
        listed["who_qualifies"],
        listed["amount"],
        listed["time_limit"],
    )
    assert (source.office, source.law) == (listed["contact"], listed["legal_basis"])
    assert source.how_to_apply == tuple(listed["how_to_apply"] or ())
    assert source.papers == tuple(listed["documents_needed"] or ())
    assert [seen.title for seen in source.seen] == [one["title"] for one in listed["sources"]]


@named
def test_rewording_adds_no_number(fact: Fact) -> None:
    """Every amount, number and date in the words stands in the source."""
    assert numbers(words(fact)) <= numbers(told(fact)), fact.id


@named
def test_rewording_drops_no_number(fact: Fact) -> None:
    """Every amount, number and date of the statement stands in the words, but for a law's sections."""
    stated = re.sub(r"s\.\d+(\(\d+\))?|section \d+", "", fact.source.statement)
    assert numbers(stated) <= numbers(words(fact)), fact.id


@named
def test_rewording_names_no_other_office(fact: Fact) -> None:
    """Every office in the words stands in the source."""
    assert offices(words(fact)) <= offices(told(fact)), fact.id


@named
def test_words_are_safe_on_any_phone(fact: Fact) -> None:
    """No word of a fact reveals what it is about."""
    assert not risks_in(words(fact), Language.EN)


@named
def test_caveat_goes_with_its_fact(fact: Fact) -> None:
    """A fact that may be sent only with a caveat says it on its first page."""
    if fact.show == "with_caveat":
        assert fact.caveat
    if fact.caveat:
        assert pages(fact)[0][-1] == fact.caveat


@named
def test_fact_can_be_asked_for_in_five_ways(fact: Fact) -> None:
    """Every fact has sample askings in each way of writing."""
    assert all(len(fact.asked[language]) >= 3 for language in Language)


def test_what_is_on_hold_is_never_sent() -> None:
    """A fact on hold gives no sentence to the catalogues and is in no list."""
    held = replace(SENDABLE[0], show="hold")
    topic = Topic("police_fir", (held,))
    assert (sentences(held), topic.sendable(), Facts([topic]).sendable()) == ((), (), ())


def test_month_told_is_the_sources_own() -> None:
    """A source that speaks of an earlier month is told by that month; else by the month it was read."""
    as_of = ONE.replace('title = "A title"', 'title = "A title"\ninfo_as_of = "2025-03"')
    assert read_topic(ONE).facts[0].checked_on == date(2026, 11, 23)
    assert read_topic(as_of).facts[0].checked_on == date(2025, 3, 1)


def test_law_is_checked_again_after_six_months_and_a_helpline_after_one() -> None:
    """The day of the re-check depends on the kind."""
    law, helpline = (read_topic(ONE.replace('"law"', f'"{kind}"')).facts[0] for kind in ("law", "helpline"))
    assert not is_due(law, date(2027, 5, 25))
    assert is_due(law, date(2027, 5, 26))
    assert not is_due(helpline, date(2026, 12, 24))
    assert is_due(helpline, date(2026, 12, 25))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('show = "ok"', 'show = "with_caveat"'),
        ("[[fact]]", "[[fact"),
        ('title = "A title"\n', ""),
        ('origin = "From the law."', 'origin = ""'),
        ('kind = "law"', 'kind = "rumour"'),
        ('en = ["a question"]', 'fr = ["une question"]'),
        ('statement = "A statement."', 'statment = "A statement."'),
        ('title = "A title"', 'title = "A title"\ninfo_as_of = "soon"'),
    ],
)
def test_broken_file_is_refused(before: str, after: str) -> None:
    """A fact file with a fault starts nothing, and says what it is."""
    assert before in ONE
    with pytest.raises(BadFlow):
        read_topic(ONE.replace(before, after))


def test_name_taken_twice_is_refused() -> None:
    """Two facts of one id would hide each other."""
    topic = read_topic(ONE)
    with pytest.raises(BadFlow, match="two facts"):
        Facts([topic, topic])
