"""How many parts were sent on a day: to a person, or on a line."""

from datetime import date

from sqlalchemy import Connection

from storage.tables import spend
from storage.upsert import insert_into


def add(db: Connection, day: date, scope: str, parts: int) -> int:
    """Count parts, and say how many there are then; of two sessions at once, the second sees those of the first.

    The scope is a person's id, `cover:<person>`, or `line:<provider>:<line>`.
    """
    made = insert_into(db, spend).values(day=day, scope=scope, parts=parts)
    counted = made.on_conflict_do_update(index_elements=["day", "scope"], set_={"parts": spend.c.parts + parts})
    return int(db.execute(counted.returning(spend.c.parts)).scalar_one())
