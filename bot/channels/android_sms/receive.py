"""What the phone delivers, as a message; its news of what went out comes to the same place."""

import hashlib
import json
from datetime import datetime
from typing import Any

from bot.channels.android_sms import BODY_LIMIT, LONGEST_NAME, Account, read_event, text_in
from bot.channels.android_sms.status import STATES, receipt
from bot.channels.numbers import sms_address
from flows.model import Channel, Inbound, Receipt, Received


def read(account: Account, received: Received, now: datetime) -> Inbound | Receipt | None:
    """One message to the phone, or one report; none for what we did not ask for, or cannot answer.

    Raises:
        TooLarge: more than 64 KB.
        Malformed: not the gateway's form.
        Forged: not signed by our phone, or at another time.
    """
    event = read_event(account, received, now)
    if event.name in STATES:
        return receipt(event)
    match event.name:
        case "sms:received":
            return _message(account, event.payload, text_in(event.payload, "message", BODY_LIMIT), has_media=False)
        case "mms:received":  # the picture stays on the phone
            return _message(account, event.payload, "", has_media=True)
    return None


def _message(account: Account, payload: dict[str, Any], text: str, *, has_media: bool) -> Inbound | None:
    sender = text_in(payload, "phoneNumber", LONGEST_NAME)
    external_id = _external_id(payload, sender)
    address = sms_address(sender)
    if address is None:
        return None
    return Inbound(
        provider="android_sms",
        external_id=external_id,
        channel=Channel.SMS,
        address=address,
        line=account.line,
        text=text,
        has_media=has_media,
    )


def _external_id(payload: dict[str, Any], sender: str) -> str:
    """The gateway makes its id from the words alone, so the same words said again need the time and the sender."""
    named = [text_in(payload, "messageId", LONGEST_NAME), sender, text_in(payload, "receivedAt", LONGEST_NAME)]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()
