"""Days and moments as staff write and read them: India's."""

from datetime import UTC, datetime, time, timedelta

from bot.duty import INDIA
from bot.errors import Misconfigured


def read_moment(text: str, *, end: bool = False) -> datetime:
    """A moment, or the beginning of a day in India; with `end`, the beginning of the next day.

    Raises:
        Misconfigured: it is no date or moment of ISO 8601.
    """
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Misconfigured(f"{text!r} is no date: write it like 2026-11-24") from None
    at = read if read.tzinfo else read.replace(tzinfo=INDIA)
    is_day = len(text) <= len("2026-11-24") and at.time() == time(0)
    return at + timedelta(days=1) if end and is_day else at


def told_moment(at: datetime) -> str:
    """A moment, in India's time."""
    return at.astimezone(INDIA).strftime("%d %b %H:%M")


def written_moment(at: datetime) -> str:
    """A moment as programs read it: ISO 8601, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def told_wait(waited: timedelta) -> str:
    """How long somebody has waited, in the two largest units."""
    minutes = max(0, int(waited.total_seconds() // 60))
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
