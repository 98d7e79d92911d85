"""P7: nobody is written to first who did not say that it is safe, and then only when she said; a simulated year."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import budget
from bot.applying import SAFE_CONTACT
from bot.chores import plan
from bot.duty import INDIA
from bot.wording import labels
from storage import safe_contacts
from storage.database import Connection, Store, writing
from storage.people import Person
from tests.bot.safety.test_outage import NOTICE, notice
from tests.bot.safety.town import Town, address

YEAR = 365
DAYS_ON_POSTGRESQL = 30
NOTICES = labels(NOTICE)
HOURS: Mapping[str, tuple[int, int]] = {
    address(1): (9, 18),
    address(2): (7, 10),
    address(3): (20, 22),
    address(4): (0, 24),
}
SILENT = address(5)  # writes, and never said that we may
GONE = address(6)  # said so once, and wrote no more
STOPPED = address(7)  # said so, and then STOP
PEOPLE = (*HOURS, SILENT, GONE, STOPPED)


@dataclass(slots=True)
class Leave:
    """What somebody allowed, as she would remember it."""

    hours: tuple[int, int]
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether we may write to her now."""
        return at < self.until and self.hours[0] <= at.astimezone(INDIA).hour < self.hours[1]


class Year:
    """A year of days, by the clock."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.town = Town(store, folder)
        self.chance = random.Random(5)
        self.leaves: dict[str, Leave] = {}
        self.there = set(PEOPLE)
        self.put = self.sent = self.breaches = 0
        self.town.carrier.is_away = lambda: self.chance.random() < 0.2
        plan(store, self.town.clock())
        for whom in PEOPLE:
            self.town.take(whom, "namaskar amar taka lagbe")
            self.allow(whom)
        self.town.take(STOPPED, "STOP")
        self.leaves.pop(STOPPED)

    def allow(self, whom: str) -> None:
        """She says that we may write, and from when to when."""
        hours = HOURS.get(whom, (9, 18))
        if whom == SILENT:
            return
        self.leaves[whom] = Leave(hours, self.town.clock() + SAFE_CONTACT)
        person = self.town.person(whom)
        with writing(self.town.store.main) as db:
            safe_contacts.keep(
                db, person.id, channel=person.channel, first_hour=hours[0], last_hour=hours[1],
                now=self.town.clock(), expires_at=self.leaves[whom].until,
            )  # fmt: skip

    def pass_day(self, day: int) -> None:
        """Notices at any hour of the day; she writes now and then, renews her leave or takes it back."""
        morning = self.town.clock()
        for hour in sorted(self.chance.sample(range(24), 2)):
            self.town.clock.at = morning + timedelta(hours=hour)
            if day > 85:  # who was idle for ninety days is erased
                self.there -= {GONE, STOPPED}
            for whom in self.chance.sample(sorted(self.there), 2):
                notice(self.town, whom, timedelta(hours=self.chance.choice((1, 6, 30))))
                self.put += 1
            self.send()
        if day % 7 == 0:
            self._write(day)
        self.town.pass_time(morning + timedelta(days=1) - self.town.clock())

    def _write(self, day: int) -> None:
        for whom in (*HOURS, SILENT):
            self.town.take(whom, "0")
            self.send()
            if self.chance.random() < 0.15:
                self.allow(whom)
        if day % 70 == 0 and (whom := address(4)) in self.leaves:
            self.leaves.pop(whom)
            with writing(self.town.store.main) as db:
                safe_contacts.drop(db, self.town.person(whom).id)

    def send(self) -> None:
        """What may go now goes; every notice among it is held against what she allowed."""
        before = len(self.town.carrier.took)
        self.town.deliver(1)
        for at, one in self.town.carrier.took[before:]:
            if one.text in NOTICES:
                leave = self.leaves.get(one.address)
                self.sent += 1
                self.breaches += leave is None or not leave.holds(at)


def test_nobody_is_written_to_first_who_did_not_allow_it(
    store: Store, tmp_path: Path, proof: Callable[[str], None]
) -> None:
    """A notice a day for everybody, at any hour, through expired, renewed and withdrawn leaves: none out of place."""
    year = Year(store, tmp_path)
    days = YEAR if store.main.dialect.name == "sqlite" else DAYS_ON_POSTGRESQL
    for day in range(days):
        year.pass_day(day)
    proof(f"P7 {store.main.dialect.name}: days={days} put={year.put} sent={year.sent} breaches={year.breaches}")
    assert year.breaches == 0
    assert year.sent > days / 20


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sabotage", ["is_live", "is_within_hours"])
def test_sabotage_a_leave_that_is_not_asked_for_is_found(
    store: Store, tmp_path: Path, sabotage: str, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]
) -> None:
    """Where a leave is believed without looking, or only its hours are not looked at, the same count finds it."""
    looks = (lambda *_given: True) if sabotage == "is_live" else _has_any_leave
    monkeypatch.setattr(budget, "may_write_first", looks)
    year = Year(store, tmp_path)
    for day in range(10):
        year.pass_day(day)
    proof(f"sabotage P7 {sabotage} caught: sent={year.sent} breaches={year.breaches}")
    assert year.breaches > 0


def _has_any_leave(db: Connection, person: Person, now: datetime) -> bool:
    return safe_contacts.live(db, person.id, now) is not None
