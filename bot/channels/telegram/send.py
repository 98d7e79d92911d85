"""Sending by Telegram: words with the choices as buttons under them, which nobody can pass on."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import structlog
from telegram import BotCommandScopeChat, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.channels.telegram import Account
from bot.channels.telegram.client import answer_to, close_bot, make_bot
from bot.channels.telegram.layout import keyboard, split
from bot.channels.telegram.receive import message_numbers, press_in
from bot.channels.telegram.status import read_refusal
from bot.errors import InDoubt
from flows.model import Outgoing, Received

WITHIN = timedelta(seconds=15)  # for one message, so that it ends before its lease does
PROTECTED: Mapping[str, Any] = MappingProxyType(
    {"protect_content": True, "link_preview_options": LinkPreviewOptions(is_disabled=True)}
)

TOPIC = "topic:"  # before the id of a topic that is to be deleted

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
                sent = [await self._show(chat, outgoing)] if outgoing.media else []
                sent += [await self._say(chat, text, None, outgoing.topic) for text in first]
                if last or not sent:
                    sent.append(await self._say(chat, last, keyboard(outgoing), outgoing.topic))
        except TelegramError as refused:
            raise read_refusal(refused) from None
        except TimeoutError:
            raise InDoubt("no answer in time") from None
        return " ".join(str(message.message_id) for message in sent)

    async def remove(self, address: str, external_id: str) -> bool:
        """Delete a message of ours or hers, and say whether it is gone; Telegram does so for 48 hours.

        Raises:
            SendFailed: Telegram did not answer.
        """
        if external_id.startswith(TOPIC):
            return await self._remove_topic(external_id.removeprefix(TOPIC))
        numbers = message_numbers(external_id)
        try:
            for number in numbers:
                await answer_to(self._bot.delete_message(_chat_in(address), number))
        except BadRequest:
            return False
        except TelegramError as refused:
            raise read_refusal(refused) from None
        return bool(numbers)

    async def _remove_topic(self, place: str) -> bool:
        """Delete a topic and all that lies in it, which is possible at any age."""
        chat, _, topic = place.partition("/")
        try:
            return await answer_to(self._bot.delete_forum_topic(int(chat), int(topic)))
        except BadRequest:
            return False
        except TelegramError as refused:
            raise read_refusal(refused) from None

    async def open_topic(self, address: str, name: str) -> int:
        """A new topic of the members' group, named by the code of a talk.

        Raises:
            SendFailed: Telegram refused, or did not answer.
        """
        try:
            topic = await answer_to(self._bot.create_forum_topic(_chat_in(address), name))
        except TelegramError as refused:
            raise read_refusal(refused) from None
        return topic.message_thread_id

    async def edit(self, address: str, external_id: str, text: str) -> bool:
        """Change the words of a message of ours, and say whether they were.

        Raises:
            SendFailed: Telegram did not answer.
        """
        *_, number = message_numbers(external_id)
        try:
            await answer_to(self._bot.edit_message_text(text, _chat_in(address), number))
        except BadRequest:
            return False
        except TelegramError as refused:
            raise read_refusal(refused) from None
        return True

    async def offer_commands(self, address: str, commands: Mapping[str, Sequence[Sequence[str]]]) -> None:
        """Show these commands in one chat alone, in each language; the first stands for every other language.

        Raises:
            SendFailed: Telegram refused, or did not answer.
        """
        scope = BotCommandScopeChat(_chat_in(address))
        try:
            for language, shown in commands.items():
                named = [(name, what) for name, what in shown]
                await answer_to(self._bot.set_my_commands(named, scope=scope, language_code=language or None))
        except TelegramError as refused:
            raise read_refusal(refused) from None

    async def answer_press(self, received: Received) -> None:
        """Let the button she pressed come to rest on her phone; her answer itself travels as a message.

        If it fails, her phone shows a waiting button for a while, and nothing else is lost.
        """
        press = press_in(self._account, received)
        if press is None:
            return
        number, is_seen = press
        try:
            await answer_to(self._bot.answer_callback_query(number, text="Noted." if is_seen else None))
        except TelegramError as refused:
            log.info("press not answered", failure=type(refused).__name__)

    async def close(self) -> None:
        """Let go of the connections."""
        await close_bot(self._bot)

    async def _show(self, chat: int, outgoing: Outgoing) -> Message:
        """A picture or a voice, sent anew by its file: without who sent it first, and without what a camera adds.

        Telegram has made the picture anew when it came, and what a file of its own is called tells nothing.
        """
        kind, _, file = outgoing.media.partition(":")
        place: dict[str, Any] = {"message_thread_id": outgoing.topic, "protect_content": True}
        if not outgoing.text:
            place["reply_markup"] = keyboard(outgoing)
        if kind == "photo":
            return await answer_to(self._bot.send_photo(chat, file, **place))
        return await answer_to(self._bot.send_voice(chat, file, **place))

    async def _say(self, chat: int, text: str, markup: InlineKeyboardMarkup | None, topic: int | None) -> Message:
        try:
            return await self._hand_over(self._moved.get(chat, chat), text, markup, topic)
        except ChatMigrated as moved:
            # Only a group moves, and it is that of the staff or of the members: what goes there must follow at once.
            log.error("chat moved", reason="a group has a new number: set it, or what is written there is not heard")
            self._moved[chat] = moved.new_chat_id
            return await self._hand_over(moved.new_chat_id, text, markup, topic)

    async def _hand_over(self, chat: int, text: str, markup: InlineKeyboardMarkup | None, topic: int | None) -> Message:
        placed: dict[str, Any] = {"reply_markup": markup, **({"message_thread_id": topic} if topic else {})}
        try:
            return await answer_to(self._bot.send_message(chat, text, **placed, **self._protected))
        except BadRequest as refused:
            if not any(name in refused.message.lower() for name in self._protected):
                raise
            # Telegram never refuses these; another server of its Bot API may, and her answer matters more.
            log.warning("sending unprotected", reason="the server at TELEGRAM_API_URL knows no protected messages")
            self._protected = {}
            return await answer_to(self._bot.send_message(chat, text, **placed))


def _chat_in(address: str) -> int:
    return int(address.removeprefix("telegram:"))
