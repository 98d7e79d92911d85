"""P14: words of danger bring a person: an alert that the staff chat takes, and that tells nothing of her."""

import asyncio
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from bot.alerting import AT_ONCE, WORDS, Alerting, alert_staff
from flows.model import Danger, Language, Outgoing
from storage import alerts
from storage.database import Store
from tests.bot.safety.town import TALK, Carrier, Town, address

CHAT = "-5550000009"
SAID = "|".join(map(re.escape, (AT_ONCE, *WORDS.values())))
CONTENT_FREE = re.compile(rf"Sathi: ({SAID})\.( [A-Z]{{2}}-\d{{4}}\.)?")  # a code names a row and opens nothing
EVERY = {"sqlite": 1, "postgresql": 4}  # on PostgreSQL a quarter of the words
ASKED_BACK = "1"  # yes


def words() -> Iterator[tuple[Danger, Language, str]]:
    """Words of danger that nobody could mistake, of each kind, in each way of writing."""
    table = tomllib.loads(files("tests.flows.hearing").joinpath("dev", "danger.toml").read_text("utf-8"))
    for kind in Danger:
        for language, texts in table[kind.value]["explicit"].items():
            yield from ((kind, Language(language), text) for text in texts)


class Alarm:
    """A town, and the chat in which its staff read alerts; the chat does not answer the first time."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.town = Town(store, folder)
        self.chat = Carrier(self.town.clock, provider="telegram")
        self.chat.is_away = lambda: self.chat.asked == 1
        self._alerting = Alerting(store, self.chat, CHAT, timedelta(minutes=10), self.town.clock)

    def alerts_of(self, whom: str, text: str) -> tuple[Outgoing, ...]:
        """The alerts that the chat takes within five seconds of her words, or of her yes where she is asked back."""
        before = len(self.chat.took)
        events = self.town.take(whom, text).events
        if not any(event.name == "alert" for event in events):
            self.town.deliver()
            self.town.take(whom, ASKED_BACK)
        for _ in range(2):
            asyncio.run(alert_staff(self._alerting))
            self.town.clock.move(timedelta(seconds=5))
        return tuple(outgoing for _, outgoing in self.chat.took[before:])


def alarm(given: Alarm, every: int = 1) -> tuple[int, int, int]:
    """(said, missed, telling): words of danger by as many people, who stand here and there in their talks."""
    said = missed = telling = 0
    for number, (_, _, text) in enumerate(list(words())[::every]):
        whom = address(number)
        for before in TALK[: number % 7]:
            given.town.take(whom, before)
        if number % 11 == 7:
            given.town.take(whom, "STOP")
        took = given.alerts_of(whom, text)
        said += 1
        missed += not any(AT_ONCE in one.text for one in took)
        telling += sum(not CONTENT_FREE.fullmatch(one.text) or one.address != f"telegram:{CHAT}" for one in took)
    return said, missed, telling


def test_words_of_danger_always_bring_a_person(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """From a first message, within a talk, after STOP: each is alerted, by a text in which nothing of it stands."""
    said, missed, telling = alarm(Alarm(store, tmp_path), EVERY[store.main.dialect.name])
    proof(f"P14 {store.main.dialect.name}: words of danger={said} alerts missed={missed} telling={telling}")
    assert (missed, telling) == (0, 0)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_sabotage_a_lost_alert_is_found(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]
) -> None:
    """Where the alert is not written down with the answer, the same count finds it."""
    monkeypatch.setattr(alerts, "raise_one", lambda *_given: None)
    said, missed, _ = alarm(Alarm(store, tmp_path), every=20)
    proof(f"sabotage P14 caught: words={said} alerts missed={missed}")
    assert missed == said
