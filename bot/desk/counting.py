"""Counting for the figures: whole months of India, kept in memory for a minute, so that a page costs little."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from storage import figures
from storage.database import Engine, Store, reading
from storage.figures import Alike
from storage.ids import day_of, midnight

KEPT = timedelta(minutes=1)
USUAL = 12  # months, the present one too
MOST = 36  # coded referrals are kept three years
AGES = (timedelta(days=30), timedelta(days=90), timedelta(days=365))
IDLE = timedelta(days=2)
MONEY = "money"

Counts = TypeVar("Counts")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first of a month to the first of a later one, which is no part of it."""

    since: date
    until: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When it begins and ends."""
        return midnight(self.since).astimezone(UTC), midnight(self.until).astimezone(UTC)

    @property
    def days(self) -> tuple[date, date]:
        """Its first day, and the first after it."""
        return self.since, self.until

    @property
    def months(self) -> Sequence[date]:
        """The first day of each of its months."""
        months = [self.since]
        while (after := later(months[-1], 1)) < self.until:
            months.append(after)
        return months


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of a period."""

    at: datetime
    alike: Sequence[Alike]
    opened: Mapping[date, int]
    answered: Mapping[int, int]
    claimed: Mapping[int, int]
    own_words: Mapping[str, int]
    parts: Mapping[date, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What was counted of how people stand now, whatever the period."""

    at: datetime
    unpaid: Mapping[str, tuple[int, ...]]
    stopped: Mapping[tuple[str, str], int]


class _Kept(Generic[Counts]):
    """What was counted of each database, for a minute; of those who ask for the same at once, one counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: WeakKeyDictionary[Engine, dict[Period | None, tuple[datetime, Counts]]] = WeakKeyDictionary()

    def get(self, store: Store, period: Period | None, now: datetime, count: Callable[[], Counts]) -> Counts:
        """What is kept, or counted anew."""
        with self._lock:
            kept = self._of.setdefault(store.main, {})
            for old in [one for one, (at, _) in kept.items() if not at <= now < at + KEPT]:
                del kept[old]
            if period not in kept:
                kept[period] = now, count()
            return kept[period][1]


_of_periods: _Kept[Counted] = _Kept()
_of_now: _Kept[Standing] = _Kept()


def of_period(store: Store, period: Period, now: datetime) -> Counted:
    """The counts of a period, at most a minute old."""
    return _of_periods.get(store, period, now, lambda: _count(store, period, now))


def of_now(store: Store, now: datetime) -> Standing:
    """How people stand, at most a minute ago."""
    return _of_now.get(store, None, now, lambda: _look(store, now))


def months_until(now: datetime) -> Sequence[date]:
    """The months that can be asked for, the newest first."""
    present = day_of(now).replace(day=1)
    return [later(present, -back) for back in range(MOST)]


def read_period(since: str, until: str, now: datetime) -> Period:
    """The period between two months, both in it, as `2026-03`; the last twelve where nothing that fits is named."""
    known = {f"{month:%Y-%m}": month for month in months_until(now)}
    newest = known.get(until, max(known.values()))
    oldest = known.get(since, later(newest, 1 - USUAL))
    return Period(min(oldest, newest), later(newest, 1))


def later(month: date, months: int) -> date:
    """The first of the month so many months later."""
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def by_month(days: Mapping[date, int], period: Period) -> list[int]:
    """What was counted by day, for each month of the period."""
    counted: Counter[date] = Counter()
    for day, many in days.items():
        counted[day.replace(day=1)] += many
    return [counted[month] for month in period.months]


def _count(store: Store, period: Period, now: datetime) -> Counted:
    since, until = period.moments
    with reading(store.main) as db:
        return Counted(
            at=now,
            alike=figures.alike(db, since, until),
            opened=figures.opened_on(db, since, until),
            answered=figures.answered_after(db, since, until),
            claimed=figures.claimed_after(db, since, until),
            own_words=figures.own_words(db, since, until),
            parts=figures.parts_on(db, *period.days),
        )


def _look(store: Store, now: datetime) -> Standing:
    with reading(store.main) as db:
        return Standing(now, figures.standing(db, MONEY, AGES, now), figures.stopped_at(db, now - IDLE))
