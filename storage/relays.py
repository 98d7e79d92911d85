"""The line of survivors who wait for a member, and the talk that follows; exactly one member holds it at a time."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, exists, insert, or_, select, update

from flows.model import Channel, Language
from storage import hot, outbox, topics
from storage.ids import new_id
from storage.talk_tables import events, offers, relays, words
from storage.upsert import insert_into, insert_once

_TAG_LETTERS = "23456789ACFHJKLMRTUWY"
_TAG = 6
OPEN = ("waiting", "claimed")


@dataclass(frozen=True, slots=True)
class Relay:
    """One place in the line, or one talk; `version` moves whenever it changes hands."""

    id: str
    referral_code: str | None
    person_id: str | None
    collective: str | None
    member_id: str | None
    state: str
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    turn: int
    tag: str | None
    language: str | None
    channel: str | None
    ring: int
    ring_at: datetime | None
    version: int
    position: int
    outcome: str | None
    keeps_words: bool | None
    near_agreed: bool | None
    told: str | None
    topic: int | None
    topic_chat: str | None


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the journal of a talk; coded, never a word that was said."""

    at: datetime
    what: str
    by: str
    detail: str


_ALL = tuple(relays.c[field.name] for field in fields(Relay))
_HERS = (
    select(*_ALL)
    .where(relays.c.person_id == bindparam("who"), or_(relays.c.state == "waiting", relays.c.state == "claimed"))
    .limit(1)
)
_HAPPENED = insert(events)


def open_one(
    db: Connection,
    *,
    person_id: str,
    referral_code: str | None,
    turn: int,
    now: datetime,
    ring_at: datetime | None = None,
    language: Language | None = None,
    channel: Channel | None = None,
    collective: str | None = None,
) -> bool:
    """Put her in the line; false if she stands in it already, or talks. Call it with her row locked."""
    if hot.fetch(db, _HERS, {"who": person_id}) is not None:
        return False
    row = {
        "id": new_id(now),
        "referral_code": referral_code,
        "person_id": person_id,
        "collective": collective,
        "state": "waiting",
        "opened_at": now,
        "turn": turn,
        "language": language.value if language else None,
        "channel": channel.value if channel else None,
        "ring_at": ring_at or now,
    }
    while not insert_once(db, relays, {**row, "tag": _tag()}):
        pass  # another talk has this tag
    return True


def waiting(db: Connection) -> list[Relay]:
    """The line, longest waiting first."""
    line = select(*_ALL).where(relays.c.state == "waiting", relays.c.person_id.is_not(None))
    return [_relay(row) for row in db.execute(line.order_by(relays.c.opened_at, relays.c.id)).mappings()]


def listed(db: Connection, state: str | None = None, limit: int = 500) -> list[Relay]:
    """Talks for the staff, the newest first."""
    found = select(*_ALL).order_by(relays.c.opened_at.desc(), relays.c.id.desc()).limit(limit)
    if state:
        found = found.where(relays.c.state == state)
    return [_relay(row) for row in db.execute(found).mappings()]


def of_person(db: Connection, person_id: str) -> Relay | None:
    """Her place in the line or her talk, if she has one."""
    row = hot.fetch(db, _HERS, {"who": person_id})
    return None if row is None else _relay(row)


def read(db: Connection, relay_id: str) -> Relay | None:
    """The talk of this id."""
    return _one(db, relays.c.id == relay_id)


def in_hands(db: Connection, relay: Relay | None, member_id: str | None) -> Relay | None:
    """The talk as it stands now, if this member holds it still."""
    now = read(db, relay.id) if relay else None
    return now if now and now.state == "claimed" and now.member_id == member_id else None


def of_referral(db: Connection, referral_code: str) -> list[Relay]:
    """Every talk about a request, the oldest first."""
    found = select(*_ALL).where(relays.c.referral_code == referral_code)
    return [_relay(row) for row in db.execute(found.order_by(relays.c.opened_at, relays.c.id)).mappings()]


def of_tag(db: Connection, tag: str) -> Relay | None:
    """The talk that members know by this tag."""
    return _one(db, relays.c.tag == tag)


def of_topic(db: Connection, topic: int) -> Relay | None:
    """The talk that has this topic of the members' group."""
    return _one(db, relays.c.topic == topic)


def held_by(db: Connection, member_id: str) -> list[Relay]:
    """The talks that a member holds, oldest first."""
    held = select(*_ALL).where(relays.c.member_id == member_id, relays.c.state == "claimed")
    return [_relay(row) for row in db.execute(held.order_by(relays.c.claimed_at, relays.c.id)).mappings()]


def claim(db: Connection, relay_id: str, member_id: str, version: int, now: datetime) -> bool:
    """Take a waiting talk; of any number who try at once exactly one is told yes."""
    free = update(relays).where(
        relays.c.id == relay_id,
        relays.c.state == "waiting",
        relays.c.version == version,
        relays.c.person_id.is_not(None),
    )
    taken = free.values(state="claimed", member_id=member_id, claimed_at=now, ring_at=None, version=version + 1)
    return bool(db.execute(taken).rowcount)


def release(
    db: Connection,
    relay: Relay,
    now: datetime,
    *,
    offer: str,
    why: str,
    by: str,
    detail: str = "",
    keeps: bool = False,
    to: str | None = None,
) -> bool:
    """Back into the line; false if it has changed hands since `relay` was read.

    `offer` is what is written of whoever held it, so that she is not asked again; `why` and `by` are what happened;
    `to` is the collective that is asked first, if one is.
    """
    held = _held(relay)
    topics.let_go(db, relay.id, relay.topic_chat, relay.topic, now)
    outbox.cancel_stream(db, f"{relay.id}:member")  # whoever held it reads no more of it
    values = {"state": "waiting", "member_id": None, "ring": 0, "ring_at": now, "version": relay.version + 1}
    values |= {"keeps_words": keeps, "told": None, "claimed_at": None, "collective": to}
    if not db.execute(held.values(**values)).rowcount:
        return False
    if relay.member_id:
        mark_offer(db, relay.id, relay.member_id, offer, now)
    note(db, relay.id, why, by, now, detail)
    return True


def close(db: Connection, relay: Relay, outcome: str, now: datetime) -> bool:
    """The end of a talk or of the waiting for one; false if it has changed hands since `relay` was read."""
    soon = now if outcome in ("cleared", "stopped", "withdrawn") else now + topics.KEPT
    topics.let_go(db, relay.id, relay.topic_chat, relay.topic, soon)
    values = {"state": "closed", "closed_at": now, "outcome": outcome, "version": relay.version + 1, "ring_at": None}
    return bool(db.execute(_held(relay).values(**values)).rowcount)


def change(db: Connection, relay_id: str, **values: object) -> None:
    """Write something down of a talk that does not change hands by it."""
    db.execute(update(relays).where(relays.c.id == relay_id).values(**values))


def next_position(db: Connection, relay_id: str) -> int:
    """The next place in the order of what is said; the row stays locked until the transaction ends."""
    counted = update(relays).where(relays.c.id == relay_id).values(position=relays.c.position + 1)
    return int(db.execute(counted.returning(relays.c.position)).scalar_one())


def due_rings(db: Connection, now: datetime, limit: int = 50) -> list[Relay]:
    """Those in the line for whom it is time to ask others, the longest waiting first."""
    due = select(*_ALL).where(relays.c.state == "waiting", relays.c.ring_at <= now, relays.c.person_id.is_not(None))
    return [_relay(row) for row in db.execute(due.order_by(relays.c.opened_at, relays.c.id).limit(limit)).mappings()]


def idle_since(db: Connection, before: datetime, limit: int = 50) -> list[Relay]:
    """The talks in which nobody has said anything since this moment."""
    said = exists().where(words.c.relay_id == relays.c.id, words.c.at >= before)
    found = select(*_ALL).where(relays.c.state == "claimed", relays.c.claimed_at < before, ~said)
    return [_relay(row) for row in db.execute(found.order_by(relays.c.claimed_at).limit(limit)).mappings()]


def hurry(db: Connection, person_id: str, now: datetime) -> None:
    """She has answered what was asked: nothing more is waited for before somebody is told."""
    hers = update(relays).where(relays.c.person_id == person_id, relays.c.state == "waiting", relays.c.ring == 0)
    db.execute(hers.where(relays.c.ring_at > now).values(ring_at=now))


def set_ring(db: Connection, relay: Relay, ring: int, at: datetime | None) -> bool:
    """The next ring, and when the one after it is due; false if somebody else did it or took the talk."""
    same = update(relays).where(relays.c.id == relay.id, relays.c.state == "waiting", relays.c.version == relay.version)
    return bool(db.execute(same.where(relays.c.ring == relay.ring).values(ring=ring, ring_at=at)).rowcount)


def offer(db: Connection, relay_id: str, member_id: str, ring: int, now: datetime) -> None:
    """A member was told that somebody waits."""
    row = {"relay_id": relay_id, "member_id": member_id, "state": "offered", "ring": ring, "at": now}
    made = insert_into(db, offers).values(**row)
    db.execute(made.on_conflict_do_update(index_elements=["relay_id", "member_id"], set_=row))


def mark_offer(db: Connection, relay_id: str, member_id: str, state: str, now: datetime) -> None:
    """What a member made of it: passed, held it once, or it was taken from her."""
    row = {"relay_id": relay_id, "member_id": member_id, "state": state, "at": now}
    made = insert_into(db, offers).values(ring=0, **row)
    db.execute(made.on_conflict_do_update(index_elements=["relay_id", "member_id"], set_={"state": state, "at": now}))


def offered(db: Connection, relay_id: str) -> Mapping[str, str]:
    """Who was told of a talk, and what she made of it."""
    found = select(offers.c.member_id, offers.c.state).where(offers.c.relay_id == relay_id)
    return {row.member_id: row.state for row in db.execute(found)}


def note(db: Connection, relay_id: str, what: str, by: str, now: datetime, detail: str = "") -> None:
    """Write down what happened to a talk: coded, never a word that was said."""
    row = {"id": new_id(now), "relay_id": relay_id, "at": now, "what": what, "by": by, "detail": detail}
    hot.send(db, _HAPPENED, row)


def happened(db: Connection, relay_id: str) -> Sequence[Happened]:
    """What happened to a talk, oldest first."""
    told = select(events.c.at, events.c.what, events.c.by, events.c.detail).where(events.c.relay_id == relay_id)
    return [Happened(**row) for row in db.execute(told.order_by(events.c.at, events.c.id)).mappings()]


def _held(relay: Relay) -> Any:
    return update(relays).where(relays.c.id == relay.id, relays.c.version == relay.version, relays.c.state.in_(OPEN))


def _one(db: Connection, condition: Any) -> Relay | None:
    row = db.execute(select(*_ALL).where(condition)).mappings().first()
    return None if row is None else _relay(row)


def _tag() -> str:
    return "".join(secrets.choice(_TAG_LETTERS) for _ in range(_TAG))


def _relay(row: RowMapping | Mapping[str, Any]) -> Relay:
    return Relay(**row)
