"""Single facts about the database itself, such as that a real channel has written to it."""

from sqlalchemy import Connection, bindparam, select

from storage import hot
from storage.tables import marks
from storage.upsert import insert_into

REAL_CHANNEL = "real_channel"
_VALUE = select(marks.c.value).where(marks.c.name == bindparam("mark"))


def set_mark(db: Connection, name: str, value: str) -> None:
    """Write the fact down; a later one of the same name takes its place."""
    made = insert_into(db, marks).values(name=name, value=value)
    db.execute(made.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def mark_of(db: Connection, name: str) -> str | None:
    """What was written down under this name, if anything was."""
    row = hot.fetch(db, _VALUE, {"mark": name})
    return row["value"] if row else None
