"""The referral log: coded fields only, so that staff can see what came of each request without seeing whose it was."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, RowMapping, bindparam, insert, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from flows.model import Channel, Language
from storage import hot
from storage.ids import day_begins, new_id
from storage.return_codes import add_wrong_try, count_wrong, give_code, holder_of, owns_code, tries_spent
from storage.tables import referral_changes, referrals
from storage.upsert import insert_in

__all__ = [
    "OPEN",
    "Answer",
    "Change",
    "Referral",
    "add_answer",
    "add_wrong_try",
    "assign",
    "change",
    "changes",
    "count_wrong",
    "give_code",
    "holder_of",
    "newest_open_code",
    "of_person",
    "open_one",
    "owns_code",
    "tries_spent",
]

OPEN = ("requested", "accepted", "in_progress")
SURVIVOR = "survivor"
_INFORMATION = "information"
# Letters that are not mistaken for a digit or, spoken, for one another; digits that are not mistaken for a letter.
_LETTERS = "ACFHJKLMRTUWY"
_DIGITS = "23456789"

Answer: TypeAlias = Literal["district", "age", "need", "contact", "safety", "collective"]


@dataclass(frozen=True, slots=True)
class Referral:
    """One row of the log; `person_id` is empty once she is erased."""

    id: str
    code: str
    person_id: str | None
    kind: str
    state: str
    outcome: str | None
    district: str | None
    need: str | None
    age: str | None
    contact: str | None
    safety: str | None
    language: str | None
    channel: str
    collective: str | None
    opened_at: datetime
    changed_at: datetime
    assigned_to: str | None = None  # the member of staff who looks after it


@dataclass(frozen=True, slots=True)
class Change:
    """One state that a referral came to, and by whom: the survivor, a member, or `staff <id>`."""

    at: datetime
    state: str
    outcome: str | None
    by: str


_ALL = tuple(referrals.c[field.name] for field in fields(Referral))
_IS_OPEN = or_(*(referrals.c.state == state for state in OPEN))
# Statements of a turn are made once: to make one takes longer than to execute it.
_NEWEST = (
    select(*_ALL)
    .where(referrals.c.person_id == bindparam("who"))
    .order_by(referrals.c.opened_at.desc(), referrals.c.id.desc())
    .limit(1)
)
_OPEN_OF_KIND = _NEWEST.where(referrals.c.kind == bindparam("what"), _IS_OPEN)
_OPEN_REQUEST = _NEWEST.where(referrals.c.kind != _INFORMATION, _IS_OPEN)
_TOLD_SINCE = _NEWEST.where(
    referrals.c.kind == _INFORMATION,
    referrals.c.need.is_not_distinct_from(bindparam("about")),
    referrals.c.opened_at >= bindparam("since"),
)
_NOTE = insert(referral_changes)


def open_one(
    db: Connection,
    *,
    kind: str,
    state: str = "requested",
    outcome: str | None = None,
    person_id: str,
    district: str | None = None,
    need: str | None = None,
    language: Language | None = None,
    channel: Channel,
    now: datetime,
    by: str = SURVIVOR,
) -> tuple[Referral, bool]:
    """Her open referral of this kind, or else a new one; and whether it is new.

    Information is written down once a person, topic and day of India. Call it with her row locked.
    """
    if kind == _INFORMATION:
        there = hot.fetch(db, _TOLD_SINCE, {"who": person_id, "about": need, "since": day_begins(now)})
    else:
        there = hot.fetch(db, _OPEN_OF_KIND, {"who": person_id, "what": kind})
    if there is not None:
        return _referral(there), False
    row: dict[str, str | datetime | None] = {
        "id": new_id(now),
        "person_id": person_id,
        "kind": kind,
        "state": state,
        "outcome": outcome,
        "district": district,
        "need": need,
        "language": language.value if language else None,
        "channel": channel.value,
        "opened_at": now,
        "changed_at": now,
    }
    made = _insert(db, row)
    _note(db, made, by, now)
    return made, True


def add_answer(db: Connection, person_id: str, kind: str, name: Answer, value: str, now: datetime) -> Referral | None:
    """Write a coded answer into her newest open referral of this kind; none if she has none."""
    row = hot.fetch(db, _filling(name), {"who": person_id, "what": kind, "filled": value, "filled_at": now})
    return None if row is None else _referral(row)


def change(db: Connection, code: str, state: str, outcome: str | None, by: str, now: datetime) -> Referral | None:
    """Move a referral to another state and write down who did; none if there is no such code."""
    changed = update(referrals).where(referrals.c.code == code).values(state=state, outcome=outcome, changed_at=now)
    row = db.execute(changed.returning(*_ALL)).mappings().first()
    if row is None:
        return None
    referral = _referral(row)
    _note(db, referral, by, now)
    return referral


def assign(db: Connection, code: str, staff_id: str | None) -> bool:
    """Who of the staff looks after it, or nobody; false if there is no such code."""
    return bool(db.execute(update(referrals).where(referrals.c.code == code).values(assigned_to=staff_id)).rowcount)


def changes(db: Connection, referral_id: str) -> list[Change]:
    """All that became of a referral, the oldest first."""
    found = select(*(referral_changes.c[field.name] for field in fields(Change)))
    ordered = found.where(referral_changes.c.referral_id == referral_id).order_by(
        referral_changes.c.at, referral_changes.c.id
    )
    return [Change(**row) for row in db.execute(ordered).mappings()]


def give_to(db: Connection, code: str, collective: str) -> None:
    """Write down whose member has taken it."""
    db.execute(update(referrals).where(referrals.c.code == code).values(collective=collective))


def of_code(db: Connection, code: str, *, lock: bool = False) -> Referral | None:
    """The referral of this code; with `lock` its row is held until the transaction ends."""
    found = select(*_ALL).where(referrals.c.code == code)
    row = db.execute(found.with_for_update() if lock else found).mappings().first()
    return None if row is None else _referral(row)


def withdraw(db: Connection, person_id: str, now: datetime) -> list[Referral]:
    """She takes back every open request of hers."""
    hers = select(referrals.c.code).where(referrals.c.person_id == person_id, _IS_OPEN)
    codes = list(db.scalars(hers.where(referrals.c.kind != _INFORMATION)))
    withdrawn = [change(db, code, "withdrawn", "by her", SURVIVOR, now) for code in codes]
    return [one for one in withdrawn if one is not None]


def of_person(db: Connection, person_id: str) -> list[Referral]:
    """All of hers, newest first."""
    hers = select(*_ALL).where(referrals.c.person_id == person_id)
    newest_first = hers.order_by(referrals.c.opened_at.desc(), referrals.c.id.desc())
    return [_referral(row) for row in db.execute(newest_first).mappings()]


def newest_open_code(db: Connection, person_id: str) -> str | None:
    """The code of her newest open request; information is no request."""
    newest = hot.fetch(db, _OPEN_REQUEST, {"who": person_id})
    return newest["code"] if newest else None


def _insert(db: Connection, row: dict[str, str | datetime | None]) -> Referral:
    """Insert under a speakable code that no other referral has."""
    while True:
        made = hot.fetch(db, _new(db.dialect.name), row | {"code": _speakable()})
        if made is not None:
            return _referral(made)


@cache
def _new(dialect: str) -> ReturningInsert[Any]:
    return insert_in(dialect, referrals).on_conflict_do_nothing(index_elements=["code"]).returning(*_ALL)


@cache
def _filling(name: Answer) -> ReturningUpdate[Any]:
    newest = _OPEN_OF_KIND.with_only_columns(referrals.c.id).scalar_subquery()
    filled = update(referrals).where(referrals.c.id == newest)
    return filled.values({name: bindparam("filled"), "changed_at": bindparam("filled_at")}).returning(*_ALL)


def _note(db: Connection, referral: Referral, by: str, now: datetime) -> None:
    noted = {
        "id": new_id(now),
        "referral_id": referral.id,
        "at": now,
        "state": referral.state,
        "outcome": referral.outcome,
        "by": by,
    }
    hot.send(db, _NOTE, noted)


def _speakable() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(2))
    return f"{letters}-{''.join(secrets.choice(_DIGITS) for _ in range(4))}"


def _referral(row: Mapping[str, Any] | RowMapping) -> Referral:
    return Referral(**row)
