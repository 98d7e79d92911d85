"""The real sender against the gateway's own OpenAPI: what it asks is what the phone takes."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.channels.android_sms import Account
from bot.channels.android_sms.send import Sender
from bot.errors import GiveUp, SendFailed, TryLater
from flows.model import Channel, Outgoing
from tests.end_to_end.prism import Mock, mocking

ACCOUNT = Account(url="", user="phone", password="of nobody", signing_key="a key of nobody", line="line-1")
OUTGOING = Outgoing(
    "0194f0c0000000000000000000000001", Channel.SMS, "sms:+915550000001", "ক্ষতিপূরণ", lifetime=timedelta(minutes=30)
)

pytestmark = [pytest.mark.peer, pytest.mark.xdist_group("prism")]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    """The gateway as its maker describes it."""
    # without --errors: the description takes the states for objects and gives them as words
    with mocking("android_sms_gateway.json", tmp_path_factory.mktemp("android")) as running:
        yield running


@pytest.fixture
def mock(described: Mock) -> Mock:
    """The same, having seen no request yet."""
    described.forget()
    return described


def send(mock: Mock, outgoing: Outgoing = OUTGOING, prefer: str = "", auth: httpx.Auth | None = None) -> str | None:
    """One message by a sender that is closed afterwards; with `prefer`, its request asks for this answer."""

    async def once() -> str | None:
        sender = Sender(replace(ACCOUNT, url=mock.url))
        if prefer:
            sender._http.headers["Prefer"] = prefer
        if auth:
            sender._http.auth = auth
        try:
            return await sender.send(outgoing)
        finally:
            await sender.close()

    return asyncio.run(once())


@pytest.mark.parametrize("lifetime", [timedelta(seconds=1), timedelta(minutes=30), timedelta(days=1)])
def test_what_we_send_is_what_the_phone_takes(mock: Mock, lifetime: timedelta) -> None:
    """The gateway's own description finds nothing wrong with our request."""
    assert send(mock, replace(OUTGOING, lifetime=lifetime)) == OUTGOING.id
    assert (mock.passed(), mock.complaints()) == (1, [])


def test_an_id_that_the_phone_knows_was_taken(mock: Mock) -> None:
    """409 is the answer to a second try, and no failure."""
    assert send(mock, prefer="code=409") == OUTGOING.id


@pytest.mark.parametrize(
    ("prefer", "kind"),
    [("code=400", GiveUp), ("code=403", TryLater), ("code=500", TryLater), ("code=503", TryLater)],
)
def test_each_refusal_says_what_to_do(mock: Mock, prefer: str, kind: type[SendFailed]) -> None:
    """Only what is wrong with the message itself ends it."""
    with pytest.raises(SendFailed) as raised:
        send(mock, prefer=prefer)
    assert (type(raised.value), str(raised.value)) == (kind, f"HTTP {prefer.partition('=')[2]}")


def test_without_a_password_the_phone_refuses(mock: Mock) -> None:
    """401 leaves the message waiting: staff mend the password, and it goes."""
    with pytest.raises(TryLater, match=r"^HTTP 401$"):
        send(mock, auth=httpx.Auth())


def test_a_wrong_parameter_is_refused_for_good(mock: Mock) -> None:
    """400 for an id that is too long: the mock does check, and a refusal of the message itself ends it."""
    with pytest.raises(GiveUp, match=r"^HTTP 400$"):
        send(mock, replace(OUTGOING, id="o" * 37))
    assert any("property id" in said for said in mock.complaints())
