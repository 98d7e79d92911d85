"""The journal at the desk: read by page and filter, and its chain checked, also where somebody has edited it."""

import json
import re
from datetime import timedelta
from hashlib import sha256
from time import perf_counter

import pytest
from sqlalchemy import delete, insert, update

from storage import journal as book
from storage.database import Store, reading, writing
from storage.ids import milliseconds
from storage.staff import Role
from storage.tables import journal
from tests.bot.desk.browsers import Browser, Office
from tests.storage.builders import NOW

WHOLE = "The chain is whole"
BROKEN = "The first record that does not fit is number"


@pytest.fixture
def anita(office: Office) -> Browser:
    """An administrator who has signed in."""
    office.hire("anita", Role.ADMINISTRATOR)
    return office.signed_in("anita")


def write(store: Store, count: int, action: str = "read referrals") -> None:
    """So many records, a minute apart."""
    with writing(store.main) as db:
        for number in range(count):
            at = NOW + timedelta(minutes=number)
            book.write(db, actor="console", action=action, subject=f"AB-{number:04d}", now=at)


def verify(browser: Browser, mark: str = "") -> str:
    """Press the button."""
    browser.get("/desk/journal")
    return browser.post("/desk/journal/verify", {"hash": mark}).text


def test_newest_first_by_page(office: Office, anita: Browser) -> None:
    """Fifty to a page, and every record on one of them."""
    write(office.store, 120)
    seen: list[str] = []
    path = "/desk/journal?action=read+referrals"
    for _ in range(4):
        page = anita.get(path).text
        seen += [line.split(">")[1].split("<")[0] for line in page.splitlines() if 'class="breaks">AB-' in line]
        older = [line for line in page.splitlines() if ">Older<" in line]
        if not older:
            break
        path = older[0].split('href="')[-1].split('"')[0].replace("&amp;", "&")
    assert seen == [f"AB-{number:04d}" for number in reversed(range(120))]


def test_filters(office: Office, anita: Browser) -> None:
    """By what was done, by whom, and by a day of India; what nothing fits says so."""
    write(office.store, 3)
    assert anita.get("/desk/journal?actor=console").text.count("AB-") == 3
    assert "AB-" not in anita.get("/desk/journal?action=sign+in").text
    assert anita.get(f"/desk/journal?day={NOW:%Y-%m-%d}").text.count("AB-") == 3
    assert "No record is like that." in anita.get("/desk/journal?day=2001-01-01").text
    for odd in ("day=yesterday", "day=0001-01-01", "before=x", f"before={'9' * 40}", "before=0"):
        assert anita.get(f"/desk/journal?{odd}").status_code == 200


def test_staff_are_named_to_administrators(anita: Browser) -> None:
    """The chain holds an id; the page shows whose it is."""
    page = anita.get("/desk/journal?action=sign+in").text
    assert 'class="breaks">anita<' in page


def test_whole_chain(office: Office, anita: Browser) -> None:
    """What nobody touched is good, and looking is itself written down."""
    write(office.store, 20)
    assert WHOLE in verify(anita)
    with reading(office.store.main) as db:
        assert [one.subject for one in book.read(db, 5, action="verify journal")] == ["whole"]


@pytest.mark.parametrize("column", ["actor", "action", "subject", "previous", "hash"])
def test_edited_record_is_named(office: Office, anita: Browser, column: str) -> None:
    """A record that somebody changed in the database is found by its number."""
    write(office.store, 20)
    with writing(office.store.main) as db:
        db.execute(update(journal).where(journal.c.seq == 7).values({column: "0" * 64}))
    page = verify(anita)
    assert WHOLE not in page
    assert f"{BROKEN} 7:" in page


def test_removed_record_is_found(office: Office, anita: Browser) -> None:
    """The one after a record that was taken out does not fit."""
    write(office.store, 20)
    with writing(office.store.main) as db:
        db.execute(delete(journal).where(journal.c.seq == 7))
    assert f"{BROKEN} 8:" in verify(anita)


def test_edited_record_is_not_named_by_a_check_that_looks_at_nothing(
    office: Office, anita: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotage twin: with a chain that is not checked, the tests above would fail."""
    write(office.store, 20)
    with writing(office.store.main) as db:
        db.execute(update(journal).where(journal.c.seq == 7).values(subject="AB-9999"))
    monkeypatch.setattr(book, "verify", lambda _db: None)
    assert WHOLE in verify(anita)


def test_cut_off_end_is_found_by_a_mark(office: Office, anita: Browser) -> None:
    """The newest records can be cut off unseen, but not from whoever wrote the newest mark down."""
    write(office.store, 20)
    mark = re.findall(r"[0-9a-f]{64}", verify(anita))[-1]
    assert "nothing up to it was cut off" in verify(anita, mark)
    with writing(office.store.main) as db:
        db.execute(delete(journal).where(journal.c.seq > 15))
    page = verify(anita, mark)
    assert WHOLE in page
    assert "No record has the mark that you gave." in page


def test_long_chain(store: Store, proof) -> None:  # type: ignore[no-untyped-def]
    """A hundred thousand records are checked in seconds, and one that was changed near the end is found."""
    rows, previous = [], "0" * 64
    for seq in range(1, 100_001):
        told = json.dumps([seq, milliseconds(NOW), "console", "read referrals", "AB-2345", previous])
        hash_ = sha256(told.encode()).hexdigest()
        rows.append(
            {"seq": seq, "at": NOW, "actor": "console", "action": "read referrals", "subject": "AB-2345"}
            | {"previous": previous, "hash": hash_}
        )
        previous = hash_
    with writing(store.main) as db:
        db.execute(insert(journal), rows)
    began = perf_counter()
    with reading(store.main) as db:
        assert book.verify(db) is None
    took = perf_counter() - began
    proof(f"journal on {store.main.dialect.name}: 100000 records checked in {took:.1f} s")
    assert took < 30
    with writing(store.main) as db:
        db.execute(update(journal).where(journal.c.seq == 99_990).values(subject="AB-2346"))
    with reading(store.main) as db:
        assert book.verify(db) == 99_990
