"""One thing that happened on a sample phone, as the demo page reads it."""

from typing import Any

from bot.channels.simulator.send import Item
from bot.parts import fit
from flows.model import Channel


def on_the_wire(item: Item) -> dict[str, Any]:
    """An item as JSON can say it; only an SMS has an encoding and parts."""
    told: dict[str, Any] = {"n": item.number, "kind": item.kind, "id": item.message_id, "address": item.address}
    if item.outgoing is None:
        return told
    said = {
        "text": item.outgoing.text,
        "buttons": [list(button) for button in item.outgoing.buttons],
        "turn": item.outgoing.turn,
    }
    return told | said | measured(item.outgoing.channel, item.outgoing.text)


def measured(channel: Channel, text: str) -> dict[str, Any]:
    """How a text travels: `encoding` and `segments`, null and 0 where it is no SMS."""
    if channel is not Channel.SMS:
        return {"encoding": None, "segments": 0}
    fitted = fit(text)
    return {"encoding": fitted.encoding, "segments": fitted.segments}
