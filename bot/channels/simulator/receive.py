"""What the demo page sends, as a message."""

from datetime import datetime
from typing import Any

from bot.channels.simulator import BODY_LIMIT, Account, is_sample, read_form, text_in
from bot.errors import Malformed
from flows.model import Channel, Inbound, Received

LONGEST_ID = 64
LONGEST_TURN = 2**31  # what a database column holds


def read(account: Account, received: Received, now: datetime) -> Inbound:  # noqa: ARG001 - every receive.read is told the time
    """A message typed on one of the sample phones: `{"id", "channel", "from", "text", "pressed_in"?}`.

    Raises:
        TooLarge: more than 64 KB.
        Malformed: not this form, or an address that could be somebody's.
    """
    form = read_form(received)
    external_id = text_in(form, "id", LONGEST_ID)
    address = text_in(form, "from", 40)
    if not external_id:
        raise Malformed("id")
    return Inbound(
        provider=account.provider,
        external_id=external_id,
        channel=_channel_of(form, address),
        address=address,
        line=account.provider,
        text=text_in(form, "text", BODY_LIMIT),
        pressed_in=_pressed_in(form),
    )


def _channel_of(form: dict[str, Any], address: str) -> Channel:
    named = text_in(form, "channel", 20)
    if named not in list(Channel):
        raise Malformed("channel")
    if not is_sample(address) or not address.startswith(f"{named}:"):
        raise Malformed("from")
    return Channel(named)


def _pressed_in(form: dict[str, Any]) -> int | None:
    match form.get("pressed_in"):
        case None:
            return None
        case bool():
            raise Malformed("pressed_in")
        case int() as turn if 0 <= turn < LONGEST_TURN:
            return turn
    raise Malformed("pressed_in")
