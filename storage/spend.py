"""How many parts were sent on a day: to a person, or on a line."""

from datetime import date

from sqlalchemy import Connection, bindparam, select

from storage.tables import spend
from storage.upsert import insert_into

_OF = select(spend.c.parts).where(spend.c.day == bindparam("on_day"), spend.c.scope == bindparam("of_scope"))


def add(db: Connection, day: date, scope: str, parts: int) -> None:
    """Count parts; the scope is a person's id, or `line:<provider>:<line>`."""
    made = insert_into(db, spend).values(day=day, scope=scope, parts=parts)
    db.execute(made.on_conflict_do_update(index_elements=["day", "scope"], set_={"parts": spend.c.parts + parts}))


def of(db: Connection, day: date, scope: str) -> int:
    """The parts counted so far."""
    return db.execute(_OF, {"on_day": day, "of_scope": scope}).scalar_one_or_none() or 0
