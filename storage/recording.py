"""Recording what the database is asked, and asking it again by the bare driver: the floor of a benchmark."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import psycopg
from sqlalchemy import Engine, event

from storage import hot
from storage.database import Store, Which
from storage.engines import PRAGMAS, reader_of

Parameters: TypeAlias = "Sequence[Any] | Mapping[str, Any]"
Driver: TypeAlias = "sqlite3.Connection | psycopg.Connection[Any]"


@dataclass(frozen=True, slots=True)
class Statement:
    """One request to a database as the driver got it; a commit or rollback has no words of its own."""

    which: Which
    reads: bool  # whether it went by a connection that never writes
    kind: Literal["execute", "many", "commit", "rollback"]
    sql: str = ""
    parameters: Parameters = ()


@contextmanager
def recording(store: Store) -> Iterator[list[Statement]]:
    """Every statement that goes to either database while the block lasts, in order."""
    statements: list[Statement] = []
    listening = [heard for which, reads, engine in _ways(store) for heard in _listen(engine, which, reads, statements)]
    for engine, name, hear in listening:
        event.listen(engine, name, hear)
    try:
        with hot.heard_by(_hearer(store, statements)):
            yield statements
    finally:
        for engine, name, hear in listening:
            event.remove(engine, name, hear)


class Floor:
    """Both databases by bare connections, as many and with the same pragmas as Sathi has."""

    def __init__(self, store: Store, *, is_durable: bool = True) -> None:
        self._drivers = {(which, reads): _connect(engine, reads, is_durable) for which, reads, engine in _ways(store)}

    def replay(self, statements: Sequence[Statement]) -> None:
        """Execute the statements and fetch what they answer."""
        drivers = self._drivers
        for one in statements:
            driver = drivers[one.which, one.reads]
            if one.kind == "commit":
                driver.commit()
            elif one.kind == "rollback":
                driver.rollback()
            elif one.kind == "many":
                driver.cursor().executemany(one.sql, one.parameters)
            else:
                cursor = driver.execute(one.sql, one.parameters)
                if cursor.description:
                    cursor.fetchall()

    def close(self) -> None:
        """Give back every connection."""
        for driver in self._drivers.values():
            driver.close()


def stop_syncing(store: Store) -> None:
    """Let the databases acknowledge before the disk has it; only to measure what waiting for the disk costs.

    To be called before anything is asked of them.
    """
    for _which, _reads, engine in _ways(store):
        event.listen(engine, "connect", lambda driver, _record: _without_sync(driver))


def _ways(store: Store) -> Iterator[tuple[Which, bool, Engine]]:
    """Every way to a database: which it is, whether it only reads, and by what engine."""
    named: tuple[tuple[Which, Engine], ...] = (("main", store.main), ("keys", store.keys))
    for which, engine in named:
        yield which, False, engine
        if (reader := reader_of(engine)) is not engine:
            yield which, True, reader


def _listen(
    engine: Engine, which: Which, reads: bool, statements: list[Statement]
) -> Iterator[tuple[Engine, str, Any]]:
    def execute(_db: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        statements.append(Statement(which, reads, "many" if many else "execute", sql, parameters))

    yield engine, "before_cursor_execute", execute
    yield engine, "commit", lambda _db: statements.append(Statement(which, reads, "commit"))
    yield engine, "rollback", lambda _db: statements.append(Statement(which, reads, "rollback"))


def _hearer(store: Store, statements: list[Statement]) -> hot.Hearer:
    """Who writes down what goes to the drivers past SQLAlchemy."""
    ways = {engine: (which, reads) for which, reads, engine in _ways(store)}

    def hear(engine: Engine, sql: str, parameters: Any) -> None:
        if way := ways.get(engine):
            statements.append(Statement(*way, "execute", sql, parameters))

    return hear


def _connect(engine: Engine, reads: bool, is_durable: bool) -> Driver:
    if engine.dialect.name == "postgresql":
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        driver: Driver = psycopg.connect(url)
    else:
        driver = sqlite3.connect(str(engine.url.database), isolation_level=None)
        for pragma in (*PRAGMAS, f"PRAGMA query_only={'ON' if reads else 'OFF'}"):
            driver.execute(pragma)
    if not is_durable:
        _without_sync(driver)
    return driver


def _without_sync(driver: Any) -> None:
    if isinstance(driver, psycopg.Connection):
        driver.execute("SET synchronous_commit = off")
        driver.commit()
    else:
        driver.execute("PRAGMA synchronous=OFF")
