"""Fetching messages from Telegram, for a machine that nobody can reach from outside."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

import structlog
from telegram import Update
from telegram.error import Conflict, TelegramError

from bot.channels.telegram import KINDS, SECRET_HEADER, Account
from bot.channels.telegram.client import answer_to, close_bot, make_bot, rest
from flows.model import Received

LONG = timedelta(seconds=25)  # how long Telegram may hold a request until something comes
AFTER_FAILURE = timedelta(seconds=2)

Accept: TypeAlias = Callable[[Received], Awaitable[None]]

log = structlog.get_logger()


async def poll(account: Account, accept: Accept) -> None:
    """Fetch and accept, for ever, one after another.

    The next request is what tells Telegram that the ones before it are safe, so it is made only after
    `accept` has returned for each; if we die in between, they come again.
    """
    bot = make_bot(account)
    try:
        offset, tries, has_webhook = 0, 0, True
        while True:
            try:
                if has_webhook:
                    has_webhook = not await answer_to(bot.delete_webhook(drop_pending_updates=False))
                updates = await answer_to(bot.get_updates(offset=offset, timeout=LONG, allowed_updates=KINDS))
            except TelegramError as refused:
                tries += 1
                has_webhook = has_webhook or isinstance(refused, Conflict)
                await rest("fetch messages", refused, tries)
                continue
            tries = 0
            for update in updates:
                await _accept(accept, _received(account, update))
                offset = update.update_id + 1
    finally:
        await close_bot(bot)


async def _accept(accept: Accept, received: Received) -> None:
    """Accept one; where that fails, try again and let nothing pass it, or her words would change their order."""
    while True:
        try:
            return await accept(received)
        except Exception as failure:  # noqa: BLE001 - a database that is away must lose no message
            log.error("message not accepted", failure=type(failure).__name__)
            await asyncio.sleep(AFTER_FAILURE.total_seconds())


def _received(account: Account, update: Update) -> Received:
    """An update as the webhook would have brought it, so that both are read in one place."""
    return Received({SECRET_HEADER: account.webhook_secret}, update.to_json().encode())
