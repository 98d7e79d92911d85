"""What the tests of the channels share."""

from collections.abc import Iterator

import pytest

from tests.bot.channels.telegram_server import Telegram, telegram_server


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telegram]:
    """A Bot API server that accepts, until it is told otherwise."""
    # The library's own switch to its coming way of telling times; without it, it warns of that at each 429.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with telegram_server() as server:
        yield server
