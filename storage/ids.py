"""Ids that sort by time, and the days of India."""

import secrets
from datetime import UTC, date, datetime, time, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INDIA = timezone(timedelta(hours=5, minutes=30), "IST")
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds from 1970 to this aware moment.

    Raises:
        ValueError: the moment has no time zone, so nobody could say when it is.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return (moment - EPOCH) // _MILLISECOND


def new_id(now: datetime) -> str:
    """32 hex digits: 48 bits of milliseconds, then 80 random bits, so that ids sort by time."""
    return f"{milliseconds(now) & 0xFFFFFFFFFFFF:012x}{secrets.token_hex(10)}"


def day_of(now: datetime) -> date:
    """The day in India at this moment; budgets and repeats are counted by it."""
    return now.astimezone(INDIA).date()


def day_begins(now: datetime) -> datetime:
    """The midnight in India that began the day of this moment."""
    return midnight(day_of(now)).astimezone(UTC)


def midnight(day: date) -> datetime:
    """The midnight in India that begins this day."""
    return datetime.combine(day, time(0), INDIA)
