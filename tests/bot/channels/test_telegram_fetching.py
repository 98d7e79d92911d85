"""How Telegram learns where to bring messages, and how they are fetched where it cannot."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.telegram import SECRET_HEADER, poll, receive, webhook
from flows.model import Received
from tests.bot.channels import telegram_server as says
from tests.bot.channels.telegram_server import SECRET, Telegram, account
from tests.bot.channels.test_telegram import ACCOUNT, MEANT, NOW, recorded


def test_the_webhook_is_announced_until_it_is_taken(telegram: Telegram) -> None:
    """With the secret, for the kinds we read, and without throwing away what waits."""
    telegram.answers = [says.FAILING, says.TRUE]
    asyncio.run(webhook.announce(account(telegram, public_url="https://sathi.example/")))
    first, second = telegram.calls
    assert first == second
    assert dict(first.given) == {
        "url": "https://sathi.example/telegram",
        "allowed_updates": '["message", "edited_message", "callback_query"]',
        "secret_token": SECRET,
        "max_connections": "10",
    }


def polled(telegram: Telegram, accept: Callable[[Received], Awaitable[None]], calls: int) -> None:
    """Fetch until the server was asked so often."""

    async def run() -> None:
        polling = asyncio.create_task(poll.poll(account(telegram), accept))
        async with asyncio.timeout(20):
            while len(telegram.named("getUpdates")) < calls:
                await asyncio.sleep(0.01)
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)

    asyncio.run(run())


def brings(*names: str) -> tuple[int, Any]:
    """An answer with recorded updates."""
    return 200, {"ok": True, "result": [recorded(name) for name in names]}


def test_fetched_is_confirmed_only_when_it_is_safe(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each update is accepted, again where that fails and before any after it, and only then is Telegram told."""
    monkeypatch.setattr(poll, "AFTER_FAILURE", timedelta(seconds=0.01))
    telegram.answers = [says.TRUE, brings("text", "press")]
    asked: list[tuple[int, int]] = []
    failing = [OSError(), OSError()]

    async def accept(received: Received) -> None:
        asked.append((json.loads(received.body)["update_id"], len(telegram.named("getUpdates"))))
        assert received.headers[SECRET_HEADER] == SECRET
        if failing:
            raise failing.pop()

    polled(telegram, accept, calls=2)
    assert asked == [(700001, 1), (700001, 1), (700001, 1), (700009, 1)]
    assert [call.given["offset"] for call in telegram.named("getUpdates")][:2] == ["0", "700010"]


def test_fetching_first_takes_the_webhook_away(telegram: Telegram) -> None:
    """Telegram does one or the other; what waits there stays."""
    telegram.answers = [says.TRUE, says.POLLED_TWICE, says.TRUE, says.NO_OBJECT]

    async def accept(_received: Received) -> None:
        raise AssertionError

    polled(telegram, accept, calls=3)
    assert [call.method for call in telegram.calls][:4] == ["deleteWebhook", "getUpdates"] * 2
    assert telegram.calls[0].given["drop_pending_updates"] == "false"


def test_what_is_fetched_reads_as_what_is_brought(telegram: Telegram) -> None:
    """The library's writing of an update loses nothing that we read."""
    names = [name for name, meant in MEANT.items() if meant is not None]
    telegram.answers = [says.TRUE, brings(*names)]
    read: list[object] = []

    async def accept(received: Received) -> None:
        read.append(receive.read(ACCOUNT, received, NOW))

    polled(telegram, accept, calls=2)
    assert read == [MEANT[name] for name in names]
