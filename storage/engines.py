"""Opening a database, and the two ways to be in one: writing and reading."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from storage import hot
from storage.errors import BadUrl, Locked, Unreachable

_BUSY_MS = 5000
PRAGMAS = (
    f"PRAGMA busy_timeout={_BUSY_MS}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
)
_POSTGRES_NAMES = ("postgres", "postgresql", "postgresql+psycopg")
_LOCKED = ("database is locked", "database table is locked")
_pens: "WeakKeyDictionary[Engine, _Kept]" = WeakKeyDictionary()
_lenses: "WeakKeyDictionary[Engine, _Kept]" = WeakKeyDictionary()
_readers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


class _Kept:
    """On SQLite, one connection that stays open, and the line of those in this program who wait for it.

    SQLite's own waiting is by chance, and could pass somebody over.
    """

    def __init__(self) -> None:
        self._line = threading.Lock()
        self._held: Connection | None = None

    @contextmanager
    def taken(self, engine: Engine) -> Iterator[Connection]:
        """The connection, for one at a time."""
        if not self._line.acquire(timeout=_BUSY_MS / 1000):
            raise Locked("another held the database too long")
        try:
            if self._held is None:
                self._held = _connect(engine)
            yield self._held
        finally:
            if self._held is not None and self._held.in_transaction():  # it could not be ended
                self._close()
            self._line.release()

    def put_down(self) -> None:
        """Close the connection; whoever comes next opens another."""
        with self._line:
            self._close()

    def _close(self) -> None:
        if self._held is not None:
            self._held.detach()
            self._held.close()
            self._held = None


def open_database(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://...` (`postgres://` too); a missing folder is made, 0700.

    Raises:
        BadUrl: the address is neither of the two, or an SQLite one without a file.
    """
    named = _read_url(url)
    if named.drivername == "postgresql+psycopg":
        return create_engine(named, isolation_level="READ COMMITTED", pool_pre_ping=True, hide_parameters=True)
    _make_room(named)
    # Every way to be in a database ends its transaction itself, so the pool need not.
    options = {"hide_parameters": True, "connect_args": {"isolation_level": None}, "pool_reset_on_return": None}
    writer, reader = (create_engine(named, **options) for _ in "wr")
    for engine in (writer, reader):
        event.listen(engine, "connect", _prepare)
    event.listen(reader, "connect", _keep_from_writing)
    pen, lens = _Kept(), _Kept()
    _pens[writer], _lenses[writer], _readers[writer] = pen, lens, reader

    @event.listens_for(writer, "engine_disposed")
    def _dispose(_engine: Engine) -> None:
        pen.put_down()
        lens.put_down()
        reader.dispose()

    return writer


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write; it is kept if the block ends well, and undone if not.

    On SQLite it takes the one writer's place at once, so that what is read in it stays true.

    Raises:
        Locked: on SQLite, another writer held its place for longer than five seconds.
        Unreachable: the database does not answer.
    """
    if (pen := _pens.get(engine)) is None:
        with _connect(engine) as db, db.begin():
            yield db
        return
    with pen.taken(engine) as db, db.begin():
        _begin_to_write(db)
        yield db


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that cannot write, and that no writer waits for.

    Raises:
        Unreachable: the database does not answer.
    """
    if engine.dialect.name != "sqlite":
        with _connect(engine) as db, db.execution_options(postgresql_readonly=True).begin():
            yield db
        return
    with _connect(reader_of(engine)) as db, db.begin():
        hot.say(db, "BEGIN")
        yield db


@contextmanager
def glancing(engine: Engine) -> Iterator[Connection]:
    """For one statement sent by `hot` that only reads: on SQLite it needs no transaction around it.

    Raises:
        Unreachable: the database does not answer.
    """
    lens = _lenses.get(engine)
    with lens.taken(reader_of(engine)) if lens else reading(engine) as db:
        yield db


def reader_of(engine: Engine) -> Engine:
    """What `reading` reads by: on SQLite connections of their own, that never write.

    One connection for both would be told anew before each transaction, and SQLite then forgets every prepared
    statement: measured, that is half the time of a turn.
    """
    return _readers.get(engine, engine)


def checkpoint(engine: Engine) -> None:
    """On SQLite, move the write-ahead log into the file and empty it, so that erased text is gone from both."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as db:
            driver = db.connection.driver_connection
            if driver is not None:
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _read_url(url: str) -> URL:
    scheme, _, rest = url.partition("://")
    try:
        named = make_url(f"postgresql+psycopg://{rest}" if scheme in _POSTGRES_NAMES else url)
    except (ArgumentError, NoSuchModuleError, ValueError) as unread:
        raise BadUrl("a database address looks like sqlite:///data/sathi.db or postgresql://name@host/base") from unread
    if named.drivername not in ("sqlite", "postgresql+psycopg"):
        raise BadUrl(f"no database of the kind {named.drivername!r}: it is sqlite or postgresql")
    if named.drivername == "sqlite" and named.database in (None, "", ":memory:"):
        raise BadUrl("an SQLite address needs a file, such as sqlite:///data/sathi.db")
    return named


def _make_room(named: URL) -> None:
    """Make the folder and the file, for their owner alone; SQLite gives its log the rights of its file."""
    file = Path(str(named.database))
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as refused:
        raise Unreachable(f"the database file cannot be made or opened: {refused.strerror}") from refused


def _connect(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except OperationalError as refused:
        raise Unreachable("the database does not answer") from refused


def _prepare(driver: DBAPIConnection, _record: object) -> None:
    cursor = driver.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _keep_from_writing(driver: DBAPIConnection, _record: object) -> None:
    cursor = driver.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()


def _begin_to_write(db: Connection) -> None:
    try:
        hot.say(db, "BEGIN IMMEDIATE")
    except OperationalError as busy:
        if any(said in str(busy.orig) for said in _LOCKED):
            raise Locked("another writer held the database too long") from busy
        raise
