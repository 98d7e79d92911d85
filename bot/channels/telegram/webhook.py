"""Telling Telegram where to bring messages, and with which secret."""

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.channels.telegram import KINDS, Account
from bot.channels.telegram.client import answer_to, close_bot, make_bot, rest

PATH = "/telegram"
AT_ONCE = 10  # connections that Telegram may open


async def announce(account: Account) -> None:
    """Set the webhook, however often it takes; what waited at Telegram meanwhile is brought then."""
    bot = make_bot(account)
    try:
        tries = 0
        while True:
            try:
                await answer_to(_set(bot, account))
            except TelegramError as refused:
                tries += 1
                await rest("set the webhook", refused, tries)
            else:
                return
    finally:
        await close_bot(bot)


async def _set(bot: ExtBot[int], account: Account) -> bool:
    return await bot.set_webhook(
        account.public_url.rstrip("/") + PATH,
        allowed_updates=KINDS,
        secret_token=account.webhook_secret,
        max_connections=AT_ONCE,
    )
