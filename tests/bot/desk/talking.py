"""A desk beside a lane: members who answer from a browser, and survivors who write on their phones."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from bot import members_roster
from bot.desk.routes import routes
from bot.desk.visit import Desk
from bot.settings import Settings
from storage import members
from storage.database import Store, reading
from storage.staff import Role
from tests.bot.desk.browsers import ADDRESS, Browser, Office
from tests.bot.members.lane import ASKS, HER, Lane, post

MARK = re.compile(r'name="mark" value="([^"]+)"[^>]*>([^<]*)</button>')
ONCE = re.compile(r'name="once" value="([^"]+)"')
WORDS = re.compile(r'<bdi class="hers" dir="auto">(.*?)</bdi>', re.DOTALL)


class Seated(Office):
    """An office whose desk works on the lane's house, by the lane's clock."""

    def __init__(self, lane: "DeskLane") -> None:
        super().__init__(lane.store, lane.folder, lane.clock)
        self.lane, self.stopping = lane, False

    @property
    def web(self) -> Starlette:
        """The desk, and nothing beside it."""
        settings = Settings(public_url=ADDRESS, sms_part_cost=0.25)
        desk = Desk(self.lane.taking, settings, lambda: self.stopping)
        return Starlette(routes=list(routes(desk)))


class DeskLane(Lane):
    """A lane with a desk."""

    def __init__(self, store: Store, folder: Path, **more: Any) -> None:
        super().__init__(store, folder, **more)
        self.folder = folder
        self.office = Seated(self)

    def seat(self, label: str, role: Role = Role.MEMBER, **more: Any) -> "Seat":
        """A member without a phone, who has signed in at the desk; also where she has one already."""
        with reading(self.store.main) as db:
            known = members.of_label(db, label)
        if known is None:
            members_roster.put(self.store, [post(label, **more)], self.clock())
        with reading(self.store.main) as db:
            found = members.of_label(db, label)
        assert found
        self.office.hire(label, role, member_id=found.id)
        return Seat(self, label, self.office.signed_in(label))

    def asks(self, whom: str = HER) -> str:
        """A survivor asks for a person, and whoever may answer is asked; the code of her talk."""
        self.write(whom, *ASKS)
        self.wait(timedelta(seconds=1))
        return self.relay(whom).tag or ""


@dataclass(slots=True)
class Seat:
    """A member at the desk: what her page shows, and what she types and presses."""

    lane: DeskLane
    label: str
    browser: Browser
    shown: httpx.Response = field(default_factory=lambda: httpx.Response(200))

    def open(self, tag: str = "") -> str:
        """Open her talks, or one of them."""
        self.shown = self.browser.get(f"/desk/relays/{tag}" if tag else "/desk/relays")
        return self.shown.text

    def again(self) -> None:
        """Sign in anew, after a session that is over."""
        self.browser = self.lane.office.signed_in(self.label)

    def mark(self, label: str) -> str:
        """What the button carries that has this label."""
        found = [mark for mark, shown in MARK.findall(self.shown.text) if shown.strip() == label]
        assert found, f"no button {label!r} in {self.shown.text}"
        return str(found[0])

    def press(self, label: str, tag: str, *, mark: str = "") -> str:
        """Press a button of the page that is open; what comes of it goes out."""
        return self._send(f"/desk/relays/{tag}/do", mark=mark or self.mark(label))

    def take(self, tag: str) -> str:
        """Open her talks and take this one."""
        self.open()
        return self.press("I take it", tag)

    def write(self, tag: str, text: str, *, mark: str = "", door: str = "say") -> str:
        """Write something in the talk that is open."""
        found = re.search(r'name="mark" value="([^"]+)">', self.shown.text)
        return self._send(f"/desk/relays/{tag}/{door}", mark=mark or (found[1] if found else ""), text=text)

    @property
    def reads(self) -> list[str]:
        """The words on the page, as they are written in it."""
        return WORDS.findall(self.shown.text)

    def _send(self, path: str, **form: str) -> str:
        once = ONCE.search(self.shown.text)
        self.shown = self.browser.post(path, {"once": once[1] if once else "", **form})
        self.lane.deliver()
        self.lane.clock.move(timedelta(seconds=5))
        if self.shown.status_code == 303:
            self.shown = self.browser.get(self.shown.headers["location"].partition("#")[0])
        return self.shown.text


def claimed(lane: DeskLane) -> tuple[Seat, str]:
    """A talk between the first survivor and a member at the desk, whose page is open."""
    rina = lane.seat("north-1")
    tag = lane.asks()
    assert "is yours" in rina.take(tag)
    return rina, tag


@dataclass(slots=True)
class Ear:
    """A browser that listens to a stream of the desk, over ASGI itself, since httpx's transport waits for its end."""

    seat: Seat
    path: str
    status: int = 0
    heard: "asyncio.Queue[str | None]" = field(default_factory=asyncio.Queue)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self) -> str | None:
        """The next event; None once the stream has ended."""
        return await asyncio.wait_for(self.heard.get(), 10)

    async def listen(self) -> None:
        """Listen until the stream ends."""
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.seat.browser.client.cookies.jar)
        headers = [(b"host", b"desk.example"), (b"cookie", cookies.encode()), (b"accept", b"text/event-stream")]
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
            "scheme": "https", "path": self.path, "raw_path": self.path.encode(), "query_string": b"", "root_path": "",
            "headers": headers, "client": ("testclient", 1), "server": ("desk.example", 443),
        }  # fmt: skip
        await self.seat.lane.office.web(scope, self._receive, self._take)
        await self.heard.put(None)

    async def _receive(self) -> dict[str, Any]:
        if not self.gone.is_set():
            self.gone.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.Event().wait()
        raise AssertionError

    async def _take(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message.get("body"):
            await self.heard.put(message["body"].decode())
