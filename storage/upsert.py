"""The one statement that the two databases spell in dialects of their own: insert, or mind what is there."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(db: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert to which `on_conflict_do_nothing` or `on_conflict_do_update` can be added."""
    return insert_in(db.dialect.name, table)


def insert_in(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same by the dialect's name, for a statement that is made once."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_once(db: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert the row unless it is already there; whether it was new."""
    return db.execute(_quiet(db.dialect.name, table), row).rowcount == 1


@cache
def _quiet(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    # Without the option SQLAlchemy leaves psycopg's count of inserted rows unread, and says -1.
    return insert_in(dialect, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
