"""Sending to a sample phone: into a mailbox in memory, from which the demo page reads."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.channels.plain import PlainSender
from bot.channels.simulator import Account
from flows.model import Channel, Outgoing

KEPT = 100  # messages an address
ADDRESSES = 500  # the one that was written to longest ago goes first


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened on a sample phone: a message came, or one was taken back."""

    number: int  # grows over the whole mailbox
    kind: Literal["message", "removed"]
    address: str
    message_id: str
    outgoing: Outgoing | None = None


class Mailbox:
    """What the sample phones have yet to show; bounded, in memory, lost when the demo ends.

    It belongs to one event loop: the demo's worker and its web run in the same one.
    """

    def __init__(self, kept: int = KEPT, addresses: int = ADDRESSES) -> None:
        self._kept = kept
        self._addresses = addresses
        self._items: OrderedDict[str, deque[Item]] = OrderedDict()
        self._newest = 0
        self._changed = asyncio.Event()

    def put(self, outgoing: Outgoing) -> None:
        """Put a message in; the same one twice is there once."""
        if not self._holds(outgoing.address, outgoing.id):
            self._newest += 1
            self._add(Item(self._newest, "message", outgoing.address, outgoing.id, outgoing))

    def take_back(self, address: str, message_id: str) -> bool:
        """Take a message back, and say whether it was there; a phone that shows it is told."""
        if not self._holds(address, message_id):
            return False
        kept = [item for item in self._items[address] if item.message_id != message_id]
        self._items[address] = deque(kept, self._kept)
        self._newest += 1
        self._add(Item(self._newest, "removed", address, message_id))
        return True

    def since(self, addresses: Collection[str], number: int) -> Sequence[Item]:
        """What came for these addresses after this number, in order.

        A number that this mailbox has not reached is from before a restart: then all of it is new.
        """
        after = number if number <= self._newest else 0
        found = (item for address in addresses for item in self._items.get(address, ()) if item.number > after)
        return sorted(found, key=lambda item: item.number)

    async def wait(self, addresses: Collection[str], number: int, limit: timedelta) -> Sequence[Item]:
        """The same, but where there is nothing wait for something, at most so long."""
        try:
            async with asyncio.timeout(limit.total_seconds()):
                while not (found := self.since(addresses, number)):
                    await self._changed.wait()
        except TimeoutError:
            return ()
        return found

    def clear(self) -> None:
        """Hold nothing any more."""
        self._items.clear()

    def _holds(self, address: str, message_id: str) -> bool:
        items = self._items.get(address, ())
        return any(item.message_id == message_id and item.kind == "message" for item in items)

    def _add(self, item: Item) -> None:
        self._items.setdefault(item.address, deque(maxlen=self._kept)).append(item)
        self._items.move_to_end(item.address)
        while len(self._items) > self._addresses:
            self._items.popitem(last=False)
        self._changed.set()
        self._changed = asyncio.Event()


class Sender(PlainSender):
    """The way to the sample phones, for both channels; it takes the same id twice and shows it once."""

    provider = Account().provider
    channel: Channel | None = None  # either
    idempotent = True

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def send(self, outgoing: Outgoing) -> str | None:
        """Put the message in the mailbox; its own id is also the provider's."""
        self._mailbox.put(outgoing)
        return outgoing.id

    async def remove(self, address: str, external_id: str) -> bool:
        """Take a message off the phone, and say whether it was there."""
        return self._mailbox.take_back(address, external_id)

    async def close(self) -> None:
        """Empty the mailbox."""
        self._mailbox.clear()
