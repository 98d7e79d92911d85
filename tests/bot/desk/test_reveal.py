"""Her address at the desk: one alone never sees it, two let one of them see it once, and the journal has it all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage import journal, keystore, people, reveals
from storage.database import reading, writing
from storage.desk_tables import reveals as reveals_table
from storage.referrals import Referral
from storage.staff import Role
from storage.tables import journal as journal_table
from tests.bot.desk.asked import HER_NUMBER, ask
from tests.bot.desk.browsers import Browser, Office
from tests.storage.builders import NOW

REASON = {"reason": "danger to life"}


@pytest.fixture
def staffed(office: Office) -> Office:
    """An administrator, two coordinators and a reviewer."""
    office.hire("anita", Role.ADMINISTRATOR)
    office.hire("ruma", Role.COORDINATOR)
    office.hire("mita", Role.COORDINATOR)
    office.hire("tapan", Role.REVIEWER)
    return office


def asking(office: Office, browser: Browser) -> tuple[Referral, str]:
    """A request of which somebody asks to see the address: the paths of the asking begin with the second."""
    asked, _ = ask(office.store)
    assert browser.post(f"/desk/log/{asked.code}/reveal", REASON).status_code == 303
    with reading(office.store.main) as db:
        (reveal,) = reveals.of_referral(db, asked.id, office.clock())
    return asked, f"/desk/log/{asked.code}/reveal/{reveal.id}"


def test_two_agree_and_it_is_shown_once(staffed: Office) -> None:
    """One asks, another agrees, the first sees it once; every step is in the journal, with its reason."""
    ruma, anita = staffed.signed_in("ruma"), staffed.signed_in("anita")
    asked, path = asking(staffed, ruma)
    assert asked.code in anita.get("/desk").text
    assert anita.post(f"{path}/agree").status_code == 303
    shown = ruma.post(f"{path}/show")
    assert (shown.status_code, shown.text.count(HER_NUMBER)) == (200, 1)
    assert shown.headers["cache-control"] == "no-store"
    again = ruma.post(f"{path}/show")
    assert (again.status_code, HER_NUMBER in again.text) == (409, False)
    assert HER_NUMBER not in ruma.get(f"/desk/log/{asked.code}").text
    with reading(staffed.store.main) as db:
        assert journal.verify(db) is None
        told = db.execute(
            select(journal_table.c.actor, journal_table.c.action, journal_table.c.subject).where(
                journal_table.c.action.contains("reveal")
            )
        ).all()
    actors = {told[0].actor, told[1].actor}
    assert len(actors) == 2
    assert [(row.action, row.subject) for row in told] == [
        ("ask to reveal: danger to life", asked.code),
        ("agree to reveal: danger to life", asked.code),
        ("reveal: danger to life", asked.code),
    ]
    assert told[2].actor == told[0].actor


def test_nobody_alone(staffed: Office) -> None:
    """Whoever asked can neither agree nor see it before another did, an administrator no more than anybody."""
    anita = staffed.signed_in("anita")
    _, path = asking(staffed, anita)
    for act in ("show", "agree", "show"):
        answered = anita.post(f"{path}/{act}")
        assert (answered.status_code, HER_NUMBER in answered.text) == (409, False)


def test_sabotage_of_the_second_person(staffed: Office) -> None:
    """Were she written down as her own second person, by whatever fault, it would still not be shown."""
    anita = staffed.signed_in("anita")
    _, path = asking(staffed, anita)
    with writing(staffed.store.main) as db:
        db.execute(reveals_table.update().values(agreed_by=reveals_table.c.asked_by, agreed_at=NOW))
    answered = anita.post(f"{path}/show")
    assert (answered.status_code, HER_NUMBER in answered.text) == (409, False)


def test_agreed_twice(staffed: Office) -> None:
    """The second who agrees is told that it is done already, and the one who agreed sees nothing."""
    ruma, mita, anita = (staffed.signed_in(name) for name in ("ruma", "mita", "anita"))
    _, path = asking(staffed, ruma)
    assert [mita.post(f"{path}/agree").status_code, anita.post(f"{path}/agree").status_code] == [303, 409]
    answered = mita.post(f"{path}/show")
    assert (answered.status_code, HER_NUMBER in answered.text) == (404, False)


def test_other_roles(staffed: Office) -> None:
    """A reviewer can do nothing of it, and is told that nothing is there."""
    ruma, tapan = staffed.signed_in("ruma"), staffed.signed_in("tapan")
    asked, path = asking(staffed, ruma)
    told = [
        tapan.post(f"{path}/agree"),
        tapan.post(f"{path}/show"),
        tapan.post(f"/desk/log/{asked.code}/reveal", REASON),
    ]
    assert [one.status_code for one in told] == [404] * 3
    with reading(staffed.store.main) as db:
        (reveal,) = reveals.of_referral(db, asked.id, NOW)
    assert reveal.agreed_by is None


def test_too_late(staffed: Office) -> None:
    """A day after the asking it can be agreed to no more, nor seen; it can be asked for again."""
    staffed.clock.at = NOW
    ruma, anita = staffed.signed_in("ruma"), staffed.signed_in("anita")
    asked, path = asking(staffed, ruma)
    assert anita.post(f"{path}/agree").status_code == 303
    staffed.clock.at = NOW + reveals.LASTS
    ruma = staffed.browser()
    ruma.sign_in("ruma")
    answered = ruma.post(f"{path}/show")
    assert (answered.status_code, HER_NUMBER in answered.text) == (409, False)
    assert ruma.post(f"/desk/log/{asked.code}/reveal", REASON).status_code == 303
    with reading(staffed.store.main) as db:
        (reveal,) = reveals.of_referral(db, asked.id, staffed.clock())
    staffed.clock.at += reveals.LASTS
    anita = staffed.browser()
    anita.sign_in("anita")
    assert anita.post(f"/desk/log/{asked.code}/reveal/{reveal.id}/agree").status_code == 409


def test_asked_once(staffed: Office) -> None:
    """The same person asks once at a time; without a reason nobody does."""
    ruma = staffed.signed_in("ruma")
    asked, _ = asking(staffed, ruma)
    told = [
        ruma.post(f"/desk/log/{asked.code}/reveal", form).status_code for form in (REASON, {"reason": "curious"}, {})
    ]
    assert told == [409, 422, 422]


def test_of_another_request(staffed: Office) -> None:
    """The asking of one request opens no other."""
    ruma, anita = staffed.signed_in("ruma"), staffed.signed_in("anita")
    _, path = asking(staffed, ruma)
    other, _ = ask(staffed.store, 8)
    assert anita.post(f"{path}/agree").status_code == 303
    answered = ruma.post(f"/desk/log/{other.code}/reveal/{path.rpartition('/')[2]}/show")
    assert answered.status_code == 404


@pytest.mark.parametrize("gone", ["marked", "key"])
def test_forgotten_meanwhile(staffed: Office, gone: str) -> None:
    """Where she is forgotten, or only her key is gone yet, there is nothing to show."""
    ruma, anita = staffed.signed_in("ruma"), staffed.signed_in("anita")
    asked, path = asking(staffed, ruma)
    anita.post(f"{path}/agree")
    person_id = asked.person_id or ""
    if gone == "marked":
        with writing(staffed.store.main) as db:
            people.mark_erasing(db, person_id)
    else:
        with writing(staffed.store.keys) as db:
            keystore.drop(db, person_id, NOW + timedelta(minutes=1))
    answered = ruma.post(f"{path}/show")
    assert (answered.status_code, HER_NUMBER in answered.text) == (409, False)
    assert "cleared" in answered.text
