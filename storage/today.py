"""What a day at the desk begins with: how much waits, since when, and how the lines of the house stand."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from storage.follow_ups import APART, FollowUp
from storage.referrals import OPEN, Referral
from storage.tables import outbox, people, referrals, spend
from storage.talk_tables import follow_ups

Some: TypeAlias = "tuple[int, Sequence[Referral]]"  # how many, and the first few
_ROW = tuple(referrals.c[field.name] for field in fields(Referral))
_FOLLOW_UP = tuple(follow_ups.c[field.name] for field in fields(FollowUp))


@dataclass(frozen=True, slots=True)
class Sending:
    """How one provider took what was sent: what waits, what it put off, and since a moment what it took or refused."""

    provider: str
    waiting: int
    put_off: int
    sent: int
    failed: int
    oldest_due_at: datetime | None  # of what waits
    last_sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Spent:
    """The parts that a line used on a day."""

    provider: str
    parts: int


def untouched(db: Connection, before: datetime, limit: int) -> Some:
    """Open requests in which nothing changed since that moment, the longest untouched first."""
    conditions = (referrals.c.state.in_(OPEN), referrals.c.kind != "information", referrals.c.changed_at < before)
    found = select(*_ROW).where(*conditions).order_by(referrals.c.changed_at, referrals.c.id).limit(limit)
    count = select(func.count()).select_from(referrals).where(*conditions)
    return db.execute(count).scalar_one(), _rows(db, found)


def contradicted(db: Connection, limit: int) -> Some:
    """Requests of which she says something else than the provider, and nobody changed anything since she said so."""
    joined = referrals.join(follow_ups, follow_ups.c.referral_code == referrals.c.code)
    apart = or_(*(and_(referrals.c.state.in_(states), follow_ups.c.answer.in_(said)) for states, said in APART))
    conditions = (apart, follow_ups.c.answered_at > referrals.c.changed_at)
    found = select(*_ROW).select_from(joined).where(*conditions).distinct().order_by(referrals.c.changed_at)
    count = select(func.count(referrals.c.id.distinct())).select_from(joined).where(*conditions)
    return db.execute(count).scalar_one(), _rows(db, found.limit(limit))


def late_follow_ups(db: Connection, planned_before: datetime, asked_before: datetime) -> Sequence[FollowUp]:
    """Questions whose day has come and that were not asked, or that she has not answered for long."""
    late = or_(
        and_(follow_ups.c.state == "planned", follow_ups.c.due_at < planned_before),
        and_(follow_ups.c.state == "asked", follow_ups.c.asked_at < asked_before),
    )
    found = select(*_FOLLOW_UP).where(late).order_by(follow_ups.c.due_at, follow_ups.c.id)
    return [FollowUp(**row) for row in db.execute(found).mappings()]


def opted_out(db: Connection, since: datetime) -> tuple[int, int]:
    """How many want nothing sent to them, and how many of them said so since that moment."""
    new = func.count(case((people.c.opted_out_at >= since, 1)))
    row = db.execute(select(func.count(), new).where(people.c.opted_out_at.is_not(None))).one()
    return row[0], row[1]


def sending(db: Connection, since: datetime) -> Sequence[Sending]:
    """How each provider does, by name; of what is settled only that which was put since that moment."""
    waits, took = outbox.c.state == "waiting", outbox.c.state.in_(("sent", "delivered"))
    columns = (
        outbox.c.provider,
        func.count(case((waits, 1))).label("waiting"),
        func.count(case((and_(waits, outbox.c.attempts > 0), 1))).label("put_off"),
        func.count(case((took, 1))).label("sent"),
        func.count(case((outbox.c.state == "failed", 1))).label("failed"),
        func.min(case((waits, outbox.c.due_at))).label("oldest_due_at"),
        func.max(case((took, outbox.c.changed_at))).label("last_sent_at"),
    )
    recent = or_(waits, outbox.c.put_at >= since)
    found = select(*columns).where(recent).group_by(outbox.c.provider).order_by(outbox.c.provider)
    return [Sending(**row) for row in db.execute(found).mappings()]


def spent(db: Connection, day: date) -> Sequence[Spent]:
    """What each provider's line used on a day; where it has several, the one that used most."""
    found = select(spend.c.scope, spend.c.parts).where(spend.c.day == day, spend.c.scope.startswith("line:"))
    most: dict[str, int] = {}
    for scope, parts in db.execute(found):
        provider = scope.split(":")[1]
        most[provider] = max(parts, most.get(provider, 0))
    return [Spent(provider, parts) for provider, parts in sorted(most.items())]


def _rows(db: Connection, found: Select[tuple[object, ...]]) -> Sequence[Referral]:
    return [Referral(**row) for row in db.execute(found).mappings()]
