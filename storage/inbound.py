"""What she wrote: kept before anything else is done with it, and recognised for ever when it comes again."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from flows.model import Channel, Inbound
from storage import hot
from storage.seal import PersonKey, Sealer, Where
from storage.tables import inbound, seen
from storage.upsert import insert_once

State: TypeAlias = Literal["answered", "kept", "quarantined"]
_SEEN = select(seen.c.at).where(seen.c.hash == bindparam("dedupe"))
_INSERT = insert(inbound)


@dataclass(frozen=True, slots=True)
class Kept:
    """One message as it is stored; only her own key opens its text."""

    id: str
    person_id: str
    provider: str
    channel: Channel
    line: str
    has_media: bool
    pressed_in: int | None
    received_at: datetime
    state: State
    tries: int
    turn: int
    next_try_at: datetime | None
    text_sealed: bytes = field(repr=False)


def was_seen(db: Connection, dedupe: bytes) -> bool:
    """Whether this message ever came before, even if nothing else is left of it."""
    return hot.fetch(db, _SEEN, {"dedupe": dedupe}) is not None


def once(db: Connection, dedupe: bytes, now: datetime) -> bool:
    """Whether a message of a member comes for the first time; nothing else of it is kept here."""
    return insert_once(db, seen, {"hash": dedupe, "at": now})


def keep(
    db: Connection,
    sealer: Sealer,
    key: PersonKey,
    message: Inbound,
    *,
    id: str,
    dedupe: bytes,
    turn: int,
    now: datetime,
    state: State = "answered",
) -> str | None:
    """Keep a message and give back its id; none if it is not new.

    Gateways deliver again when our answer is slow, so the same message may arrive twice, at any time.
    The second time changes nothing. `turn` is the turn she stood in when it came.
    """
    if not insert_once(db, seen, {"hash": dedupe, "at": now}):
        return None
    row = {
        "id": id,
        "person_id": key.id,
        "provider": message.provider,
        "channel": message.channel.value,
        "line": message.line,
        "external_sealed": sealer.seal(key, _where(id, "external_sealed"), message.external_id),
        "text_sealed": sealer.seal(key, _where(id), message.text),
        "has_media": message.has_media,
        "pressed_in": message.pressed_in,
        "received_at": now,
        "state": state,
        "tries": 0,
        "turn": turn,
        "next_try_at": now if state == "kept" else None,
    }
    hot.send(db, _INSERT, row)
    return id


def mark(
    db: Connection,
    inbound_id: str,
    state: State,
    *,
    tries: int | None = None,
    next_try_at: datetime | None = None,
) -> None:
    """Write down what became of a message; `tries` stays as it is unless given."""
    marked = update(inbound).where(inbound.c.id == inbound_id).values(state=state, next_try_at=next_try_at)
    db.execute(marked if tries is None else marked.values(tries=tries))


def due(db: Connection, now: datetime, limit: int = 100) -> list[Kept]:
    """The kept messages whose next try has come, oldest first."""
    waiting = select(inbound).where(inbound.c.state == "kept", inbound.c.next_try_at <= now)
    return [
        _kept(row._mapping) for row in db.execute(waiting.order_by(inbound.c.next_try_at, inbound.c.id).limit(limit))
    ]


def find_kept(db: Connection, inbound_id: str) -> Kept | None:
    """The message of this id, if it still waits to be answered."""
    row = db.execute(select(inbound).where(inbound.c.id == inbound_id, inbound.c.state == "kept")).first()
    return None if row is None else _kept(row._mapping)


def is_newest(db: Connection, inbound_id: str, person_id: str) -> bool:
    """Whether she has sent nothing since; of two in the same millisecond, neither is the newest."""
    received = select(inbound.c.received_at).where(inbound.c.id == inbound_id).scalar_subquery()
    since = select(inbound.c.id).where(
        inbound.c.person_id == person_id, inbound.c.id != inbound_id, inbound.c.received_at >= received
    )
    return db.execute(since.limit(1)).first() is None


def message_of(sealer: Sealer, key: PersonKey, kept: Kept) -> Inbound:
    """The message as it came, without the address and the provider's id, which are not kept with it.

    Raises:
        Tampered: the sealed text was changed or moved.
    """
    return Inbound(
        provider=kept.provider,
        external_id="",
        channel=kept.channel,
        address="",
        line=kept.line,
        text=sealer.open(key, _where(kept.id), kept.text_sealed),
        has_media=kept.has_media,
        pressed_in=kept.pressed_in,
    )


def external_ids(
    db: Connection, sealer: Sealer, key: PersonKey, person_id: str, since: datetime
) -> list[tuple[str, str]]:
    """(provider, its id) of what she sent since then, oldest first: what may still be deleted where it lies.

    Raises:
        Tampered: a sealed id was changed or moved.
    """
    hers = select(inbound.c.id, inbound.c.provider, inbound.c.external_sealed)
    hers = hers.where(inbound.c.person_id == person_id, inbound.c.received_at >= since).order_by(inbound.c.id)
    return [
        (row.provider, sealer.open(key, _where(row.id, "external_sealed"), row.external_sealed))
        for row in db.execute(hers)
    ]


def quarantined(db: Connection) -> list[Kept]:
    """The messages that could not be answered and that a person must read, oldest first."""
    held = select(inbound).where(inbound.c.state == "quarantined").order_by(inbound.c.received_at, inbound.c.id)
    return [_kept(row._mapping) for row in db.execute(held)]


def dealt_with(db: Connection, inbound_id: str) -> bool:
    """A person has seen to a message that could not be answered; false if it was none such."""
    held = update(inbound).where(inbound.c.id == inbound_id, inbound.c.state == "quarantined")
    return bool(db.execute(held.values(state="answered")).rowcount)


def _kept(row: RowMapping) -> Kept:
    held = {field.name: row[field.name] for field in fields(Kept)}
    return Kept(**{**held, "channel": Channel(row["channel"])})


def _where(inbound_id: str, column: str = "text_sealed") -> Where:
    return Where("inbound", column, inbound_id)
