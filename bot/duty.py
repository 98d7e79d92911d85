"""Duty: when somebody looks, so that she is told the truth about it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import Misconfigured

INDIA = ZoneInfo("Asia/Kolkata")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Duty:
    """The days and hours of India in which somebody looks."""

    days: frozenset[int]  # 0 is Monday
    opens: time
    closes: time

    def is_on(self, now: datetime) -> bool:
        """Whether somebody looks now."""
        here = now.astimezone(INDIA)
        return here.weekday() in self.days and self.opens <= here.time() < self.closes

    def next_opening(self, now: datetime) -> datetime:
        """When somebody looks next, in India's time; now, while somebody does."""
        here = now.astimezone(INDIA)
        if self.is_on(now):
            return here
        day = here.date() if here.time() < self.opens else here.date() + timedelta(days=1)
        while day.weekday() not in self.days:
            day += timedelta(days=1)
        return datetime.combine(day, self.opens, INDIA)


def read_duty(days: str, opens: time, closes: time) -> Duty:
    """The duty hours as they are set.

    Raises:
        Misconfigured: a day is not known, there is none, or the hours are empty.
    """
    named = days.lower().replace(",", " ").split()
    unknown = [day for day in named if day not in DAYS]
    if unknown or not named:
        raise Misconfigured(f"DUTY_DAYS: {unknown[0] if unknown else 'no day'} is not one of {' '.join(DAYS)}")
    if opens >= closes:
        raise Misconfigured("DUTY_FROM must be before DUTY_UNTIL")
    return Duty(frozenset(DAYS.index(day) for day in named), opens, closes)
