"""The budget of SMS parts: an attack cannot spend more than the cap, and she is still answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.duty import INDIA
from storage import safe_contacts, spend
from storage.claimed import Claimed
from storage.database import Connection
from storage.people import Person

SAFETY = 0  # the priority of a safety reply (bot.applying)
STRANGER = 2
STRANGER_SHARE = 3  # a stranger may use a third of what a known person may


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
        here = now.astimezone(INDIA)
        return datetime.combine(here.date() + timedelta(days=1), time(0, 0), INDIA)


def weigh(db: Connection, budget: Budget, claimed: Claimed, person: Person | None, now: datetime) -> Verdict:
    """Whether a message may go now: not expired, not opted out, within safe contact and budget."""
    if claimed.expires_at <= now:
        return Verdict.EXPIRED
    if person and person.opted_out_at:
        return Verdict.STOPPED
    if claimed.kind == "notice" and person and not _may_write_first(db, person, now):
        return Verdict.EXPIRED
    if not claimed.parts:
        return Verdict.SEND
    return _within(db, budget, claimed, now)


def _may_write_first(db: Connection, person: Person, now: datetime) -> bool:
    """Whether words that answer nothing may go: only within a live safe contact and its hours."""
    contact = safe_contacts.live(db, person.id, now)
    hour = now.astimezone(INDIA).hour
    return contact is not None and contact.first_hour <= hour < contact.last_hour


def _within(db: Connection, budget: Budget, claimed: Claimed, now: datetime) -> Verdict:
    day = now.astimezone(INDIA).date()
    cap = budget.per_line.get(claimed.provider)
    if cap is not None:
        kept_back = budget.reserved.get(claimed.provider, 0) if claimed.priority == STRANGER else 0
        spent = spend.of(db, day, f"line:{claimed.provider}:{claimed.line}")
        if spent + claimed.parts > cap - kept_back:
            return Verdict.LATER
    if claimed.priority == SAFETY or claimed.person_id is None:
        return Verdict.SEND
    share = STRANGER_SHARE if claimed.priority == STRANGER else 1
    spent = spend.of(db, day, claimed.person_id)
    return Verdict.OVER if spent + claimed.parts > budget.per_person // share else Verdict.SEND
