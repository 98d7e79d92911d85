"""Copies of the log: who may have them, what is in them, and that no cell of them is a formula."""

import asyncio
import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import timedelta

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from sqlalchemy import select
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from bot import cells, exporting
from bot.alerting import Alerting
from bot.budget import Budget
from bot.chores import Chores
from bot.delivery import Post
from bot.desk import exports as page
from bot.desk.roles import Role
from bot.exporting import FIELDS, make_due
from bot.worker import Bell, Worker, work
from storage import exports, journal
from storage.database import Store, reading, writing
from storage.desk_tables import exports as export_table
from storage.retention import Keep
from storage.tables import journal as journal_table
from tests.bot.channels.house import taking_of
from tests.bot.desk import logs
from tests.bot.desk.browsers import Browser, Office
from tests.storage.builders import HOUR, NOW, SECOND

ASKED = {"form": "csv", "reason": "audit"}
NAUGHTY = (
    *("=1+1", '=HYPERLINK("http://evil.example";"x")', "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"),
    *("＝1", "＋1", "－1", "＠x", "plain", 'with "quotes", and\nlines', "'=1", "https://evil.example", "0123"),
    *("{name}", "<b>"),
)
LONG = page.AT_ONCE + 10


@pytest.fixture
def reader(office: Office) -> Browser:
    """A reviewer, who has signed in."""
    office.hire("reviewer", Role.REVIEWER)
    return office.signed_in("reviewer")


def asked(browser: Browser, **form: str) -> str:
    """Ask for a copy; the page of it."""
    answered = browser.post("/desk/exports", {**ASKED, **form})
    assert answered.status_code == 303, answered.text
    return str(answered.headers["location"])


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file, by the names of its columns."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def formulas_of(csv_content: bytes, xlsx_content: bytes) -> int:
    """How many cells of both files a spreadsheet would work out."""
    told = csv.reader(io.StringIO(csv_content.decode("utf-8-sig"), newline=""))
    found = sum(cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) for row in told for cell in row)
    book = openpyxl.load_workbook(io.BytesIO(xlsx_content))
    sheet_cells = [cell for row in book["log"].iter_rows() for cell in row if cell.value is not None]
    return found + sum(cell.data_type != "s" or cell.hyperlink is not None for cell in sheet_cells)


def naughty(store: Store) -> None:
    """A log in whose columns stands what a spreadsheet would run."""
    rows = [
        logs.referral(NOW + number * SECOND, number, outcome=said, collective=said, district=said)
        for number, said in enumerate(NAUGHTY)
    ]
    logs.write(store, rows)


def journaled(store: Store) -> Sequence[tuple[str, str, str]]:
    """What the journal says of exports, oldest first."""
    j = journal_table.c
    with reading(store.main) as db:
        assert journal.verify(db) is None
        told = db.execute(select(j.actor, j.action, j.subject).where(j.action.contains("export")).order_by(j.seq))
        return [(row.actor, row.action, row.subject) for row in told]


def test_export_opens_and_parses(store: Store, reader: Browser, proof: Callable[[str], None]) -> None:
    """Both kinds of file hold every row of the log, in coded fields only, and not one formula."""
    naughty(store)
    files = {form: reader.get(f"{asked(reader, form=form)}/file") for form in ("csv", "xlsx")}
    told = rows_of(files["csv"].content)
    assert [row["outcome"].removeprefix("'") for row in told] == [said.removeprefix("'") for said in NAUGHTY]
    assert list(told[0]) == list(FIELDS)
    assert told[0]["opened_at"] == "2026-03-02T09:00:00Z"
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"].content))["log"]
    header, *body = sheet.iter_rows(values_only=True)
    assert header == FIELDS
    assert tuple(unescape(row[FIELDS.index("outcome")]) for row in body) == NAUGHTY
    found = formulas_of(files["csv"].content, files["xlsx"].content)
    proof(f"export opened and parsed: csv_rows={len(told)} xlsx_rows={len(body)} formula_cells={found}")
    assert found == 0
    assert files["csv"].headers["content-disposition"] == 'attachment; filename="log-2026-03-02.csv"'
    assert files["xlsx"].headers["cache-control"] == "no-store"


@pytest.mark.parametrize("sabotage", ["csv", "xlsx"])
def test_sabotage_cells_that_are_not_guarded_are_found(
    store: Store, reader: Browser, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None], sabotage: str
) -> None:
    """Without the quote, or with cells written as whatever they look like, the count is not nought."""
    naughty(store)
    if sabotage == "csv":
        monkeypatch.setattr(cells, "_BEGINS_FORMULA", ())
    else:
        looks = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), True)
        monkeypatch.setattr(exporting.xlsxwriter, "Workbook", lambda file, _given: Workbook(file, looks))
        monkeypatch.setattr(Worksheet, "write_string", Worksheet.write)
    files = [reader.get(f"{asked(reader, form=form)}/file").content for form in ("csv", "xlsx")]
    found = formulas_of(*files)
    proof(f"sabotage export {sabotage} caught: formula_cells={found}")
    assert found > 0


def test_only_what_was_chosen(store: Store, reader: Browser) -> None:
    """Kind, state, district, and days of India, both in it."""
    midnight = NOW.replace(hour=18, minute=30)  # of the third of March in India
    rows = [
        logs.referral(NOW, 0),
        logs.referral(midnight - SECOND, 1, kind="legal_aid"),
        logs.referral(midnight, 2, kind="legal_aid", state="done", district="kolkata"),
    ]
    logs.write(store, rows)

    def found(**form: str) -> list[str]:
        told = rows_of(reader.get(f"{asked(reader, **form)}/file").content)
        return [row["code"] for row in told]

    codes = [str(row["code"]) for row in rows]
    assert found() == codes
    assert found(kind="legal_aid") == codes[1:]
    assert found(state="done", district="kolkata") == codes[2:]
    assert found(until="2026-03-02") == codes[:2]
    assert found(since="2026-03-03") == codes[2:]
    assert found(since="2026-03-02", until="2026-03-02", kind="counselling") == codes[:1]


@pytest.mark.parametrize(
    "form",
    [
        {"reason": ""},
        {"reason": "curiosity"},
        {"form": "exe"},
        {"kind": "everything"},
        {"district": "' OR 1=1"},
        {"state": "x"},
        {"since": "yesterday"},
        {"until": "9999-12-31T99"},
        {"since": "0001-01-01"},
    ],
)
def test_reason_and_lists_are_required(store: Store, reader: Browser, form: dict[str, str]) -> None:
    """Without a reason, or with what is in no list, nothing is made; what was filled in is kept in the form."""
    answered = reader.post("/desk/exports", {**ASKED, "kind": "legal_aid", **form})
    assert answered.status_code == 400
    assert 'role="alert"' in answered.text
    if "kind" not in form:
        assert '<option value="legal_aid" selected>' in answered.text
    with reading(store.main) as db:
        assert db.execute(select(export_table.c.id)).first() is None
    assert journaled(store) == []


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-02"])
def test_the_last_and_first_of_days(reader: Browser, day: str) -> None:
    """A day beyond what can be counted is refused or finds nothing, and breaks nothing."""
    assert reader.post("/desk/exports", {**ASKED, "until": day}).status_code in (303, 400)


def test_too_much_for_one_file(store: Store, reader: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would not fit is refused with what to do, and never cut off."""
    monkeypatch.setattr(exporting, "MOST", 2)
    logs.write(store, [logs.referral(number=number) for number in range(3)])
    answered = reader.post("/desk/exports", ASKED)
    assert answered.status_code == 400
    assert "too much for one file" in answered.text
    assert asked(reader, district="kolkata")


def test_every_ask_and_download_is_in_the_journal(store: Store, reader: Browser) -> None:
    """Who, why, of what; each download anew; the chain of hashes is whole."""
    logs.write(store, [logs.referral()])
    where = asked(reader, kind="counselling", since="2026-03-01")
    for _ in "ab":
        assert reader.get(f"{where}/file").status_code == 200
    made = where.rpartition("/")[2]
    query = "kind=counselling&since=2026-02-28T18%3A30%3A00Z"
    told = journaled(store)
    assert [one[1:] for one in told] == [
        ("ask export", f"{made} csv, audit, {query}"),
        ("download export", made),
        ("download export", made),
    ]
    assert len({actor for actor, _, _ in told}) == 1
    assert told[0][0].startswith("staff ")


def test_nobody_else_may_have_it(store: Store, office: Office, reader: Browser) -> None:
    """Another of the staff, of whatever role, is told that nothing is there; so is she for what is nowhere."""
    logs.write(store, [logs.referral()])
    where = asked(reader)
    office.hire("anita", Role.ADMINISTRATOR)
    other = office.signed_in("anita")
    other.get("/desk/exports")
    for path in (where, f"{where}/progress", f"{where}/file"):
        assert other.get(path).status_code == 404
    assert other.post(f"{where}/again").status_code == 404
    assert where not in other.get("/desk/exports").text
    assert reader.get("/desk/exports/nowhere/file").status_code == 404
    assert [action for _, action, _ in journaled(store)] == ["ask export"]


def test_a_long_one_is_made_by_the_worker(store: Store, office: Office, reader: Browser) -> None:
    """The page shows how far it is, asks of its own accord, and works without that too; then it can be had."""
    logs.write(store, [logs.referral(NOW + number * SECOND, number) for number in range(LONG)])
    where = asked(reader)
    waiting = reader.get(where).text
    assert f'hx-get="{where}/progress"' in waiting
    assert f"0 of {LONG:,} rows" in waiting
    assert reader.get(f"{where}/file").status_code == 404
    seen: list[str] = []

    def clock() -> object:
        seen.append(re.sub(r"\s+", " ", reader.get(f"{where}/progress").text))
        return office.clock()

    assert make_due(store, clock)  # type: ignore[arg-type]
    assert any(f"2,000 of {LONG:,} rows" in told and 'value="2000"' in told for told in seen)
    ready = reader.get(f"{where}/progress").text
    assert "hx-get" not in ready
    assert f"{LONG:,} rows" in ready
    assert len(rows_of(reader.get(f"{where}/file").content)) == LONG
    assert not make_due(store, office.clock)


def test_many_opened_at_the_same_moment_are_each_copied_once(store: Store, office: Office, reader: Browser) -> None:
    """Slices neither skip nor repeat a row, where moments are alike."""
    logs.write(store, [logs.referral(NOW, number) for number in range(LONG)])
    where = asked(reader)
    assert make_due(store, office.clock)
    told = rows_of(reader.get(f"{where}/file").content)
    assert len({row["code"] for row in told}) == len(told) == LONG


def test_asking_of_its_own_accord_keeps_no_session_alive(store: Store, office: Office, reader: Browser) -> None:
    """A page that is left open is signed out like any other."""
    logs.write(store, [logs.referral()])
    where = asked(reader)
    for _ in range(16):
        office.clock.at += timedelta(minutes=1)
        last = reader.get(f"{where}/progress")
    assert last.status_code == 303


def test_it_is_kept_an_hour(store: Store, office: Office, reader: Browser) -> None:
    """After it nothing is there, and the worker deletes what was, ready or not."""
    logs.write(store, [logs.referral()])
    where = asked(reader)
    office.clock.at += 10 * HOUR / 60
    reader.get("/desk/account")
    office.clock.at = NOW + HOUR - SECOND
    reader = office.signed_in("reviewer")
    assert reader.get(f"{where}/file").status_code == 200
    office.clock.at = NOW + HOUR
    assert reader.get(f"{where}/file").status_code == 404
    assert "None." in reader.get("/desk/exports").text
    assert not make_due(store, office.clock)
    with reading(store.main) as db:
        assert db.execute(select(export_table.c.id)).first() is None


class _Died(BaseException):
    """What the process that worked on it came to."""


def test_a_dead_process_leaves_nothing_running_for_ever(store: Store, office: Office, reader: Browser) -> None:
    """Half made, it is found by the next worker after a minute, and the page offers it again."""
    logs.write(store, [logs.referral(NOW + number * SECOND, number) for number in range(LONG)])
    where = asked(reader)
    left = [office.clock, office.clock, office.clock]

    def dies() -> object:
        if not left:
            raise _Died
        return left.pop()()

    with pytest.raises(_Died):
        make_due(store, dies)  # type: ignore[arg-type]
    assert "2,000 of" in reader.get(where).text
    assert not make_due(store, office.clock)
    office.clock.at += exports.SILENT + SECOND
    offered = reader.get(where).text
    assert "It was not finished." in offered
    assert f'action="{where}/again"' in offered
    assert make_due(store, office.clock)
    assert len(rows_of(reader.get(f"{where}/file").content)) == LONG


def test_it_can_be_asked_for_again(store: Store, office: Office, reader: Browser) -> None:
    """Whoever asked need not wait for the worker to find it; the journal has it."""
    logs.write(store, [logs.referral(NOW + number * SECOND, number) for number in range(LONG)])
    where = asked(reader)
    made = where.rpartition("/")[2]
    with writing(store.main) as db:
        assert exports.take(db, made, office.clock())
    office.clock.at += exports.SILENT + SECOND
    reader.get(where)
    assert reader.post(f"{where}/again").headers["location"] == where
    assert "0 of" in reader.get(where).text
    assert make_due(store, office.clock)
    assert journaled(store)[-1][1:] == ("ask export again", made)


def test_one_that_fails_is_told_and_offered(
    store: Store, office: Office, reader: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure is no silence: it is raised, the page says so, and it can be asked for again."""
    logs.write(store, [logs.referral(NOW + number * SECOND, number) for number in range(LONG)])
    where = asked(reader)
    with monkeypatch.context() as patched:
        patched.setattr(exporting.CsvSheet, "close", lambda _sheet: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            make_due(store, office.clock)
    assert "It was not finished." in reader.get(where).text
    reader.post(f"{where}/again")
    assert make_due(store, office.clock)
    assert reader.get(f"{where}/file").status_code == 200


def test_two_workers_make_it_once(store: Store, reader: Browser) -> None:
    """Of those who try at once one is told yes; what is no longer wanted is not finished."""
    logs.write(store, [logs.referral(NOW + number * SECOND, number) for number in range(LONG)])
    made = asked(reader).rpartition("/")[2]
    with writing(store.main) as db:
        assert [exports.take(db, made, NOW), exports.take(db, made, NOW)] == [True, False]
        assert exports.finish(db, made, b"whole", LONG, NOW)
        assert not exports.finish(db, made, b"again", LONG, NOW)
        assert not exports.advance(db, made, 1, NOW)
        assert exports.content(db, made, NOW) == b"whole"


def test_nothing_is_written_to_a_disk(store: Store, reader: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet is made in memory: no file with pieces of the log is left where temporary files lie."""
    logs.write(store, [logs.referral()])

    def refuse(*_given: object, **_named: object) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    assert reader.get(f"{asked(reader, form='xlsx')}/file").status_code == 200


def test_the_worker_makes_what_waits(store: Store, office: Office, reader: Browser) -> None:
    """It is one of the parts of the worker that runs, beside sending and the chores."""
    logs.write(store, [logs.referral(NOW + number * SECOND, number) for number in range(LONG)])
    where = asked(reader)
    house = taking_of(store, office.folder).house
    post = Post(store, {}, {}, Budget(per_person=60), office.clock, "here")
    alerting = Alerting(store, None, "", HOUR, office.clock)
    asyncio.run(_work_until(Worker(post, Chores(house, Keep()), alerting, Bell()), lambda: _is_ready(store)))
    assert len(rows_of(reader.get(f"{where}/file").content)) == LONG


async def _work_until(worker: Worker, is_done: Callable[[], bool]) -> None:
    stop = asyncio.Event()
    working = asyncio.create_task(work(worker, stop))
    for _ in range(600):
        await asyncio.sleep(0.1)
        if await asyncio.to_thread(is_done):
            break
    stop.set()
    await working


def _is_ready(store: Store) -> bool:
    with reading(store.main) as db:
        return db.execute(select(export_table.c.state)).scalar_one() == "ready"
