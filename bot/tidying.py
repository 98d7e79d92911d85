"""Tidying: what Sathi has kept, or what has arrived, is deleted at the provider, where it would lie for weeks."""

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.delivery import Post
from bot.errors import InDoubt, SendFailed, TryLater
from flows.model import Inbound, Receipt
from storage import timers
from storage.database import Connection, Store, reading, writing
from storage.timers import Timer

REMOVE = timers.REMOVE
KEEPERS = frozenset(
    ("twilio",)
)  # who keeps what they carried: https://www.twilio.com/docs/messaging/api/message-resource
FINAL = ("delivered", "failed", "stopped")
AFTER = timedelta(minutes=1)
FIRST_WAIT = timedelta(minutes=10)  # doubled after each try
TRIES = 9  # the last one some two days later

log = structlog.get_logger()


def plan_for_message(store: Store, message: Inbound, now: datetime) -> None:
    """See to it that a message that is kept here is not kept at its provider; no id of hers goes with it."""
    if message.provider in KEEPERS:
        with writing(store.main) as db:
            _plan(db, message.provider, message.external_id, now + AFTER)


def plan_for_receipt(db: Connection, provider: str, receipt: Receipt, now: datetime) -> None:
    """The same for a message of ours, once nothing more will become of it."""
    if provider in KEEPERS and receipt.state in FINAL and receipt.external_id:
        _plan(db, provider, receipt.external_id, now + AFTER)


async def tidy(post: Post) -> int:
    """Delete what is due at its provider; says how many were tried. A provider that is away is asked later."""
    due = await asyncio.to_thread(_due, post.store, post.clock())
    await asyncio.gather(*(_remove(post, timer) for timer in due))
    return len(due)


def _plan(db: Connection, provider: str, external_id: str, at: datetime, tries: int = 0) -> None:
    timers.set_timer(db, kind=REMOVE, due_at=at, turn=tries, payload={"provider": provider, "id": external_id})


def _due(store: Store, now: datetime) -> list[Timer]:
    with reading(store.main) as db:
        return timers.due(db, now, limit=16, only=REMOVE)


async def _remove(post: Post, timer: Timer) -> None:
    sender = post.senders.get(timer.payload["provider"])
    again = False
    if sender:
        try:
            await sender.remove("", timer.payload["id"])
        except SendFailed as failure:
            again = isinstance(failure, TryLater | InDoubt) and timer.turn + 1 < TRIES
            log.warning("not deleted", provider=timer.payload["provider"], reason=str(failure), tries=timer.turn + 1)
    await asyncio.to_thread(_settle, post, timer, again)


def _settle(post: Post, timer: Timer, again: bool) -> None:
    with writing(post.store.main) as db:
        if timers.drop(db, timer.id) and again:
            later = post.clock() + FIRST_WAIT * 2**timer.turn
            _plan(db, timer.payload["provider"], timer.payload["id"], later, timer.turn + 1)
