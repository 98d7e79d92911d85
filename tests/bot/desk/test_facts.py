"""Facts at the desk: held by a button and not sent, released, confirmed; all of it in the journal."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.desk import content_labels, facts
from flows.entitlements.facts import FACTS, pages
from flows.model import Language
from flows.sources import NO_CHECKS, Checks
from storage import fact_states, journal
from storage.database import reading
from storage.staff import Role
from tests.bot.desk.browsers import Browser, Office
from tests.bot.test_holding import ASKS, INSTEAD, PAPERS, tells
from tests.bot.test_turn import Line

HELD_BY_FILE = FACTS.fact("sh-osc-warning")
PATH = f"/desk/facts/{PAPERS.id}"


@pytest.fixture
def mira(office: Office) -> Browser:
    """A coordinator who has signed in."""
    office.hire("mira", Role.COORDINATOR)
    return office.signed_in("mira")


def noted(office: Office, action: str) -> list[str]:
    """What was done to what, oldest first."""
    with reading(office.store.main) as db:
        return [one.subject for one in reversed(journal.read(db, 100, action=action))]


def test_holding_a_fact_and_seeing_it_not_sent(office: Office, mira: Browser, tmp_path: Path) -> None:
    """She asks and is told; a coordinator holds it; she asks again and is not told; it is released, and she is."""
    line = Line(office.store, tmp_path)
    line.write("namaskar kagoj niye jante chai", "1")
    assert tells(line.write(ASKS))
    mira.get(PATH)
    assert mira.post(f"{PATH}/hold", {"reason": "changed"}).headers["location"] == PATH
    assert "Held by mira since" in mira.get(PATH).text
    shown = line.write(ASKS)
    assert (tells(shown), shown.startswith(INSTEAD)) == (False, True)
    mira.post(f"{PATH}/release")
    assert tells(line.write(ASKS))
    assert noted(office, "hold fact") == [f"{PAPERS.id} changed"]
    assert noted(office, "release fact") == [PAPERS.id]


def test_hold_needs_a_reason(office: Office, mira: Browser) -> None:
    """Without one of the reasons nothing is held, and nothing is written down."""
    mira.get(PATH)
    for reason in ("", "because", "changed; drop table"):
        answered = mira.post(f"{PATH}/hold", {"reason": reason})
        assert (answered.status_code, "Choose a reason." in answered.text) == (422, True)
    with reading(office.store.main) as db:
        assert fact_states.held(db) == frozenset()
    assert noted(office, "hold fact") == []


def test_hold_of_the_file_stays(office: Office, mira: Browser) -> None:
    """What its file holds cannot be released here: the page says so, and no button offers it."""
    path = f"/desk/facts/{HELD_BY_FILE.id}"
    page = mira.get(path).text
    assert "Only a new release of Sathi can send it." in page
    assert f'action="{path}/release"' not in page
    for act in ("release", "hold"):
        answered = mira.post(f"{path}/{act}", {"reason": "changed"})
        assert (answered.status_code, "Only a new release" in answered.text) == (422, True)
    assert noted(office, "release fact") == noted(office, "hold fact") == []


def test_release_of_what_is_not_held(office: Office, mira: Browser) -> None:
    """A second click changes nothing and is not written down."""
    mira.get(PATH)
    assert mira.post(f"{PATH}/release").status_code == 303
    assert noted(office, "release fact") == []


def test_confirm_a_check(office: Office) -> None:
    """Today or an earlier day is kept, with who said so, and moves the day by which it must be checked again."""
    office.clock.at = office.clock.at.replace(year=2027, month=8)
    office.hire("mira", Role.COORDINATOR)
    browser = office.signed_in("mira")
    browser.get(PATH)
    day = date(2027, 7, 20)
    assert browser.post(f"{PATH}/check", {"day": day.isoformat()}).status_code == 303
    page = browser.get(PATH).text
    assert "checked on 20 Jul 2027" in page
    assert f"check again by {(day + PAPERS.lasts).strftime('%-d %b %Y')}" in page
    assert "last check confirmed by mira" in page
    assert noted(office, "confirm check of fact") == [f"{PAPERS.id} 2027-07-20"]


@pytest.mark.parametrize(
    ("day", "told"),
    [("", facts.NO_DAY), ("20 July", facts.NO_DAY), ("2999-01-01", facts.TOO_LATE), ("2020-01-01", facts.TOO_EARLY)],
)
def test_day_that_cannot_be(office: Office, mira: Browser, day: str, told: str) -> None:
    """No day, one to come, and one before the check of the file are refused in words."""
    mira.get(PATH)
    answered = mira.post(f"{PATH}/check", {"day": day})
    assert (answered.status_code, told in answered.text) == (422, True)
    assert noted(office, "confirm check of fact") == []


def test_list_is_filtered(mira: Browser) -> None:
    """By topic, by state and by words; what nothing fits says so."""
    assert mira.get("/desk/facts").text.count('<th scope="row">') == sum(len(topic.facts) for topic in FACTS.topics)
    held = mira.get("/desk/facts?state=held_by_file").text
    assert held.count('<th scope="row">') == sum(not fact.is_sendable for topic in FACTS.topics for fact in topic.facts)
    assert mira.get("/desk/facts?topic=bonded_labour").text.count('<th scope="row">') == 4
    assert PAPERS.id in mira.get(f"/desk/facts?words={PAPERS.title[:8]}").text
    assert "No fact is like that." in mira.get("/desk/facts?words=zzzzzz").text


def test_page_shows_the_words_that_are_sent(office: Office, mira: Browser, tmp_path: Path) -> None:
    """What stands on the page in her language is what her phone shows, page by page."""
    line = Line(office.store, tmp_path)
    line.write("namaskar kagoj niye jante chai", "1")
    page = mira.get(PATH).text
    shown = [line.write(ASKS)]
    while "8 aro" in shown[-1]:
        shown.append(line.write("8"))
    assert len(shown) == len(pages(PAPERS))
    for text in shown:
        assert text in page


def test_every_fact_has_a_page(mira: Browser) -> None:
    """Each is drawn, in the desk's three languages by turns, with a part count for every page of it."""
    every = [fact for topic in FACTS.topics for fact in topic.facts]
    for number, fact in enumerate(every[::7]):
        language = ("en", "bn", "hi")[number % 3]
        answered = mira.get(f"/desk/facts/{fact.id}", headers={"accept-language": language})
        assert answered.status_code == 200
        expected = len(pages(fact)) * len(Language) if fact.is_sendable else 0
        assert answered.text.count('class="told"') == expected


def test_fact_that_is_not_there(mira: Browser) -> None:
    """An id that nobody gave is nothing."""
    assert mira.get("/desk/facts/nothing").status_code == 404


def test_overdue_facts() -> None:
    """What is past its re-check, the longest first; neither what is held nor what was checked again."""
    day = max(fact.recheck_by for fact in FACTS.sendable()) + timedelta(days=1)
    every = facts.overdue(NO_CHECKS, day)
    assert len(every) == len(FACTS.sendable())
    assert [fact.recheck_by for fact in every] == sorted(fact.recheck_by for fact in every)
    checks = Checks(frozenset({PAPERS.id}), {"vc-right": day})
    assert {fact.id for fact in every} - {fact.id for fact in facts.overdue(checks, day)} == {PAPERS.id, "vc-right"}


def test_every_code_has_a_label() -> None:
    """No topic and no confidence is without words."""
    assert set(content_labels.TOPICS) == {topic.code for topic in FACTS.topics}
    assert {fact.confidence for topic in FACTS.topics for fact in topic.facts} <= set(content_labels.CONFIDENCE)
