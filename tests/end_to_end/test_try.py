"""The demo page in a browser, on the real path: every message goes through the helpline and back."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.end_to_end.ports import free_port
from tests.peers import need

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = which("chromium") or which("chromium-browser") or ""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
STARTS_WITHIN = 60.0  # seconds
ANSWERS_WITHIN = 15_000  # milliseconds
BENGALI, DEVANAGARI = r"[\u0980-\u09ff]", r"[\u0900-\u097f]"

pytestmark = [pytest.mark.peer, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running `sathi demo` with a data folder of its own."""
    need(bool(CHROMIUM), "chromium")
    with running_demo(tmp_path_factory.mktemp("demo")) as address:
        yield address


@contextmanager
def running_demo(folder: Path) -> Iterator[str]:
    """`sathi demo` on a free port of this machine, until the block ends; it must then stop by itself."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")} | {
        "DATABASE_URL": f"sqlite:///{folder}/sathi.db",
        "KEYSTORE_URL": f"sqlite:///{folder}/keys.db",
        "MASTER_KEY_FILE": f"{folder}/master.key",
        "ERASURE_LEDGER": f"{folder}/erasures.ledger",
        "SMS_PART_COST": "0.25",
        "PORT": str(port),
    }
    log = folder / "demo.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", "bot", "demo"], env=environment, stdout=out, stderr=subprocess.STDOUT
        ) as running,
    ):
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", running, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(20)


def wait_until_ready(address: str, running: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait for /health/ready; fail with what the demo wrote where it ended or took too long."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and running.poll() is None:
        try:
            with urlopen(f"{address}/health/ready", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the demo did not start:\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium without a window."""
    need(bool(CHROMIUM), "chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@contextmanager
def opened(
    browser: "Browser", address: str, width: int = 1280, height: int = 900, *, expected: int = 0
) -> "Iterator[Page]":
    """The page in a window of this size; more complaints on its console than `expected` fail the test."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/try")
    page.wait_for_selector("#sms .number:not(:empty)")
    yield page
    page.wait_for_timeout(200)
    assert len(complaints) == expected, complaints
    context.close()


def write(page: "Page", phone: str, text: str) -> str:
    """Write on one phone and give back what came for it; every answer is awaited before the next line."""
    before = page.locator(f"#{phone} .ours").count()
    page.fill(f"#{phone}-text", text)
    page.press(f"#{phone}-text", "Enter")
    answer = page.locator(f"#{phone} .ours").nth(before)
    answer.locator(".words").wait_for(timeout=ANSWERS_WITHIN)
    return answer.locator(".words").inner_text()


@pytest.mark.parametrize("phone", ["sms", "telegram"])
@pytest.mark.parametrize(
    ("text", "script"),
    [("ক্ষতিপূরণ পাব কবে", BENGALI), ("मुझे मुआवजा कब मिलेगा", DEVANAGARI), ("taka kobe pabo", "[a-z]")],
    ids=["bengali", "devanagari", "latin"],
)
def test_she_is_answered_in_her_own_writing(demo: str, browser: "Browser", phone: str, text: str, script: str) -> None:
    """On both phones the answer to a first message, and to `1`, comes in the script she wrote in."""
    with opened(browser, demo) as page:
        assert re.search(script, write(page, phone, text))
        assert re.search(script, write(page, phone, "1"))


@pytest.mark.parametrize(
    ("text", "encoding"), [("টাকা কবে পাব", "UCS-2"), ("taka kobe pabo", "GSM-7")], ids=["bengali", "latin"]
)
def test_every_sms_shows_its_parts_and_cost(demo: str, browser: "Browser", text: str, encoding: str) -> None:
    """Under each message stand its encoding, parts and rupees, and the total; another price counts at once."""
    with opened(browser, demo) as page:
        write(page, "sms", text)
        took = page.locator("#sms .ours .took").inner_text()
        assert took.split(" · ")[0] == encoding
        assert took.split(" · ")[1] in ("1 part", "2 parts")
        assert took.split(" · ")[2] in ("₹0.25", "₹0.50")
        page.locator("#sms .hers .took").wait_for()
        assert page.locator("#sms .hers .took").inner_text() == f"{encoding} · 1 part"
        spent = page.locator("#sms .spent").inner_text()
        assert took.split(" · ")[1] in spent
        assert "She sent 1 part." in spent
        assert page.locator("#telegram .took").count() == 0
        page.locator("#sms-price").fill("2")
        assert page.locator("#sms .ours .took").inner_text().split(" · ")[2] in ("₹2.00", "₹4.00")


def test_a_button_answers_and_only_the_last_message_has_live_ones(demo: str, browser: "Browser") -> None:
    """A pressed button is her answer; the buttons above it are dead from then on."""
    with opened(browser, demo) as page:
        write(page, "telegram", "নমস্কার দিদি, টাকা কবে পাব")
        page.locator("#telegram .buttons button:enabled").first.click()
        page.locator("#telegram .ours").nth(1).wait_for(timeout=ANSWERS_WITHIN)
        assert page.locator("#telegram .hers").count() == 2
        assert page.locator("#telegram .ours").first.locator(".buttons button:enabled").count() == 0


def test_a_line_is_tapped_and_typed_on_the_keys(demo: str, browser: "Browser") -> None:
    """The lines to tap go out from the chosen phone, and the keypad types and sends."""
    with opened(browser, demo) as page:
        page.locator("#writing label", has_text="हिन्दी").click()
        page.locator("#lines button").first.click()
        page.locator("#sms .ours").first.wait_for(timeout=ANSWERS_WITHIN)
        page.get_by_role("button", name="1", exact=True).click()
        page.locator("#sms .keys .send").click()
        page.locator("#sms .ours").nth(1).wait_for(timeout=ANSWERS_WITHIN)
        assert page.locator("#sms .hers .words").all_inner_texts()[1] == "1"


def test_the_page_can_be_worked_by_keyboard(demo: str, browser: "Browser") -> None:
    """From the top, Tab reaches a line to tap, Enter sends it, and what holds the focus can be seen."""
    with opened(browser, demo) as page:
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('#lines') !== null"):
                break
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        page.locator("#sms .ours").first.wait_for(timeout=ANSWERS_WITHIN)


def test_a_new_phone_is_somebody_else(demo: str, browser: "Browser") -> None:
    """Another number, an empty thread, and nothing counted."""
    with opened(browser, demo) as page:
        write(page, "sms", "taka kobe pabo")
        old = page.locator("#sms .number").inner_text()
        page.locator("#sms .fresh").click()
        assert page.locator("#sms .number").inner_text() != old
        assert page.locator("#sms .bubble").count() == 0
        assert page.locator("#sms .spent").inner_text().startswith("Today Sathi sent 0 parts")
        assert write(page, "sms", "taka kobe pabo")


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways(demo: str, browser: "Browser", width: int, scheme: str) -> None:
    """At every width, with a word longer than any screen, the page is as wide as the window."""
    with opened(browser, demo, width) as page:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for phone in ("sms", "telegram"):
            write(page, phone, "a" * 150)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_did_not_go_goes_again_once(demo: str, browser: "Browser") -> None:
    """A message that the line lost can be sent again from its own place, and is answered once."""
    with opened(browser, demo, expected=1) as page:
        page.route("**/try/messages", lambda route: route.fulfill(status=503), times=1)
        page.fill("#sms-text", "taka kobe pabo")
        page.press("#sms-text", "Enter")
        page.get_by_role("button", name="Not sent. Try again").click()
        page.locator("#sms .ours").first.wait_for(timeout=ANSWERS_WITHIN)
        assert page.locator("#sms .hers").count() == 1
        assert page.locator("#sms .again").count() == 0


def test_what_is_written_is_never_taken_for_markup(demo: str, browser: "Browser") -> None:
    """Marks of HTML stand in the thread as they were typed, and none of them does anything."""
    with opened(browser, demo) as page:
        write(page, "sms", "<img src=x onerror=alert(1)>")
        assert page.locator("#sms .hers .words").inner_text() == "<img src=x onerror=alert(1)>"
        assert page.locator("#sms .thread img").count() == 0


def test_the_demo_stops_while_a_page_is_open(browser: "Browser", tmp_path: Path) -> None:
    """A page that waits for news does not hold the demo up, and leaves no error behind."""
    need(bool(CHROMIUM), "chromium")
    context = browser.new_context()
    with running_demo(tmp_path) as address:
        page = context.new_page()
        page.goto(f"{address}/try")
        page.wait_for_selector("#sms .number:not(:empty)")
        began = time.monotonic()
    took = time.monotonic() - began
    context.close()
    assert took < 10
    assert "Traceback" not in (tmp_path / "demo.log").read_text()
