"""Everything joined: who stands nowhere, what is fetched and let go, and how a run ends."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.assemble import assemble, now
from bot.assembled import Assembled
from bot.channels.telegram import SECRET_HEADER
from bot.console.run import bring_up_to_date
from bot.errors import Misconfigured
from bot.settings import read
from flows.model import Channel, Place, Received
from storage import conversations, people
from storage.database import reading, writing
from tests.bot.channels.telegram_server import SECRET, Telegram, telegram_server
from tests.bot.channels.test_telegram import HER, recorded
from tests.storage.builders import meet


def assembled(folder: Path, **more: object) -> Assembled:
    """A run with new databases in this folder."""
    settings = read(
        database_url=f"sqlite:///{folder}/sathi.db",
        keystore_url=f"sqlite:///{folder}/keys.db",
        master_key_file=folder / "master.key",
        erasure_ledger=folder / "erasures.ledger",
        **more,
    )
    bring_up_to_date(settings)
    return assemble(settings, simulated="telegram_bot_token" not in more)


def by_telegram(folder: Path, telegram: Telegram, **more: object) -> Assembled:
    """A run that is connected to this server."""
    secrets = {"telegram_bot_token": "555000:SAMPLE", "telegram_webhook_secret": SECRET}
    return assembled(folder, telegram_api_url=telegram.url, **secrets, **more)


def stand_at(run: Assembled, place: Place) -> None:
    """Let somebody stand somewhere."""
    key = meet(run.house.store)
    with writing(run.house.store.main) as db:
        record = people.lock(db, key.id)
        assert record is not None
        standing = conversations.standing_of(record, run.house.store.sealer, key, now())
        conversations.store(db, run.house.store.sealer, key, key.id, replace(standing, place=place), now())


def test_nobody_is_stranded_at_a_step_that_is_there(tmp_path: Path) -> None:
    """A release that knows where everybody stands may start."""
    run = assembled(tmp_path)
    stand_at(run, Place("menu", "list"))
    assert run.stranded() == []


def test_somebody_at_a_step_that_is_gone_is_named(tmp_path: Path) -> None:
    """A release that would strand her says at which step, and that is all it says of her."""
    run = assembled(tmp_path)
    stand_at(run, Place("menu", "gone"))
    (line,) = run.stranded()
    assert "menu.gone" in line


def test_a_half_configured_telegram_does_not_start(tmp_path: Path) -> None:
    """Without the secret anybody could write as anybody: the line says which name is missing."""
    with pytest.raises(Misconfigured, match="TELEGRAM_WEBHOOK_SECRET"):
        assembled(tmp_path, telegram_bot_token="555000:SAMPLE")


def test_closing_lets_go_of_the_databases(tmp_path: Path) -> None:
    """After a run has ended nothing of it is open."""
    run = assembled(tmp_path)
    asyncio.run(run.close())
    with reading(run.house.store.main) as db:  # a closed store opens anew: nothing was left locked
        assert conversations.places(db) == []


def test_telegram_is_told_where_to_write_only_where_that_is_known(tmp_path: Path) -> None:
    """With PUBLIC_URL, and not where messages are fetched."""
    with telegram_server() as telegram:
        run = by_telegram(tmp_path, telegram)
        until(run, run.announce, lambda: True)
        assert telegram.calls == []


def test_what_is_fetched_is_answered_like_what_is_brought(tmp_path: Path) -> None:
    """The same path: kept, answered, the press at rest; what is no message is confirmed and let go."""
    with telegram_server() as telegram:
        updates = [recorded(name) for name in ("text", "edited", "press", "text")]
        telegram.answers = [(200, {"ok": True, "result": True}), (200, {"ok": True, "result": updates})]
        run = by_telegram(tmp_path, telegram, telegram_polling=True)
        until(run, run.poll, lambda: len(telegram.named("getUpdates")) > 1)
        assert telegram.named("getUpdates")[1].given["offset"] == str(recorded("text")["update_id"] + 1)
        assert len(telegram.named("answerCallbackQuery")) == 1
    with reading(run.house.store.main) as db:
        person = people.find(db, run.house.store.sealer.blind(HER))
    assert person is not None
    assert person.channel is Channel.TELEGRAM


def test_a_forged_fetch_is_let_go(tmp_path: Path) -> None:
    """What cannot be read is never fetched again and again: it would hold up everybody behind it."""
    with telegram_server() as telegram:
        run = by_telegram(tmp_path, telegram)
        forged = Received({SECRET_HEADER: SECRET}, json.dumps({"update_id": "x"}).encode())
        asyncio.run(run.accept(forged))


def until(run: Assembled, work: Callable[[asyncio.Event], Awaitable[None]], is_so: Callable[[], bool]) -> None:
    """Let something work until something is so, then stop it and close the run."""

    async def do() -> None:
        stop = asyncio.Event()
        working = asyncio.create_task(asyncio.wait_for(work(stop), 30))
        while not is_so() and not working.done():
            await asyncio.sleep(0.01)
        stop.set()
        await working
        await run.close()

    asyncio.run(do())
