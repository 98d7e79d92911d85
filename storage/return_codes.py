"""The return code: hers alone, stored only as a slow hash, and guarded against guessing."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.ids import day_of
from storage.tables import return_codes, wrong_codes
from storage.upsert import insert_into

WRONG_A_DAY = 5  # design.md, 3: a sender
WRONG_OVERALL = 100  # design.md, 3: all senders together


def give_code(db: Connection, person_id: str, code_hash: bytes, now: datetime) -> None:
    """Make this her code; one that she had before opens nothing any more."""
    given = {"code_hash": code_hash, "given_at": now}
    made = insert_into(db, return_codes).values(person_id=person_id, **given)
    db.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=given))


def has_code(db: Connection, person_id: str) -> bool:
    """Whether she was given one."""
    return db.execute(select(return_codes.c.person_id).where(return_codes.c.person_id == person_id)).first() is not None


def owns_code(db: Connection, person_id: str, code_hash: bytes) -> bool:
    """Whether the code is hers."""
    return holder_of(db, code_hash) == person_id


def holder_of(db: Connection, code_hash: bytes) -> str | None:
    """The id of the person whose code this is."""
    held = select(return_codes.c.person_id).where(return_codes.c.code_hash == code_hash)
    return db.execute(held).scalar_one_or_none()


def add_wrong_try(db: Connection, sender: str, now: datetime) -> None:
    """Count a wrong try of this sender on this day of India."""
    made = insert_into(db, wrong_codes).values(day=day_of(now), sender=sender, tries=1)
    counted = made.on_conflict_do_update(index_elements=["day", "sender"], set_={"tries": wrong_codes.c.tries + 1})
    db.execute(counted)


def count_wrong(db: Connection, sender: str, now: datetime) -> tuple[int, int]:
    """How many wrong tries there were on this day of India: of this sender, and of all."""
    tries = func.coalesce(func.sum(wrong_codes.c.tries), 0)
    own = func.coalesce(func.sum(wrong_codes.c.tries).filter(wrong_codes.c.sender == sender), 0)
    row = db.execute(select(own, tries).where(wrong_codes.c.day == day_of(now))).one()
    return int(row[0]), int(row[1])


def tries_spent(db: Connection, sender: str, now: datetime) -> bool:
    """Whether no further try of this sender is looked at today."""
    own, overall = count_wrong(db, sender, now)
    return own >= WRONG_A_DAY or overall >= WRONG_OVERALL
