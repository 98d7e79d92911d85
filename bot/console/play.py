"""`sathi play`: the real path, line by line, delivered only to itself; programs talk to Sathi through it."""

import asyncio
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from bot.applying import Event
from bot.assemble import keep_of, now, open_house
from bot.budget import Budget
from bot.channels.plain import PlainSender
from bot.chores import Chores, do_due, plan
from bot.console.lines import read_objects, write_object
from bot.console.run import bring_up_to_date
from bot.delivery import Post, deliver
from bot.errors import Misconfigured
from bot.settings import read
from bot.taking import refuse_real
from bot.turn import House, take_turn
from flows.model import Channel, Inbound, Outgoing
from storage import outbox
from storage.database import reading

PROVIDER = "play"


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(play)


def play() -> None:
    """Talk to Sathi by JSON lines: one message in, its answers and events out, before the next is read."""
    settings = read()
    bring_up_to_date(settings)
    house = open_house(settings)
    refuse_real(house)
    player = Player(house, Chores(house, keep_of(settings)))
    plan(house.store, now())
    for number, said in read_objects(sys.stdin.buffer):
        for answer in player.answer(_heard(number, said)):
            write_object(answer)


@dataclass(frozen=True, slots=True)
class Line:
    """One line in."""

    id: str
    at: datetime
    message: Inbound


@dataclass(slots=True)
class Tray(PlainSender):
    """Where `play` delivers to: itself."""

    provider: str = PROVIDER
    idempotent: bool = True
    sent: list[Outgoing] = field(default_factory=list)

    async def send(self, outgoing: Outgoing) -> str | None:
        """Lay the message in the tray."""
        self.sent.append(outgoing)
        return outgoing.id

    async def remove(self, address: str, external_id: str) -> bool:  # noqa: ARG002 - nothing lies anywhere
        """What is in the tray was handed on already."""
        return False

    async def close(self) -> None:
        """Nothing is held open."""


class Player:
    """Takes lines in order, moves the clock with them, and says all that came of each."""

    def __init__(self, house: House, chores: Chores) -> None:
        self._house = house
        self._chores = chores
        self._tray = Tray()
        self._now = datetime.min.replace(tzinfo=UTC)
        budget = Budget(per_person=10**9)  # a program may talk all day; the budget is tested on its own
        self._post = Post(house.store, {PROVIDER: self._tray}, {}, budget, lambda: self._now, PROVIDER)

    def answer(self, line: Line) -> Iterator[Mapping[str, Any]]:
        """What fell due before the line, then the line's answers and events, then that it is done."""
        self._now = max(self._now, line.at)
        yield from _events(do_due(self._chores, self._now))
        yield from self._delivered(None)
        taken = take_turn(self._house, line.message, self._now)
        yield from _events(taken.events)
        yield from self._delivered(line.id)
        yield {"done": line.id}

    def _delivered(self, line_id: str | None) -> Iterator[Mapping[str, Any]]:
        while asyncio.run(deliver(self._post)):
            pass
        sent, self._tray.sent = self._tray.sent, []
        for outgoing in sent:
            with reading(self._house.store.main) as db:
                yield _shown(line_id, outgoing, outbox.described(db, outgoing.id))


@contextmanager
def scratch_player() -> Iterator[Player]:
    """A player on databases of its own, of which nothing is left afterwards."""
    with tempfile.TemporaryDirectory(prefix="sathi-") as folder:
        settings = read(
            database_url=f"sqlite:///{folder}/sathi.db",
            keystore_url=f"sqlite:///{folder}/keys.db",
            master_key_file=Path(folder) / "master.key",
            erasure_ledger=Path(folder) / "erasures.ledger",
        )
        bring_up_to_date(settings)
        house = open_house(settings)
        try:
            yield Player(house, Chores(house, keep_of(settings)))
        finally:
            house.store.close()


def _shown(line_id: str | None, outgoing: Outgoing, described: outbox.Described) -> Mapping[str, Any]:
    is_sms = outgoing.channel is Channel.SMS
    return {
        "in_reply_to": line_id,
        "channel": outgoing.channel.value,
        "to": outgoing.address.partition(":")[2],
        "text": outgoing.text,
        "encoding": described.encoding if is_sms else None,
        "segments": described.parts if is_sms else 0,
        "language": described.language,
        "place": described.place,
        "choices": [{"key": key, "label": label} for key, label in outgoing.buttons[: described.choices]],
        "kind": _kind(described.kind, line_id),
    }


def _kind(kind: str, line_id: str | None) -> str:
    if kind == "relay":
        return "relay"
    return "notice" if kind in ("notice", "farewell") and line_id is None else "reply"


def _events(events: Iterable[Event]) -> Iterator[Mapping[str, Any]]:
    for event in events:
        yield {"event": event.name, **event.fields}


def _heard(number: int, said: Mapping[str, Any]) -> Line:
    try:
        channel = Channel(said["channel"])
        line_id, sender, text = said["id"], said["from"], said["text"]
        at = datetime.fromisoformat(said["at"]) if said.get("at") else now()
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Misconfigured(f"line {number} is not a message: id, channel (sms or telegram), from and text") from None
    if not all(isinstance(value, str) for value in (line_id, sender, text)):
        raise Misconfigured(f"line {number}: id, from and text must be strings")
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Line(line_id, at, Inbound(PROVIDER, line_id, channel, f"{channel.value}:{sender}", PROVIDER, text))
