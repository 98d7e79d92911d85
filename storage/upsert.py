"""The one statement that the two databases spell in dialects of their own: insert, or mind what is there."""

from functools import cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(db: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert to which `on_conflict_do_nothing` or `on_conflict_do_update` can be added."""
    return postgresql.insert(table) if db.dialect.name == "postgresql" else sqlite.insert(table)


def insert_new(db: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that changes nothing, and counts no row, where the row is already there."""
    return _quiet(db.dialect.name, table)


@cache
def _quiet(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return made.on_conflict_do_nothing()
