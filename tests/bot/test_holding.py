"""A fact that staff hold is told to nobody from the next turn on, and to everybody again once it is released."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.wording import translate
from flows.entitlements.facts import FACTS, Fact, pages
from flows.model import Language, T
from flows.paths import HELD
from flows.sources import NO_CHECKS
from storage import fact_states
from storage.database import Store, reading, writing
from tests.bot.test_turn import Line
from tests.storage.builders import NOW

ASKS = "dlsa te ki ki kagoj niye jabo"  # what papers she takes along
PAPERS = FACTS.fact("vc-documents")
FREE = FACTS.fact("la-where"), FACTS.fact("la-right")  # two that say one thing
ASKS_FREE = "free ukil kothay pabo"
BY = "staff sample"


def said(english: str) -> str:
    """A sentence as she reads it."""
    return translate(T(english), Language.BN_LATN)


INSTEAD = said(HELD.text)


@pytest.fixture
def line(store: Store, tmp_path: Path) -> Line:
    """Somebody past the cover, by SMS, on each of the two databases."""
    line = Line(store, tmp_path)
    line.write("namaskar kagoj niye jante chai", "1")
    return line


def hold(store: Store, *facts: Fact) -> None:
    """A member of staff holds these."""
    with writing(store.main) as db:
        for fact in facts:
            fact_states.hold(db, fact.id, reason="changed", by=BY, now=NOW)


def release(store: Store, fact: Fact) -> None:
    """And lets one go."""
    with writing(store.main) as db:
        fact_states.release(db, fact.id, by=BY, now=NOW)


def confirm(store: Store, day: date) -> None:
    """A member of staff has read the source again."""
    with writing(store.main) as db:
        fact_states.confirm(db, PAPERS.id, day, by=BY, now=NOW)


def tells(shown: str, fact: Fact = PAPERS) -> bool:
    """Whether any sentence of the fact is in what her phone shows."""
    return any(said(sentence) in shown for page in pages(fact) for sentence in page)


def choices(shown: str) -> list[str]:
    """The labels of the numbered choices."""
    return re.findall(r"^[1-7] (.+)$", shown, re.MULTILINE)


def titles(facts: Iterable[Fact]) -> list[str]:
    """Facts as they are called in a list."""
    return [said(fact.title) for fact in facts]


def listed(line: Line) -> list[str]:
    """The whole list that she goes back to from a fact."""
    shown = [line.write("pichone")]
    while "\n8 " in shown[-1]:
        shown.append(line.write("8"))
    return [label for page in shown for label in choices(page)]


def test_held_fact_is_not_sent(line: Line, store: Store) -> None:
    """The same words get the fact, then a kind sentence and a person in its place, and after the release the fact."""
    assert tells(line.write(ASKS))
    hold(store, PAPERS)
    shown = line.write(ASKS)
    assert not tells(shown)
    assert shown.startswith(INSTEAD)
    assert "9 manush" in shown
    release(store, PAPERS)
    assert tells(line.write(ASKS))


def test_a_turn_that_reads_no_holds_is_seen(line: Line, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotage twin: where a turn does not read what is held, the fact goes out, and the test above sees it."""
    monkeypatch.setattr(fact_states, "checks", lambda _db: NO_CHECKS)
    hold(store, PAPERS)
    assert tells(line.write(ASKS))


@pytest.mark.parametrize("text", ["8", "eta kotha theke jana", "abar bolun", ASKS])
def test_who_stands_on_its_page_reads_no_more_of_it(line: Line, store: Store, text: str) -> None:
    """More of it, where it comes from, and the same once more: each gets the kind sentence."""
    line.write(ASKS)
    hold(store, PAPERS)
    shown = line.write(text)
    assert not tells(shown)
    assert shown.startswith(INSTEAD)


def test_question_under_the_cover(line: Line, store: Store) -> None:
    """What she asked before the cover was lifted is not answered from a fact that was held meanwhile."""
    line.clock.move(timedelta(hours=1))
    line.write(ASKS)
    hold(store, PAPERS)
    assert line.write("1").startswith(INSTEAD)


def test_held_fact_is_in_no_list(line: Line, store: Store) -> None:
    """It is gone from the list of its topic; the others are there as before, also those on later pages."""
    line.write(ASKS)
    assert listed(line) == titles(FACTS.topic(PAPERS.topic).facts)
    hold(store, PAPERS)
    line.write(ASKS)
    assert listed(line) == titles(fact for fact in FACTS.topic(PAPERS.topic).facts if fact is not PAPERS)


def test_her_number_means_what_she_read(line: Line, store: Store) -> None:
    """The list became shorter since she read it: her number names the same fact, not the one that moved up."""
    first, second, third, *_ = FACTS.topic(PAPERS.topic).facts
    line.write(ASKS)
    assert choices(line.write("pichone"))[:3] == titles([first, second, third])
    hold(store, first)
    shown = line.write("2")
    assert (tells(shown, second), tells(shown, third)) == (True, False)


def test_number_of_a_fact_that_was_held_since(line: Line, store: Store) -> None:
    """She chooses what was held after she read the list."""
    line.write(ASKS, "pichone")
    hold(store, FACTS.topic(PAPERS.topic).facts[0])
    assert line.write("1").startswith(INSTEAD)


def test_list_is_offered_again(line: Line, store: Store) -> None:
    """Where she was not understood, the list stands as it is now, and her number names what she read there."""
    first, second, *_ = FACTS.topic(PAPERS.topic).facts
    line.write(ASKS, "pichone")
    hold(store, first)
    assert choices(line.write("qzx"))[0] == said(second.title)
    assert tells(line.write("1"), second)


def test_guide_that_tells_it(line: Line, store: Store) -> None:
    """Where a stage of a guide tells a held fact, the kind sentence stands in its place, and the choices below it."""
    late = FACTS.fact("vc-payment-late")
    hold(store, late)
    shown = line.write("0", "1", "4")
    assert shown.startswith(INSTEAD)
    assert choices(shown)
    assert not tells(line.write("8"), late)
    assert not tells(line.write("eta kotha theke jana"), late)


def test_twin_answers_for_a_held_fact(line: Line, store: Store) -> None:
    """Where two facts say one thing, the other answers while one is held; with both held, neither does."""
    best, other = FREE
    assert tells(line.write(ASKS_FREE), best)
    hold(store, best)
    assert tells(line.write(ASKS_FREE), other)
    hold(store, other)
    assert line.write(ASKS_FREE).startswith(INSTEAD)


def test_whole_topic_is_held(line: Line, store: Store) -> None:
    """With every fact of a topic held, its list says so and offers a person."""
    line.write(ASKS)
    hold(store, *FACTS.topic(PAPERS.topic).facts)
    shown = line.write("pichone")
    assert (shown.startswith(INSTEAD), choices(shown)) == (True, [])
    assert "9 manush" in shown


def test_confirmed_check_is_what_she_is_told(line: Line, store: Store) -> None:
    """The month on the last page is that of the newest check; one older than the file's own moves nothing."""
    asks = (ASKS, "eta kotha theke jana")
    assert "November 2026" in line.write(*asks)
    confirm(store, date(2027, 4, 9))
    assert "April 2027" in line.write(*asks)
    confirm(store, date(2026, 5, 9))
    assert "November 2026" in line.write(*asks)


def test_overdue_fact_is_in_time_again_once_confirmed(line: Line, store: Store) -> None:
    """A fact past its re-check says so on its first page, until somebody has read its source again."""
    warns = said("Checked {month}. Ask a person too.").partition("{month}. ")[2]
    line.clock.at = PAPERS.recheck_by + timedelta(days=1) - NOW.date() + NOW
    line.write("namaskar", "1")
    assert warns in line.write(ASKS)
    confirm(store, line.clock().date())
    assert warns not in line.write(ASKS)


def test_what_was_said_of_a_fact(store: Store) -> None:
    """A check leaves a hold alone, and a release the check."""
    day = date(2027, 1, 2)
    assert states(store) == (frozenset(), {})
    hold(store, PAPERS)
    confirm(store, day)
    assert states(store) == ({PAPERS.id}, {PAPERS.id: day})
    release(store, PAPERS)
    assert states(store) == (frozenset(), {PAPERS.id: day})
    with reading(store.main) as db:
        state = fact_states.all_of(db)[PAPERS.id]
    assert (state.held, state.reason, state.checked_by) == (False, "", BY)


def test_hold_that_was_not_kept(store: Store) -> None:
    """A transaction that fails holds nothing, also for who has read it before."""

    def hold_and_fail() -> None:
        with writing(store.main) as db:
            fact_states.hold(db, PAPERS.id, reason="changed", by=BY, now=NOW)
            assert fact_states.held(db) == {PAPERS.id}
            raise LookupError

    with pytest.raises(LookupError):
        hold_and_fail()
    assert states(store) == (frozenset(), {})


def states(store: Store) -> tuple[object, object]:
    """What is held, and what was checked."""
    with reading(store.main) as db:
        return fact_states.held(db), fact_states.checked(db)
