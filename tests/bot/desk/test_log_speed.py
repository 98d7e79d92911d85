"""The log with 100,000 requests in it: measured through the web, in every order and narrowed in every way."""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, text

from bot.desk.labels import KINDS, OUTCOMES, STATES
from flows.model import Channel, Language
from flows.places import DISTRICTS
from storage import ids, log
from storage.database import Store, open_database, reading, writing
from storage.engines import reader_of
from storage.seal import Sealer
from storage.staff import Role
from storage.tables import referrals
from tests.bot.desk.browsers import Office
from tests.storage.builders import NOW

REQUESTS = 100_000
PAGES = REQUESTS // log.PAGE
NARROWED = (
    "", "kind=requests", "kind=legal_aid", "state=open", "state=done", "outcome=helped", "district=nadia",
    "language=bn", "channel=sms", "assigned=me", "assigned=nobody", "since=2026-02-01", "until=2024-01-01",
    "since=2023-06-01&kind=counselling", "since=2023-06-01&until=2026-01-01&state=open&district=nadia&language=bn",
)  # fmt: skip


@pytest.fixture
def crowded(sqlite_files: tuple[Path, Path], sealer: Sealer, tmp_path: Path) -> Iterator[Office]:
    """An office with three years of requests, in the order in which they came; on SQLite, for which it is promised."""
    main, keys = (open_database(f"sqlite:///{shutil.copy(file, tmp_path)}") for file in sqlite_files)
    office = Office(Store(main, keys, sealer), tmp_path)
    with writing(main) as db:
        db.execute(insert(referrals), list(_requests()))
    office.hire("anita", Role.ADMINISTRATOR)
    yield office
    office.store.close()


def test_log_of_100_000(crowded: Office, proof: Callable[[str], None]) -> None:
    """Every order and every narrowing, the first page and one far behind; each by as few statements.

    Time is measured and printed, never asserted: what is asserted is that a page reads the same few rows and sends
    the same few statements, however many requests there are.
    """
    anita = crowded.signed_in("anita")
    took: list[float] = []
    with _counted(crowded.store.main) as sent:
        for narrowed in NARROWED:
            for sort in log.SORTS:
                for page in (1, PAGES // 2 if not narrowed else 2):
                    sent.clear()
                    began = time.perf_counter()
                    answered = anita.get(f"/desk/log?{narrowed}&sort=-{sort}&page={page}")
                    took.append(time.perf_counter() - began)
                    assert answered.status_code == 200
                    assert len(sent) <= 12
    began = time.perf_counter()
    assert anita.get("/desk").status_code == 200
    today = round((time.perf_counter() - began) * 1000)
    took.sort()
    p50, p95 = (round(took[int(len(took) * part)] * 1000) for part in (0.5, 0.95))
    slowest = round(took[-1] * 1000)
    proof(f"referrals={REQUESTS} pages={len(took)} log p50={p50}ms p95={p95}ms max={slowest}ms today={today}ms")


@pytest.mark.parametrize("sort", ["opened_at", "code"])
def test_plan_of_a_page(crowded: Office, sort: str) -> None:
    """The everyday orders walk an index and sort nothing; the rows of a page are fetched by their ids alone."""
    with reading(crowded.store.main) as db, _counted(crowded.store.main) as sent:
        log.page(db, log.Asked(), sort, descending=True, number=1)
    ((statement, parameters),) = sent
    with reading(crowded.store.main) as db:
        plan = [row[3] for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        assert db.execute(text("SELECT count(*) FROM referrals")).scalar_one() == REQUESTS
    assert any("USING COVERING INDEX" in step or "USING INDEX" in step for step in plan if "SCAN" in step), plan
    assert any("SEARCH referrals USING INDEX" in step for step in plan), plan


@contextmanager
def _counted(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is sent to read, while the block lasts."""
    sent: list[tuple[str, Any]] = []

    def hear(_db: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        sent.append((statement, parameters))

    event.listen(reader_of(engine), "before_cursor_execute", hear)
    try:
        yield sent
    finally:
        event.remove(reader_of(engine), "before_cursor_execute", hear)


def _requests() -> Iterator[dict[str, object]]:
    chance = random.Random(1)  # the same requests in every run
    moment = NOW - timedelta(days=3 * 365)
    for number in range(REQUESTS):
        moment += timedelta(seconds=chance.randrange(1, 1890))
        yield {
            "id": ids.new_id(moment),
            "code": f"{number:07d}",
            "kind": chance.choice([*(["information"] * 6), *KINDS]),
            "state": chance.choice(list(STATES)),
            "outcome": chance.choice([None, *OUTCOMES]),
            "district": chance.choice([None, *DISTRICTS]),
            "need": "counselling",
            "language": chance.choice([None, *(one.value for one in Language)]),
            "channel": chance.choice([one.value for one in Channel]),
            "collective": chance.choice([None, None, "c1", "c2"]),
            "opened_at": moment,
            "changed_at": moment + timedelta(hours=chance.randrange(200)),
            "assigned_to": chance.choice([None, None, "s1"]),
        }
