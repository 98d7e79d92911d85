"""When and how we may write to her first; without one, never."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from flows.model import Channel
from storage.tables import safe_contacts
from storage.upsert import insert_into


@dataclass(frozen=True, slots=True)
class SafeContact:
    """Her leave to be written to: from `first_hour` to before `last_hour`, in India, until it expires."""

    person_id: str
    channel: Channel
    first_hour: int
    last_hour: int
    wording: str
    given_at: datetime
    expires_at: datetime


def keep(
    db: Connection,
    person_id: str,
    *,
    channel: Channel,
    first_hour: int,
    last_hour: int,
    now: datetime,
    expires_at: datetime,
    wording: str = "neutral",
) -> None:
    """Keep her leave; a later one takes its place."""
    given = {
        "channel": channel.value,
        "first_hour": first_hour,
        "last_hour": last_hour,
        "wording": wording,
        "given_at": now,
        "expires_at": expires_at,
    }
    made = insert_into(db, safe_contacts).values(person_id=person_id, **given)
    db.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=given))


def drop(db: Connection, person_id: str) -> None:
    """We may not write first any more."""
    db.execute(delete(safe_contacts).where(safe_contacts.c.person_id == person_id))


def live(db: Connection, person_id: str, now: datetime) -> SafeContact | None:
    """Her leave, if it has not expired."""
    held = select(safe_contacts).where(safe_contacts.c.person_id == person_id, safe_contacts.c.expires_at > now)
    row = db.execute(held).first()
    return None if row is None else SafeContact(**{**row._mapping, "channel": Channel(row.channel)})
