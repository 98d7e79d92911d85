"""The web: health, figures for whoever may see them, and one constant answer to what is not genuine."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from bot.errors import Forged, Malformed, Refused, TooLarge
from bot.web import BODY_LIMIT, Hook, make_web
from flows.model import Received
from storage.database import Store, writing
from tests.bot.channels.house import rows, taking_of


def answers(
    web: Starlette, asking: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]], *, host: str = "127.0.0.1"
) -> httpx.Response:
    """What the application answers to somebody at this address."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(web, client=(host, 50000), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://sathi.invalid") as http:
            return await asking(http)

    return asyncio.run(ask())


def refusing(refused: Refused) -> Callable[[Received, datetime], None]:
    """A channel that refuses whatever comes."""

    def read(_received: Received, _at: datetime) -> None:
        raise refused

    return read


@pytest.fixture
def web(store: Store, tmp_path: Path) -> Starlette:
    """The application with no hook and no token."""
    return make_web(taking_of(store, tmp_path), [], "")


def test_it_lives_and_is_ready(web: Starlette) -> None:
    """Live as soon as it answers, ready while both databases do."""
    assert answers(web, lambda http: http.get("/health/live")).status_code == 200
    assert answers(web, lambda http: http.get("/health/ready")).text == "ready"


def test_it_is_not_ready_on_another_release(web: Starlette, store: Store) -> None:
    """Tables that are not this release's are said so, with 503."""
    with writing(store.main) as db:
        kept = db.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        assert answers(web, lambda http: http.get("/health/ready")).status_code == 503
    finally:
        with writing(store.main) as db:
            db.execute(text("UPDATE alembic_version SET version_num = :kept"), {"kept": kept})


@pytest.mark.parametrize(
    ("token", "host", "headers", "status"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "203.0.113.9", {}, 404),
        ("", "127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, 404),
        ("secret", "203.0.113.9", {"authorization": "Bearer secret"}, 200),
        ("secret", "127.0.0.1", {}, 404),
        ("secret", "127.0.0.1", {"authorization": "Bearer other"}, 404),
    ],
)
def test_figures_are_for_loopback_or_the_token(
    store: Store, tmp_path: Path, token: str, host: str, headers: Mapping[str, str], status: int
) -> None:
    """From elsewhere, or through a proxy, /metrics is not there."""
    web = make_web(taking_of(store, tmp_path), [], token)
    assert answers(web, lambda http: http.get("/metrics", headers=dict(headers)), host=host).status_code == status


def test_figures_have_no_label_that_tells_of_anybody(web: Starlette) -> None:
    """No district, kind of need, language or person is a label."""
    told = answers(web, lambda http: http.get("/metrics")).text
    labels = {part.split("=")[0] for line in told.splitlines() if "{" in line for part in line.split("{")[1].split(",")}
    assert {label for label in labels if "sathi" not in label} <= {
        "provider", "outcome", "why", "generation", "implementation", "major", "minor", "patchlevel", "version"
    }  # fmt: skip
    assert "sathi_outbox_waiting" in told


@pytest.mark.parametrize(("refused", "status"), [(Forged("x"), 403), (Malformed("x"), 400), (TooLarge("x"), 413)])
def test_what_is_refused_gets_one_constant_answer(store: Store, tmp_path: Path, refused: Refused, status: int) -> None:
    """Forged, malformed, too large: the status tells, the body never does, and nothing is stored."""
    web = make_web(taking_of(store, tmp_path), [Hook("/sms/x", "x", refusing(refused))], "")
    before = rows(store)
    answer = answers(web, lambda http: http.post("/sms/x", content=b"From=somebody"))
    assert (answer.status_code, answer.text) == (status, "refused")
    assert rows(store) == before


def test_a_body_over_the_limit_is_not_read_to_its_end(store: Store, tmp_path: Path) -> None:
    """More than 64 KB is refused before any channel sees it."""
    read: list[Received] = []
    web = make_web(taking_of(store, tmp_path), [Hook("/sms/x", "x", lambda got, _at: read.append(got))], "")
    answer = answers(web, lambda http: http.post("/sms/x", content=b"x" * (BODY_LIMIT + 1)))
    assert (answer.status_code, read) == (413, [])


@pytest.mark.parametrize("path", ["/", "/sms/twilio", "/telegram", "/try", "/desk", "/docs", "/.env"])
def test_what_is_not_set_up_is_not_there(web: Starlette, path: str) -> None:
    """A channel that is not configured, and the demo page outside the demo, answer 404."""
    assert answers(web, lambda http: http.post(path)).status_code == 404
