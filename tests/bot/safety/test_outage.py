"""P4: a provider that is away for a day loses nothing, and nothing goes out late or at an unsafe hour."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import budget, delivery
from bot.alerting import Alerting, alert_staff
from bot.budget import Budget, Verdict
from bot.duty import INDIA
from bot.posting import Letter, put
from bot.turn import COLD
from bot.wording import word
from flows.model import Say, T
from storage import keystore, log, safe_contacts, settling
from storage.database import Store, reading, writing
from tests.bot.safety.town import TALK, Carrier, Town, address
from tests.storage.builders import NOW

PEOPLE = 10
AWAY = timedelta(hours=24)
STEP = timedelta(minutes=20)
SAFE = range(9, 18)  # the hours of India in which some of them may be written to
NOTICE = T("All right. Write at any time.")
TEXTS = ("namaskar amar taka lagbe", "1", "2", "0", "9", "8", "order paisi 2 bochor age taka ase nai", "00")


@dataclass(slots=True)
class Outcome:
    """What came of a day without a provider."""

    written: int
    lost: int
    late: int
    unsafe: int
    sent_after: int

    def __str__(self) -> str:
        return f"written={self.written} lost={self.lost} late={self.late} unsafe={self.unsafe}"


def notice(town: Town, whom: str, lifetime: timedelta) -> None:
    """Words that answer nothing, for somebody."""
    person, standing = town.person(whom), town.standing(whom)
    with reading(town.store.keys) as db:
        key = keystore.fetch(db, town.store.sealer, person.id)
    assert key
    worded = word((Say(NOTICE),), standing.speaks)
    letter = Letter(worded, person, standing, "notice", person.provider, person.line, lifetime)
    with writing(town.store.main) as db:
        put(db, town.store.sealer, key, letter, town.clock())


def allow(town: Town, whom: str) -> None:
    """Somebody may be written to in the safe hours, for thirty days."""
    with writing(town.store.main) as db:
        safe_contacts.keep(
            db,
            town.person(whom).id,
            channel=town.person(whom).channel,
            first_hour=SAFE.start,
            last_hour=SAFE.stop,
            now=town.clock(),
            expires_at=town.clock() + timedelta(days=30),
        )


def a_day_away(town: Town, away: timedelta = AWAY) -> Outcome:
    """People write through a day and a night in which nothing can be sent, and on the next day, when it can."""
    chance, notices = random.Random(4), 0
    people = [address(number) for number in range(PEOPLE)]
    for whom in people:
        town.write(whom, *TALK[: chance.randrange(1, 6)])
        allow(town, whom)
    back, before = town.clock() + away, len(town.carrier.took)
    town.carrier.is_away = lambda: town.clock() < back
    while town.clock() < back + timedelta(hours=6):
        for whom in chance.sample(people, 2):
            town.take(whom, chance.choice(TEXTS))
        if chance.random() < 0.2:
            notice(town, chance.choice(people), timedelta(hours=8))
            notices += 1
        town.deliver(3)
        town.pass_time(STEP)
    town.pass_time(timedelta(hours=12))
    return _counted(town, before, notices)


def _counted(town: Town, before: int, notices: int) -> Outcome:
    """What the carrier's own ledger says, beside what was written and put."""
    rows = {str(row["id"]): row for row in town.outbox()}
    taken = town.carrier.took[before:]
    put_at = {name: row["put_at"] for name, row in rows.items()}
    kinds = {name: row["kind"] for name, row in rows.items()}
    limits = {"reply": COLD, "notice": timedelta(hours=8)}
    late = sum(at - put_at[one.id] > limits[str(kinds[one.id])] for at, one in taken)  # type: ignore[operator]
    late += sum(one.lifetime > limits[str(kinds[one.id])] - (at - put_at[one.id]) for at, one in taken)  # type: ignore[operator]
    unsafe = sum(kinds[one.id] == "notice" and at.astimezone(INDIA).hour not in SAFE for at, one in taken)
    answered = sum(kind == "reply" for kind in kinds.values())
    limbo = sum(row["state"] not in ("sent", "expired", "cancelled") for row in rows.values())
    sent = {name for name, row in rows.items() if row["state"] == "sent"}
    lost = town.written - answered + limbo + len(sent ^ {one.id for _, one in town.carrier.took})
    lost += notices - sum(kind == "notice" for kind in kinds.values())
    return Outcome(town.written, lost, late, unsafe, len(taken))


def test_a_day_without_a_provider(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """Every message is kept and accounted for; what goes out afterwards is young, and notices keep their hours."""
    outcome = a_day_away(Town(store, tmp_path))
    proof(f"P4 {store.main.dialect.name}: away=24h {outcome}")
    assert (outcome.lost, outcome.late, outcome.unsafe) == (0, 0, 0)
    assert outcome.sent_after > PEOPLE


def test_what_she_asked_for_while_it_was_away_is_there(store: Store, tmp_path: Path) -> None:
    """A request for a person is written down and staff hear of it, though no answer could go out."""
    town, staff = Town(store, tmp_path), Carrier(lambda: NOW, provider="telegram")
    town.carrier.is_away = staff.is_away = lambda: True
    town.take(address(1), "9")
    alerting = Alerting(store, staff, "-5550000009", timedelta(minutes=10), town.clock)
    for _ in range(3):
        asyncio.run(alert_staff(alerting))
        town.pass_time(timedelta(hours=8))
    staff.is_away = lambda: False
    asyncio.run(alert_staff(alerting))
    with reading(store.main) as db:
        assert [one.kind for one in log.listed(db)] == ["counselling"]
    assert len(staff.took) == 1


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sabotage", ["late", "unsafe"])
def test_sabotage_what_is_not_weighed_again_is_found(
    store: Store, tmp_path: Path, sabotage: str, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]
) -> None:
    """Where nothing expires, or the hour is not looked at, the same count finds it."""
    real = budget.weigh

    def weighs(db: object, given: Budget, claimed: object, person: object, now: datetime) -> Verdict:
        verdict = real(db, given, claimed, person, now)  # type: ignore[arg-type]
        return Verdict.SEND if verdict is Verdict.EXPIRED else verdict

    monkeypatch.setattr(delivery, "weigh", weighs)
    if sabotage == "late":
        monkeypatch.setattr(settling, "expire", lambda *_given: 0)
    outcome = a_day_away(Town(store, tmp_path), timedelta(hours=4))
    proof(f"sabotage P4 {sabotage} caught: {outcome}")
    assert outcome.late if sabotage == "late" else outcome.unsafe
