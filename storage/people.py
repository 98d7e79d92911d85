"""Who writes to us: one row a person, found by the blind index of her address."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, exists, false, or_, select, true, update

from flows.model import Channel, Inbound, Place
from storage import conversations, hot
from storage.conversations import Conversation
from storage.seal import PersonKey, Sealer, Where
from storage.tables import conversations as talks
from storage.tables import erasures, outbox, people
from storage.talk_tables import members, relays
from storage.upsert import insert_once

INDEX_BYTES = 32
_OWN = (
    people.c.id,
    people.c.channel,
    people.c.provider,
    people.c.line,
    people.c.first_at,
    people.c.opted_out_at,
    people.c.erasing,
    people.c.address_sealed,
    talks.c.known,
    talks.c.seen_at.label("last_at"),
)
_JOINED = people.join(talks, talks.c.person_id == people.c.id)
_HERS = (people.c.blind_index == bindparam("blind"), people.c.erasing == false())
_FIND = select(*_OWN).select_from(_JOINED).where(*_HERS)
_READ = select(*_OWN).select_from(_JOINED).where(people.c.id == bindparam("who"))
_LOST = and_(or_(outbox.c.state == "expired", outbox.c.state == "failed"), outbox.c.turn == talks.c.turn)
_BEHIND = and_(outbox.c.state == "waiting", outbox.c.attempts > 0)  # what came later waits behind it
_TALK = (
    select(relays.c.id)
    .where(relays.c.person_id == people.c.id, relays.c.state == "claimed")
    .limit(1)
    .correlate(people)
    .scalar_subquery()
)
# Both rows are locked, where they are: with the person's alone, PostgreSQL would hand out the conversation as it was
# before the wait for the lock.
_SEEN = select(
    *_OWN,
    *(column for column in talks.c if column.name != "known"),
    exists().where(outbox.c.person_id == people.c.id, or_(_LOST, _BEHIND)).label("unread"),
    _TALK.label("talk_id"),
).select_from(_JOINED)
_GLANCE = _SEEN.where(people.c.id == bindparam("who"), people.c.erasing == false())
_BOTH = _SEEN.with_for_update()
_MEET = _BOTH.where(*_HERS)
_LOCK = _BOTH.where(people.c.id == bindparam("who"), people.c.erasing == false())
_ERASING = _BOTH.where(people.c.id == bindparam("who"), people.c.erasing == true())


@dataclass(frozen=True, slots=True)
class Person:
    """One person; `known` once she has passed the cover, `last_at` when she last wrote."""

    id: str
    channel: Channel
    provider: str
    line: str
    first_at: datetime
    last_at: datetime
    opted_out_at: datetime | None
    erasing: bool
    known: bool
    address_sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """A person and her conversation, as they stand while her row is locked.

    `unread` where what she was last told did not leave us, or waits behind what was tried in vain; `talk_id` names
    the talk with a member that she is in.
    """

    person: Person
    conversation: Conversation
    unread: bool
    talk_id: str | None = None


def find(db: Connection, index: bytes) -> Person | None:
    """Whose address this is; nobody's, if she is new or being erased."""
    row = hot.fetch(db, _FIND, {"blind": index})
    return None if row is None else _person(row)


def read(db: Connection, person_id: str) -> Person | None:
    """The person of this id, also while she is being erased; none once she is gone."""
    row = hot.fetch(db, _READ, {"who": person_id})
    return None if row is None else _person(row)


def find_erasing(db: Connection, person_id: str) -> Record | None:
    """A person who is marked to be erased, and her conversation; none once her rows are gone."""
    row = hot.fetch(db, _ERASING, {"who": person_id})
    return None if row is None else _record(row)


def add(
    db: Connection,
    sealer: Sealer,
    key: PersonKey,
    message: Inbound,
    *,
    index: bytes,
    now: datetime,
    place: Place = conversations.FIRST,
) -> bool:
    """A new person under the key's id, who wrote this message; false if another session met her first.

    Her conversation begins at `place`.
    """
    row = {
        "id": key.id,
        "blind_index": index,
        "address_sealed": sealer.seal(key, _where(key.id), message.address),
        "channel": message.channel.value,
        "provider": message.provider,
        "line": message.line,
        "first_at": now,
        "erasing": False,
    }
    if not insert_once(db, people, row):
        return False
    conversations.start(db, key.id, place, now)
    return True


def lock(db: Connection, person_id: str) -> Record | None:
    """Her row and her conversation, held until the transaction ends, so that two messages never cross; none if gone."""
    row = hot.fetch(db, _LOCK, {"who": person_id})
    return None if row is None else _record(row)


def glance(db: Connection, person_id: str) -> Record | None:
    """The same without holding it, to show how she stands; none if she is gone or being erased."""
    row = hot.fetch(db, _GLANCE, {"who": person_id})
    return None if row is None else _record(row)


def meet(db: Connection, index: bytes) -> Record | None:
    """The same, found by her address; none if she is new or being erased."""
    row = hot.fetch(db, _MEET, {"blind": index})
    return None if row is None else _record(row)


def address_of(sealer: Sealer, key: PersonKey, person: Person) -> str:
    """Where she is reached.

    Raises:
        Tampered: the sealed address was changed or moved.
    """
    return sealer.open(key, _where(person.id), person.address_sealed)


def move(db: Connection, person_id: str, *, provider: str, line: str) -> None:
    """She wrote to another of our lines: answers go out by that one from now on."""
    db.execute(update(people).where(people.c.id == person_id).values(provider=provider, line=line))


def opt_out(db: Connection, person_id: str, now: datetime) -> None:
    """She asked to be sent nothing more; the first time she asked is what is kept."""
    asked = update(people).where(people.c.id == person_id, people.c.opted_out_at.is_(None))
    db.execute(asked.values(opted_out_at=now))


def opt_in(db: Connection, person_id: str) -> None:
    """She wants to hear from us again."""
    db.execute(update(people).where(people.c.id == person_id).values(opted_out_at=None))


def mark_erasing(db: Connection, person_id: str) -> None:
    """From now on her address is a stranger's; what is left of her is erased by `erase_rows`."""
    marked = update(people).where(people.c.id == person_id)
    db.execute(marked.values(erasing=True, blind_index=os.urandom(INDEX_BYTES)))


def erasing_ids(db: Connection) -> list[str]:
    """Those whose erasure was begun and not ended."""
    return list(db.scalars(select(people.c.id).where(people.c.erasing == true()).order_by(people.c.id)))


def erase_rows(db: Connection, person_id: str, now: datetime) -> None:
    """Delete every row of hers and write the id down as erased; referrals stay, coded, and are nobody's.

    The foreign keys carry it to every table that names her; her words on their way to a member go as well.
    """
    db.execute(delete(outbox).where(outbox.c.about == person_id))
    db.execute(delete(people).where(people.c.id == person_id))
    insert_once(db, erasures, {"person_id": person_id, "at": now})


def erased_ids(db: Connection) -> list[str]:
    """Everybody who was ever erased, oldest first."""
    return list(db.scalars(select(erasures.c.person_id).order_by(erasures.c.at)))


def idle_since(db: Connection, before: datetime) -> list[str]:
    """Those who last wrote before this moment."""
    return list(db.scalars(select(talks.c.person_id).where(talks.c.seen_at < before).order_by(talks.c.seen_at)))


def key_ids(db: Connection) -> set[str]:
    """The ids of all keys still needed: of each person and member, and of each message that may yet be sent."""
    unsent = select(outbox.c.key_id).where(outbox.c.state.in_(("waiting", "sending", "in_doubt")))
    return set(db.scalars(select(people.c.id).union(unsent, select(members.c.id))))


def _record(row: Mapping[str, Any]) -> Record:
    return Record(_person(row), conversations.read(row), bool(row["unread"]), row["talk_id"])


def _person(row: Mapping[str, Any]) -> Person:
    return Person(
        id=row["id"],
        channel=Channel(row["channel"]),
        provider=row["provider"],
        line=row["line"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        opted_out_at=row["opted_out_at"],
        erasing=row["erasing"],
        known=row["known"],
        address_sealed=row["address_sealed"],
    )


def _where(person_id: str) -> Where:
    return Where("people", "address_sealed", person_id)
