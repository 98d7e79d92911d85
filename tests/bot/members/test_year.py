"""A simulated year, driven by the clock: no offer off duty, and no word that is neither a reply nor in her own hours.

Its first days run each time; `YEAR_DAYS=365` is for a release.
"""

import os
import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.budget import Verdict
from bot.members import bringing, choosing, giving
from flows.model import Place
from storage.database import Store
from tests.bot.members.lane import ASKS, CODE, Lane, Phone
from tests.storage.builders import NOW

DAYS = int(os.environ.get("YEAR_DAYS", "1"))
IST = timedelta(hours=5, minutes=30)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROSTER = {
    "a": {"mon": (("09:00", "13:00"), ("15:00", "18:00")), "tue": (("09:00", "13:00"),), "thu": (("16:00", "21:00"),)},
    "b": {"wed": (("10:00", "12:00"), ("14:00", "16:00"), ("19:00", "22:00")), "fri": (("06:00", "11:00"),)},
    "c": {"sat": (("00:00", "24:00"),), "sun": (("08:00", "20:00"),), "mon": (("11:00", "14:00"),)},
}
HOLIDAYS = {"a": ("2026-03-09", "2026-08-15"), "b": ("2026-10-20",), "c": ()}
PEOPLE = [f"sms:+91555{n:07d}" for n in range(1, 6)]
CONTACT = (Place("counselling", "contact"), Place("talk", "after"))
# What somebody writes who wants to be answered, at each step.
WANTS = {
    "cover.which": "3",
    "cover.opener": "1",
    "cover.list": "1",
    "cover.noted": "1",
    "menu.list": "9",
    "counselling.age": "1",
    "counselling.limit": "1",
    "counselling.district": "basirhat",
    "counselling.confirm": "1",
    "counselling.contact": "3",
    "talk.after": "3",
    "talk.near": "1",
}
SAYS = (
    "9",
    "1",
    "1",
    "1",
    "3",
    "2",
    "00",
    "0",
    "basirhat",
    "koto din lagbe",
    "ami oi office e gechilam",
    "namaskar",
    "3",
    "1",
)


class Year:
    """What happens in a year, and what an observer writes down who knows only the roster and what she said."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.lane = Lane(store, folder)
        self.rng = random.Random(11)
        self.phones: dict[str, Phone] = {
            name: self.lane.member(f"m-{name}", n, duty=duty, holidays=HOLIDAYS[name], capacity=3)
            for n, (name, duty) in enumerate(ROSTER.items(), 1)
        }
        self.away: dict[str, datetime] = {}
        self.wrote: dict[str, datetime] = {}
        self.leave: dict[str, datetime] = {}
        self.codes: dict[str, str] = {}
        self.breaches: list[str] = []
        self.seen = [0, 0]
        self.counted = {"offers": 0, "words": 0, "openers": 0, "answers": 0}

    def begin(self) -> None:
        """A Monday from half past two on that holds, for certain, what a breach could come of.

        Somebody asks while nobody is on duty; somebody is answered, grows quiet and is written to; somebody grows
        quiet at the end of the hours that she named. The members' duty goes on at three, and ends at six.
        """
        for whom, starts in ((PEOPLE[2], 0), (PEOPLE[0], 40), (PEOPLE[1], 180)):
            self._until(NOW + timedelta(minutes=starts))
            for said in (*ASKS[:-1], "3"):
                self._she_writes(whom, said)
            if starts:
                self.lane.wait(timedelta(seconds=1))
                self.phones["a"].press("I take it")
                self._answers("I read it.")
                self.lane.wait(timedelta(minutes=35))
                self._answers("Are you there?")

    def _answers(self, text: str) -> None:
        """The first member answers the newest of her talks; what comes of it goes out."""
        phone = self.phones["a"]
        phone.write(text, to=phone.button("What to do"))
        self.lane.wait(timedelta(seconds=1))
        self._watch()

    def live(self, days: int) -> None:
        """So many days, each with a few moments at which somebody does something."""
        today = self.lane.clock().replace(hour=0, minute=0)
        for day in range(days):
            for minute in sorted(self.rng.sample(range(24 * 60), 2)):
                self._until(today + timedelta(days=day + 1, minutes=minute))
                self._somebody()
                self._watch()

    def _until(self, moment: datetime) -> None:
        while self.lane.clock() < moment:
            self.lane.wait(min(timedelta(hours=2, minutes=7), moment - self.lane.clock()))
            self._watch()

    def _somebody(self) -> None:
        whom = self.rng.choice(PEOPLE)
        for _ in range(self.rng.randint(2, 14)):
            self._she_writes(whom)
            self._members_act()
            self.lane.wait(timedelta(seconds=self.rng.choice((5, 40, 400, 1000, 2500))))
            self._watch()
            if self.rng.random() < 0.5:  # members write also to somebody who has been quiet
                self._members_act()

    def _she_writes(self, whom: str, said: str = "") -> None:
        self.wrote[whom] = self.lane.clock()
        place = self.lane.place(whom) if self._is_known(whom) else None
        said = said or self._wants(whom, place)
        read = self.lane.write(whom, said)
        if place in CONTACT and not self._moved_on(whom, place):
            if said == "3":
                self.leave[whom] = self.wrote[whom] + timedelta(days=30)
            if said == "1":
                self.leave.pop(whom, None)
        if found := CODE.search(read):
            self.codes[whom] = found[0].replace(" ", "")
        self._watch()

    def _wants(self, whom: str, place: Place | None) -> str:
        """Mostly what leads on from where she stands, and now and then anything."""
        said = self.codes.get(whom, "9") if str(place) == "talk.code" else WANTS.get(str(place), "")
        return self.rng.choice(SAYS) if not said or self.rng.random() < 0.15 else said

    def _moved_on(self, whom: str, place: Place) -> bool:
        """Whether her answer did not count: the cover was back, or the step is still the same."""
        standing = self.lane.standing(whom)
        return standing.covered or standing.place == place

    def _is_known(self, whom: str) -> bool:
        return whom in {one.address for _, one in self.lane.carrier.took}

    def _members_act(self) -> None:
        for name, phone in self.phones.items():
            doing = self.rng.random()
            try:
                if "Somebody waits" in "".join(phone.reads[-2:]) and doing < 0.8:
                    phone.press("I take it")
                elif doing < 0.7:
                    phone.write("I read it. Tell me more.")
                elif doing < 0.71:
                    phone.write("/away 30")
                    self.away[name] = self.lane.clock() + timedelta(hours=30)
                elif doing < 0.8:
                    mark = phone.button("What to do")
                    act = self.rng.choice(("m:close.helped", "m:back", "m:over", "m:close.referred"))
                    phone.press("", mark=mark.replace("m:menu", act))
            except AssertionError:  # no such button came to this phone yet
                continue
            self._watch()

    def _watch(self) -> None:
        """Look at all that went out since the last look."""
        for at, one in self.lane.telegram.took[self.seen[0] :]:
            if "Somebody waits" in one.text:
                self.counted["offers"] += 1
                name = next(name for name, phone in self.phones.items() if phone.address == one.address)
                if not self._on_duty(name, at):
                    self.breaches.append("an offer off duty")
        for at, one in self.lane.carrier.took[self.seen[1] :]:
            self._look(at, one.address, one.text)
        self.seen = [len(self.lane.telegram.took), len(self.lane.carrier.took)]

    def _look(self, at: datetime, whom: str, text: str) -> None:
        since = at - self.wrote[whom]
        if re.match(r"(Didi|দিদি|दीदी):", text):
            self.counted["words"] += 1
            if since > timedelta(minutes=15):
                self.breaches.append("a member's words that were no reply")
        elif since <= timedelta(minutes=15):
            self.counted["answers"] += 1
        else:
            self.counted["openers"] += 1
            hour = (at + IST).hour
            if at >= self.leave.get(whom, NOW) or not 9 <= hour < 18:
                self.breaches.append("written first without her leave, or outside her hours")
            if len(text) > 120 or "8" in text:
                self.breaches.append("written first with more than the opener")

    def _on_duty(self, name: str, at: datetime) -> bool:
        here = at + IST
        if at < self.away.get(name, NOW) or here.date().isoformat() in HOLIDAYS[name]:
            return False
        clock = f"{here:%H:%M}"
        return any(first <= clock < last for first, last in ROSTER[name].get(WEEK[here.weekday()], ()))


@pytest.mark.timeout(6000)
def test_a_year_without_a_breach(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """All that went out in a year is judged by an observer of its own."""
    year = Year(store, tmp_path)
    year.begin()
    year.live(DAYS)
    assert year.breaches == []
    assert all(year.counted.values())
    told = " ".join(f"{name}={count}" for name, count in year.counted.items())
    proof(f"year on {store.main.dialect.name}: days={DAYS} {told} breaches=0")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("sabotage", ["duty", "reply", "leave"])
def test_a_breach_is_seen(
    store: Store, tmp_path: Path, sabotage: str, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]
) -> None:
    """Sabotage: with duty, the quarter of an hour or her hours not looked at, the observer sees it."""
    if sabotage == "duty":
        monkeypatch.setattr(choosing, "is_on_duty", lambda _member, _now: True)
    if sabotage == "reply":
        monkeypatch.setattr(giving, "REPLY_FOR", timedelta(hours=6))
        monkeypatch.setattr("bot.budget.REPLY_FOR", timedelta(hours=6))
        monkeypatch.setattr("bot.delivery.weigh", lambda *_given: Verdict.SEND)
    if sabotage == "leave":
        monkeypatch.setattr(bringing, "may_write_first", lambda _db, _person, _now: True)
        monkeypatch.setattr("bot.members.closing.may_write_first", lambda _db, _person, _now: True)
        monkeypatch.setattr("bot.delivery.weigh", lambda *_given: Verdict.SEND)
    year = Year(store, tmp_path)
    year.begin()
    assert year.breaches
    proof(f"year on {store.main.dialect.name}: sabotage of {sabotage} caught 1/1")
