"""What the demo page says it has shown, as a receipt."""

from datetime import datetime

from bot.channels.simulator import Account, read_form, text_in
from bot.errors import Malformed
from flows.model import Receipt, Received


def read(account: Account, received: Received, now: datetime) -> Receipt:  # noqa: ARG001 - the same shape in every channel
    """One message was shown: `{"id"}`, the id under which the page got it.

    Raises:
        TooLarge: more than 64 KB.
        Malformed: not this form.
    """
    shown = text_in(read_form(received), "id", 64)
    if not shown:
        raise Malformed("id")
    return Receipt(outbox_id=shown, external_id=shown, state="delivered")
