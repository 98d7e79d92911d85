"""Delivery: what waits goes out once, and nothing goes where it must not."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.budget import Budget
from bot.delivery import LONGEST_WAIT, Post, deliver, wait_before
from bot.errors import GiveUp, InDoubt, LineSpent, SendFailed, Stopped, TryLater
from storage import alerts, keystore, outbox, people, safe_contacts, spend
from storage.database import Store, reading, writing
from storage.seal import PersonKey
from storage.tables import outbox as table
from tests.fakes import Clock, FakeSender
from tests.storage.builders import NOW, meet, put

MINUTE = timedelta(minutes=1)


def post(store: Store, sender: FakeSender, clock: Clock, **caps: int) -> Post:
    """A worker's post with one provider and a budget of its own."""
    budget = Budget(
        per_person=caps.get("person", 60),
        per_line={"simulator": caps["line"]} if "line" in caps else {},
        reserved={"simulator": caps.get("reserved", 0)},
    )
    return Post(store, {sender.provider: sender}, {}, budget, clock, "worker 1")


def round_of(post_: Post) -> int:
    """One round of delivery."""
    return asyncio.run(deliver(post_))


def one_waits(store: Store, **given: object) -> tuple[PersonKey, str]:
    """Somebody, and a message that waits for her."""
    key = meet(store)
    with writing(store.main) as db:
        return key, put(db, store, key, **given)  # type: ignore[arg-type]


def row(store: Store, outbox_id: str) -> Mapping[str, object]:
    """The message as it stands."""
    with reading(store.main) as db:
        return db.execute(select(table).where(table.c.id == outbox_id)).mappings().one()


def test_a_message_goes_out_once(store: Store) -> None:
    """What waits is sent, settled, and not sent again."""
    _, name = one_waits(store)
    sender = FakeSender()
    worker = post(store, sender, Clock(NOW))
    assert (round_of(worker), round_of(worker)) == (1, 0)
    assert sender.texts == ["All right. Write at any time."]
    assert (row(store, name)["state"], row(store, name)["external_id"]) == ("sent", "ext-1")


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (TryLater("HTTP 503"), "waiting"),
        (GiveUp("error 21211"), "failed"),
        (Stopped("error 21610"), "stopped"),
        (InDoubt("timeout"), "in_doubt"),
        (LineSpent("error 63038"), "waiting"),
    ],
)
def test_each_refusal_is_settled_in_its_way(store: Store, failure: SendFailed, state: str) -> None:
    """Busy goes again, refused for good ends, doubtful waits for a status."""
    _, name = one_waits(store)
    round_of(post(store, FakeSender(refuse=[failure]), Clock(NOW)))
    assert row(store, name)["state"] == state


def test_the_providers_own_delay_is_kept(store: Store) -> None:
    """A provider that says when it may be asked again is not asked before."""
    one_waits(store)
    clock, sender = Clock(NOW), FakeSender(refuse=[TryLater("HTTP 429", timedelta(minutes=7))])
    worker = post(store, sender, clock)
    round_of(worker)
    clock.move(7 * MINUTE - timedelta(seconds=1))
    assert round_of(worker) == 0
    clock.move(timedelta(seconds=2))
    assert (round_of(worker), len(sender.took)) == (1, 1)


def test_waiting_has_full_jitter_under_a_ceiling() -> None:
    """No two workers come back at the same moment, and none waits for ever."""
    waits = [wait_before(attempt) for attempt in range(1, 40) for _ in range(20)]
    assert all(timedelta() <= wait <= LONGEST_WAIT for wait in waits)
    assert len(set(waits)) > len(waits) // 2


def test_who_stopped_us_at_the_network_is_written_down(store: Store) -> None:
    """A carrier's or Telegram's refusal opts her out: nothing more is tried."""
    key, _ = one_waits(store)
    sender = FakeSender(refuse=[Stopped("HTTP 403")])
    worker = post(store, sender, Clock(NOW))
    round_of(worker)
    with writing(store.main) as db:
        person = people.read(db, key.id)
        assert person
        assert person.opted_out_at == NOW
        put(db, store, key)
    round_of(worker)
    assert sender.took == []


def test_what_expired_is_not_sent(store: Store) -> None:
    """A late answer can be read by the wrong person."""
    _, name = one_waits(store, expires_at=NOW + MINUTE)
    sender = FakeSender()
    round_of(post(store, sender, Clock(NOW + MINUTE)))
    assert (sender.asked, row(store, name)["state"]) == (0, "expired")


def test_what_is_erased_between_claim_and_sending_is_not_sent(store: Store) -> None:
    """Once her key is gone nothing of hers can be opened, and nothing is sent."""
    key, name = one_waits(store)
    with writing(store.keys) as db:
        keystore.drop(db, key.id, NOW)
    sender = FakeSender()
    round_of(post(store, sender, Clock(NOW)))
    assert (sender.asked, row(store, name)["state"]) == (0, "cancelled")


def test_a_person_has_a_budget_of_parts_a_day(store: Store) -> None:
    """What goes over the day's parts is not sent; an attack cannot spend more."""
    key, _ = one_waits(store)
    with writing(store.main) as db:
        for turn in range(2, 8):
            put(db, store, key, turn=turn)
    sender = FakeSender()
    worker = post(store, sender, Clock(NOW), person=3)
    while round_of(worker):
        pass
    assert len(sender.took) == 3


def test_a_line_that_is_spent_waits_until_midnight_and_tells_staff(store: Store) -> None:
    """A line over its day's parts holds what waits, and goes on after India's midnight if it is still alive."""
    _, name = one_waits(store, expires_at=NOW + timedelta(days=1))
    with writing(store.main) as db:
        spend.add(db, NOW.date(), "line:simulator:line-1", 5)
    sender, clock = FakeSender(), Clock(NOW)
    worker = post(store, sender, clock, line=5)
    round_of(worker)
    assert (sender.asked, row(store, name)["state"], row(store, name)["reason"]) == (0, "waiting", "budget")
    with reading(store.main) as db:
        assert [alert.kind for alert in alerts.unseen(db)] == ["budget"]
    clock.at = worker.budget.resets(NOW)
    round_of(worker)
    assert len(sender.took) == 1


def test_we_never_write_first_without_a_live_safe_contact(store: Store) -> None:
    """A notice goes only while she allows it, and within the hours of India she gave."""
    key = meet(store)
    sender, clock = FakeSender(), Clock(NOW)
    worker = post(store, sender, clock)

    def notice() -> int:
        with writing(store.main) as db:
            name = put(db, store, key, due_at=clock(), expires_at=clock() + MINUTE)
            db.execute(table.update().where(table.c.id == name).values(kind="notice"))
        round_of(worker)
        return len(sender.took)

    assert notice() == 0
    with writing(store.main) as db:
        safe_contacts.keep(
            db, key.id, channel=outbox.Channel.SMS, first_hour=9, last_hour=18, now=NOW, expires_at=NOW + timedelta(30)
        )
    clock.at = NOW.replace(hour=14)  # half past seven in the evening in India
    assert notice() == 0
    clock.at = NOW.replace(hour=6)
    assert notice() == 1
    clock.at += timedelta(days=31)
    assert notice() == 1
