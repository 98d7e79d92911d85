"""Fakes that stand next to the real thing and keep a ledger of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.channels.plain import PlainSender
from bot.errors import SendFailed
from flows.model import Outgoing


@dataclass(slots=True)
class FakeSender(PlainSender):
    """A provider that takes what it is given, or refuses as it was told to, and writes down what it took."""

    provider: str = "simulator"
    idempotent: bool = False
    refuse: list[SendFailed] = field(default_factory=list)  # one a call, until there is none left
    took: list[Outgoing] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    asked: int = 0
    topics: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, outgoing: Outgoing) -> str | None:
        """Take a message, or raise the next refusal."""
        self.asked += 1
        if self.refuse:
            raise self.refuse.pop(0)
        self.took.append(outgoing)
        return f"ext-{len(self.took)}"

    async def remove(self, address: str, external_id: str) -> bool:
        """Delete a message, and write down which."""
        self.removed.append((address, external_id))
        return True

    async def open_topic(self, address: str, name: str) -> int:
        """Open a topic, and write down which."""
        self.topics.append((address, name))
        return 100 + len(self.topics)

    async def close(self) -> None:
        """Nothing is held open."""

    @property
    def texts(self) -> Sequence[str]:
        """What it took, word for word."""
        return [outgoing.text for outgoing in self.took]


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is moved."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> datetime:
        """Let so much time pass, and say what it is then."""
        self.at += by
        return self.at
