"""What Telegram says of a message: at once or never, since it reports nothing later."""

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram.client import retry_after
from bot.errors import GiveUp, InDoubt, SendFailed, Stopped, TryLater

# The connection was not made, so the message was not sent; any other break may have come after it was.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


def read_refusal(refused: TelegramError) -> SendFailed:
    """What a refusal asks of us; its own text can hold the message or the number, so only its kind is kept."""
    match refused:
        case Forbidden():
            return Stopped("error 403")
        case RetryAfter():
            return TryLater("error 429", retry_after(refused))
        case ChatMigrated():
            return TryLater("the chat has moved")
        case InvalidToken():
            return GiveUp("TELEGRAM_BOT_TOKEN is refused")
        case Conflict():
            return TryLater("error 409")
        case BadRequest():
            return GiveUp("error 400")
        case NetworkError():
            return _broken(refused)
    return InDoubt("no readable answer")


def _broken(refused: NetworkError) -> SendFailed:
    """A connection that broke, or an answer of 500 and above: then Telegram did not take the message."""
    cause = refused.__cause__
    if isinstance(cause, NOT_SENT):
        return TryLater("unreachable")
    if isinstance(refused, TimedOut):
        return InDoubt("no answer in time")
    return InDoubt("the connection broke") if isinstance(cause, httpx.HTTPError) else TryLater("error 500")
