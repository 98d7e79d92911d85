"""The members of the collectives: who answers, when, and for whom; their addresses are sealed as hers are."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeAlias

from sqlalchemy import Connection, RowMapping, bindparam, delete, exists, func, insert, or_, select, update

from storage import hot
from storage.ids import new_id
from storage.seal import PersonKey, Sealer, Where
from storage.tables import staff
from storage.talk_tables import invitations, members, relays

Spans: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]  # "mon" -> (("09:00", "13:00"), ("15:00", "18:00"))

_DESK = exists().where(
    staff.c.member_id == members.c.id, staff.c.disabled_at.is_(None), staff.c.enrolled_at.is_not(None)
)
_ALL = select(members, _DESK.label("has_desk"))
_FIND = select(members).where(members.c.blind_index == bindparam("blind"), members.c.revoked_at.is_(None))


@dataclass(frozen=True, slots=True)
class Post:
    """What the roster says of a member; hours are India's, holidays ISO dates."""

    label: str  # a short name for the staff; no survivor ever reads it
    collective: str
    districts: tuple[str, ...]
    languages: tuple[str, ...]
    needs: tuple[str, ...] = ()  # none: any
    home: str | None = None  # the district she lives in
    block: str | None = None
    capacity: int = 3
    duty: Spans = field(default_factory=dict)
    holidays: tuple[str, ...] = ()
    language: str = "en"  # of what Sathi tells her


@dataclass(frozen=True, slots=True)
class Member:
    """One member as the roster and her own phone have it."""

    id: str
    post: Post
    provider: str
    line: str
    address_sealed: bytes | None = field(repr=False)
    pending_sealed: bytes | None = field(repr=False)
    away_until: datetime | None
    joined_at: datetime | None
    prompted_at: datetime | None
    revoked_at: datetime | None
    has_desk: bool = False  # whether she may sign in to the desk, and has

    @property
    def is_active(self) -> bool:
        """Whether she has joined, from a phone or at the desk, and was not revoked."""
        return (self.joined_at is not None or self.has_desk) and self.revoked_at is None


def add(db: Connection, key: PersonKey, post: Post, now: datetime) -> None:
    """A new member under the key's id; she has no address until she joins."""
    row = {"id": key.id, "provider": "", "line": "", "made_at": now, **_row(post)}
    db.execute(insert(members), row)


def mend(db: Connection, member_id: str, post: Post) -> None:
    """Write down what the roster says of her now."""
    db.execute(update(members).where(members.c.id == member_id).values(**_row(post)))


def all_of(db: Connection) -> list[Member]:
    """Every member, by label."""
    return [_member(row) for row in db.execute(_ALL.order_by(members.c.label)).mappings()]


def labels(db: Connection) -> Mapping[str, str]:
    """The label of every member, by id."""
    return {one.id: one.post.label for one in all_of(db)}


def of_label(db: Connection, label: str) -> Member | None:
    """The member whom the staff call so."""
    row = db.execute(_ALL.where(members.c.label == label)).mappings().first()
    return None if row is None else _member(row)


def read(db: Connection, member_id: str, *, lock: bool = False) -> Member | None:
    """The member of this id; with `lock` her row is held until the transaction ends, before anything of a talk.

    Whoever only names her in an offer need not wait for that.
    """
    found = _ALL.where(members.c.id == member_id)
    row = db.execute(found.with_for_update(key_share=True, of=members) if lock else found).mappings().first()
    return None if row is None else _member(row)


def find(db: Connection, index: bytes) -> Member | None:
    """Whose address this is, if it is a member's who was not revoked."""
    row = hot.fetch(db, _FIND, {"blind": index})
    return None if row is None else _member(row)


def invite(db: Connection, member_id: str, now: datetime, expires_at: datetime) -> str:
    """A token that lets one phone join once; only its hash is kept, and an older one opens nothing any more."""
    token = secrets.token_urlsafe(24)
    db.execute(delete(invitations).where(invitations.c.member_id == member_id))
    row = {"id": new_id(now), "member_id": member_id, "token_hash": _hash(token), "made_at": now}
    db.execute(insert(invitations), {**row, "expires_at": expires_at})
    return token


def open_invitation(db: Connection, token: str, now: datetime) -> str | None:
    """Whose invitation this is, if it is still open; no id, if not."""
    found = select(invitations.c.member_id).where(invitations.c.token_hash == _hash(token))
    return db.execute(found.where(invitations.c.expires_at > now)).scalar_one_or_none()


def join(
    db: Connection,
    sealer: Sealer,
    key: PersonKey,
    token: str,
    *,
    index: bytes,
    address: str,
    provider: str,
    line: str,
    now: datetime,
) -> bool:
    """The phone of this address is hers from now on; false where the invitation is used or another's address."""
    used = delete(invitations).where(invitations.c.token_hash == _hash(token), invitations.c.member_id == key.id)
    if not db.execute(used).rowcount:
        return False
    taken = select(members.c.id).where(members.c.blind_index == index, members.c.id != key.id)
    if db.execute(taken).first() is not None:
        return False
    values = {
        "blind_index": index,
        "address_sealed": sealer.seal(key, _where(key.id, "address_sealed"), address),
        "provider": provider,
        "line": line,
        "joined_at": now,
        "revoked_at": None,
    }
    db.execute(update(members).where(members.c.id == key.id).values(**values))
    return True


def address_of(sealer: Sealer, key: PersonKey, member: Member) -> str | None:
    """Where she is reached; nowhere, before she joined and once she was revoked.

    Raises:
        Tampered: the sealed address was changed or moved.
    """
    if member.address_sealed is None:
        return None
    return sealer.open(key, _where(member.id, "address_sealed"), member.address_sealed)


def revoke(db: Connection, member_id: str, now: datetime) -> None:
    """Her phone is nobody's from now on: no address is left, and no invitation."""
    db.execute(delete(invitations).where(invitations.c.member_id == member_id))
    gone = {"blind_index": None, "address_sealed": None, "pending_sealed": None, "revoked_at": now}
    db.execute(update(members).where(members.c.id == member_id).values(**gone))


def stay_away(db: Connection, member_id: str, until: datetime | None) -> None:
    """She is away until then, or back."""
    db.execute(update(members).where(members.c.id == member_id).values(away_until=until))


def prompted(db: Connection, member_id: str, now: datetime) -> None:
    """She was reminded to rest."""
    db.execute(update(members).where(members.c.id == member_id).values(prompted_at=now))


def keep_pending(db: Connection, sealer: Sealer, key: PersonKey, text: str | None) -> None:
    """What she has begun and must still confirm or add to, under her own key; nothing, when it is done."""
    sealed = None if text is None else sealer.seal(key, _where(key.id, "pending_sealed"), text)
    db.execute(update(members).where(members.c.id == key.id).values(pending_sealed=sealed))


def pending(sealer: Sealer, key: PersonKey, member: Member) -> str | None:
    """What she has begun.

    Raises:
        Tampered: it was changed or moved.
    """
    held = member.pending_sealed
    return None if held is None else sealer.open(key, _where(member.id, "pending_sealed"), held)


def loads(db: Connection, ids: Iterable[str] | None = None) -> Mapping[str, int]:
    """How many talks each member holds."""
    held = select(relays.c.member_id, func.count()).where(relays.c.state == "claimed", relays.c.member_id.is_not(None))
    if ids is not None:
        held = held.where(or_(*(relays.c.member_id == one for one in ids)))
    return {row[0]: row[1] for row in db.execute(held.group_by(relays.c.member_id))}


def busy_since(db: Connection, before: datetime) -> list[str]:
    """Those who have held a talk since before this moment, and were not reminded to rest since."""
    held = select(members.c.id).distinct().join(relays, relays.c.member_id == members.c.id)
    held = held.where(relays.c.state == "claimed", relays.c.claimed_at <= before)
    return list(db.scalars(held.where(or_(members.c.prompted_at.is_(None), members.c.prompted_at <= before))))


def _row(post: Post) -> dict[str, object]:
    lists = {name: list(getattr(post, name)) for name in ("districts", "languages", "needs", "holidays")}
    duty = {day: [list(span) for span in spans] for day, spans in post.duty.items()}
    return {**asdict(post), **lists, "duty": duty}


def _member(row: RowMapping | Mapping[str, Any]) -> Member:
    held: dict[str, Any] = dict(row)
    plain = {name: held[name] for name in ("label", "collective", "home", "block", "capacity", "language")}
    plain |= {name: tuple(held[name]) for name in ("districts", "languages", "needs", "holidays")}
    plain["duty"] = {day: tuple((first, last) for first, last in spans) for day, spans in held["duty"].items()}
    own = ("id", "provider", "line", "address_sealed", "pending_sealed", "away_until", "joined_at", "prompted_at")
    told = {"revoked_at": held["revoked_at"], "has_desk": bool(held.get("has_desk"))}
    return Member(post=Post(**plain), **told, **{name: held[name] for name in own})


def _where(member_id: str, column: str) -> Where:
    return Where("members", column, member_id)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
