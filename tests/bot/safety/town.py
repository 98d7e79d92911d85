"""Many people who write to one house, and a carrier that writes down for itself what it took, and when."""

import asyncio
import atexit
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from sqlalchemy import select

from bot.budget import Budget
from bot.channels.plain import PlainSender
from bot.chores import Chores, do_due
from bot.delivery import Post, deliver
from bot.errors import TryLater
from bot.parts import fit
from bot.turn import Taken, take_turn
from flows.model import Channel, Inbound, Outgoing, Place, Standing
from storage import conversations, keystore, people
from storage.database import Store, reading, writing
from storage.retention import Keep
from storage.tables import outbox
from tests.bot.channels.house import taking_of
from tests.fakes import Clock
from tests.storage.builders import NOW

Given = ParamSpec("Given")
Made = TypeVar("Made")

TALK = ("order paisi 2 bochor age taka ase nai", "1", "9", "1", "1", "basirhat", "1", "1")


def address(number: int, channel: Channel = Channel.SMS) -> str:
    """The address of somebody; it can be nobody's."""
    return f"sms:+91555{number:07d}" if channel is Channel.SMS else f"telegram:555{number:07d}"


class OneThread(ThreadPoolExecutor):
    """Does at once, in this thread, what is handed to another: a town has one clock, and need not wait for threads."""

    def submit(self, fn: Callable[Given, Made], /, *args: Given.args, **kwargs: Given.kwargs) -> "Future[Made]":
        """Do it; what it raises is kept for whoever waits for it."""
        done: Future[Made] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as failure:  # noqa: BLE001 - whatever it is, it belongs to whoever waits
            done.set_exception(failure)
        return done


def one_loop() -> asyncio.AbstractEventLoop:
    """A loop that starts no threads."""
    loop = asyncio.new_event_loop()
    loop.set_default_executor(OneThread())
    return loop


LOOP = one_loop()  # of all towns, since nothing of any outlives a call
atexit.register(LOOP.close)


@dataclass(slots=True)
class Carrier(PlainSender):
    """A provider with a ledger of its own, that is away when it is told to be."""

    clock: Callable[[], datetime]
    is_away: Callable[[], bool] = lambda: False
    provider: str = "simulator"
    idempotent: bool = False
    took: list[tuple[datetime, Outgoing]] = field(default_factory=list)
    asked: int = 0
    topics: list[tuple[str, str]] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, outgoing: Outgoing) -> str | None:
        """Take a message, or say that it must come again."""
        self.asked += 1
        if self.is_away():
            raise TryLater("HTTP 503")
        self.took.append((self.clock(), outgoing))
        return f"ext-{len(self.took)}"

    async def remove(self, address: str, external_id: str) -> bool:
        """Nothing is kept that could be deleted; what was to be is written down."""
        self.removed.append((address, external_id))
        return False

    async def open_topic(self, address: str, name: str) -> int:
        """Open a topic, and write down which."""
        self.topics.append((address, name))
        return 100 + len(self.topics)

    async def close(self) -> None:
        """Nothing is held open."""

    def texts_to(self, whom: str) -> Sequence[str]:
        """What somebody reads, oldest first."""
        return [outgoing.text for _, outgoing in self.took if outgoing.address == whom]

    def parts(self) -> dict[str, int]:
        """How many parts went to each address, as a network would count them."""
        counted: dict[str, int] = defaultdict(int)
        for _, outgoing in self.took:
            counted[outgoing.address] += fit(outgoing.text).segments
        return counted


class Town:
    """One house on a real database, its clock, its carrier, and whoever writes to it."""

    def __init__(
        self, store: Store, folder: Path, budget: Budget | None = None, at: datetime = NOW, provider: str = "simulator"
    ) -> None:
        self.store = store
        self.clock = Clock(at)
        self.carrier = Carrier(self.clock, provider=provider)
        self.house = taking_of(store, folder).house
        self.chores = Chores(self.house, Keep())
        self.written = 0
        budget = budget or Budget(10**6)
        self.post = Post(store, {provider: self.carrier}, {}, budget, self.clock, "worker")

    def take(self, whom: str, text: str) -> Taken:
        """Somebody writes; her answer waits in the outbox."""
        self.written += 1
        channel, provider = Channel(whom.partition(":")[0]), self.carrier.provider
        message = Inbound(provider, f"m{self.written}", channel, whom, "line-1", text)
        return take_turn(self.house, message, self.clock())

    def write(self, whom: str, *texts: str) -> str:
        """Somebody writes one message after another and reads each answer; the last of them."""
        for text in texts:
            before = len(self.carrier.took)
            self.take(whom, text)
            self.deliver()
            self.clock.move(timedelta(seconds=20))
        answers = [outgoing.text for _, outgoing in self.carrier.took[before:]]
        return "\n".join(answers)

    def deliver(self, rounds: int = 10**6) -> None:
        """Send what may go now, at most so many rounds."""
        LOOP.run_until_complete(self._deliver(rounds))

    def pass_time(self, by: timedelta) -> None:
        """Time passes, and what falls due in it is done."""
        self.clock.move(by)
        do_due(self.chores, self.clock())

    def standing(self, whom: str) -> Standing:
        """Where somebody stands."""
        person = self.person(whom)
        with reading(self.store.keys) as db:
            key = keystore.fetch(db, self.store.sealer, person.id)
        with writing(self.store.main) as db:
            record = people.lock(db, person.id)
            assert record
            assert key
            return conversations.standing_of(record, self.store.sealer, key, self.clock())

    def place(self, whom: str) -> Place:
        """At which step somebody stands."""
        return self.standing(whom).place

    def stand(self, whom: str, standing: Standing) -> None:
        """Put somebody where she could have come by herself."""
        person = self.person(whom)
        with reading(self.store.keys) as db:
            key = keystore.fetch(db, self.store.sealer, person.id)
        assert key
        with writing(self.store.main) as db:
            conversations.store(db, self.store.sealer, key, person.id, standing, self.clock())

    def person(self, whom: str) -> people.Person:
        """The row of somebody."""
        with reading(self.store.main) as db:
            found = people.find(db, self.store.sealer.blind(whom))
        assert found
        return found

    def outbox(self) -> Sequence[dict[str, object]]:
        """Every message that was ever put, as it stands."""
        with reading(self.store.main) as db:
            return [dict(row) for row in db.execute(select(outbox)).mappings()]

    async def _deliver(self, rounds: int) -> None:
        for _ in range(rounds):
            if not await deliver(self.post):
                break
