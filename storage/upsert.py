"""The one statement that the two databases spell in dialects of their own: insert, or mind what is there."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage import hot


def insert_into(db: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert to which `on_conflict_do_nothing` or `on_conflict_do_update` can be added."""
    return insert_in(db.dialect.name, table)


def insert_in(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same by the dialect's name, for a statement that is made once."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_once(db: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert the row unless it is already there; whether it was new."""
    return hot.send(db, _quiet(db.dialect.name, table), row) == 1


@cache
def _quiet(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return insert_in(dialect, table).on_conflict_do_nothing()
