"""The statements of every turn, sent without a detour: compiled once, and after that only their values travel.

SQLAlchemy makes them and translates their values, so that both databases are spoken to in one place. What it would do
anew at each sending (look the statement up, weigh every parameter, describe the columns of the answer) takes several
times as long as SQLite takes to execute one.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import Connection, Delete, Dialect, Engine, Insert, Select, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError

Statement: TypeAlias = "Select[Any] | Insert | Update | Delete"
Translate: TypeAlias = Callable[[Any], Any]
Hearer: TypeAlias = Callable[[Engine, str, Any], None]

_compiled: dict[tuple[str, Statement], "_Compiled"] = {}
_hearers: list[Hearer] = []


@dataclass(frozen=True, slots=True)
class _Compiled:
    """One statement in the words of one kind of database; values that need no translation pass as they are."""

    sql: str
    names: tuple[str, ...]
    pick: Callable[[Mapping[str, Any]], tuple[Any, ...]]  # the values in the order of their names
    usual: Mapping[str, Any]  # values of the statement's own
    binds: tuple[tuple[int, Translate], ...]
    columns: tuple[str, ...]
    results: tuple[tuple[str, Translate], ...]
    is_positional: bool

    def parameters(self, values: Mapping[str, object]) -> Any:
        """The values as the driver takes them."""
        given = list(self.pick({**self.usual, **values} if self.usual else values))
        for at, translate in self.binds:
            given[at] = translate(given[at])
        return given if self.is_positional else dict(zip(self.names, given, strict=True))

    def read(self, row: tuple[Any, ...]) -> Mapping[str, Any]:
        """A row as it was written."""
        read = dict(zip(self.columns, row, strict=True))
        for name, translate in self.results:
            read[name] = translate(read[name])
        return read


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
    """The first row that a statement finds or gives back, by the names of its columns.

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
        hear(db.engine, sql, parameters)
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
    sent = tuple(compiled.positiontup or compiled.params)
    types = [compiled.binds[name].type.dialect_impl(dialect) for name in sent]
    columns = {str(column.key): column.type.dialect_impl(dialect) for column in statement.exported_columns}
    return _Compiled(
        compiled.string,
        sent,
        _picking(sent),
        {name: value for name, value in compiled.params.items() if name not in names},
        tuple((at, put) for at, type_ in enumerate(types) if (put := type_.bind_processor(dialect))),
        tuple(columns),
        tuple((name, get) for name, type_ in columns.items() if (get := type_.result_processor(dialect, None))),
        bool(compiled.positional),
    )


def _picking(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if len(names) == 1:
        return lambda values: (values[names[0]],)
    return itemgetter(*names)
