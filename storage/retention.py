"""What is let go when it was kept long enough (design.md, 6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from storage import people, relay_words
from storage.ids import day_of
from storage.tables import alerts, inbound, outbox, referrals, safe_contacts, spend, wrong_codes

_COUNTS_KEPT = timedelta(days=3)
_LINE = "line:"  # what a line sent on a day says nothing of anybody, and is kept as what the months cost


@dataclass(frozen=True, slots=True)
class Keep:
    """How long each thing is kept; hashes that tell a redelivery are kept for ever."""

    messages: timedelta = timedelta(days=30)
    idle_person: timedelta = timedelta(days=90)
    referrals: timedelta = timedelta(days=3 * 365)
    talks: timedelta = timedelta(days=7)  # what was said, after the talk was closed


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was let go, and who was idle so long that she is to be erased."""

    messages: int
    referrals: int
    idle_people: tuple[str, ...]


def clear(db: Connection, now: datetime, keep: Keep) -> Cleared:
    """Delete what was kept long enough; the idle people are named only, for erasing takes the keystore too."""
    old = now - keep.messages
    messages = db.execute(delete(inbound).where(inbound.c.received_at < old)).rowcount
    messages += db.execute(delete(outbox).where(outbox.c.put_at < old)).rowcount
    messages += relay_words.clear(db, now - keep.talks)
    gone = db.execute(delete(referrals).where(referrals.c.changed_at < now - keep.referrals)).rowcount
    db.execute(delete(alerts).where(alerts.c.acknowledged_at < old))
    db.execute(delete(safe_contacts).where(safe_contacts.c.expires_at < now))
    counted_until = day_of(now - _COUNTS_KEPT)
    db.execute(delete(wrong_codes).where(wrong_codes.c.day < counted_until))
    db.execute(delete(spend).where(spend.c.day < counted_until, ~spend.c.scope.startswith(_LINE)))
    db.execute(delete(spend).where(spend.c.day < day_of(now - keep.referrals)))
    return Cleared(messages, gone, tuple(people.idle_since(db, now - keep.idle_person)))
