"""Today at the desk: what waits for a person stands there, and what waits for nobody does not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bot.desk import facts, standing
from flows.entitlements.facts import FACTS, is_due
from storage import alerts, fact_states, follow_ups, ids, inbound, journal, people, referrals, reveals, spend
from storage.database import reading, writing
from storage.staff import Role
from storage.tables import journal as journal_table
from storage.tables import outbox
from tests.bot.desk.asked import DAY, MINUTE, WORDS, ask, line_up
from tests.bot.desk.browsers import Browser, Office
from tests.storage.builders import NOW, keep, put

CLEAR = "Nothing waits for a person now"


@pytest.fixture
def ruma(office: Office) -> Browser:
    """A coordinator's browser, on a day on which no fact is past its re-check."""
    office.clock.at = NOW
    office.hire("ruma", Role.COORDINATOR)
    return office.signed_in("ruma")


@pytest.fixture(autouse=True)
def _fresh_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The facts are as new: that they grow old is another test's."""
    monkeypatch.setattr(facts, "is_due", lambda _fact, _day: False)


def page(browser: Browser) -> str:
    """The first page."""
    answered = browser.get("/desk")
    assert answered.status_code == 200
    return answered.text


def test_all_clear(ruma: Browser) -> None:
    """On a quiet day it says so, and no card is there."""
    told = page(ruma)
    assert CLEAR in told
    assert told.count("<article") == 1


def test_safety_first(ruma: Browser, office: Office) -> None:
    """An alert of danger stands first and apart; seen by somebody, it is gone, and the journal says who saw it."""
    asked, _ = ask(office.store, kind="emergency", now=NOW - MINUTE)
    with writing(office.store.main) as db:
        alerts.raise_one(db, "person", asked.code, NOW - 3 * MINUTE)
        alert = alerts.raise_one(db, "self_harm", asked.code, NOW - 2 * MINUTE)
    told = page(ruma)
    assert CLEAR not in told
    assert told.index("Safety: 1") < told.index("Nobody has seen this yet: 1")
    assert ruma.post(f"/desk/alerts/{alert.id}/seen").status_code == 303
    told = page(ruma)
    assert "Safety:" not in told
    assert "Nobody has seen this yet: 1" in told
    assert ruma.post(f"/desk/alerts/{alert.id}/seen").status_code == 404
    with reading(office.store.main) as db:
        assert journal.verify(db) is None


def test_line_of_the_waiting(ruma: Browser, office: Office) -> None:
    """Who waits for a member stands there with how long; who talks with one does not."""
    asked, _ = ask(office.store, 1)
    other, _ = ask(office.store, 2)
    line_up(office.store, asked, now=NOW - 12 * MINUTE)
    line_up(office.store, other, held=True)
    told = page(ruma)
    assert "Waiting for a member: 1" in told
    assert "12 minutes" in told
    assert asked.code in told
    assert other.code not in told


@pytest.mark.parametrize(
    ("kind", "state", "age", "shown"),
    [
        ("counselling", "requested", standing.UNTOUCHED + MINUTE, True),
        ("counselling", "in_progress", standing.UNTOUCHED + MINUTE, True),
        ("counselling", "requested", standing.UNTOUCHED - MINUTE, False),
        ("counselling", "done", 9 * DAY, False),
        ("information", "requested", 9 * DAY, False),
    ],
)
def test_untouched(ruma: Browser, office: Office, kind: str, state: str, age: timedelta, shown: bool) -> None:
    """An open request in which nothing happened for two days is shown; nothing else is."""
    asked, _ = ask(office.store, kind=kind, state=state, now=NOW - age)
    told = page(ruma)
    assert ("Untouched for two days: 1" in told) is shown
    assert (CLEAR in told) is not shown
    if shown:
        with writing(office.store.main) as db:
            referrals.change(db, asked.code, state, None, "member", NOW)
        assert CLEAR in page(ruma)


def test_few_rows_and_a_count(ruma: Browser, office: Office) -> None:
    """A card shows the first few and says how many more there are."""
    for number in range(standing.FEW + 3):
        ask(office.store, number, now=NOW - 5 * DAY + number * MINUTE)
    told = page(ruma)
    assert f"Untouched for two days: {standing.FEW + 3}" in told
    assert "and 3 more" in told
    assert told.count('<a href="/desk/log/') == standing.FEW


def test_she_says_otherwise(ruma: Browser, office: Office) -> None:
    """A contradiction stands there until somebody does something about it."""
    asked, key = ask(office.store, now=NOW - 9 * DAY)
    with writing(office.store.main) as db:
        referrals.change(db, asked.code, "done", "helped", "member", NOW - 8 * DAY)
        follow_ups.plan(db, asked.code, key.id, NOW - 3 * DAY)
        (one,) = follow_ups.of_referral(db, asked.code)
        follow_ups.asked(db, one.id, NOW - 3 * DAY)
        follow_ups.answer(db, key.id, "refused", NOW - 2 * DAY)
    assert "She says it was not so: 1" in page(ruma)
    form = {"move": "in_progress:she says otherwise", "seen": "done"}
    assert ruma.post(f"/desk/log/{asked.code}/state", form).status_code == 303
    assert "She says it was not so" not in page(ruma)


def test_late_questions(ruma: Browser, office: Office) -> None:
    """A question that should have been asked, and one that she leaves unanswered for long; no other."""
    made = [ask(office.store, number) for number in range(4)]
    with writing(office.store.main) as db:
        for (asked, key), due_at in zip(made, (-3, -1, -200, -100), strict=True):
            follow_ups.plan(db, asked.code, key.id, NOW + timedelta(hours=due_at))
        for asked, _ in made[2:]:
            (one,) = follow_ups.of_referral(db, asked.code)
            follow_ups.asked(db, one.id, one.due_at)
    told = page(ruma)
    assert "Questions to her that are late: 2" in told
    assert [asked.code in told for asked, _ in made] == [True, False, True, False]


def test_message_that_could_not_be_answered(ruma: Browser, office: Office) -> None:
    """It stands there without her words until somebody has seen to it."""
    asked, key = ask(office.store)
    with writing(office.store.main) as db:
        kept = keep(db, office.store, key, text=WORDS)
        assert kept
        other = keep(db, office.store, key, "m2")
        inbound.mark(db, kept, "quarantined")
    told = page(ruma)
    assert "Messages that could not be answered: 1" in told
    assert asked.code in told
    assert WORDS not in told
    assert ruma.post(f"/desk/messages/{other}/seen").status_code == 404
    assert ruma.post(f"/desk/messages/{kept}/seen").status_code == 303
    assert CLEAR in page(ruma)


def test_facts_past_their_recheck(ruma: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The facts whose re-check is past are counted."""
    monkeypatch.setattr(facts, "is_due", is_due)
    late = [fact for fact in FACTS.sendable() if is_due(fact, ids.day_of(NOW))]
    assert (f"Facts past their re-check: {len(late)}" in page(ruma)) is bool(late)
    monkeypatch.setattr(facts, "is_due", lambda fact, _day: is_due(fact, date(2100, 1, 1)))
    assert f"Facts past their re-check: {len(FACTS.sendable())}" in page(ruma)


def test_lines(ruma: Browser, office: Office) -> None:
    """A provider that refused something, or lets something wait, is marked; one that does its work is not."""
    _, key = ask(office.store)
    with writing(office.store.main) as db:
        sent = put(db, office.store, key, provider="telegram", due_at=NOW - MINUTE)
        failed = put(db, office.store, key, provider="twilio", due_at=NOW - MINUTE)
        for one, state in ((sent, "sent"), (failed, "failed")):
            db.execute(outbox.update().where(outbox.c.id == one).values(state=state))
    told = page(ruma).split("<h2>The lines")[1]
    ill = {row.split("</th>")[0] for row in told.split('<th scope="row">')[1:] if "look at it" in row}
    assert ill == {"SMS by Twilio"}
    assert CLEAR not in page(ruma)
    with writing(office.store.main) as db:
        put(db, office.store, key, provider="android_sms", due_at=NOW - standing.STUCK - MINUTE)
    told = page(ruma).split("<h2>The lines")[1]
    ill = {row.split("</th>")[0] for row in told.split('<th scope="row">')[1:] if "look at it" in row}
    assert ill == {"SMS by Twilio", "SMS by a phone"}


@pytest.mark.parametrize(("parts", "is_marked"), [(71, False), (72, True)])
def test_budget(ruma: Browser, office: Office, parts: int, is_marked: bool) -> None:
    """The parts of today beside what may be used; four fifths of it are marked."""
    with writing(office.store.main) as db:
        spend.add(db, ids.day_of(NOW), "line:android_sms:a", parts)
        spend.add(db, ids.day_of(NOW), "line:android_sms:b", 3)
        spend.add(db, ids.day_of(NOW - DAY), "line:android_sms:a", 90)
        spend.add(db, ids.day_of(NOW), "cover:somebody", 60)
    told = page(ruma)
    assert f"{parts} of 90" in told
    assert (f'<strong class="bad">{parts} of 90' in told) is is_marked
    assert (CLEAR in told) is not is_marked


def test_held_fact_waits_for_somebody(ruma: Browser, office: Office) -> None:
    """A fact that is held stands there until it is released."""
    with writing(office.store.main) as db:
        fact_states.hold(db, "la-right", reason="doubt", by="staff 1", now=NOW)
    assert "Facts held here: 1" in page(ruma)
    with writing(office.store.main) as db:
        fact_states.release(db, "la-right", by="staff 1", now=NOW)
    assert "Facts held here" not in page(ruma)


def test_opted_out(ruma: Browser, office: Office) -> None:
    """How many want no messages, and how many of them since midnight in India."""
    for number, at in enumerate((NOW, NOW - MINUTE, NOW - DAY)):
        _, key = ask(office.store, number)
        with writing(office.store.main) as db:
            people.opt_out(db, key.id, at)
    assert "Want no messages: 3, of them new today: 2." in page(ruma)


def test_asked_to_see_an_address(ruma: Browser, office: Office) -> None:
    """It stands there for whoever may agree, not for whoever asked, and not when it is too late."""
    office.hire("anita", Role.ADMINISTRATOR)
    asked, _ = ask(office.store)
    ruma.post(f"/desk/log/{asked.code}/reveal", {"reason": "court order"})
    assert CLEAR in page(ruma)
    anita = office.signed_in("anita")
    assert "Asked to see an address: 1" in page(anita)
    office.clock.at += reveals.LASTS
    anita = office.browser()
    anita.sign_in("anita")
    assert "Asked to see an address" not in page(anita)


def test_page_asks_again_by_itself(ruma: Browser, office: Office) -> None:
    """The part that is fetched every minute is the same part, keeps no session alive, and is no look in the journal."""
    whole = page(ruma)
    assert 'hx-get="/desk/today" hx-trigger="every 60s"' in whole
    before = _looks(office)
    for _ in range(3):
        office.clock.at += 4 * MINUTE
        part = ruma.get("/desk/today", headers={"hx-request": "true"})
        assert part.status_code == 200
        assert part.text.startswith('<div id="today"')
    assert _looks(office) == before
    office.clock.at += 4 * MINUTE
    over = ruma.get("/desk/today", headers={"hx-request": "true"})
    assert (over.status_code, over.headers["hx-redirect"], over.text) == (204, "/desk/sign-in", "")


def test_no_page_of_a_reviewer(office: Office) -> None:
    """Whoever may not act on what waits is shown none of it."""
    office.hire("tapan", Role.REVIEWER)
    tapan = office.signed_in("tapan")
    assert [tapan.get(path).status_code for path in ("/desk", "/desk/today")] == [404, 404]


def _looks(office: Office) -> int:
    with reading(office.store.main) as db:
        return db.execute(select(func.count()).select_from(journal_table)).scalar_one()
