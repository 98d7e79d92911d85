"""Tidying: what is finished does not stay at the provider."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.budget import Budget
from bot.delivery import Post
from bot.errors import GiveUp, SendFailed, TryLater
from bot.tidying import FIRST_WAIT, TRIES, plan_for_message, plan_for_receipt, tidy
from flows.model import Channel, Inbound, Receipt
from storage import timers
from storage.database import Store, reading, writing
from storage.tables import timers as table
from tests.fakes import Clock, FakeSender
from tests.storage.builders import ADDRESS, NOW

MINUTE = timedelta(minutes=1)
MESSAGE = Inbound("twilio", "SM1", Channel.SMS, ADDRESS, "line-1", "taka kobe pabo")


@dataclass(slots=True)
class Keeper(FakeSender):
    """A provider that keeps what it carried until it is told to delete it."""

    provider: str = "twilio"
    removed: list[str] = field(default_factory=list)

    async def remove(self, address: str, external_id: str) -> bool:  # noqa: ARG002 - the same shape in every channel
        """Delete a message, or raise the next refusal."""
        self.asked += 1
        if self.refuse:
            raise self.refuse.pop(0)
        self.removed.append(external_id)
        return True


def post(store: Store, sender: FakeSender, clock: Clock) -> Post:
    """A worker's post with one provider."""
    return Post(store, {sender.provider: sender}, {}, Budget(per_person=60, per_line={}, reserved={}), clock, "worker")


def planned(store: Store) -> int:
    """How many deletions are still to be done."""
    with reading(store.main) as db:
        return len(db.execute(select(table.c.id)).all())


def test_what_she_wrote_is_deleted_once_it_is_kept(store: Store) -> None:
    """A minute later it is gone at the provider, and nothing of hers was written down for it."""
    clock, sender = Clock(NOW), Keeper()
    plan_for_message(store, MESSAGE, NOW)
    with reading(store.main) as db:
        (row,) = db.execute(select(table)).mappings()
    assert (row["person_id"], row["payload"]) == (None, {"provider": "twilio", "id": "SM1"})
    assert asyncio.run(tidy(post(store, sender, clock))) == 0
    clock.move(MINUTE)
    assert asyncio.run(tidy(post(store, sender, clock))) == 1
    assert (sender.removed, planned(store)) == (["SM1"], 0)


@pytest.mark.parametrize(
    ("provider", "state", "external_id", "count"),
    [
        ("twilio", "delivered", "SM2", 1),
        ("twilio", "failed", "SM2", 1),
        ("twilio", "stopped", "SM2", 1),
        ("twilio", "sent", "SM2", 0),
        ("twilio", "delivered", None, 0),
        ("android_sms", "delivered", "SM2", 0),
    ],
)
def test_our_message_is_deleted_once_it_is_finished(
    store: Store, provider: str, state: str, external_id: str | None, count: int
) -> None:
    """Not while something may still become of it, and only where the provider keeps it."""
    receipt = Receipt("o1", external_id, state)  # type: ignore[arg-type]
    with writing(store.main) as db:
        plan_for_receipt(db, provider, receipt, NOW)
    assert planned(store) == count


def test_a_provider_that_is_away_is_asked_later_and_not_for_ever(store: Store) -> None:
    """Each wait is twice the last; in the end the provider's own time limit does it."""
    clock, sender = Clock(NOW + MINUTE), Keeper(refuse=[TryLater("HTTP 503")] * TRIES)
    plan_for_message(store, MESSAGE, NOW)
    for number in range(TRIES):
        assert asyncio.run(tidy(post(store, sender, clock))) == 1
        assert asyncio.run(tidy(post(store, sender, clock))) == 0
        clock.move(FIRST_WAIT * 2**number)
    assert (sender.asked, planned(store)) == (TRIES, 0)


@pytest.mark.parametrize("refusal", [GiveUp("error 20404")])
def test_a_refusal_for_good_ends_it(store: Store, refusal: SendFailed) -> None:
    """What cannot be deleted is not asked for again."""
    plan_for_message(store, MESSAGE, NOW)
    asyncio.run(tidy(post(store, Keeper(refuse=[refusal]), Clock(NOW + MINUTE))))
    assert planned(store) == 0


def test_the_chores_leave_it_alone(store: Store) -> None:
    """They do what needs no network; a deletion stays until it is done."""
    plan_for_message(store, MESSAGE, NOW)
    with writing(store.main) as db:
        assert timers.take_due(db, NOW + MINUTE) == []
    assert planned(store) == 1


def test_without_that_provider_nothing_waits(store: Store) -> None:
    """A channel that was taken down leaves no timers behind."""
    plan_for_message(store, MESSAGE, NOW)
    asyncio.run(tidy(post(store, FakeSender(), Clock(NOW + MINUTE))))
    assert planned(store) == 0
