"""Telegram: a bot that she writes to in a private chat, and one chat where staff are alerted.

client.py    the library's bot, with our time limits
receive.py   what Telegram brings, as a message or an acknowledgement
send.py      what goes back
layout.py    how it looks, with its buttons
status.py    what Telegram's refusals ask of us; it tells nothing more of a message later
webhook.py   telling Telegram where to bring messages
poll.py      fetching them instead, where nobody can reach us
"""

import re
from dataclasses import dataclass, field

from bot.errors import Misconfigured

BODY_LIMIT = 64 * 1024  # bytes
KINDS = ("message", "edited_message", "callback_query")  # all that we ever read
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - its name, not the secret
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)  # what setWebhook takes
_CHAT = re.compile(r"-?[0-9]{1,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Account:
    """One bot, the secret that Telegram shows with each message, and the chat of the staff.

    Raises:
        Misconfigured: the secret is none that Telegram can show (without one anybody could write as anybody),
            or the chat of the staff is no number.
    """

    token: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    api_url: str = ""  # another server of the Bot API, as the library's base_url; empty: Telegram's own
    staff_chat: str = ""
    members_group: str = ""  # a group with topics, where members answer; empty: each in a chat of her own
    public_url: str = ""
    provider: str = "telegram"

    def __post_init__(self) -> None:
        if not _SECRET.fullmatch(self.webhook_secret):
            raise Misconfigured("TELEGRAM_WEBHOOK_SECRET must be 1 to 256 of A-Z, a-z, 0-9, _ and -")
        if self.staff_chat and not _CHAT.fullmatch(self.staff_chat):
            raise Misconfigured("STAFF_ALERT_CHAT must be the number of a Telegram chat")

    @property
    def line(self) -> str:
        """The bot's own number, which is the first half of its token and no secret."""
        number, colon, _secret = self.token.partition(":")
        return number if colon else self.provider
