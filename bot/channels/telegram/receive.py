"""What Telegram brings: a message of hers, a button she pressed, or a member of staff who saw an alert."""

import hmac
import json
import re
from datetime import datetime

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType
from telegram.ext import filters

from bot.channels.telegram import BODY_LIMIT, SECRET_HEADER, Account
from bot.errors import Forged, Malformed, TooLarge
from flows.model import Acknowledged, Channel, Inbound, Received
from flows.talked import Beside

PRESS = "press:"  # before the id of a press, where a message has its chat
# What reading an update that is none can raise, in the library as in json.
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError, RecursionError)
_COMMAND = re.compile(r"/([a-z]+)(?:@\w+)?(?=\s|$)", re.IGNORECASE | re.ASCII)
_PRESSED = re.compile(r"(\d{1,9}):(\d{1,2})", re.ASCII)
_MARK = re.compile(r"m:[a-z0-9._]{1,24}:[0-9A-Z]{6}:\d{1,6}:[a-z2-7]{16}", re.ASCII)  # of a member's button
_SEEN = re.compile(r"seen:([\w-]{1,59})", re.ASCII)


def read(account: Account, received: Received, now: datetime) -> Inbound | Acknowledged | None:  # noqa: ARG001 - every receive.read is told the time
    """What an update means; None for all that Telegram tells us and we do not need.

    What is not hers is taken and left, never refused: Telegram brings what was refused again, for a day.

    Raises:
        TooLarge: more than 64 KB.
        Forged: without the secret that we share with Telegram.
        Malformed: not an update.
    """
    update = _update(account, received)
    if update.callback_query:
        return _pressed(account, update.callback_query)
    if message := update.message or update.edited_message:
        return None if filters.StatusUpdate.ALL.check_update(update) else _written(account, message)
    return None


def press_in(account: Account, received: Received) -> tuple[str, bool] | None:
    """The id of the press that an update brings, to be answered, and whether it says that an alert was seen.

    Raises:
        Refused: the same as `read`.
    """
    query = _update(account, received).callback_query
    if query is None:
        return None
    return query.id, isinstance(_pressed(account, query), Acknowledged)


def message_numbers(external_id: str) -> tuple[int, ...]:
    """The numbers, in her chat, of the messages that an id of ours names: `<chat>:<n>` is hers, `<n> <n>` is ours.

    A press is no message, so it names none.
    """
    if external_id.startswith(PRESS):
        return ()
    return tuple(int(part.rpartition(":")[2]) for part in external_id.split())


def _update(account: Account, received: Received) -> Update:
    if len(received.body) > BODY_LIMIT:
        raise TooLarge("body")
    shown = received.headers.get(SECRET_HEADER, "")
    if not hmac.compare_digest(shown.encode(), account.webhook_secret.encode()):
        raise Forged("secret")
    try:
        return _checked(json.loads(received.body))
    except _UNREADABLE:
        raise Malformed("not an update") from None


def _checked(form: object) -> Update:
    """An update whose numbers are numbers and whose words are words; the library checks neither.

    Raises:
        TypeError: something is of another kind.
    """
    if not isinstance(form, dict) or type(form["update_id"]) is not int:
        raise TypeError("update")
    update = Update.de_json(form, None)
    query = update.callback_query
    message = query.message if query else update.message or update.edited_message
    if message and (type(message.chat.id) is not int or type(message.message_id) is not int):
        raise TypeError("message")
    written = update.message or update.edited_message
    words = [written.text, written.caption] if written else []
    words += [query.id, query.data] if query else []
    if any(not isinstance(word, str | None) for word in words):
        raise TypeError("words")
    return update


def _written(account: Account, message: Message) -> Inbound | None:
    if not _is_hers(account, message):
        return None
    sender = message.from_user.id if message.from_user else message.chat.id
    chat, words = message.chat.id, _whole(message.text or message.caption or "")
    edited = message.edit_date
    return Inbound(
        provider=account.provider,
        # Not the update's number: after a quiet week Telegram begins anew at a random one.
        external_id=f"{chat}:{message.message_id}" + (f"@{edited.timestamp():.0f}" if edited else ""),
        channel=Channel.TELEGRAM,
        address=f"telegram:{sender}",
        line=account.line,
        text=_without_command(words),
        has_media=message.text is None,
        beside=_beside(message, words),
    )


def _beside(message: Message, words: str) -> Beside:
    """What stands beside the words: a command, a link, the message that is answered, the group and its topic."""
    command = _COMMAND.match(words)
    name = command[1].lower() if command else ""
    answered = message.reply_to_message
    is_group = message.chat.type != ChatType.PRIVATE
    return Beside(
        command=name,
        link=words[command.end() :].strip() if command and name == "start" else "",
        mark=_mark_of(answered),
        is_reply=answered is not None,
        is_edit=message.edit_date is not None,
        chat=str(message.chat.id) if is_group else "",
        topic=message.message_thread_id if is_group else None,
        media=_media(message),
    )


def _media(message: Message) -> str:
    """A picture or a voice by the name of its file; anything else may hold more than it shows, and is left."""
    if message.photo:
        return f"photo:{message.photo[-1].file_id}"
    return f"voice:{message.voice.file_id}" if message.voice else ""


def _mark_of(message: Message | None) -> str:
    """The mark that a message of ours carries under it."""
    rows = message.reply_markup.inline_keyboard if message and message.reply_markup else ()
    marks = (button.callback_data for row in rows for button in row)
    return next((mark for mark in marks if isinstance(mark, str) and _MARK.fullmatch(mark)), "")


def _is_hers(account: Account, message: Message) -> bool:
    """Whether a person wrote it to us alone, or a member in the members' group; any other group is not for us."""
    is_person = message.from_user is not None and not message.from_user.is_bot
    is_group = bool(account.members_group) and str(message.chat.id) == account.members_group
    return is_person and (message.chat.type == ChatType.PRIVATE or is_group)


def _pressed(account: Account, query: CallbackQuery) -> Inbound | Acknowledged | None:
    if query.message is None or query.data is None:
        return None
    chat = query.message.chat
    if seen := _SEEN.fullmatch(query.data):
        return Acknowledged(seen[1]) if str(chat.id) == account.staff_chat else None
    if _MARK.fullmatch(query.data):
        return _marked(account, query, query.data)
    pressed = _PRESSED.fullmatch(query.data)
    if pressed is None or chat.type != ChatType.PRIVATE:
        return None
    return Inbound(
        provider=account.provider,
        external_id=f"{PRESS}{query.id}",
        channel=Channel.TELEGRAM,
        address=f"telegram:{chat.id}",
        line=account.line,
        text=pressed[2],
        pressed_in=int(pressed[1]),
    )


def _marked(account: Account, query: CallbackQuery, mark: str) -> Inbound:
    """A press on a member's button, by whoever pressed it; whether it is hers is not decided here."""
    return Inbound(
        provider=account.provider,
        external_id=f"{PRESS}{query.id}",
        channel=Channel.TELEGRAM,
        address=f"telegram:{query.from_user.id}",
        line=account.line,
        text="",
        beside=Beside(mark=mark, is_press=True),
    )


def _without_command(text: str) -> str:
    """`/start` with whatever a link added is `start`; any other command is its own word."""
    command = _COMMAND.match(text)
    if command is None:
        return text
    word = command[1].lower()
    return word if word == "start" else f"{word}{text[command.end() :]}"


def _whole(text: str) -> str:
    """The text with half a surrogate pair replaced: nothing can store it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
