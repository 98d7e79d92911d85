"""What became of a message that Twilio took, as a receipt."""

import re
from datetime import datetime
from typing import Literal, TypeAlias
from urllib.parse import parse_qsl, quote

from bot.channels.twilio import Account, message_sid, one, read_form
from bot.errors import Malformed
from flows.model import Receipt, Received

PATH = "/sms/twilio/status"
OUTBOX = "o"
OPTED_OUT = "21610"
_OUTBOX_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_CODE = re.compile(r"[0-9]{1,6}")

State: TypeAlias = Literal["sent", "delivered", "failed", "stopped"]
# https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
STATES: dict[str, State] = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "partially_delivered": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}


def callback(account: Account, outbox_id: str) -> str:
    """Where Twilio reports on this message; our own id in it settles a send that broke half-way."""
    return account.url(PATH, f"{OUTBOX}={quote(outbox_id)}")


def read(account: Account, received: Received, now: datetime) -> Receipt | None:  # noqa: ARG001 - the same shape in every channel
    """One report; none where the word for the state says nothing about what we sent.

    Reports come in any order: whoever keeps them only ever moves a message forward.

    Raises:
        TooLarge: more than 64 KB.
        Malformed: not Twilio's form.
        Forged: not signed by Twilio for us.
    """
    form = read_form(account, received, PATH)
    sid, outbox_id = message_sid(form), _outbox_id(received.query)
    state = STATES.get(one(form, "MessageStatus"))
    if state is None:
        return None
    code = one(form, "ErrorCode") if "ErrorCode" in form else ""
    if code and not _CODE.fullmatch(code):
        raise Malformed("ErrorCode")
    if state == "failed" and code == OPTED_OUT:
        state = "stopped"
    return Receipt(outbox_id, sid, state, f"error {code}" if code else "")


def _outbox_id(query: str) -> str | None:
    named = [value for name, value in parse_qsl(query, keep_blank_values=True) if name == OUTBOX]
    if not named:
        return None
    if len(named) > 1 or not _OUTBOX_ID.fullmatch(named[0]):
        raise Malformed(OUTBOX)
    return named[0]
