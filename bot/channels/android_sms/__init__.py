"""SMS Gateway for Android: a phone with a local SIM.

receive.py   what the phone delivers, as a message; its news of what went out comes to the same place
send.py      what goes out through it
status.py    what became of what went out, as a receipt
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Forged, Malformed, TooLarge
from flows.model import Received

BODY_LIMIT = 64 * 1024  # bytes
OLDEST = timedelta(minutes=5)  # the phone signs anew each time it tries again
LONGEST_NAME = 200
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Account:
    """One phone, and what we and it know each other by."""

    url: str
    user: str
    password: str = field(repr=False)
    signing_key: str = field(repr=False)
    line: str  # the number of its SIM, or a name for it


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on the phone."""

    name: str  # such as "sms:received"
    payload: dict[str, Any] = field(repr=False)


def read_event(account: Account, received: Received, now: datetime) -> Event:
    """The event that the phone signed, at most five minutes ago or ahead.

    The signature is the hex HMAC-SHA256 of the body and the time, joined
    (https://docs.sms-gate.app/features/webhooks/#payload-signing).

    Raises:
        TooLarge: more than 64 KB.
        Forged: not signed by our phone, or at another time.
        Malformed: not the gateway's form.
    """
    if len(received.body) > BODY_LIMIT:
        raise TooLarge("body")
    if received.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Malformed("content type")
    _check_signature(account, received, now)
    try:
        said = json.loads(received.body.decode())
    except (ValueError, RecursionError):  # also what is not UTF-8
        raise Malformed("not JSON") from None
    if not isinstance(said, dict) or not isinstance(said.get("payload"), dict):
        raise Malformed("not an event")
    return Event(text_in(said, "event", LONGEST_NAME), said["payload"])


def text_in(fields: dict[str, Any], name: str, longest: int) -> str:
    """One field that must be a text of at most so many characters, each of them a real one.

    Raises:
        Malformed: it is missing, not a text, too long, or holds half a surrogate pair.
    """
    value = fields.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise Malformed(name)
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise Malformed(name)
    return value


def _check_signature(account: Account, received: Received, now: datetime) -> None:
    signature = received.headers.get("x-signature", "").lower()
    at = received.headers.get("x-timestamp", "")
    if not _SECONDS.fullmatch(at):
        raise Forged("time")
    ours = hmac.new(account.signing_key.encode(), received.body + at.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(ours.encode(), signature.encode()):
        raise Forged("signature")
    if abs(now.timestamp() - int(at)) > OLDEST.total_seconds():
        raise Forged("time")
