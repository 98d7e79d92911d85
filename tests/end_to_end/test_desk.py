"""A day at the desk in a browser: every page is opened, read by an independent judge, and used for what it is for."""

import csv
import io
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from bot.desk.routes import DOORS
from tests.bot.members.lane import ASKS
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
PICTURES = Path(__file__).parents[2] / "docs" / "desk"
PICTURED = (
    "today-en-1280",
    "log-code-en-1280",
    "figures-bn-360",
    "log-bn-360",
)  # what README shows; --update makes them
WITHIN = 20_000  # milliseconds
WIDE, NARROW = (1280, 800), (360, 740)
# Doors that no link of an administrator's leads to at the time of the crawl, and who sees to them instead.
ELSEWHERE = {
    "/desk/sign-in", "/desk/code",  # before signing in, below
    "/desk/relays/now", "/desk/relays/{tag}/words", "/desk/relays/{tag}",  # tests/end_to_end/test_desk_talk.py
    "/desk/exports/{id}/progress", "/desk/exports/{id}/file", "/desk/exports/{id}",  # below
    "/desk/figures/{name}.svg",  # pictures of the figures' page
    "/desk/today",  # a part of today
    "/desk/roster/export",  # a file
}  # fmt: skip

pytestmark = [pytest.mark.peer, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]


@dataclass(frozen=True, slots=True)
class Place:
    """A demo that runs, with somebody who asked for a person, and its staff."""

    address: str
    environment: Mapping[str, str]
    anita: Hired


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, browser: "Browser") -> Iterator[Place]:
    """A demo with members, an administrator, and a request."""
    need(bool(CHROMIUM), "chromium")
    need(desks.AXE.exists(), "node (npm's package axe-core)")
    folder = tmp_path_factory.mktemp("office")
    with running_demo(folder) as address:
        environment = dict(own_environment(folder, free_port()))
        roster(folder, environment, "en")
        with opened(browser, address) as phone:
            for text in ASKS:
                write(phone, "sms", text)
        yield Place(address, environment, desks.hire(environment, "anita", "administrator"))


@pytest.fixture(scope="module")
def desk(place: Place, browser: "Browser") -> "Iterator[Page]":
    """The administrator's window, signed in; whatever her pages try that they may not fails the tests."""
    context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, accept_downloads=True)
    context.add_init_script(desks.WATCH)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    desks.sign_in_first(page, place.address, place.anita)
    yield page
    assert complaints == []
    context.close()


def test_every_page_can_be_read(
    place: Place, desk: "Page", proof: Callable[[str], None], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """In English and Bengali, wide and narrow: no serious fault, no sideways scroll, one heading, no violation."""
    pages = list(desks.crawled(desk, place.address))
    opened_ = {door for door, _ in pages}
    assert {door.path for door in DOORS if door.method == "GET"} - opened_ <= ELSEWHERE
    judged = 0
    for language, title in (("en", "Today"), ("bn", "আজ")):
        desk.goto(f"{place.address}/desk")
        desk.click(f"button[value={language}]")
        desk.locator("h1", has_text=title).wait_for()
        for width, height in (WIDE, NARROW):
            desk.set_viewport_size({"width": width, "height": height})
            for door, path in pages:
                desk.goto(f"{place.address}{path}")
                assert desks.faults(desk) == [], (path, language, width)
                assert not desks.scrolls_sideways(desk), (path, language, width)
                assert desk.locator("h1").count() == 1, path
                assert desk.evaluate("window.violations") == [], path
                judged += 1
                name = re.sub(r"[^a-z]+", "-", door.removeprefix("/desk")).strip("-") or "today"
                picture = tmp_path / f"{name}-{language}-{width}.png"
                desk.screenshot(path=picture, full_page=True)
                if request.config.getoption("--update") and picture.stem in PICTURED:
                    PICTURES.mkdir(parents=True, exist_ok=True)
                    shutil.copy(picture, PICTURES)
    desk.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    desk.click("button[value=en]")
    proof(f"desk pages={len(pages)} judged={judged} serious=0 sideways=0 csp_violations=0")


def test_dark_pages_can_be_read(place: Place, desk: "Page") -> None:
    """The dark look has contrast enough too."""
    desk.emulate_media(color_scheme="dark")
    for path in ("/desk", "/desk/log", "/desk/figures", "/desk/facts", "/desk/relays"):
        desk.goto(f"{place.address}{path}")
        assert desks.faults(desk) == [], path
    desk.emulate_media(color_scheme="light")


def test_pages_before_signing_in(place: Place, browser: "Browser") -> None:
    """Signing in can be read by everybody, works by keyboard alone, and three presses of Esc are somewhere else."""
    context = browser.new_context(viewport={"width": NARROW[0], "height": NARROW[1]})
    page = context.new_page()
    page.goto(f"{place.address}/desk")
    assert desks.faults(page) == []
    assert not desks.scrolls_sideways(page)
    page.focus("[name=name]")
    page.keyboard.type(place.anita.name)
    page.keyboard.press("Tab")
    page.keyboard.type(place.anita.password)
    page.keyboard.press("Enter")
    page.locator("h1", has_text="Your code").wait_for()
    assert desks.faults(page) == []
    page.route("https://**", lambda route: route.fulfill(body="elsewhere"))
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("https://www.wikipedia.org/**", timeout=WITHIN)
    page.goto(f"{place.address}/desk")
    assert "/desk/sign-in" in page.url
    context.close()


def test_a_request_from_the_phone_to_its_end(place: Place, desk: "Page") -> None:
    """The daily round: what waits stands on today's page; it is taken on, and ends."""
    desk.goto(f"{place.address}/desk")
    desk.locator("h1", has_text="Today").wait_for()
    desk.goto(f"{place.address}/desk/log?kind=counselling")
    desk.locator("table a").filter(has_text=re.compile(r"^[A-Z]{2}-\d{4}$")).first.click()
    code = desk.url.rpartition("/")[2].partition("?")[0]
    for state in ("in_progress", "done"):
        form = desk.locator("form", has=desk.locator("select[name=move]"))
        moves = form.locator("option").evaluate_all("all => all.map((one) => one.value)")
        form.locator("select").select_option(next(one for one in moves if one.startswith(f"{state}:")))
        form.locator("button").click()
        desk.wait_for_load_state()
    desk.goto(f"{place.address}/desk/log?state=done")
    assert desk.get_by_role("link", name=code).count() == 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_is_opened_and_parsed(place: Place, desk: "Page", form: str, tmp_path: Path) -> None:
    """What staff take along is what the log holds, and opens in another program."""
    desk.goto(f"{place.address}/desk/exports")
    desk.locator("[name=form]").first.wait_for(state="attached")
    control = desk.locator("select[name=form]")
    if control.count():
        control.select_option(form)
    else:
        desk.check(f"[name=form][value={form}]")
    desk.locator("select[name=reason]").select_option("audit")
    with desk.expect_download(timeout=WITHIN) as coming:
        desk.locator("main form button").first.click()
        if not desk.url.endswith("/exports"):
            desk.locator("a[href$='/file']").first.click()
    saved = tmp_path / f"log.{form}"
    coming.value.save_as(saved)
    if form == "csv":
        rows = list(csv.reader(io.StringIO(saved.read_text(encoding="utf-8-sig"))))
    else:
        rows = [[cell.value for cell in row] for row in load_workbook(saved).active.rows]
    assert rows[0][0] == "code"
    assert len(rows) >= 2
    assert re.fullmatch(r"[A-Z]{2}-\d{4}", str(rows[1][0]))


def test_a_held_fact_is_not_sent(place: Place, desk: "Page", browser: "Browser") -> None:
    """Held at the desk, it is answered to nobody from the next message on; released, it is again."""
    question = "can i get a free lawyer from the government"
    with opened(browser, place.address) as phone:
        write(phone, "telegram", question)
        told = write(phone, "telegram", "1")
        desk.goto(f"{place.address}/desk/facts/la-right")
        held = desk.locator("form", has=desk.locator("select[name=reason]")).first
        held.locator("select[name=reason]").select_option("doubt")
        held.locator("button").click()
        desk.locator(".flag").first.wait_for()
        again = write(phone, "telegram", question)
        assert again != told
    with opened(browser, place.address) as phone:
        write(phone, "telegram", question)
        hidden = write(phone, "telegram", "1")
    desk.goto(f"{place.address}/desk/facts/la-right")
    desk.get_by_role("button", name=re.compile("Release")).click()
    desk.wait_for_load_state()
    with opened(browser, place.address) as phone:
        write(phone, "telegram", question)
        shown = write(phone, "telegram", "1")
    assert shown == told
    assert hidden != told


def test_every_look_is_in_the_journal(place: Place, desk: "Page") -> None:
    """What this test run did stands there, and the chain is whole."""
    time.sleep(0.2)
    desk.goto(f"{place.address}/desk/journal")
    assert desk.locator("tbody tr").count() > 10
    desk.get_by_text("Check the chain").click()
    desk.get_by_role("button", name="Check it now").click()
    desk.wait_for_load_state()
    assert desk.locator("p.bad").count() == 0
