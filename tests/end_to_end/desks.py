"""The desk in a browser: who holds it, how she signs in, and what is looked for on each of its pages."""

import base64
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from starlette.routing import compile_path

from bot import credentials
from bot.desk.routes import DOORS

if TYPE_CHECKING:
    from playwright.sync_api import Page

NO_PAGES = ("/desk/figures/{name}.svg", "/desk/exports/{id}/file", "/desk/roster/export")  # pictures and files
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
WATCH = """
    window.executed = 0; window.violations = [];
    document.addEventListener('securitypolicyviolation', (e) => window.violations.push(e.violatedDirective));
"""


@dataclass(frozen=True, slots=True)
class Hired:
    """Somebody who was let in on the command line, and what was shown for her."""

    name: str
    password: str
    totp_uri: str

    @property
    def code(self) -> str:
        """What her authenticator shows now."""
        secret = parse_qs(urlsplit(self.totp_uri).query)["secret"][0]
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        return TOTP(key, credentials.DIGITS, SHA1(), credentials.STEP_SECONDS).generate(int(time.time())).decode()


def hire(environment: Mapping[str, str], name: str, role: str, *more: str) -> Hired:
    """`sathi staff add`, as whoever sets the desk up does it."""
    command = [sys.executable, "-m", "bot", "staff", "add", name, "--role", role, "--json", *more]
    ran = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=True)
    return Hired(**json.loads(ran.stdout))


def sign_in_first(page: "Page", address: str, hired: Hired) -> None:
    """The first time: name and password, the picture, the code, the recovery codes."""
    page.goto(f"{address}/desk")
    page.fill("[name=name]", hired.name)
    page.fill("[name=password]", hired.password)
    page.click("main button")
    page.locator(".qr svg").wait_for()
    page.fill("[name=code]", hired.code)
    page.click("main button")
    page.locator(".codes li").first.wait_for()
    page.click("main a[role=button]")


def door_of(path: str) -> str | None:
    """The door that a link of ours leads to, as it is written in the list of doors."""
    for pattern, door in _DOORS:
        if pattern.match(path):
            return door
    return None


def crawled(page: "Page", address: str, start: str = "/desk") -> Iterator[tuple[str, str]]:
    """Every page that links lead to, one for each door: the door, and a path through it that is open now."""
    waiting, known = [start], set()
    while waiting:
        path = waiting.pop(0)
        door = door_of(urlsplit(path).path)
        if door is None or door in known or door in NO_PAGES:
            continue
        known.add(door)
        page.goto(f"{address}{path}")
        links: list[str] = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.getAttribute('href'))")
        waiting += [
            link if link.startswith("/") else path.partition("?")[0] + link for link in links if link[:1] in "/?"
        ]
        yield door, path


def faults(page: "Page") -> list[str]:
    """What an independent judge of access finds serious or critical on the page that is open."""
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def scrolls_sideways(page: "Page") -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


_DOORS: list[tuple[re.Pattern[str], str]] = [
    (compile_path(door.path)[0], door.path)
    for door in sorted(DOORS, key=lambda one: one.path.count("{"))
    if door.method == "GET"
]
