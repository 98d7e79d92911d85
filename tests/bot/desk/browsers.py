"""A browser at the desk: what it was sent, and the staff who hold it, at a clock that the test moves."""

import asyncio
import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from bot import credentials
from bot.desk.routes import routes
from bot.desk.visit import Desk
from bot.settings import Settings
from storage import ids, staff
from storage.database import Store, writing
from storage.staff import Role, Staff
from tests.bot.channels.house import taking_of
from tests.fakes import Clock
from tests.storage.builders import NOW

ADDRESS = "https://desk.example"


@dataclass(slots=True)
class Office:
    """A desk on a store, its clock, and whoever works there."""

    store: Store
    folder: Path
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    held: dict[str, credentials.Credentials] = field(default_factory=dict)

    @property
    def web(self) -> Starlette:
        """The desk, and nothing beside it."""
        taking = taking_of(self.store, self.folder)
        desk = Desk(taking.__class__(taking.house, self.clock, taking.ring), Settings(public_url=ADDRESS))
        return Starlette(routes=list(routes(desk)))

    def hire(self, name: str, role: Role, **more: Any) -> Staff:
        """Somebody new on the staff."""
        made = credentials.make(name)
        staff_id = ids.new_id(self.clock())
        sealed = staff.seal_secret(self.store.sealer, staff_id, made.secret)
        member = Staff(staff_id, name, role, _quickly(made.password), sealed, self.clock(), **more)
        with writing(self.store.main) as db:
            assert staff.add(db, member)
        self.held[name] = made
        return member

    def browser(self, address: str = "testclient") -> "Browser":
        """A browser that holds nothing of ours yet."""
        transport = httpx.ASGITransport(self.web, client=(address, 50000))
        return Browser(self, httpx.AsyncClient(transport=transport, base_url=ADDRESS))

    def signed_in(self, name: str) -> "Browser":
        """The browser of somebody who has signed in."""
        browser = self.browser()
        answered = browser.sign_in(name)
        assert answered.status_code in (200, 303), answered.text
        return browser

    def code(self, name: str, steps: int = 0) -> str:
        """What the authenticator shows, so many steps from now."""
        key = base64.b32decode(self.held[name].secret)
        at = self.clock().timestamp() + steps * credentials.STEP_SECONDS
        return credentials._totp(key).generate(int(at)).decode()


@dataclass(slots=True)
class Browser:
    """What a browser does; it sends the token of the newest page with every form, as the pages do."""

    office: Office
    client: httpx.AsyncClient
    csrf: str = ""

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Open a page."""
        return self._seen(asyncio.run(self.client.get(path, **more)))

    def post(self, path: str, form: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        """Send a form of the newest page."""
        headers = {"origin": ADDRESS, "sec-fetch-site": "same-origin"} | dict(more.pop("headers", {}))
        return self._seen(
            asyncio.run(self.client.post(path, data={"csrf": self.csrf, **(form or {})}, headers=headers, **more))
        )

    def sign_in(self, name: str, /, **more: str) -> httpx.Response:
        """Give name, password and code, each of which may be another."""
        form = {"name": name, "password": self.office.held[name].password, "code": self.office.code(name)}
        answered = self.post("/desk/sign-in", form | more)
        self.get("/desk/account")
        return answered

    def _seen(self, answered: httpx.Response) -> httpx.Response:
        found = re.search(r'name="csrf" value="([^"]*)"', answered.text)
        if found:
            self.csrf = found[1]
        return answered


def _quickly(password: str) -> str:
    """A hash of the same kind that takes no time: there is nothing to be guessed here."""
    return credentials.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
