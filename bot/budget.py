"""The budget of SMS parts: an attack cannot spend more than the cap, and she is still answered."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.duty import INDIA
from storage import safe_contacts, spend
from storage.claimed import Claimed
from storage.database import Connection
from storage.ids import day_of, midnight
from storage.people import Person

REPLY_FOR = timedelta(minutes=15)  # so long after her last message a member's words are a reply to it
SHARE = 3  # what is said under the cover may use a third of her parts; a safety reply, a third more than all of them


class Priority(IntEnum):
    """Who goes first where a line is short."""

    SAFETY = 0
    OPEN = 1  # past the cover
    COVERED = 2  # under it, to somebody who wrote before today
    STRANGER = 3  # under it, to a number that is new today


class Verdict(StrEnum):
    """What is to be done with a message at the moment of sending."""

    SEND = "send"
    LATER = "waiting"
    EXPIRED = "expired"
    STOPPED = "stopped"
    OVER = "failed"


@dataclass(frozen=True, slots=True)
class Budget:
    """How many parts a person and a line may use on one day of India."""

    per_person: int
    per_line: Mapping[str, int] = field(default_factory=dict)  # by provider; none: no cap
    reserved: Mapping[str, int] = field(default_factory=dict)  # of it, for safety replies and known people

    def resets(self, now: datetime) -> datetime:
        """The next midnight of India."""
        return midnight(day_of(now) + timedelta(days=1))


def weigh(db: Connection, budget: Budget, claimed: Claimed, person: Person | None, now: datetime) -> Verdict:
    """Whether a message may go now: not expired, not opted out, within safe contact and budget.

    The parts of one that may go are counted at once, so that no other takes them while it is on its way;
    `give_back` returns them where it did not leave.
    """
    if claimed.expires_at <= now:
        return Verdict.EXPIRED
    if person and person.opted_out_at:
        return Verdict.STOPPED
    if claimed.kind == "relay" and person and now - person.last_at > REPLY_FOR:
        return Verdict.EXPIRED
    if claimed.kind == "notice" and person and not may_write_first(db, person, now):
        return Verdict.EXPIRED
    if not claimed.parts:
        return Verdict.SEND
    return _count(db, budget, claimed, person, now)


def give_back(db: Connection, claimed: Claimed, counted_at: datetime) -> None:
    """The parts of a message that did not leave are free again, on the day they were counted on."""
    if claimed.parts:
        for scope in _scopes(claimed):
            spend.add(db, day_of(counted_at), scope, -claimed.parts)


def is_new(person: Person, now: datetime) -> bool:
    """Whether nobody had heard of her before today; a flood of numbers is new, whatever it has learned to answer."""
    return day_of(person.first_at) == day_of(now)


def may_write_first(db: Connection, person: Person, now: datetime) -> bool:
    """Whether words that answer nothing may go: only within a live safe contact and its hours."""
    contact = safe_contacts.live(db, person.id, now)
    hour = now.astimezone(INDIA).hour
    return contact is not None and contact.first_hour <= hour < contact.last_hour


def _count(db: Connection, budget: Budget, claimed: Claimed, person: Person | None, now: datetime) -> Verdict:
    line, *hers = _scopes(claimed)
    verdict = Verdict.SEND
    if spend.add(db, day_of(now), line, claimed.parts) > _room(budget, claimed, person, now):
        verdict = Verdict.LATER
    for scope in hers:
        if spend.add(db, day_of(now), scope, claimed.parts) > _share(budget, claimed) and verdict is Verdict.SEND:
            verdict = Verdict.OVER
    if verdict is not Verdict.SEND:
        give_back(db, claimed, now)
    return verdict


def _room(budget: Budget, claimed: Claimed, person: Person | None, now: datetime) -> float:
    """How far a line may be spent by such a message: each third of the reserve is closed to one kind more.

    New numbers use none of it but for safety, so that however many there are, those who are known go on being
    answered; and these leave the last third to safety.
    """
    cap = budget.per_line.get(claimed.provider)
    if cap is None:
        return math.inf
    thirds = (2 if person is None or is_new(person, now) else 0) + (claimed.priority != Priority.SAFETY)
    return cap - budget.reserved.get(claimed.provider, 0) * thirds // 3


def _share(budget: Budget, claimed: Claimed) -> int:
    third = budget.per_person // SHARE
    if _is_covered(claimed):
        return third
    return budget.per_person + third if claimed.priority == Priority.SAFETY else budget.per_person


def _scopes(claimed: Claimed) -> tuple[str, ...]:
    """What the parts count for: the line, and her, if there is a row of hers.

    Under the cover they count apart. A number that used its day past the cover would fall silent under it
    sooner than a stranger's, and so be told from one.
    """
    line = f"line:{claimed.provider}:{claimed.line}"
    if claimed.person_id is None:
        return (line,)
    return line, f"cover:{claimed.person_id}" if _is_covered(claimed) else claimed.person_id


def _is_covered(claimed: Claimed) -> bool:
    return claimed.priority >= Priority.COVERED
