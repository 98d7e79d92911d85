"""The statements of every turn, sent without a detour: compiled once, and after that only their values travel.

SQLAlchemy makes them and translates their values, so that both databases are spoken to in one place. What it would do
anew at each sending (look the statement up, weigh every parameter, describe the columns of the answer) takes several
times as long as SQLite takes to execute one.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

Statement: TypeAlias = "Select[Any] | Insert | Update | Delete"
Hearer: TypeAlias = Callable[[Connection, str, Any], None]

_compiled: dict[tuple[str, Statement], "_Compiled"] = {}
_hearers: list[Hearer] = []


@dataclass(frozen=True, slots=True)
class _Compiled:
    """One statement in the words of one kind of database."""

    sql: str
    names: tuple[str, ...]
    binds: tuple[tuple[str, Any, Callable[[Any], Any] | None], ...]  # name, value where none is given, translation
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    is_positional: bool

    def parameters(self, values: Mapping[str, object]) -> Any:
        """The values as the driver takes them."""
        given = [
            translate(values.get(name, usual)) if translate else values.get(name, usual)
            for name, usual, translate in self.binds
        ]
        return given if self.is_positional else dict(zip(self.names, given, strict=True))

    def read(self, row: tuple[Any, ...]) -> Mapping[str, Any]:
        """A row as it was written."""
        return {
            name: translate(value) if translate else value
            for (name, translate), value in zip(self.columns, row, strict=True)
        }


def send(db: Connection, statement: Statement, values: Mapping[str, object]) -> int:
    """Execute a statement that always gets values of the same names; how many rows it touched.

    Raises:
        DBAPIError: the database refuses, as if SQLAlchemy had sent it.
    """
    cursor = _execute(db, _of(db.dialect, statement, values), values)
    touched: int = cursor.rowcount
    cursor.close()
    return touched


def fetch(db: Connection, statement: Statement, values: Mapping[str, object]) -> Mapping[str, Any] | None:
    """The first row that a statement finds, by the names of its columns.

    Raises:
        DBAPIError: the database refuses, as if SQLAlchemy had sent it.
    """
    compiled = _of(db.dialect, statement, values)
    cursor = _execute(db, compiled, values)
    row = cursor.fetchone()
    cursor.close()
    return None if row is None else compiled.read(row)


@contextmanager
def savepoint(db: Connection) -> Iterator[None]:
    """What is done in the block is undone if it fails, and the transaction goes on."""
    say(db, "SAVEPOINT hot")
    try:
        yield
    except BaseException:
        say(db, "ROLLBACK TO SAVEPOINT hot")
        say(db, "RELEASE SAVEPOINT hot")
        raise
    say(db, "RELEASE SAVEPOINT hot")


def say(db: Connection, words: str) -> None:
    """Send words that have no values and no answer."""
    _run(db, words, ()).close()


@contextmanager
def heard_by(hearer: Hearer) -> Iterator[None]:
    """While the block lasts, the hearer is told all that is sent this way."""
    _hearers.append(hearer)
    try:
        yield
    finally:
        _hearers.remove(hearer)


def _execute(db: Connection, compiled: _Compiled, values: Mapping[str, object]) -> DBAPICursor:
    return _run(db, compiled.sql, compiled.parameters(values))


def _run(db: Connection, sql: str, parameters: Any) -> DBAPICursor:
    for hear in _hearers:
        hear(db, sql, parameters)
    cursor = db.connection.cursor()
    try:
        cursor.execute(sql, parameters)
    except db.dialect.loaded_dbapi.Error as refused:
        raise DBAPIError.instance(
            sql, None, refused, db.dialect.loaded_dbapi.Error, hide_parameters=True, dialect=db.dialect
        ) from refused
    return cursor


def _of(dialect: Dialect, statement: Statement, values: Mapping[str, object]) -> _Compiled:
    known = _compiled.get((dialect.name, statement))
    if known is None:
        known = _compiled[dialect.name, statement] = _compile(dialect, statement, list(values))
    return known


def _compile(dialect: Dialect, statement: Statement, names: list[str]) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=names if isinstance(statement, Insert) else None)
    usual = compiled.params
    sent = tuple(compiled.positiontup or usual)
    binds = tuple(
        (name, usual[name], compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in sent
    )
    columns = tuple(
        (str(column.key), column.type.dialect_impl(dialect).result_processor(dialect, None))
        for column in (statement.exported_columns if isinstance(statement, Select) else ())
    )
    return _Compiled(compiled.string, sent, binds, columns, bool(compiled.positional))
