"""Sending by Telegram: words with the choices as buttons under them, which nobody can pass on."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import regex
import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.channels.telegram import Account
from bot.channels.telegram.client import close_bot, make_bot
from bot.channels.telegram.receive import press_in
from bot.channels.telegram.status import read_refusal
from bot.errors import InDoubt
from flows.model import Outgoing, Received

LONGEST = 4096  # UTF-16 units in one message
CHOICES = frozenset("1234567")
WITHIN = timedelta(seconds=15)  # for one message, so that it ends before its lease does
PROTECTED: Mapping[str, Any] = MappingProxyType(
    {"protect_content": True, "link_preview_options": LinkPreviewOptions(is_disabled=True)}
)

log = structlog.get_logger()


class Sender:
    """The way to her private chat, and to the chat of the staff."""

    provider = "telegram"
    idempotent = False

    def __init__(self, account: Account) -> None:
        self._account = account
        self._bot = make_bot(account)
        self._protected = PROTECTED
        self._moved: dict[int, int] = {}

    async def send(self, outgoing: Outgoing) -> str | None:
        """Hand a message over; Telegram's number of it.

        Raises:
            SendFailed: Telegram refused it, or did not answer.
        """
        *first, last = split(outgoing.text)
        chat = _chat_in(outgoing.address)
        try:
            async with asyncio.timeout(WITHIN.total_seconds()):
                sent = [await self._say(chat, text, None) for text in first]
                sent.append(await self._say(chat, last, keyboard(outgoing)))
        except TelegramError as refused:
            raise read_refusal(refused) from None
        except TimeoutError:
            raise InDoubt("no answer in time") from None
        return " ".join(str(message.message_id) for message in sent)

    async def remove(self, address: str, external_id: str) -> bool:
        """Take a message back, and say whether it is gone; Telegram does so for 48 hours.

        Raises:
            SendFailed: Telegram did not answer.
        """
        try:
            for number in external_id.split():
                await self._bot.delete_message(_chat_in(address), int(number))
        except BadRequest:
            return False
        except TelegramError as refused:
            raise read_refusal(refused) from None
        return True

    async def answer_press(self, received: Received) -> None:
        """Let the button she pressed come to rest on her phone; her answer itself travels as a message.

        If it fails, her phone shows a waiting button for a while, and nothing else is lost.
        """
        press = press_in(self._account, received)
        if press is None:
            return
        number, is_seen = press
        try:
            await self._bot.answer_callback_query(number, text="Noted." if is_seen else None)
        except TelegramError as refused:
            log.info("press not answered", failure=type(refused).__name__)

    async def close(self) -> None:
        """Let go of the connections."""
        await close_bot(self._bot)

    async def _say(self, chat: int, text: str, markup: InlineKeyboardMarkup | None) -> Message:
        try:
            return await self._hand_over(self._moved.get(chat, chat), text, markup)
        except ChatMigrated as moved:
            # Only a group moves, and the only group is that of the staff: alerts must follow it at once.
            log.error("chat moved", reason="STAFF_ALERT_CHAT has a new number: set it, or nobody can press Seen")
            self._moved[chat] = moved.new_chat_id
            return await self._hand_over(moved.new_chat_id, text, markup)

    async def _hand_over(self, chat: int, text: str, markup: InlineKeyboardMarkup | None) -> Message:
        try:
            return await self._bot.send_message(chat, text, reply_markup=markup, **self._protected)
        except BadRequest as refused:
            if not any(name in refused.message for name in self._protected):
                raise
            # Telegram never refuses these; another server of its Bot API may, and her answer matters more.
            log.warning("sending unprotected", reason="the server at TELEGRAM_API_URL knows no protected messages")
            self._protected = {}
            return await self._bot.send_message(chat, text, reply_markup=markup)


def keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    """The buttons: a choice a row, wide enough for her words, and what always works in one row below.

    Each carries the turn of its message, so that a press on an old one is known as such.
    """
    if not outgoing.buttons:
        return None
    buttons = [(key, InlineKeyboardButton(_label(key, label), callback_data=_mark(outgoing, key)))
               for key, label in outgoing.buttons]  # fmt: skip
    rows = [[button] for key, button in buttons if not _is_hint(key)]
    hints = [button for key, button in buttons if _is_hint(key)]
    return InlineKeyboardMarkup([*rows, *([hints] if hints else [])])


def split(text: str) -> list[str]:
    """The text in messages that Telegram takes, never within a letter; nearly always one."""
    if _units(text) <= LONGEST:
        return [text]
    return list(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    piece, length = "", 0
    for letter in regex.findall(r"\X", text):
        units = _units(letter)
        if piece and length + units > LONGEST:
            yield piece
            piece, length = "", 0
        piece, length = piece + letter, length + units
    yield piece


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _label(key: str, label: str) -> str:
    return f"{key} {label}" if key.isdigit() else label


def _mark(outgoing: Outgoing, key: str) -> str:
    return key if ":" in key else f"{outgoing.turn}:{key}"


def _is_hint(key: str) -> bool:
    return key.isdigit() and key not in CHOICES


def _chat_in(address: str) -> int:
    return int(address.removeprefix("telegram:"))
