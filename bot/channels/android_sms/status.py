"""What became of a message that the phone took, as a receipt."""

import re
from datetime import datetime
from typing import Literal, TypeAlias

from bot.channels.android_sms import LONGEST_NAME, Account, Event, read_event, text_in
from flows.model import Receipt, Received

State: TypeAlias = Literal["sent", "delivered", "failed"]
STATES: dict[str, State] = {"sms:sent": "sent", "sms:delivered": "delivered", "sms:failed": "failed"}
_CODE = re.compile(r"[A-Z][A-Z_]{2,60}")  # Android's name for an error; the words around it can hold a number


def read(account: Account, received: Received, now: datetime) -> Receipt | None:
    """One report; none where it is something else.

    Raises:
        TooLarge: more than 64 KB.
        Malformed: not the gateway's form.
        Forged: not signed by our phone, or at another time.
    """
    event = read_event(account, received, now)
    return receipt(event) if event.name in STATES else None


def receipt(event: Event) -> Receipt:
    """The report in an event whose name is one of `STATES`; the phone names a message by the id that we gave it.

    Raises:
        Malformed: it does not name a message.
    """
    outbox_id = text_in(event.payload, "messageId", LONGEST_NAME)
    return Receipt(outbox_id, None, STATES[event.name], _reason(event))


def _reason(event: Event) -> str:
    said = event.payload.get("reason")
    code = _CODE.search(said) if isinstance(said, str) else None
    return code[0] if code else ""
