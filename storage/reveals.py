"""An address that somebody of the staff must see: asked for with a reason, agreed to by another, shown once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from storage.desk_tables import reveals
from storage.ids import new_id
from storage.tables import referrals

LASTS = timedelta(hours=24)  # from the asking: what is not seen by then was not needed


@dataclass(frozen=True, slots=True)
class Reveal:
    """One asking; `asked_by` and `agreed_by` are as the journal calls them."""

    id: str
    referral_id: str
    reason: str
    asked_by: str
    asked_at: datetime
    agreed_by: str | None
    agreed_at: datetime | None
    shown_at: datetime | None


_ALL = tuple(reveals.c[field.name] for field in fields(Reveal))


def ask(db: Connection, referral_id: str, reason: str, by: str, now: datetime) -> bool:
    """Ask to see the address behind a request; false if the same person asks for it already."""
    there = select(reveals.c.id).where(reveals.c.referral_id == referral_id, reveals.c.asked_by == by, _is_open(now))
    if db.execute(there.limit(1)).first() is not None:
        return False
    row = {"id": new_id(now), "referral_id": referral_id, "reason": reason, "asked_by": by, "asked_at": now}
    db.execute(insert(reveals), row)
    return True


def agree(db: Connection, reveal_id: str, by: str, now: datetime) -> bool:
    """Another person agrees; false to whoever asked, and where it is agreed to, shown or too old already."""
    asked = update(reveals).where(reveals.c.id == reveal_id, reveals.c.asked_by != by, reveals.c.agreed_by.is_(None))
    return bool(db.execute(asked.where(_is_open(now)).values(agreed_by=by, agreed_at=now)).rowcount)


def show(db: Connection, reveal_id: str, by: str, now: datetime) -> bool:
    """Use the agreement up; true once, and only to whoever asked."""
    agreed = update(reveals).where(reveals.c.id == reveal_id, reveals.c.asked_by == by, reveals.c.agreed_by != by)
    return bool(db.execute(agreed.where(_is_open(now)).values(shown_at=now)).rowcount)


def read(db: Connection, reveal_id: str) -> Reveal | None:
    """The asking of this id, whatever became of it."""
    row = db.execute(select(*_ALL).where(reveals.c.id == reveal_id)).mappings().first()
    return None if row is None else Reveal(**row)


def of_referral(db: Connection, referral_id: str, now: datetime) -> Sequence[Reveal]:
    """The askings that are neither shown nor too old, the oldest first."""
    found = select(*_ALL).where(reveals.c.referral_id == referral_id, _is_open(now))
    return [Reveal(**row) for row in db.execute(found.order_by(reveals.c.asked_at, reveals.c.id)).mappings()]


def awaiting(db: Connection, by: str, now: datetime) -> Sequence[tuple[Reveal, str]]:
    """What this person may agree to, each with the code of its request, the oldest first."""
    found = select(*_ALL, referrals.c.code).join(referrals, referrals.c.id == reveals.c.referral_id)
    found = found.where(_is_open(now), reveals.c.agreed_by.is_(None), reveals.c.asked_by != by)
    rows = db.execute(found.order_by(reveals.c.asked_at, reveals.c.id)).mappings()
    return [(Reveal(**{one.name: row[one.name] for one in fields(Reveal)}), row["code"]) for row in rows]


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(reveals.c.shown_at.is_(None), reveals.c.asked_at > now - LASTS)
