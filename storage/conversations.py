"""Where each person stands in the conversation: coded, but for the question she asked under the cover."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Boolean, Connection, bindparam, case, func, insert, select, true, update

from flows.model import Channel, Language, Place, Standing
from storage import hot
from storage.columns import Moment
from storage.seal import PersonKey, Sealer, Where
from storage.tables import conversations

FIRST = Place("cover", "opener")
QUESTION_KEPT = timedelta(minutes=30)
_STORE = (
    update(conversations)
    .where(conversations.c.person_id == bindparam("who"))
    .values(
        flow=bindparam("at_flow"),
        step=bindparam("at_step"),
        language=bindparam("speaks"),
        covered=bindparam("is_covered"),
        known=case((bindparam("is_open", type_=Boolean), true()), else_=conversations.c.known),
        waiting_flow=bindparam("hidden_flow"),
        waiting_step=bindparam("hidden_step"),
        offered=bindparam("shown"),
        page=bindparam("at_page"),
        slots=bindparam("filled"),
        misses=bindparam("missed"),
        question_sealed=bindparam("asked"),
        # A question that is still alive keeps its half hour, however often she writes meanwhile.
        question_until=case(
            (bindparam("asked_until", type_=Moment).is_(None), None),
            (conversations.c.question_until > bindparam("seen", type_=Moment), conversations.c.question_until),
            else_=bindparam("asked_until", type_=Moment),
        ),
        proved=bindparam("is_proved"),
        turn=bindparam("at_turn"),
        seen_at=bindparam("seen"),
    )
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as it is stored: a standing, with its question still sealed."""

    place: Place
    language: Language | None
    covered: bool
    waiting: Place | None
    offered: tuple[str, ...]
    page: int
    slots: Mapping[str, str]
    misses: int
    question_sealed: bytes | None = field(repr=False)
    question_until: datetime | None
    proved: bool
    turn: int
    seen_at: datetime


class _Person(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def channel(self) -> Channel: ...
    @property
    def opted_out_at(self) -> datetime | None: ...


class _Record(Protocol):
    """A `people.Record`; spelled here because people builds on this module."""

    @property
    def person(self) -> _Person: ...
    @property
    def conversation(self) -> Conversation: ...


def start(db: Connection, person_id: str, place: Place, now: datetime) -> None:
    """Begin the conversation of a new person: covered, and with nothing said yet."""
    row = {
        "person_id": person_id,
        "flow": place.flow,
        "step": place.step,
        "covered": True,
        "known": False,
        "offered": [],
        "slots": {},
        "proved": False,
        "seen_at": now,
    }
    db.execute(insert(conversations), row)


def standing_of(record: _Record, sealer: Sealer, key: PersonKey, now: datetime) -> Standing:
    """What the engine needs of a locked record; a question older than half an hour is not part of it.

    Raises:
        Tampered: the sealed question was changed or moved.
    """
    person, kept = record.person, record.conversation
    return Standing(
        place=kept.place,
        channel=person.channel,
        language=kept.language,
        covered=kept.covered,
        waiting=kept.waiting,
        offered=kept.offered,
        page=kept.page,
        slots=kept.slots,
        misses=kept.misses,
        question=_question(kept, sealer, key, now),
        proved=kept.proved,
        opted_out=person.opted_out_at is not None,
        turn=kept.turn,
    )


def store(db: Connection, sealer: Sealer, key: PersonKey, person_id: str, standing: Standing, now: datetime) -> None:
    """Keep where she stands now; her last message was just now."""
    question = standing.question
    row = {
        "who": person_id,
        "at_flow": standing.place.flow,
        "at_step": standing.place.step,
        "speaks": standing.language.value if standing.language else None,
        "is_covered": standing.covered,
        "is_open": not standing.covered,
        "hidden_flow": standing.waiting.flow if standing.waiting else None,
        "hidden_step": standing.waiting.step if standing.waiting else None,
        "shown": list(standing.offered),
        "at_page": standing.page,
        "filled": dict(standing.slots),
        "missed": standing.misses,
        "asked": None if question is None else sealer.seal(key, _where(person_id), question),
        "asked_until": None if question is None else now + QUESTION_KEPT,
        "is_proved": standing.proved,
        "at_turn": standing.turn,
        "seen": now,
    }
    hot.send(db, _STORE, row)


def read(row: Mapping[str, Any]) -> Conversation:
    """A conversation from a row that holds its columns."""
    return Conversation(
        place=Place(row["flow"], row["step"]),
        language=Language(row["language"]) if row["language"] else None,
        covered=row["covered"],
        waiting=Place(row["waiting_flow"], row["waiting_step"]) if row["waiting_flow"] else None,
        offered=tuple(row["offered"]),
        page=row["page"],
        slots=row["slots"],
        misses=row["misses"],
        question_sealed=row["question_sealed"],
        question_until=row["question_until"],
        proved=row["proved"],
        turn=row["turn"],
        seen_at=row["seen_at"],
    )


def places(db: Connection) -> list[tuple[Place, int]]:
    """Where people stand or wait, and how many: a release that would strand one of them is refused."""
    here = select(conversations.c.flow, conversations.c.step)
    hidden = select(conversations.c.waiting_flow, conversations.c.waiting_step).where(
        conversations.c.waiting_flow.is_not(None)
    )
    stood = here.union_all(hidden).subquery()
    counted = select(stood.c.flow, stood.c.step, func.count()).group_by(stood.c.flow, stood.c.step)
    return [(Place(flow, step), many) for flow, step, many in db.execute(counted.order_by(stood.c.flow, stood.c.step))]


def _question(kept: Conversation, sealer: Sealer, key: PersonKey, now: datetime) -> str | None:
    if kept.question_sealed is None or kept.question_until is None or kept.question_until <= now:
        return None
    return sealer.open(key, _where(key.id), kept.question_sealed)


def _where(person_id: str) -> Where:
    return Where("conversations", "question_sealed", person_id)
