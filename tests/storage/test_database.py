"""Opening the databases: what is refused, what a transaction promises, and that the migrations make the tables."""

import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError

from storage import engines, keystore, marks, people
from storage.database import (
    Connection,
    Store,
    checkpoint,
    is_current,
    is_empty,
    is_ready,
    listen,
    migrate,
    open_database,
    open_store,
    reading,
    wake_listener,
    writing,
)
from storage.errors import BadUrl, Locked, OldDatabase, Unreachable, WrongKey
from storage.tables import KEYS, MAIN
from tests.storage.builders import MASTER_KEY, NOW, SECOND, meet, put


def _files(folder: Path) -> tuple[str, str]:
    return f"sqlite:///{folder}/data/main.db", f"sqlite:///{folder}/data/keys.db"


@pytest.mark.parametrize("which", ["main", "keys"])
def test_migrations_make_exactly_the_tables(store: Store, which: str) -> None:
    """What the migrations build and what the code expects do not differ, on either database."""
    engine, metadata = (store.main, MAIN) if which == "main" else (store.keys, KEYS)
    with reading(engine) as db:
        assert _differences(MigrationContext.configure(db, opts={"compare_type": True}), metadata) == []


def _differences(context: MigrationContext, metadata: MetaData) -> list[object]:
    return list(compare_metadata(context, metadata))


def test_migrating_again_changes_nothing(store: Store) -> None:
    """A second `migrate` on a current database keeps all that is in it."""
    key = meet(store)
    migrate(store.main.url.render_as_string(False), store.keys.url.render_as_string(False))
    with reading(store.main) as db:
        assert people.read(db, key.id) is not None
    assert is_ready(store)


def test_reading_cannot_write(store: Store) -> None:
    """A reading transaction refuses to change anything, and the next writing one does not."""
    with pytest.raises(DBAPIError), reading(store.main) as db:
        marks.set_mark(db, "real_channel", "twilio")
    with writing(store.main) as db:
        marks.set_mark(db, "real_channel", "android_sms")
    with reading(store.main) as db:
        assert marks.mark_of(db, "real_channel") == "android_sms"


def _mark_and_fail(db: Connection) -> None:
    marks.set_mark(db, "real_channel", "failed")
    raise ZeroDivisionError


def test_what_fails_is_undone(store: Store) -> None:
    """Nothing of a transaction that ends in an error is kept."""
    with pytest.raises(ZeroDivisionError), writing(store.main) as db:
        _mark_and_fail(db)
    with reading(store.main) as db:
        assert marks.mark_of(db, "real_channel") is None


def test_savepoint_keeps_what_came_before_it(store: Store) -> None:
    """An answer that fails in its savepoint leaves the message that was kept before it."""
    with writing(store.main) as db:
        marks.set_mark(db, "real_channel", "kept")
        with pytest.raises(ZeroDivisionError), db.begin_nested():
            _mark_and_fail(db)
    with reading(store.main) as db:
        assert marks.mark_of(db, "real_channel") == "kept"


def test_writers_take_turns(store: Store) -> None:
    """Twenty sessions that each add one to the same count lose none."""
    with writing(store.main) as db:
        marks.set_mark(db, "count", "0")
    threads = [threading.Thread(target=_add_one, args=(store,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(store.main) as db:
        assert marks.mark_of(db, "count") == "20"


def _add_one(store: Store) -> None:
    with writing(store.main) as db:
        if db.dialect.name == "postgresql":
            db.execute(text("SELECT value FROM marks WHERE name = 'count' FOR UPDATE"))
        marks.set_mark(db, "count", str(int(marks.mark_of(db, "count") or 0) + 1))


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    """While somebody writes, a reader sees what was committed last, at once."""
    with writing(store.main) as db:
        marks.set_mark(db, "real_channel", "twilio")
        with reading(store.main) as other:
            assert marks.mark_of(other, "real_channel") is None


def test_sqlite_is_set_up_to_last(tmp_path: Path) -> None:
    """The pragmas that durability and erasure rest on hold on each connection; the files are their owner's."""
    engine = open_database(_files(tmp_path)[0])
    with writing(engine) as db:
        settings = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
        told = {name: db.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in settings}
        db.exec_driver_sql("CREATE TABLE anything (id)")
        modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "data").iterdir()}
    engine.dispose()
    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert set(modes.values()) == {0o600}


def test_second_program_that_writes_is_locked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer in another program that holds its place too long is told as Locked, which may be tried again."""
    monkeypatch.setattr(engines, "PRAGMAS", ("PRAGMA busy_timeout=50", "PRAGMA journal_mode=WAL"))
    one, other = (open_database(_files(tmp_path)[0]) for _ in range(2))
    with writing(one), pytest.raises(Locked), writing(other):
        pass
    with writing(other) as db:
        assert db.exec_driver_sql("SELECT 1").scalar_one() == 1
    one.dispose()
    other.dispose()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://a/b", "sqlite://", "sqlite:///:memory:", "postgresql://h:port/b"]
)
def test_address_of_no_database_is_refused(url: str) -> None:
    """An address that is neither a file of SQLite nor a PostgreSQL is one clear error."""
    with pytest.raises(BadUrl):
        open_database(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgres_has_three_names(scheme: str) -> None:
    """Hosting services spell the address in three ways; all reach psycopg."""
    engine = open_database(f"{scheme}://name:word@localhost/base")
    assert engine.url.drivername == "postgresql+psycopg"
    engine.dispose()


def test_both_databases_must_differ(tmp_path: Path) -> None:
    """A keystore beside the data it opens, in one database, is refused."""
    main, _ = _files(tmp_path)
    with pytest.raises(BadUrl):
        migrate(main, main)


def test_unreachable_server_is_said_so(tmp_path: Path) -> None:
    """A PostgreSQL that does not answer is one clear error, without its password."""
    url = f"postgresql://name:word@/base?host={tmp_path}"
    with pytest.raises(Unreachable) as told:
        migrate(url, url.replace("base", "keys"))
    assert "word" not in str(told.value)


def test_unmigrated_database_is_not_opened(tmp_path: Path) -> None:
    """A database without this release's tables is refused, with the command that mends it."""
    with pytest.raises(OldDatabase, match="sathi migrate"):
        open_store(*_files(tmp_path), MASTER_KEY)


def test_store_opens_with_its_own_key_only(tmp_path: Path) -> None:
    """The key that first opened the databases is the only one that opens them again."""
    migrate(*_files(tmp_path))
    open_store(*_files(tmp_path), MASTER_KEY).close()
    open_store(*_files(tmp_path), MASTER_KEY).close()
    with pytest.raises(WrongKey):
        open_store(*_files(tmp_path), bytes(32))


def test_people_without_a_key_check_still_tell_a_wrong_key(store: Store) -> None:
    """Even where the key check was lost, a keystore with somebody in it refuses another master key."""
    meet(store)
    with reading(store.keys) as keys_db, pytest.raises(WrongKey):
        keystore.check(keys_db, type(store.sealer)(bytes(32)))


def test_empty_means_nothing_was_ever_kept(store: Store, tmp_path: Path) -> None:
    """No tables and no rows are both empty; one person is not."""
    bare = open_database(_files(tmp_path)[0])
    assert is_empty(bare)
    assert not is_current(bare, "main")
    assert is_empty(store.main)
    meet(store)
    assert not is_empty(store.main)
    assert not is_empty(store.keys)
    bare.dispose()


def test_checkpoint_empties_the_log(tmp_path: Path, store: Store) -> None:
    """After a checkpoint nothing is left in SQLite's write-ahead log; on PostgreSQL it is harmless."""
    meet(store)
    checkpoint(store.main)
    log = tmp_path / "main.db-wal"
    assert not log.exists() or log.stat().st_size == 0


def test_putting_wakes_who_listens(store: Store) -> None:
    """On PostgreSQL a committed message wakes a worker at once, also between two waits; SQLite only sleeps."""
    key = meet(store)
    with wake_listener(store.main) as wait:
        assert not wait(0.01)
        with writing(store.main) as db:
            put(db, store, key)
        began = time.monotonic()
        assert wait(0.01 if store.main.dialect.name == "sqlite" else 10) == (store.main.dialect.name == "postgresql")
        assert time.monotonic() - began < 5
    assert not listen(store.main, 0.01)


def test_times_are_compared_alike(store: Store) -> None:
    """Moments come back in UTC and to the millisecond, on both databases."""
    moment = NOW + SECOND / 3
    key = meet(store, now=moment)
    with reading(store.main) as db:
        person = people.read(db, key.id)
    assert person is not None
    assert person.first_at == moment.replace(microsecond=333_000)
    assert person.first_at.tzinfo is not None
