"""A lane of survivors and members around one house: each writes from a phone of her own, and each reads on it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import members_roster
from bot.channels.telegram.layout import keyboard
from bot.delivery import Post
from bot.taking import Taking, take
from flows.model import Channel, Inbound, Outgoing, Received
from flows.talked import Beside
from storage import directory, members, relays
from storage.database import Store, reading, writing
from storage.directory import Collective
from storage.relays import Relay
from tests.bot.safety.town import Carrier, Town
from tests.storage.builders import NOW

DAYS = "mon tue wed thu fri sat sun"
ALL_DAY = dict.fromkeys(DAYS.split(), (("00:00", "24:00"),))
HER = "sms:+915550000001"
ASKS = ("9", "3", "9", "1", "1", "basirhat", "1", "1")  # as far as her return code
CODE = re.compile(r"\b\d{4} \d{4}\b", re.ASCII)


def post(label: str, **more: Any) -> members.Post:
    """What the roster says of a member, of which a test states only what matters to it."""
    usual: dict[str, Any] = {
        "label": label,
        "collective": "sample",
        "districts": ("north_24_parganas",),
        "languages": ("bn", "hi", "en"),
        "home": "nadia",
        "block": "ranaghat",
        "duty": ALL_DAY,
    }
    return members.Post(**{**usual, **more})


@dataclass(slots=True)
class Phone:
    """A member's phone: what came to it, and what she types and presses."""

    lane: "Lane"
    label: str
    address: str
    numbers: int = 0
    group: str = ""
    came: list[Outgoing] = field(default_factory=list)
    looked: int = 0  # how far into all that went out

    @property
    def shown(self) -> Sequence[Outgoing]:
        """All that came, oldest first."""
        own, took = (self.address, f"telegram:{self.group}"), self.lane.telegram.took
        self.came += [one for _, one in took[self.looked :] if one.address in own]
        self.looked = len(took)
        return self.came

    @property
    def reads(self) -> Sequence[str]:
        """The words of all that came."""
        return [one.text for one in self.shown]

    @property
    def last(self) -> str:
        """The words that came last."""
        return self.reads[-1]

    def button(self, label: str, at: int = -1) -> str:
        """What the button carries that has this label, under the newest message that has it."""
        for outgoing in reversed(self.shown if at == -1 else self.shown[: at + 1]):
            for row in (keyboard(outgoing) or EMPTY).inline_keyboard:
                for one in row:
                    if one.text == label:
                        return str(one.callback_data)
        raise AssertionError(f"no button {label!r} under {self.reads}")

    def press(self, label: str, *, mark: str | None = None) -> None:
        """Press a button."""
        beside = Beside(mark=mark or self.button(label), is_press=True)
        self._send("", beside)

    def write(self, text: str, *, to: str | None = None, **more: Any) -> str:
        """Write something, in answer to a message that carries this mark; the id of the message."""
        command = text[1:].split(maxsplit=1)[0] if text.startswith("/") else ""
        beside = Beside(command=command, mark=to or "", is_reply=to is not None, **more)
        return self._send(text, beside)

    def write_in(self, topic: int | None, text: str) -> None:
        """Write something in a topic of the members' group."""
        self._send(text, Beside(is_reply=True, chat=self.group, topic=topic))

    def edit(self, message: str, text: str) -> None:
        """Change what was written."""
        self._send(text, Beside(is_edit=True), name=f"{message}@{self.numbers}")

    def join(self, link: str) -> None:
        """Open an invitation."""
        self._send("start", Beside(command="start", link=link))

    def _send(self, text: str, beside: Beside, name: str = "") -> str:
        self.numbers += 1
        name = name or f"{self.address.partition(':')[2]}:{self.numbers}"
        self.lane.bring(Inbound("telegram", name, Channel.TELEGRAM, self.address, "bot", text, beside=beside))
        return name


class Lane(Town):
    """A town with members in it."""

    def __init__(self, store: Store, folder: Path, at: datetime = NOW, **more: Any) -> None:
        super().__init__(store, folder, at=at)
        self.house = replace(self.house, **more)
        self.chores = replace(self.chores, house=self.house)
        self.telegram = Carrier(self.clock, provider="telegram")
        senders = {"simulator": self.carrier, "telegram": self.telegram}
        self.post = Post(store, senders, {}, self.post.budget, self.clock, "worker")
        self.taking = Taking(self.house, self.clock, lambda: None)
        with writing(store.main) as db:
            directory.upsert(db, [Collective("sample", "SAMPLE", districts=("north_24_parganas",))])

    def member(self, label: str, number: int, **more: Any) -> Phone:
        """A member who has joined from a phone of this number."""
        members_roster.put(self.store, [post(label, **more)], self.clock())
        with writing(self.store.main) as db:
            link = members_roster.invite(db, label, self.clock())
        phone = Phone(self, label, f"telegram:555{number:07d}", group=self.house.members_group)
        phone.join(link)
        return phone

    def bring(self, message: Inbound) -> None:
        """Something is written on some phone, and what comes of it goes out."""
        take(self.taking, message.provider, lambda _got, _at: message, Received({}, b""))
        self.deliver()

    def bring_quietly(self, message: Inbound) -> None:
        """Something is written on some phone, and what comes of it waits."""
        take(self.taking, message.provider, lambda _got, _at: message, Received({}, b""))

    def write(self, whom: str, *texts: str) -> str:
        """A survivor writes; what she reads last."""
        before = len(self.carrier.took)
        for text in texts:
            self.written += 1
            channel = Channel(whom.partition(":")[0])
            self.bring(Inbound("simulator", f"m{self.written}", channel, whom, "line-1", text))
            self.clock.move(timedelta(seconds=5))
        return "\n".join(one.text for _, one in self.carrier.took[before:] if one.address == whom)

    def wait(self, by: timedelta) -> None:
        """Time passes; what falls due is done and goes out."""
        self.pass_time(by)
        self.deliver()

    def read_by(self, whom: str) -> Sequence[str]:
        """What a survivor has read."""
        return self.carrier.texts_to(whom)

    def relay(self, whom: str = HER) -> Relay:
        """Her talk, or her place in the line."""
        with reading(self.store.main) as db:
            found = relays.of_person(db, self.person(whom).id)
        assert found
        return found


@dataclass(slots=True)
class _Empty:
    inline_keyboard: list[list[Any]] = field(default_factory=list)


EMPTY: Any = _Empty()
