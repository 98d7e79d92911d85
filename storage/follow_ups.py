"""What she says came of a request, asked some safe days later and kept apart from what anybody else says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, insert, or_, select, update

from storage.ids import new_id
from storage.tables import referrals
from storage.talk_tables import follow_ups

BAD = ("no", "refused", "unsafe")
APART = (
    (("done", "in_progress"), BAD),
    (("declined", "unreachable"), ("yes",)),
)  # what the provider says, and what she says that does not go with it


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One question that is planned, asked, answered or dropped."""

    id: str
    referral_code: str
    person_id: str | None
    state: str
    due_at: datetime
    asked_at: datetime | None
    answered_at: datetime | None
    answer: str | None


_ALL = tuple(follow_ups.c[field.name] for field in fields(FollowUp))


def plan(db: Connection, referral_code: str, person_id: str, due_at: datetime) -> bool:
    """Plan the question once a request; false if one is planned already."""
    there = select(follow_ups.c.id).where(follow_ups.c.referral_code == referral_code)
    if db.execute(there.where(follow_ups.c.state.in_(("planned", "asked")))).first() is not None:
        return False
    row = {"id": new_id(due_at), "referral_code": referral_code, "person_id": person_id, "state": "planned"}
    db.execute(insert(follow_ups), {**row, "due_at": due_at})
    return True


def due(db: Connection, now: datetime, limit: int = 50) -> list[FollowUp]:
    """The planned questions whose day has come."""
    found = select(*_ALL).where(follow_ups.c.state == "planned", follow_ups.c.due_at <= now)
    found = found.where(follow_ups.c.person_id.is_not(None))
    return [_one(row) for row in db.execute(found.order_by(follow_ups.c.due_at).limit(limit)).mappings()]


def asked(db: Connection, follow_up_id: str, now: datetime) -> bool:
    """It was put to her; false if another session did."""
    planned = update(follow_ups).where(follow_ups.c.id == follow_up_id, follow_ups.c.state == "planned")
    return bool(db.execute(planned.values(state="asked", asked_at=now)).rowcount)


def put_off(db: Connection, follow_up_id: str, due_at: datetime) -> None:
    """It is not the time for it yet."""
    db.execute(update(follow_ups).where(follow_ups.c.id == follow_up_id).values(due_at=due_at))


def drop(db: Connection, follow_up_id: str) -> None:
    """It will not be asked."""
    db.execute(update(follow_ups).where(follow_ups.c.id == follow_up_id).values(state="dropped"))


def drop_of(db: Connection, person_id: str) -> None:
    """Nothing more is asked of her."""
    hers = update(follow_ups).where(follow_ups.c.person_id == person_id)
    db.execute(hers.where(follow_ups.c.state.in_(("planned", "asked"))).values(state="dropped"))


def answer(db: Connection, person_id: str, said: str, now: datetime) -> str | None:
    """Her own word on the question that was put to her last; the code of the request."""
    hers = select(follow_ups.c.id).where(follow_ups.c.person_id == person_id, follow_ups.c.state == "asked")
    newest = hers.order_by(follow_ups.c.asked_at.desc()).limit(1).scalar_subquery()
    kept = update(follow_ups).where(follow_ups.c.id == newest)
    row = db.execute(
        kept.values(state="answered", answer=said, answered_at=now).returning(follow_ups.c.referral_code)
    ).first()
    return None if row is None else str(row[0])


def listed(db: Connection) -> list[FollowUp]:
    """All of them, the earliest first."""
    return [_one(row) for row in db.execute(select(*_ALL).order_by(follow_ups.c.due_at, follow_ups.c.id)).mappings()]


def of_referral(db: Connection, referral_code: str) -> list[FollowUp]:
    """Those of one request, the earliest first."""
    found = select(*_ALL).where(follow_ups.c.referral_code == referral_code)
    return [_one(row) for row in db.execute(found.order_by(follow_ups.c.due_at, follow_ups.c.id)).mappings()]


def drop_of_referral(db: Connection, referral_code: str) -> None:
    """Nothing more is asked of her about this request."""
    open_ = update(follow_ups).where(follow_ups.c.referral_code == referral_code)
    db.execute(open_.where(follow_ups.c.state.in_(("planned", "asked"))).values(state="dropped"))


def is_apart(state: str, said: str | None) -> bool:
    """Whether what the provider says and what she says do not go together."""
    return any(state in states and said in answers for states, answers in APART)


def contradicted(db: Connection) -> list[tuple[str, str, str]]:
    """(code, what the provider says, what she says) where the two do not go together."""
    joined = follow_ups.join(referrals, referrals.c.code == follow_ups.c.referral_code)
    told = select(referrals.c.code, referrals.c.state, follow_ups.c.answer).select_from(joined)
    apart = or_(*(and_(referrals.c.state.in_(states), follow_ups.c.answer.in_(said)) for states, said in APART))
    return [(row[0], row[1], row[2]) for row in db.execute(told.where(apart).order_by(referrals.c.code))]


def _one(row: RowMapping | Mapping[str, Any]) -> FollowUp:
    return FollowUp(**row)
