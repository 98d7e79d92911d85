"""Alerts to staff: content-free, and repeated until somebody says that it was seen."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from storage import hot
from storage.ids import new_id
from storage.tables import alerts


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: what kind, for which referral, how often it went out, and when it goes next."""

    id: str
    kind: str
    referral_code: str | None
    raised_at: datetime
    next_at: datetime
    times: int
    acknowledged_at: datetime | None


_OPEN = alerts.c.acknowledged_at.is_(None)
_SAME = (
    select(alerts)
    .where(
        _OPEN,
        alerts.c.kind == bindparam("what"),
        alerts.c.referral_code.is_not_distinct_from(bindparam("code")),
    )
    .order_by(alerts.c.raised_at)
    .limit(1)
)
_AGAIN = update(alerts).where(alerts.c.id == bindparam("which")).values(next_at=bindparam("at"))
_INSERT = insert(alerts)


def raise_one(db: Connection, kind: str, referral_code: str | None, now: datetime) -> Alert:
    """Raise an alert that is due at once; one of the same kind and referral that nobody has seen yet serves again.

    It serves again at once: who writes of danger a second time waits for no repetition.
    """
    there = hot.fetch(db, _SAME, {"what": kind, "code": referral_code})
    if there is not None:
        hot.send(db, _AGAIN, {"which": there["id"], "at": now})
        return replace(Alert(**there), next_at=now)
    alert = Alert(new_id(now), kind, referral_code, now, now, 0, None)
    row = {"id": alert.id, "kind": kind, "referral_code": referral_code, "raised_at": now, "next_at": now, "times": 0}
    hot.send(db, _INSERT, row)
    return alert


def due(db: Connection, now: datetime) -> list[Alert]:
    """The unseen alerts whose hour has come, oldest first."""
    found = select(alerts).where(_OPEN, alerts.c.next_at <= now).order_by(alerts.c.raised_at, alerts.c.id)
    return [_alert(row) for row in db.execute(found)]


def unseen(db: Connection) -> list[Alert]:
    """All that nobody has seen, oldest first, whether due or not."""
    return [_alert(row) for row in db.execute(select(alerts).where(_OPEN).order_by(alerts.c.raised_at, alerts.c.id))]


def sent(db: Connection, alert_id: str, next_at: datetime) -> None:
    """It went out once more, and goes again at `next_at` unless somebody has seen it."""
    db.execute(update(alerts).where(alerts.c.id == alert_id).values(times=alerts.c.times + 1, next_at=next_at))


def acknowledge(db: Connection, name: str, now: datetime) -> int:
    """Somebody has seen it: one alert by its id, or all of a referral by its code; how many were open."""
    named = or_(alerts.c.id == name, alerts.c.referral_code == name)
    return db.execute(update(alerts).where(_OPEN, named).values(acknowledged_at=now)).rowcount


def is_open(db: Connection, kind: str, referral_code: str | None) -> bool:
    """Whether such an alert is repeated already."""
    return hot.fetch(db, _SAME, {"what": kind, "code": referral_code}) is not None


def answered(db: Connection, code: str, now: datetime) -> None:
    """A member has taken the talk that this alert asked for; alerts of danger stay until staff have seen them."""
    asked = update(alerts).where(_OPEN, alerts.c.kind == "person", alerts.c.referral_code == code)
    db.execute(asked.values(acknowledged_at=now))


def open_count(db: Connection) -> int:
    """How many alerts nobody has seen."""
    return db.execute(select(func.count()).select_from(alerts).where(_OPEN)).scalar_one()


def _alert(row: Row[tuple[object, ...]]) -> Alert:
    return Alert(**row._mapping)
