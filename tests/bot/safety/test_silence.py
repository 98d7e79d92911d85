"""No number, name or word of hers in what is logged or raised to staff, also where sends and turns fail."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from bot import logs, turn, worker
from bot.alerting import Alerting
from bot.channels.plain import PlainSender
from bot.delivery import Post
from bot.errors import GiveUp, InDoubt, LineSpent, SendFailed, Stopped, TryLater
from bot.worker import Bell, Worker, work
from flows.engine import Engine
from flows.model import Moment, Outgoing, Said, Standing, Turn
from storage.database import Store
from tests.bot.safety.town import Town
from tests.end_to_end.canaries import NAME, NUMBER, OTHER, VILLAGE, WORDS, found_in

HER = f"sms:{NUMBER}"
BREAKS = f"{NAME} {VILLAGE} {OTHER} {WORDS}"
TALK = (f"amar nam {NAME} ami {VILLAGE} theke", "1", WORDS, OTHER, "9", "1", "1", "basirhat", "1", "1", BREAKS)
REFUSALS = (TryLater("HTTP 503"), GiveUp("error 21211"), InDoubt("timeout"), LineSpent("error 63038"), None)


class Failing(PlainSender):
    """A provider that refuses in every way there is, and breaks with her words in its mouth."""

    provider = "simulator"
    idempotent = False

    def __init__(self) -> None:
        self.asked = 0
        self.took: list[Outgoing] = []

    async def send(self, outgoing: Outgoing) -> str | None:
        """Refuse in the next way, or break, or take it."""
        self.asked += 1
        if self.asked % 6 == 0:
            raise RuntimeError(f"{outgoing.address}: {outgoing.text} {BREAKS}")
        refusal: SendFailed | None = REFUSALS[self.asked % len(REFUSALS)]
        if refusal:
            raise refusal
        self.took.append(outgoing)
        return "ext"

    async def remove(self, address: str, external_id: str) -> bool:  # noqa: ARG002 - it is refused unread
        """Refuse this too."""
        raise Stopped("HTTP 403")

    async def open_topic(self, address: str, name: str) -> int:  # noqa: ARG002 - there are none here
        """Refuse this as well."""
        raise Stopped("HTTP 403")

    async def close(self) -> None:
        """Nothing is held open."""


@pytest.fixture
def failing_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turns that fail on some of her words, with these words in the error."""
    real = Engine.advance

    def breaks(engine: Engine, standing: Standing, said: Said, moment: Moment) -> Turn:
        if WORDS in said.text:
            raise RuntimeError(f"{HER} said {said.text}")
        return real(engine, standing, said, moment)

    monkeypatch.setattr(Engine, "advance", breaks)
    monkeypatch.setattr(worker, "AFTER_FAILURE", timedelta(milliseconds=20))
    monkeypatch.setattr(worker, "CHORES_EVERY", timedelta(milliseconds=20))
    monkeypatch.setattr(worker, "TIDY_EVERY", timedelta(milliseconds=20))
    monkeypatch.setattr(worker, "REST", timedelta(milliseconds=20))


def talk(store: Store, folder: Path, chat: Failing) -> None:
    """A talk in which much fails, with the whole worker beside it; an hour passes meanwhile."""
    town, failing = Town(store, folder), Failing()
    post = Post(store, {"simulator": failing}, {}, town.post.budget, town.clock, "worker")
    alerting = Alerting(store, chat, "-5550000009", timedelta(minutes=10), town.clock)

    async def go() -> None:
        stop = asyncio.Event()
        working = asyncio.create_task(work(Worker(post, town.chores, alerting, Bell()), stop))
        for text in (*TALK, "he is going to kill me tonight " + NAME, "forget me", "1"):
            await asyncio.to_thread(town.take, HER, text)
            await asyncio.sleep(0.03)
            town.clock.move(timedelta(minutes=4))
        await asyncio.sleep(0.1)
        stop.set()
        await working

    asyncio.run(go())


def logged(store: Store, folder: Path, caplog: pytest.LogCaptureFixture) -> tuple[int, list[str], list[str]]:
    """(lines, what of hers stands in them, the texts of the alerts) of such a talk."""
    caplog.set_level(logging.DEBUG)
    chat = Failing()
    with capture_logs() as lines:
        talk(store, folder, chat)
    out = folder / "logged"
    out.mkdir()
    raised = [one.text for one in chat.took]
    said = [*map(repr, lines), *raised, *(str(line) for line in lines), caplog.text]
    (out / "log").write_text("\n".join(said), "utf-8", "backslashreplace")
    return len(lines), found_in(out), raised


@pytest.mark.usefixtures("failing_turns")
def test_nothing_of_hers_is_logged(
    store: Store,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    proof: Callable[[str], None],
) -> None:
    """Whatever breaks, the lines tell what kind of thing it was: neither number nor name nor word, in any encoding."""
    lines, found, raised = logged(store, tmp_path, caplog)
    printed = capfd.readouterr()
    (tmp_path / "logged" / "printed").write_text(printed.out + printed.err)
    proof(f"silence {store.main.dialect.name}: lines={lines} alerts={len(raised)} canaries found={len(found)}")
    assert lines > 10
    assert raised
    assert found == found_in(tmp_path / "logged") == []


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("failing_turns")
def test_sabotage_a_failure_that_is_logged_in_full_is_found(
    store: Store,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    proof: Callable[[str], None],
) -> None:
    """A line that holds the error itself is found."""

    class Talkative:
        def error(self, event: str, **given: object) -> None:
            """Log with the error as it is."""
            structlog.get_logger().error(event, **given, exc_info=True, why=f"{HER} {BREAKS}")

    monkeypatch.setattr(turn, "log", Talkative())
    _, found, _ = logged(store, tmp_path, caplog)
    proof(f"sabotage silence caught: canaries found={len(found)}")
    assert found


def test_a_field_that_is_not_on_the_list_is_named_and_not_shown() -> None:
    """Should somebody log a text after all, the last step before the line drops it."""
    line = logs.keep_allowed(None, "error", {"event": "turn failed", "text": BREAKS, "number": HER, "tries": 1})
    assert line == {"event": "turn failed", "tries": 1, "dropped": ["number", "text"]}
