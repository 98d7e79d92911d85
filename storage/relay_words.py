"""What is said in a live talk, under her key alone: when she is forgotten, so is every word of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, RowMapping, and_, bindparam, delete, exists, insert, or_, select, update

from storage import hot
from storage.ids import new_id
from storage.seal import PersonKey, Sealer, Where
from storage.tables import outbox
from storage.talk_tables import relays, words

Direction: TypeAlias = Literal["hers", "members", "note"]
State: TypeAlias = Literal["put", "held", "given", "expired", "dropped"]


@dataclass(frozen=True, slots=True)
class Word:
    """One message of a talk; only her own key opens it."""

    id: str
    relay_id: str
    person_id: str
    member_id: str | None
    direction: Direction
    position: int
    state: State
    outbox_id: str | None
    at: datetime
    expires_at: datetime | None
    text_sealed: bytes = field(repr=False)


_ALL = tuple(words.c[one.name] for one in fields(Word))
_INSERT = insert(words)
_HELD = (
    select(words.c.id)
    .where(words.c.person_id == bindparam("who"), words.c.state == "held", words.c.direction == "members")
    .limit(1)
)


def keep(
    db: Connection,
    sealer: Sealer,
    key: PersonKey,
    *,
    relay_id: str,
    member_id: str | None,
    direction: Direction,
    position: int,
    state: State,
    text: str,
    now: datetime,
    source: bytes | None = None,
    outbox_id: str | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Keep what was said; `source` is a hash of the message it came from, so that a later edit finds it."""
    word_id = new_id(now)
    row = {
        "id": word_id,
        "relay_id": relay_id,
        "person_id": key.id,
        "member_id": member_id,
        "direction": direction,
        "position": position,
        "state": state,
        "text_sealed": sealer.seal(key, _where(word_id), text),
        "source": source,
        "outbox_id": outbox_id,
        "at": now,
        "expires_at": expires_at,
    }
    hot.send(db, _INSERT, row)
    return word_id


def text_of(sealer: Sealer, key: PersonKey, word: Word) -> str:
    """The words themselves.

    Raises:
        Tampered: they were changed or moved.
    """
    return sealer.open(key, _where(word.id), word.text_sealed)


def rewrite(db: Connection, sealer: Sealer, key: PersonKey, word: Word, text: str) -> None:
    """She or the member changed what was said."""
    sealed = sealer.seal(key, _where(word.id), text)
    db.execute(update(words).where(words.c.id == word.id).values(text_sealed=sealed))


def read(db: Connection, word_id: str) -> Word | None:
    """The words of this id."""
    return _one(db, words.c.id == word_id)


def of_source(db: Connection, source: bytes) -> Word | None:
    """What came from this message of a phone."""
    return _one(db, words.c.source == source)


def at_position(db: Connection, relay_id: str, position: int) -> Word | None:
    """What she said at this place of a talk."""
    return _one(db, and_(words.c.relay_id == relay_id, words.c.position == position, words.c.direction == "hers"))


def notes(db: Connection, relay_id: str) -> list[Word]:
    """What the members of a talk noted, oldest first."""
    noted = select(*_ALL).where(words.c.relay_id == relay_id, words.c.direction == "note")
    return [_word(row) for row in db.execute(noted.order_by(words.c.position)).mappings()]


def last_of(db: Connection, relay_id: str, member_id: str) -> Word | None:
    """What a member said last in a talk, if it was not taken back."""
    said = select(*_ALL).where(words.c.relay_id == relay_id, words.c.member_id == member_id)
    said = said.where(words.c.direction == "members", words.c.state.in_(("put", "held", "given")))
    row = db.execute(said.order_by(words.c.position.desc()).limit(1)).mappings().first()
    return None if row is None else _word(row)


def has_held(db: Connection, person_id: str) -> bool:
    """Whether words of a member wait for her."""
    return hot.fetch(db, _HELD, {"who": person_id}) is not None


def held(db: Connection, relay_id: str) -> list[Word]:
    """The words of members that wait for her, oldest first."""
    found = select(*_ALL).where(words.c.relay_id == relay_id, words.c.state == "held", words.c.direction == "members")
    return [_word(row) for row in db.execute(found.order_by(words.c.position)).mappings()]


def due_held(db: Connection, now: datetime, limit: int = 100) -> list[Word]:
    """What has waited past its time."""
    late = select(*_ALL).where(words.c.state == "held", words.c.expires_at <= now)
    return [_word(row) for row in db.execute(late.order_by(words.c.expires_at).limit(limit)).mappings()]


def undelivered(db: Connection, limit: int = 100) -> list[tuple[Word, str]]:
    """A member's words whose message did not leave, and what became of that."""
    joined = words.join(outbox, outbox.c.id == words.c.outbox_id)
    lost = outbox.c.state.in_(("expired", "cancelled", "failed", "stopped"))
    found = select(*_ALL, outbox.c.state.label("fate")).select_from(joined)
    found = found.where(words.c.state == "put", words.c.direction == "members", lost)
    rows = db.execute(found.order_by(words.c.relay_id, words.c.position).limit(limit)).mappings()
    return [(_word({name.name: row[name.name] for name in fields(Word)}), row["fate"]) for row in rows]


def unread(db: Connection, relay_id: str) -> list[Word]:
    """What she said in a talk that reached no member, oldest first."""
    joined = words.outerjoin(outbox, outbox.c.id == words.c.outbox_id)
    reached = outbox.c.state.in_(("sent", "delivered"))
    found = select(*_ALL).select_from(joined).where(words.c.relay_id == relay_id, words.c.direction == "hers")
    found = found.where(words.c.state == "put", or_(outbox.c.id.is_(None), ~reached)).order_by(words.c.position)
    return [_word(row) for row in db.execute(found).mappings()]


def forget_unread(db: Connection, relay_id: str) -> None:
    """What she said before goes to nobody else."""
    hers = update(words).where(words.c.relay_id == relay_id, words.c.direction == "hers")
    db.execute(hers.where(words.c.state == "put").values(state="dropped"))


def held_people(db: Connection) -> list[str]:
    """Those for whom words of a member wait."""
    waits = select(words.c.person_id).where(words.c.state == "held", words.c.direction == "members").distinct()
    return list(db.scalars(waits.order_by(words.c.person_id)))


def said_before(db: Connection, relay_id: str) -> list[Word]:
    """What a talk holds so far, oldest first, without the notes."""
    said = select(*_ALL).where(words.c.relay_id == relay_id, words.c.direction != "note")
    said = said.where(words.c.state.in_(("put", "given", "held")))
    return [_word(row) for row in db.execute(said.order_by(words.c.position)).mappings()]


def mark(db: Connection, word_id: str, state: State, *, outbox_id: str | None = None) -> bool:
    """What became of words that waited; false if somebody else has marked them since."""
    marked = update(words).where(words.c.id == word_id, words.c.state.in_(("held", "put")))
    values: dict[str, object] = {"state": state}
    if outbox_id is not None:
        values["outbox_id"] = outbox_id
    return bool(db.execute(marked.values(**values)).rowcount)


def hold(db: Connection, word_id: str, expires_at: datetime) -> None:
    """What did not leave waits for her now."""
    lost = update(words).where(words.c.id == word_id, words.c.state == "put")
    db.execute(lost.values(state="held", expires_at=expires_at, outbox_id=None))


def drop(db: Connection, relay_id: str) -> int:
    """What still waits in a talk is given to nobody; how many that were."""
    waits = update(words).where(words.c.relay_id == relay_id, words.c.state == "held")
    return db.execute(waits.values(state="dropped")).rowcount


def erase(db: Connection, relay_id: str) -> int:
    """Delete all that was said in a talk; how much that was."""
    return db.execute(delete(words).where(words.c.relay_id == relay_id)).rowcount


def clear(db: Connection, closed_before: datetime) -> int:
    """Delete what was said in talks that were closed before this moment."""
    ended = exists().where(relays.c.id == words.c.relay_id, relays.c.closed_at < closed_before)
    return db.execute(delete(words).where(ended)).rowcount


def _one(db: Connection, condition: Any) -> Word | None:
    row = db.execute(select(*_ALL).where(condition)).mappings().first()
    return None if row is None else _word(row)


def _word(row: RowMapping | Mapping[str, Any]) -> Word:
    return Word(**row)


def _where(word_id: str) -> Where:
    return Where("relay_messages", "text_sealed", word_id)
