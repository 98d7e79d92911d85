"""A message in the hands of a worker, and how it is opened for the moment of sending."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from flows.model import Channel, Outgoing
from storage import people
from storage.people import Person
from storage.seal import PersonKey, Sealer, Where

# A wipe holds no words but the ids of messages that are to be deleted where they lie; an edit begins with such a line.
Kind: TypeAlias = Literal["reply", "relay", "notice", "alert", "farewell", "wipe", "edit", "commands"]


@dataclass(frozen=True, slots=True)
class Claimed:
    """One message in the hands of a worker until `claimed_until`; its words are still sealed."""

    id: str
    person_id: str | None
    key_id: str
    provider: str
    line: str
    channel: Channel
    kind: Kind
    language: str
    turn: int
    place: str
    choices: int
    parts: int
    priority: int
    attempts: int
    doubts: int
    due_at: datetime
    expires_at: datetime
    claimed_until: datetime
    inbound_id: str | None
    put_at: datetime
    member_id: str | None
    about: str | None
    stream: str | None
    address_sealed: bytes | None = field(repr=False)
    body_sealed: bytes = field(repr=False)
    buttons_sealed: bytes | None = field(repr=False)

    @property
    def is_farewell(self) -> bool:
        """Whether it stands alone, with an address and a key of its own, and no row of a person behind it."""
        return self.person_id is None and self.member_id is None


def open_claimed(sealer: Sealer, key: PersonKey, claimed: Claimed, person: Person | None) -> Outgoing:
    """The message in the clear, for the moment of sending.

    Raises:
        Tampered: something sealed was changed or moved.
        ValueError: it has no address of its own, and no person was given.
    """
    buttons = claimed.buttons_sealed and sealer.open(key, where("buttons_sealed", claimed.id), claimed.buttons_sealed)
    return Outgoing(
        id=claimed.id,
        channel=claimed.channel,
        address=_address(sealer, key, claimed, person),
        text=sealer.open(key, where("body_sealed", claimed.id), claimed.body_sealed),
        turn=claimed.turn,
        buttons=tuple((name, label) for name, label in json.loads(buttons)) if buttons else (),
        lifetime=max(claimed.expires_at - claimed.put_at, timedelta()),
    )


def where(column: str, outbox_id: str) -> Where:
    """The one place where a sealed value of this message opens."""
    return Where("outbox", column, outbox_id)


def _address(sealer: Sealer, key: PersonKey, claimed: Claimed, person: Person | None) -> str:
    if claimed.address_sealed is not None:
        return sealer.open(key, where("address_sealed", claimed.id), claimed.address_sealed)
    if person is None:
        raise ValueError("a message without an address of its own needs its person")
    return people.address_of(sealer, key, person)
