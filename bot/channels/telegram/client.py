"""The way to the Bot API: the library's bot, with our time limits, and without a word to Telegram at start-up."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

import structlog
from telegram.error import RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.channels.telegram import Account

TELEGRAM = "https://api.telegram.org/bot"
CONNECTIONS = 32
SECONDS = 5.0  # for each of connecting, writing and reading
LONGEST_WAIT = timedelta(minutes=1)

T = TypeVar("T")

log = structlog.get_logger()


def make_bot(account: Account) -> ExtBot[int]:
    """A bot that is ready to send.

    It is never initialised, because that asks Telegram who it is: start-up needs no provider to be reachable.
    """
    request = HTTPXRequest(CONNECTIONS, read_timeout=SECONDS, write_timeout=SECONDS, connect_timeout=SECONDS)
    return ExtBot(
        account.token,
        base_url=account.api_url.rstrip("/") or TELEGRAM,
        request=request,
        get_updates_request=request,
        rate_limiter=AIORateLimiter(),
    )


async def close_bot(bot: ExtBot[int]) -> None:
    """Let go of its connections; its own shutdown does so only where it was initialised."""
    await bot.request.shutdown()


async def answer_to(call: Awaitable[T]) -> T:
    """The answer to a call; the library trusts every server to speak the Bot API, which a captive portal does not.

    Raises:
        TelegramError: the call was refused, or its answer is none.
    """
    try:
        return await call
    except (LookupError, TypeError, ValueError, AttributeError):
        raise TelegramError("no readable answer") from None


async def rest(task: str, refused: TelegramError, tries: int) -> None:
    """Say in the log that a try failed, and wait before the next: twice as long each time, at most a minute."""
    log.warning("telegram does not answer", task=task, failure=type(refused).__name__, tries=tries)
    asked = retry_after(refused) if isinstance(refused, RetryAfter) else timedelta()
    ceiling = min(LONGEST_WAIT, timedelta(seconds=0.5 * 2 ** min(tries, 10)))
    await asyncio.sleep(max(asked, ceiling).total_seconds())


def retry_after(refused: RetryAfter) -> timedelta:
    """How long Telegram asks us to wait; the library is on its way from seconds to a timedelta."""
    asked = refused.retry_after
    return asked if isinstance(asked, timedelta) else timedelta(seconds=asked)
