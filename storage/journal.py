"""Who saw or changed what, in a chain of hashes: a record that is changed or taken out breaks it.

Its newest records can be cut off unseen; whoever must rule that out writes the newest hash down elsewhere.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, func, insert, select

from storage.ids import milliseconds
from storage.tables import journal

_NOTHING = "0" * 64
_AT_ONCE = 1000  # records in memory while the chain is checked
_WRITING = 0x5A7412  # any number, so long as every writer asks for the same lock


@dataclass(frozen=True, slots=True)
class Entry:
    """One record; coded, never a name, a number or a text."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    previous: str
    hash: str


def write(db: Connection, *, actor: str, action: str, subject: str, now: datetime) -> Entry:
    """Add a record to the end of the chain; on PostgreSQL other writers wait until this transaction ends."""
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(_WRITING)))
    last = db.execute(select(journal).order_by(journal.c.seq.desc()).limit(1)).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, _NOTHING)
    entry = Entry(seq, now, actor, action, subject, previous, _hash(seq, now, actor, action, subject, previous))
    row = {"seq": seq, "at": now, "actor": actor, "action": action, "subject": subject}
    db.execute(insert(journal), {**row, "previous": previous, "hash": entry.hash})
    return entry


def verify(db: Connection) -> int | None:
    """The number of the first record that does not fit the chain; none if all do."""
    previous = _NOTHING
    in_order = select(journal).order_by(journal.c.seq)
    with db.execute(in_order, execution_options={"yield_per": _AT_ONCE}) as rows:
        for place, row in enumerate(rows, start=1):
            told = _hash(row.seq, row.at, row.actor, row.action, row.subject, previous)
            if row.seq != place or row.previous != previous or row.hash != told:
                return int(row.seq)
            previous = row.hash
    return None


def read(
    db: Connection,
    limit: int,
    *,
    before: int | None = None,
    action: str = "",
    actor: str = "",
    within: tuple[datetime, datetime] | None = None,
) -> list[Entry]:
    """The newest records, or those before a number; only of an action, of somebody, or within a time, if asked."""
    found = select(journal).order_by(journal.c.seq.desc()).limit(limit)
    if before is not None:
        found = found.where(journal.c.seq < before)
    if action:
        found = found.where(journal.c.action == action)
    if actor:
        found = found.where(journal.c.actor == actor)
    if within:
        found = found.where(journal.c.at >= within[0], journal.c.at < within[1])
    return [Entry(**row._mapping) for row in db.execute(found)]


def actions(db: Connection) -> list[str]:
    """Every action that was ever written down."""
    return list(db.scalars(select(journal.c.action).distinct().order_by(journal.c.action)))


def actors(db: Connection) -> list[str]:
    """Everybody who ever stands in it, as it calls them."""
    return list(db.scalars(select(journal.c.actor).distinct().order_by(journal.c.actor)))


def find(db: Connection, hash_: str) -> int | None:
    """The number of the record with this hash; none if there is none, or not any more."""
    return db.scalars(select(journal.c.seq).where(journal.c.hash == hash_)).first()


def _hash(*record: int | str | datetime) -> str:
    told = [milliseconds(part) if isinstance(part, datetime) else part for part in record]
    return sha256(json.dumps(told).encode()).hexdigest()
