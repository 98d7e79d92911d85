"""What is to happen at its hour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, select

from storage.ids import new_id
from storage.tables import timers

REMOVE = "remove"  # a message to be deleted at its provider; done apart, since it needs the network


@dataclass(frozen=True, slots=True)
class Timer:
    """One timer; `turn` is the turn it was set in, so that a stale one can be told."""

    id: str
    person_id: str | None
    kind: str
    turn: int
    due_at: datetime
    payload: Mapping[str, str]


def set_timer(
    db: Connection,
    *,
    kind: str,
    due_at: datetime,
    person_id: str | None = None,
    turn: int = 0,
    payload: Mapping[str, str] | None = None,
) -> str:
    """Set a timer, hers or the house's own, and give back its id; the payload is coded, never her words."""
    row = {
        "id": new_id(due_at),
        "person_id": person_id,
        "kind": kind,
        "turn": turn,
        "due_at": due_at,
        "payload": dict(payload or {}),
    }
    db.execute(insert(timers), row)
    return str(row["id"])


def due(db: Connection, now: datetime, limit: int = 100, *, only: str) -> list[Timer]:
    """What is due of one kind, earliest first; it stays until it is dropped."""
    found = (
        select(timers)
        .where(timers.c.due_at <= now, timers.c.kind == only)
        .order_by(timers.c.due_at, timers.c.id)
        .limit(limit)
    )
    return [_timer(row) for row in db.execute(found)]


def take_due(db: Connection, now: datetime) -> list[Timer]:
    """Take what is due but removals, earliest first; of two sessions at once only one gets a timer."""
    ours = delete(timers).where(timers.c.due_at <= now, timers.c.kind != REMOVE)
    taken = [_timer(row) for row in db.execute(ours.returning(timers))]
    return sorted(taken, key=lambda timer: (timer.due_at, timer.id))


def drop(db: Connection, timer_id: str) -> bool:
    """Drop a timer; false if another session has."""
    return bool(db.execute(delete(timers).where(timers.c.id == timer_id)).rowcount)


def cancel(db: Connection, person_id: str) -> int:
    """Drop all of hers; how many there were."""
    return db.execute(delete(timers).where(timers.c.person_id == person_id)).rowcount


def cancel_kind(db: Connection, kind: str) -> int:
    """Drop all of one kind; how many there were."""
    return db.execute(delete(timers).where(timers.c.kind == kind)).rowcount


def is_set(db: Connection, kind: str) -> bool:
    """Whether a timer of this kind is set."""
    return db.execute(select(timers.c.id).where(timers.c.kind == kind).limit(1)).first() is not None


def _timer(row: Row[tuple[object, ...]]) -> Timer:
    return Timer(**row._mapping)
