"""The simulator: a channel without a network, for the demo page and nobody's real phone.

receive.py   what the page sends, as a message
send.py      what goes back, into a mailbox that the page reads
status.py    what the page says it has shown
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.errors import Malformed, TooLarge
from flows.model import Received

BODY_LIMIT = 64 * 1024  # bytes
# No Indian mobile number begins with 5; and whatever an address is, nothing leaves the mailbox for it.
SAMPLE = re.compile(r"sms:\+91555\d{7}|telegram:-?555\d{4,12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Account:
    """The simulator's own coordinates: its name, which is also its line."""

    provider: str = "simulator"


def is_sample(address: str) -> bool:
    """Whether an address is one of the sample addresses, which reach nobody."""
    return SAMPLE.fullmatch(address) is not None


def read_form(received: Received) -> dict[str, Any]:
    """The JSON object that the page sent.

    Raises:
        TooLarge: more than 64 KB.
        Malformed: not JSON, not an object, or not said to be JSON, which another site's page could send unasked.
    """
    if len(received.body) > BODY_LIMIT:
        raise TooLarge("body")
    if received.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Malformed("content type")
    try:
        form = json.loads(received.body)
    except (ValueError, RecursionError):
        raise Malformed("not JSON") from None
    if not isinstance(form, dict):
        raise Malformed("not an object")
    return form


def text_in(form: dict[str, Any], name: str, longest: int) -> str:
    """One field that must be a text of at most so many characters, each of them a real one.

    Raises:
        Malformed: it is missing, not a text, too long, or holds half a surrogate pair.
    """
    value = form.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise Malformed(name)
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise Malformed(name)
    return value
