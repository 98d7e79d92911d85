"""Alerts: content-free, at once, and again until somebody has seen them."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.alerting import Alerting, alert_staff
from bot.errors import TryLater
from bot.taking import take
from flows.model import Acknowledged, Received
from storage import alerts, journal
from storage.database import Store, reading, writing
from storage.tables import journal as journal_table
from tests.bot.channels.house import taking_of
from tests.fakes import Clock, FakeSender
from tests.storage.builders import NOW

AGAIN = timedelta(minutes=10)
CHAT = "-5550000009"


def set_up(store: Store, chat: str = CHAT) -> tuple[Alerting, FakeSender, Clock]:
    """Alerting to a fake chat."""
    sender, clock = FakeSender("telegram"), Clock(NOW)
    return Alerting(store, sender, chat, AGAIN, clock), sender, clock


def raise_one(store: Store, kind: str = "danger", at: Callable[[], object] = lambda: NOW) -> str:
    """Somebody needs a person."""
    with writing(store.main) as db:
        return alerts.raise_one(db, kind, "MK-2345", at()).id  # type: ignore[arg-type]


def test_an_alert_tells_that_and_not_what(store: Store) -> None:
    """The chat learns that somebody needs a person and a code: not who, where or why."""
    raise_one(store, "self_harm")
    alerting, sender, _ = set_up(store)
    asyncio.run(alert_staff(alerting))
    [sent] = sender.took
    assert (sent.text, sent.address) == ("Sathi: somebody needs a person now. MK-2345.", f"telegram:{CHAT}")


def test_an_alert_comes_again_until_it_is_seen(store: Store, tmp_path: Path) -> None:
    """Every ten minutes; a press on "Seen" ends it and is written in the journal."""
    name = raise_one(store)
    alerting, sender, clock = set_up(store)
    for _ in range(3):
        asyncio.run(alert_staff(alerting))
        asyncio.run(alert_staff(alerting))
        clock.move(AGAIN)
    assert len(sender.took) == 3
    take(taking_of(store, tmp_path), "telegram", lambda *_: Acknowledged(name), Received({}, b""))
    asyncio.run(alert_staff(alerting))
    assert len(sender.took) == 3
    with reading(store.main) as db:
        written = db.execute(select(journal_table.c.action, journal_table.c.subject)).all()
        assert [tuple(row) for row in written] == [("acknowledge", name)]
        assert journal.verify(db) is None


def test_danger_told_again_is_alerted_again_at_once(store: Store) -> None:
    """Who writes of danger a second time does not wait for the next repetition."""
    raise_one(store)
    alerting, sender, clock = set_up(store)
    asyncio.run(alert_staff(alerting))
    clock.move(timedelta(minutes=1))
    raise_one(store, at=clock)
    asyncio.run(alert_staff(alerting))
    assert len(sender.took) == 2


def test_an_alert_that_did_not_go_out_is_tried_again_within_seconds(store: Store) -> None:
    """A chat that cannot be reached is tried again after five seconds, not ten minutes."""
    raise_one(store)
    alerting, sender, clock = set_up(store)
    sender.refuse.append(TryLater("HTTP 502"))
    asyncio.run(alert_staff(alerting))
    clock.move(timedelta(seconds=5))
    asyncio.run(alert_staff(alerting))
    assert len(sender.took) == 1


def test_without_a_chat_alerts_are_kept_for_the_log(store: Store) -> None:
    """Nothing is lost where nobody set a chat: `sathi referrals` shows what is open."""
    raise_one(store)
    alerting, sender, _ = set_up(store, chat="")
    asyncio.run(alert_staff(alerting))
    with reading(store.main) as db:
        assert (len(sender.took), alerts.open_count(db)) == (0, 1)
