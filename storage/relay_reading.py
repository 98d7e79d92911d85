"""A talk as it is read at the desk: by the member who holds it, and without its words by the staff."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from storage.relay_words import Word
from storage.relays import Happened, Relay
from storage.tables import conversations, outbox
from storage.talk_tables import events, offers, relays, words

GIVEN_UP = ("released", "transferred", "revoked")  # what takes a talk from whoever holds it: by her own hand
ENDED = ("another", "closed")  # or not

_WORD = tuple(words.c[one.name] for one in fields(Word))
_RELAY = tuple(relays.c[one.name] for one in fields(Relay))


def listed(db: Connection, relay: Relay, member_id: str) -> list[tuple[Word, str]]:
    """What a member may read of the talk she holds, in order, each with what became of its message.

    All of it where the survivor agreed to that, else only what was said to her and by her; the notes always. What
    she said before and nobody has read was made hers when she took the talk.
    """
    found = select(*_WORD, outbox.c.state.label("fate"))
    found = found.select_from(words.outerjoin(outbox, outbox.c.id == words.c.outbox_id))
    found = found.where(words.c.relay_id == relay.id)
    if not relay.keeps_words:
        found = found.where((words.c.member_id == member_id) | (words.c.direction == "note"))
    found = found.where((words.c.direction == "members") | (words.c.state != "dropped"))
    rows = db.execute(found.order_by(words.c.position, words.c.id)).mappings()
    return [(Word(**{name.name: row[name.name] for name in fields(Word)}), row["fate"] or "") for row in rows]


def pulse(db: Connection, relay: Relay, member_id: str) -> Hashable:
    """Something that changes whenever what `listed` shows would look otherwise; no word is opened for it."""
    seen = select(conversations.c.seen_at).where(conversations.c.person_id == relay.person_id)
    shown = tuple((word.id, word.state, word.text_sealed, fate) for word, fate in listed(db, relay, member_id))
    told = select(func.count()).select_from(events).where(events.c.relay_id == relay.id)
    return relay, shown, db.execute(seen).scalar(), db.execute(told).scalar_one()


def mark_read(db: Connection, ids: Collection[str]) -> None:
    """A member has read this at the desk; whoever takes over need not be given it as unread."""
    hers = update(words).where(words.c.id.in_(ids), words.c.direction == "hers", words.c.state == "put")
    db.execute(hers.values(state="given"))


def hand_over(db: Connection, before: Sequence[Word], member_id: str, *, keeps: bool) -> None:
    """What was said before comes to this member unread; without `keeps` as if it were said to her."""
    hers = update(words).where(words.c.id.in_([word.id for word in before]), words.c.direction == "hers")
    db.execute(hers.values(state="put") if keeps else hers.values(state="put", member_id=member_id))


def offered_to(db: Connection, member_id: str) -> list[Relay]:
    """The waiting talks that a member was asked to take and has not answered, the longest waiting first."""
    asked = select(*_RELAY).join(offers, offers.c.relay_id == relays.c.id)
    asked = asked.where(offers.c.member_id == member_id, offers.c.state == "offered", relays.c.state == "waiting")
    asked = asked.where(relays.c.person_id.is_not(None))
    return [Relay(**row) for row in db.execute(asked.order_by(relays.c.opened_at, relays.c.id)).mappings()]


def left_hands(db: Connection, member_id: str, since: datetime) -> list[tuple[Relay, Happened]]:
    """The talks that left a member's hands since this moment, and how, the latest first; coded, without a word."""
    took = events.alias("took")
    gone = select(*_RELAY, events.c.at, events.c.what, events.c.by, events.c.detail)
    gone = gone.join(events, events.c.relay_id == relays.c.id).join(took, took.c.relay_id == relays.c.id)
    gone = gone.where(took.c.what == "claimed", took.c.by == member_id, events.c.at >= since)
    ended = events.c.what.in_(ENDED) | (events.c.what.in_(GIVEN_UP) & (events.c.by == member_id))
    gone = gone.where(ended, events.c.at >= took.c.at)
    found: dict[str, tuple[Relay, Happened]] = {}
    for row in db.execute(gone.order_by(events.c.at, events.c.id)).mappings():
        relay = Relay(**{name.name: row[name.name] for name in fields(Relay)})
        how = Happened(row["at"], row["what"], row["by"], row["detail"])
        found.setdefault(relay.id, (relay, how))
    return [*reversed(found.values())]
