"""A whole talk in browsers: she on the simulator, a member at the desk, who reads each new word without a reload."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.bot.members.lane import ASKS
from tests.bot.safety.strange import NAUGHTY
from tests.end_to_end import desks
from tests.end_to_end.desks import Hired
from tests.end_to_end.ports import free_port
from tests.end_to_end.serving import own_environment
from tests.end_to_end.test_talk_emulator import roster
from tests.end_to_end.test_try import CHROMIUM, browser, opened, running_demo, write
from tests.peers import need

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["browser"]
PAYLOADS = (
    "<script>window.executed = (window.executed || 0) + 1</script>",
    "<img src=x onerror='window.executed = 1'>",
    "<svg onload='window.executed = 1'></svg>",
    "<iframe srcdoc='<script>parent.executed = 1</script>'></iframe>",
    "</bdi></li></ol><script>window.executed = 1</script>",
    "<a href='javascript:window.executed = 1' autofocus onfocus='window.executed = 1'>x</a>",
    "<style>body{display:none}</style>",
    "<form action='https://evil.example'><button>Send</button></form>",
    "<div hx-get='/desk/sign-out' hx-trigger='load'>x</div>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "event: over\ndata: gone\n\n",
    '"><b onmouseover=window.executed=1>',
    "{{ 7 * 7 }}{% raw %}",
)
STRANGE = tuple(  # but for what she would be heard by, and halves of letters, which the simulator refuses
    text
    for text in NAUGHTY
    if text.strip() and "STOP" not in text and not any(char.isdigit() or "\ud800" <= char <= "\udfff" for char in text)
)
WITHIN = 20_000  # milliseconds

pytestmark = [pytest.mark.peer, pytest.mark.xdist_group("browser")]


@dataclass(frozen=True, slots=True)
class Place:
    """A demo that runs, and the credentials of the member who answers at its desk."""

    address: str
    log: Path
    rina: Hired


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A demo with one member, who has no Telegram."""
    need(bool(CHROMIUM), "chromium")
    folder = tmp_path_factory.mktemp("desk")
    with running_demo(folder) as address:
        environment = dict(own_environment(folder, free_port()))
        roster(folder, environment, "en")
        yield Place(address, folder / "demo.log", desks.hire(environment, "rina", "member", "--member", "north-1"))


@pytest.fixture
def desk(place: Place, browser: "Browser") -> "Iterator[Page]":
    """The member's window, signed in, at her talks."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(desks.WATCH)
    page = context.new_page()
    desks.sign_in_first(page, place.address, place.rina)
    page.goto(f"{place.address}/desk/relays")
    yield page
    context.close()


@pytest.mark.timeout(600)
def test_a_talk_from_the_desk_to_the_simulator(
    place: Place, browser: "Browser", desk: "Page", proof: Callable[[str], None]
) -> None:
    """She asks, a member takes it, the two write, and it is closed; nothing that she writes does anything."""
    with opened(browser, place.address) as phone:
        for text in ASKS:
            write(phone, "sms", text)
        desk.get_by_role("button", name="I take it").click(timeout=WITHIN)
        desk.get_by_text("is yours").wait_for()
        _reads(phone, "A person is here")
        number = "".join(filter(str.isdigit, phone.locator("#sms .number").inner_text()))
        _send(place, number, "the office gave me a form")
        desk.locator(".word.hers bdi", has_text="the office gave me a form").wait_for(timeout=WITHIN)
        desk.get_by_label("Write to her").fill("I read it. What stands on top?")
        desk.locator("#parts", has_text="SMS parts: 1.").wait_for(timeout=WITHIN)
        desk.get_by_role("button", name="Send").click()
        _reads(phone, "Didi: I read it. What stands on top?")
        desk.locator(".word.mine", has_text="I read it. What stands on top?").wait_for()
        for text in (*PAYLOADS, *STRANGE):
            _send(place, number, text)
        _send(place, number, "and this is the last")
        desk.locator(".word.hers bdi", has_text="and this is the last").wait_for(timeout=60_000)
        shown = desk.locator(".word.hers bdi").all_inner_texts()
        executed, violations = desk.evaluate("[window.executed, window.violations]")
        desk.reload()
        again, more = desk.evaluate("[window.executed, window.violations]")
        assert (executed, again, [*violations, *more]) == (0, 0, [])
        assert {text.strip() for text in PAYLOADS if "\n" not in text} <= {text.strip() for text in shown}
        proof(f"desk: strings={len(PAYLOADS) + len(STRANGE)} executions={executed + again} csp_violations=0")
        before = phone.locator("#sms .ours").count()
        desk.get_by_text("Close the talk").click()
        desk.get_by_role("button", name="She was helped").click()
        desk.get_by_text("is closed. Thank you.").wait_for()
        farewell = phone.locator("#sms .ours .words").nth(before)  # in whichever of her languages she wrote last
        farewell.wait_for(timeout=WITHIN)
        assert re.search("closed|বন্ধ|बंद|bondho|band", farewell.inner_text())


@pytest.mark.timeout(120)
def test_it_stops_while_somebody_listens(browser: "Browser", tmp_path: Path) -> None:
    """A page of talks that is open does not hold a stopping server up, and leaves no error behind."""
    with running_demo(tmp_path) as address:
        environment = dict(own_environment(tmp_path, free_port()))
        roster(tmp_path, environment, "en")
        rina = desks.hire(environment, "rina", "member", "--member", "north-1")
        context = browser.new_context()
        page = context.new_page()
        desks.sign_in_first(page, address, rina)
        with page.expect_response(lambda answer: answer.url.endswith("/desk/relays/now")):
            page.goto(f"{address}/desk/relays")
        began = time.monotonic()
    took = time.monotonic() - began
    context.close()
    assert took < 10
    assert "Traceback" not in (tmp_path / "demo.log").read_text()


def _send(place: Place, number: str, text: str) -> None:
    """A word of hers from the same sample phone, without the page, where it is not a line that one types."""
    _send.count += 1  # type: ignore[attr-defined]
    said = {"id": f"word-{_send.count}", "channel": "sms", "from": f"sms:+{number}", "text": text}  # type: ignore[attr-defined]
    answer = httpx.post(
        f"{place.address}/try/messages",
        content=json.dumps(said),
        headers={"content-type": "application/json"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text


_send.count = 0  # type: ignore[attr-defined]


def _reads(phone: "Page", words: str) -> None:
    """She reads these words on her phone."""
    phone.locator("#sms .ours .words", has_text=words).last.wait_for(timeout=WITHIN)
