"""What waits to be sent, and what became of it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TypeAlias

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from flows.model import Channel, Language
from storage import hot, wake
from storage.claimed import Claimed, Kind, open_claimed, where
from storage.seal import PersonKey, Sealer
from storage.settling import (
    DOUBT,
    Reported,
    Settled,
    advance_state,
    cancel_waiting,
    expire,
    may_go_again,
    recover,
    settle,
)
from storage.tables import outbox

__all__ = [
    "DOUBT",
    "Buttons",
    "Claimed",
    "Described",
    "Draft",
    "Kind",
    "Reported",
    "Settled",
    "advance_state",
    "cancel_waiting",
    "described",
    "expire",
    "has_farewell",
    "is_key_needed",
    "open_claimed",
    "put",
    "recover",
    "sent_ids",
    "settle",
    "take",
    "waiting_count",
]

Buttons: TypeAlias = Sequence[tuple[str, str]]

_INSERT = insert(outbox)


@dataclass(frozen=True, slots=True)
class Described:
    """A message without its words; `encoding` and `parts` as they were counted when it was put."""

    kind: Kind
    encoding: str | None
    parts: int
    language: str
    place: str
    choices: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it is put, still in the clear; the names are those of the table's columns.

    `address` is given only where no row of the person will be there when it is sent; the key is then the
    message's own. `choices` says how many of the first buttons are numbered choices of the step.
    """

    id: str
    person_id: str | None
    provider: str
    line: str
    channel: Channel
    body: str = field(repr=False)
    buttons: Buttons = field(repr=False)
    kind: Kind
    language: Language
    turn: int
    place: str
    choices: int
    parts: int
    priority: int
    due_at: datetime
    expires_at: datetime
    inbound_id: str | None = None
    address: str | None = field(default=None, repr=False)
    encoding: str | None = None
    farewell_to: str | None = None
    member_id: str | None = None  # the member it goes to, whose address it then has
    about: str | None = None  # the survivor whose words it holds: when she goes, it goes
    stream: str | None = None  # of one stream nothing ever goes past what was put before it
    position: int = 0


_CLAIMED = tuple(outbox.c[one.name] for one in fields(Claimed))
_DESCRIBED = tuple(outbox.c[one.name] for one in fields(Described))
_TURNED = ("channel", "language", "address", "body", "buttons")  # sealed, or written by their value
_AS_THEY_ARE = tuple(one.name for one in fields(Draft) if one.name not in _TURNED)
_plain = attrgetter(*_AS_THEY_ARE)


def put(db: Connection, sealer: Sealer, key: PersonKey, draft: Draft, now: datetime) -> None:
    """Seal a message, put it in the outbox and wake whoever sends."""
    row = dict(zip(_AS_THEY_ARE, _plain(draft), strict=True)) | {
        "key_id": key.id,
        "channel": draft.channel.value,
        "language": draft.language.value,
        "address_sealed": draft.address and sealer.seal(key, where("address_sealed", draft.id), draft.address),
        "body_sealed": sealer.seal(key, where("body_sealed", draft.id), draft.body),
        "buttons_sealed": sealer.seal(key, where("buttons_sealed", draft.id), json.dumps(draft.buttons))
        if draft.buttons
        else None,
        "state": "waiting",
        "reason": "",
        "put_at": now,
        "changed_at": now,
    }
    hot.send(db, _INSERT, row)
    wake.call(db)


def is_key_needed(db: Connection, key_id: str) -> bool:
    """Whether a message that may still be sent is sealed under this key."""
    open_ = outbox.c.state.in_(("waiting", "sending", "in_doubt"))
    return db.execute(select(outbox.c.id).where(outbox.c.key_id == key_id, open_).limit(1)).first() is not None


def has_farewell(db: Connection, person_id: str) -> bool:
    """Whether the farewell of an erasure was put already; an erasure may be begun again, its farewell not."""
    return db.execute(select(outbox.c.id).where(outbox.c.farewell_to == person_id)).first() is not None


def take(
    db: Connection, *, providers: Collection[str], now: datetime, lease: timedelta, limit: int, by: str
) -> list[Claimed]:
    """Claim what is due for these providers, by its priority and then oldest first, for as long as the lease.

    One message a person at a time, in the order of her turns: a later one goes past an earlier only while
    the earlier waits for another try, and within a stream never. Any number of workers may take at once; none gets
    what another has.
    """
    found = list(db.scalars(_DUE, {"providers": list(providers), "now": now, "most": limit}))
    if not found:
        return []
    claim = (
        update(outbox)
        .where(outbox.c.id.in_(found))
        .values(
            state="sending", changed_at=now, claimed_until=now + lease, claimed_by=by, attempts=outbox.c.attempts + 1
        )
    )
    rows = [_claimed(row) for row in db.execute(claim.returning(*_CLAIMED))]
    return sorted(rows, key=lambda claimed: (claimed.priority, claimed.due_at, claimed.id))


def described(db: Connection, outbox_id: str) -> Described:
    """What a program may know of a message that was put.

    Raises:
        NoResultFound: it is not there any more.
    """
    row = db.execute(select(*_DESCRIBED).where(outbox.c.id == outbox_id)).one()
    return Described(**row._mapping)


def waiting_count(db: Connection) -> int:
    """How many messages wait to be sent."""
    return db.execute(select(func.count()).select_from(outbox).where(outbox.c.state == "waiting")).scalar_one()


def sent_ids(db: Connection, person_id: str, since: datetime) -> list[tuple[str, str]]:
    """(provider, its id) of what reached her since then, oldest first: what may still be deleted at her end."""
    hers = select(outbox.c.provider, outbox.c.external_id).where(
        outbox.c.person_id == person_id,
        outbox.c.external_id.is_not(None),
        outbox.c.state.in_(("sent", "delivered")),
        outbox.c.put_at >= since,
    )
    return [(row.provider, row.external_id) for row in db.execute(hers.order_by(outbox.c.put_at, outbox.c.id))]


def sent_about(db: Connection, person_id: str, since: datetime) -> list[tuple[str, str, str]]:
    """(provider, member, its id) of her words that reached a member's own chat since then, oldest first."""
    hers = select(outbox.c.provider, outbox.c.member_id, outbox.c.external_id).where(
        outbox.c.about == person_id,
        outbox.c.member_id.is_not(None),
        outbox.c.place == "member",
        outbox.c.external_id.is_not(None),
        outbox.c.state.in_(("sent", "delivered")),
        outbox.c.put_at >= since,
    )
    return [(row[0], row[1], row[2]) for row in db.execute(hers.order_by(outbox.c.put_at, outbox.c.id))]


def fate(db: Connection, outbox_id: str) -> tuple[str, str | None] | None:
    """What became of a message, and the provider's id of it; nothing, where it is let go already."""
    row = db.execute(select(outbox.c.state, outbox.c.external_id).where(outbox.c.id == outbox_id)).first()
    return None if row is None else (row[0], row[1])


def rewrite(db: Connection, sealer: Sealer, key: PersonKey, outbox_id: str, body: str, parts: int) -> bool:
    """Change what still waits; false if it is on its way already."""
    waits = update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == "waiting")
    sealed = sealer.seal(key, where("body_sealed", outbox_id), body)
    return bool(db.execute(waits.values(body_sealed=sealed, parts=parts)).rowcount)


def cancel(db: Connection, outbox_id: str) -> bool:
    """It is not sent; false if it is on its way already."""
    waits = update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == "waiting")
    return bool(db.execute(waits.values(state="cancelled")).rowcount)


def cancel_stream(db: Connection, stream: str) -> int:
    """Nothing of a stream that waits is sent; how much that was."""
    waits = update(outbox).where(outbox.c.stream == stream, outbox.c.state.in_(("waiting", "in_doubt")))
    return db.execute(waits.values(state="cancelled")).rowcount


def cancel_to(db: Connection, member_id: str) -> int:
    """Nothing that waits for a member is sent; how much that was."""
    waits = update(outbox).where(outbox.c.member_id == member_id, outbox.c.state.in_(("waiting", "in_doubt")))
    return db.execute(waits.values(state="cancelled")).rowcount


def _due() -> Select[tuple[str]]:
    """What may go now to these `providers`; made once, since making it takes longer than looking."""
    now: BindParameter[datetime] = bindparam("now", type_=outbox.c.due_at.type)
    these: BindParameter[list[str]] = bindparam("providers", expanding=True)
    other = outbox.alias("other")
    nth, its = (other.c.turn, other.c.position, other.c.id), (outbox.c.turn, outbox.c.position, outbox.c.id)
    earlier = tuple_(*nth) < tuple_(*its)
    in_the_way = exists().where(
        other.c.person_id == outbox.c.person_id,
        other.c.id != outbox.c.id,
        or_(other.c.state == "sending", and_(other.c.state == "waiting", other.c.due_at <= now, earlier)),
    )
    before = outbox.alias("before")
    streamed = exists().where(
        before.c.stream == outbox.c.stream,
        before.c.position < outbox.c.position,
        or_(before.c.state.in_(("waiting", "sending")), and_(before.c.state == "in_doubt", may_go_again(before))),
    )
    free = and_(~in_the_way, or_(outbox.c.stream.is_(None), ~streamed))
    return (
        select(outbox.c.id)
        .where(outbox.c.state == "waiting", outbox.c.due_at <= now, outbox.c.provider.in_(these), free)
        .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=outbox)
    )


def _claimed(row: Row[tuple[object, ...]]) -> Claimed:
    return Claimed(**{**row._mapping, "channel": Channel(row.channel)})


_DUE = _due()
