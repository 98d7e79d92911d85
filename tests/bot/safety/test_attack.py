"""P12: an attack cannot spend more than the cap, and who is known is answered while it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot import posting
from bot.budget import SHARE, Budget, Priority
from bot.parts import fit
from storage import spend
from storage.database import Store
from tests.bot.safety.town import Town, address
from tests.storage.builders import NOW

PER_PERSON, LINE, RESERVED = 60, 360, 180
MOST = PER_PERSON + 2 * (PER_PERSON // SHARE)  # past the cover; under it and for safety, a third more each
MINUTE = timedelta(minutes=1)
MINUTES = 30
NEW_A_MINUTE = 18  # a round of delivery carries 16
KNOWN = tuple(address(number) for number in range(12))
FLOODER = address(999)
TALKS: Mapping[int, tuple[str, ...]] = {  # what new numbers have learned to write, by turns
    0: ("hello",),
    1: ("namaskar amar taka lagbe", "1", "2"),
    2: ("o amake mere felbe aj rate", "1"),
    3: ("9",),
}
FLOOD = ("1", "2", "0", "o amake mere felbe aj rate", "namaskar amar taka lagbe", "0", "3", "8")


@dataclass(slots=True)
class Attack:
    """What an attack came to."""

    spent: int
    most: int
    asked: int
    answered: int
    strangers: int

    @property
    def share(self) -> float:
        """How many of the messages of known people were answered within two minutes."""
        return self.answered / self.asked

    @property
    def is_held(self) -> bool:
        """Whether the promise was kept."""
        return self.spent <= LINE and self.most <= MOST and self.share >= 0.99

    def __str__(self) -> str:
        return (
            f"spent={self.spent}/{LINE} most_by_one={self.most}/{MOST} strangers={self.strangers} "
            f"known_answered={self.answered}/{self.asked}"
        )


class Siege:
    """A line under attack: every minute new numbers, one that floods, and among them whoever is known."""

    def __init__(self, store: Store, folder: Path, limits: Budget) -> None:
        self.town = Town(store, folder, limits, at=NOW - timedelta(days=1))
        for whom in KNOWN:
            self.town.write(whom, "namaskar amar taka lagbe", "1")
        self.town.clock.at = NOW
        self.before = len(self.town.carrier.took)
        self.strangers = 0
        self.asked: list[tuple[str, int]] = []  # who wrote, and in which minute

    def run(self) -> Attack:
        """The attack, minute by minute."""
        for minute in range(MINUTES):
            self._attack(minute)
            self._go_on(minute)
            self.town.deliver(rounds=1)
            self.town.pass_time(MINUTE)
        for _ in range(3):
            self.town.deliver(rounds=1)
            self.town.pass_time(MINUTE)
        return self._counted()

    def _attack(self, minute: int) -> None:
        for _ in range(NEW_A_MINUTE // 2):
            self.strangers += 1
            for text in TALKS[self.strangers % len(TALKS)]:
                self.town.take(address(1000 + self.strangers), text)
        for number in range(10):
            self.town.take(FLOODER, FLOOD[(minute + number) % len(FLOOD)])

    def _go_on(self, minute: int) -> None:
        for number, whom in enumerate(KNOWN):
            step = minute - 2 * number
            if 0 <= step < 3:
                self.town.take(whom, ("namaskar amar taka lagbe", "1", "2")[step])
                self.asked.append((whom, minute))

    def _counted(self) -> Attack:
        taken = self.town.carrier.took[self.before :]
        parts = self.town.carrier.parts()
        reached = [(one.address, (at - NOW) // MINUTE) for at, one in taken]
        answered = sum(
            any(who == whom and minute <= when <= minute + 2 for who, when in reached) for whom, minute in self.asked
        )
        spent = sum(fit(one.text).segments for _, one in taken)
        most = max(count for whom, count in parts.items() if whom not in KNOWN)
        return Attack(spent, most, len(self.asked), answered, self.strangers)


def limits(**given: int) -> Budget:
    """The budget of a line under attack."""
    return Budget(PER_PERSON, {"simulator": LINE}, {"simulator": given.get("reserved", RESERVED)})


def test_an_attack_spends_no_more_than_the_cap(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """Hundreds of new numbers and one that floods: line and numbers stay within their parts; she is answered."""
    attack = Siege(store, tmp_path, limits()).run()
    proof(f"P12 {store.main.dialect.name}: {attack}")
    assert attack.is_held, str(attack)


def test_one_number_spends_no_more_than_its_parts(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """Whatever one number writes, past the cover, under it and in danger, a day of it has its limits."""
    town = Town(store, tmp_path, Budget(24))
    town.write(FLOODER, *(FLOOD * 8), "00", *("hello",) * 20)
    spent = town.carrier.parts()[FLOODER]
    proof(f"P12 {store.main.dialect.name}: one number spent={spent}/{24 + 2 * 8}")
    assert 24 < spent <= 24 + 2 * 8


def test_who_forgets_herself_again_and_again_stays_a_new_number(
    store: Store, tmp_path: Path, proof: Callable[[str], None]
) -> None:
    """A number that is erased and comes back begins anew, but on the line's parts for new numbers only."""
    town = Town(store, tmp_path, Budget(PER_PERSON, {"simulator": 30}, {"simulator": 12}))
    for _ in range(12):
        town.write(FLOODER, "hello", "forget me", "1")
    spent = town.carrier.parts()[FLOODER]
    proof(f"P12 {store.main.dialect.name}: erased 12 times spent={spent}/18")
    assert 12 < spent <= 18


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sabotage", ["no_reserve", "uncounted", "no_order"])
def test_sabotage_a_line_that_is_not_kept_is_found(
    store: Store, tmp_path: Path, sabotage: str, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]
) -> None:
    """Without a reserve, without counting or without an order, the same count finds it."""
    if sabotage == "uncounted":
        monkeypatch.setattr(spend, "add", lambda *_given: 0)
    if sabotage == "no_order":
        monkeypatch.setattr(posting, "_priority", lambda *_given: Priority.OPEN)
    attack = Siege(store, tmp_path, limits(reserved=0) if sabotage == "no_reserve" else limits()).run()
    proof(f"sabotage P12 {sabotage} caught: {attack}")
    assert not attack.is_held
