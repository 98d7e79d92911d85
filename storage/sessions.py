"""Who is signed in to the desk: sessions on the server, devices that were there before, and wrong tries.

Of what a browser keeps only a hash is here, so that a copy of this database signs nobody in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select, update

from storage.desk_tables import devices, sessions, tries
from storage.upsert import insert_into

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=8)
HALF = timedelta(minutes=5)  # between the password and the code
MOST_TRIES = 5
TRIES_FORGOTTEN = timedelta(minutes=15)
SEEN_AGAIN = timedelta(seconds=20)  # how exactly it is known when a session was last used


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in; not `whole` until the code was given too."""

    hash: bytes
    staff_id: str
    whole: bool
    made_at: datetime
    seen_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether it has lasted too long, or was left alone too long."""
        if not self.whole:
            return now - self.made_at >= HALF
        return now - self.made_at >= ABSOLUTE or now - self.seen_at >= IDLE


def hash_of(token: str) -> bytes:
    """What is kept of a token; it is random, so a quick hash is enough."""
    return sha256(token.encode()).digest()


def begin(db: Connection, token: str, staff_id: str, now: datetime, *, whole: bool) -> None:
    """Begin a session under a new token."""
    row = {"hash": hash_of(token), "staff_id": staff_id, "whole": whole, "made_at": now, "seen_at": now}
    db.execute(insert(sessions), row)


def find(db: Connection, token: str) -> Session | None:
    """The session of a token, over or not."""
    row = db.execute(select(sessions).where(sessions.c.hash == hash_of(token))).mappings().first()
    return None if row is None else Session(**row)


def touch(db: Connection, session: Session, now: datetime) -> None:
    """It was used; written down a few times a minute at most."""
    if now - session.seen_at >= SEEN_AGAIN:
        db.execute(update(sessions).where(sessions.c.hash == session.hash).values(seen_at=now))


def end(db: Connection, session: Session) -> None:
    """End one session."""
    db.execute(delete(sessions).where(sessions.c.hash == session.hash))


def end_all(db: Connection, staff_id: str) -> int:
    """End every session of somebody, and forget the devices; how many sessions there were."""
    db.execute(delete(devices).where(devices.c.staff_id == staff_id))
    return db.execute(delete(sessions).where(sessions.c.staff_id == staff_id)).rowcount


def of_staff(db: Connection, staff_id: str) -> list[Session]:
    """Every session of somebody, the latest used first."""
    found = select(sessions).where(sessions.c.staff_id == staff_id).order_by(sessions.c.seen_at.desc())
    return [Session(**row) for row in db.execute(found).mappings()]


def sweep(db: Connection, now: datetime) -> int:
    """Drop what is over: sessions, and tries that are forgotten."""
    db.execute(delete(tries).where(tries.c.since <= now - TRIES_FORGOTTEN))
    old = (sessions.c.made_at <= now - ABSOLUTE) | (sessions.c.seen_at <= now - IDLE)
    return db.execute(delete(sessions).where(old)).rowcount


def remember_device(db: Connection, token: str, staff_id: str, now: datetime) -> None:
    """Somebody signed in wholly from this browser."""
    db.execute(insert(devices), {"hash": hash_of(token), "staff_id": staff_id, "made_at": now})


def knows_device(db: Connection, token: str, staff_id: str) -> bool:
    """Whether this person signed in from this browser before."""
    known = select(devices.c.hash).where(devices.c.hash == hash_of(token), devices.c.staff_id == staff_id)
    return db.execute(known).first() is not None


def may_try(db: Connection, source: str, now: datetime) -> bool:
    """Whether this source may try again; it was wrong fewer than five times in the last quarter of an hour.

    A source is one browser or address together with one name, so that nobody can shut out the person
    herself by trying from elsewhere.
    """
    row = db.execute(select(tries.c.tries, tries.c.since).where(tries.c.source == source)).first()
    return row is None or row.tries < MOST_TRIES or now - row.since >= TRIES_FORGOTTEN


def count_try(db: Connection, source: str, now: datetime) -> None:
    """One more wrong try."""
    row = db.execute(select(tries.c.since).where(tries.c.source == source)).first()
    if row is not None and now - row.since >= TRIES_FORGOTTEN:
        forget_tries(db, source)
    made = insert_into(db, tries).values(source=source, tries=1, since=now)
    more = {"tries": tries.c.tries + 1, "since": now}
    db.execute(made.on_conflict_do_update(index_elements=["source"], set_=more))


def forget_tries(db: Connection, source: str) -> None:
    """It was right at last."""
    db.execute(delete(tries).where(tries.c.source == source))
