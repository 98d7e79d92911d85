"""Recording and replaying: the bare driver does what Sathi did; scratch databases leave nothing behind."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from storage import people
from storage.database import Store, reading, writing
from storage.recording import Floor, recording, stop_syncing
from storage.scratch import scratch_files, scratch_schemas
from storage.seal import Sealer
from storage.tables import inbound
from tests.storage.builders import ADDRESS, keep, meet
from tests.storage.postgres import Postgres


def _write(store: Store) -> None:
    key = meet(store)
    with writing(store.main) as db:
        keep(db, store, key)


def test_what_was_recorded_can_be_done_again(tmp_path: Path, sealer: Sealer) -> None:
    """On equal databases the recorded statements leave the same rows, read by the same key."""
    with scratch_files(tmp_path, sealer) as first, scratch_files(tmp_path, sealer) as second:
        with recording(first) as statements:
            _write(first)
        floor = Floor(second, is_durable=False)
        floor.replay(statements)
        floor.close()
        with reading(first.main) as db, reading(second.main) as other:
            assert db.execute(select(inbound)).all() == other.execute(select(inbound)).all()
            assert people.find(other, sealer.blind(ADDRESS)) == people.find(db, sealer.blind(ADDRESS))
    assert {(one.which, one.kind) for one in statements} >= {
        ("keys", "execute"),
        ("main", "execute"),
        ("main", "commit"),
    }


def test_nothing_is_recorded_after_the_block(tmp_path: Path, sealer: Sealer) -> None:
    """Recording ends with its block."""
    with scratch_files(tmp_path, sealer) as store:
        with recording(store) as statements:
            pass
        _write(store)
    assert statements == []


def test_unsynced_is_told_to_the_driver(tmp_path: Path, sealer: Sealer) -> None:
    """Only where it was asked for does SQLite not wait for the disk."""
    with scratch_files(tmp_path, sealer) as durable, scratch_files(tmp_path, sealer) as quick:
        stop_syncing(quick)
        told = []
        for store in (durable, quick):
            with reading(store.main) as db:
                told.append(db.exec_driver_sql("PRAGMA synchronous").scalar_one())
    assert told == [2, 0]


@pytest.mark.peer
def test_scratch_schemas_are_removed(postgres: Postgres, sealer: Sealer) -> None:
    """They are the only thing that is made in the databases, and they are gone afterwards."""
    urls = [postgres.make("scratch_main"), postgres.make("scratch_keys")]
    with scratch_schemas(urls[0], urls[1], sealer) as store:
        with recording(store) as statements:
            _write(store)
        floor = Floor(store)
        floor.replay([one for one in statements if one.sql.startswith("SELECT")])
        floor.close()
        assert _schemas(urls[0]) == 2
    assert [_schemas(url) for url in urls] == [1, 1]


def _schemas(url: str) -> int:
    with psycopg.connect(url) as db:
        found = db.execute(
            "SELECT count(*) FROM pg_namespace WHERE nspname NOT LIKE 'pg_%' AND nspname NOT LIKE 'info%'"
        )
        return found.fetchone()[0]  # type: ignore[index]
