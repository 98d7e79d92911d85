"""What Twilio delivers, as a message."""

import re
from datetime import datetime

from bot.channels.numbers import sms_address
from bot.channels.twilio import Account, Form, message_sid, one, read_form
from bot.errors import Forged, Malformed
from flows.model import Channel, Inbound, Received

PATH = "/sms/twilio"
_COUNT = re.compile(r"[0-9]{1,2}")


def read(account: Account, received: Received, now: datetime) -> Inbound | None:  # noqa: ARG001 - the same shape in every channel
    """One message to our number; none where the sender is a name or a short code, which nobody can answer.

    Raises:
        TooLarge: more than 64 KB.
        Malformed: not Twilio's form.
        Forged: not signed by Twilio for us, or not sent to our number.
    """
    form = read_form(account, received, PATH)
    sid, sender, text, media = message_sid(form), one(form, "From"), one(form, "Body"), one(form, "NumMedia")
    _check_line(account, form)
    if not _COUNT.fullmatch(media):
        raise Malformed("NumMedia")
    address = sms_address(sender) if sender.startswith("+") else None
    if address is None:
        return None
    return Inbound(
        provider="twilio",
        external_id=sid,
        channel=Channel.SMS,
        address=address,
        line=account.number,
        text=text,
        has_media=int(media) > 0,
    )


def _check_line(account: Account, form: Form) -> None:
    to = one(form, "To")
    line = one(form, "MessagingServiceSid") if account.is_service else to
    if line != account.number:
        raise Forged("line")
