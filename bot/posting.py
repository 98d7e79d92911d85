"""Posting: words for somebody, measured and put in the outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.budget import Priority, is_new
from bot.parts import fit
from bot.wording import Worded
from flows.model import Channel, Standing
from storage import ids, outbox
from storage.database import Connection
from storage.people import Person
from storage.seal import PersonKey, Sealer


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said to whom, on which line, and how long it may still be said.

    It expires, because a late answer can be read by the wrong person.
    """

    worded: Worded
    person: Person
    standing: Standing
    kind: Literal["reply", "relay", "notice", "farewell"]
    provider: str
    line: str
    lifetime: timedelta
    inbound_id: str | None = None
    farewell_address: str | None = None  # where no row of hers will be there when it is sent
    stream: str | None = None  # what nothing of it may go past
    position: int = 0


def put(db: Connection, sealer: Sealer, key: PersonKey, letter: Letter, now: datetime) -> str:
    """Put a letter in the outbox, sealed by this key; its id there."""
    fitted = fit(letter.worded.text) if letter.person.channel is Channel.SMS else None
    is_farewell = letter.farewell_address is not None
    draft = outbox.Draft(
        id=ids.new_id(now),
        person_id=None if is_farewell else letter.person.id,
        provider=letter.provider,
        line=letter.line,
        channel=letter.person.channel,
        body=letter.worded.text,
        buttons=(*letter.worded.choices, *letter.worded.hints),
        kind=letter.kind,
        language=letter.worded.language,
        turn=letter.standing.turn,
        place=str(letter.standing.place),
        choices=len(letter.worded.choices),
        parts=fitted.segments if fitted else 0,
        encoding=fitted.encoding if fitted else None,
        priority=_priority(letter, now),
        due_at=now,
        expires_at=now + letter.lifetime,
        inbound_id=letter.inbound_id,
        address=letter.farewell_address,
        farewell_to=letter.person.id if is_farewell else None,
        stream=letter.stream,
        position=letter.position,
    )
    outbox.put(db, sealer, key, draft, now)
    return draft.id


def _priority(letter: Letter, now: datetime) -> Priority:
    """Who goes first where a line is short: safety, then whoever is past the cover, new numbers last."""
    if letter.standing.place.flow == "safety":
        return Priority.SAFETY
    if not letter.standing.covered:
        return Priority.OPEN
    return Priority.STRANGER if is_new(letter.person, now) else Priority.COVERED
