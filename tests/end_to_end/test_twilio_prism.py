"""The real sender against Twilio's own OpenAPI: what it asks is what Twilio takes."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.twilio import Account
from bot.channels.twilio.send import Sender
from bot.errors import GiveUp, SendFailed, Stopped, TryLater
from flows.model import Channel, Outgoing
from tests.end_to_end.prism import Mock, mocking

ACCOUNT = Account(sid="AC" + "0" * 32, token="of nobody", number="+15005550006", public_url="https://sathi.invalid")
SID = "SM" + "0" * 32
OUTGOING = Outgoing(
    "0194f0c0000000000000000000000001", Channel.SMS, "sms:+915550000001", "ক্ষতিপূরণ", lifetime=timedelta(minutes=30)
)

pytestmark = [pytest.mark.peer, pytest.mark.xdist_group("prism")]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    """Twilio's messages as Twilio describes them."""
    with mocking("twilio_messages.json", tmp_path_factory.mktemp("twilio"), "--errors") as running:
        yield running


@pytest.fixture
def mock(described: Mock) -> Mock:
    """The same, having seen no request yet."""
    described.forget()
    return described


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    """The same with Twilio's refusals, of which a request can prefer one."""
    with mocking("twilio_messages_faults.json", tmp_path_factory.mktemp("faults"), "--errors") as running:
        yield running


def sender_at(mock: Mock, account: Account = ACCOUNT, prefer: str = "") -> Sender:
    """A sender to the mock; with `prefer`, each of its requests asks for this answer."""
    sender = Sender(replace(account, api_url=mock.url))
    if prefer:
        sender._wire.session.headers["Prefer"] = prefer  # type: ignore[union-attr]
    return sender


def send(sender: Sender, outgoing: Outgoing = OUTGOING) -> str | None:
    """One message by a sender that is closed afterwards."""

    async def once() -> str | None:
        try:
            return await sender.send(outgoing)
        finally:
            await sender.close()

    return asyncio.run(once())


def remove(sender: Sender) -> bool:
    """Delete one message by a sender that is closed afterwards."""

    async def once() -> bool:
        try:
            return await sender.remove("sms:+915550000001", SID)
        finally:
            await sender.close()

    return asyncio.run(once())


@pytest.mark.parametrize("number", [ACCOUNT.number, "MG" + "0" * 32], ids=["number", "service"])
def test_what_we_send_is_what_twilio_takes(mock: Mock, number: str) -> None:
    """Twilio's own description finds nothing wrong with our request, and we read the id in its answer."""
    sid = send(sender_at(mock, replace(ACCOUNT, number=number)))
    assert sid
    assert sid.startswith("SM")
    assert (mock.passed(), mock.complaints()) == (1, [])


def test_what_we_delete_is_what_twilio_deletes(mock: Mock) -> None:
    """The same for deleting."""
    assert remove(sender_at(mock))
    assert (mock.passed(), mock.complaints()) == (1, [])


@pytest.mark.parametrize(
    ("prefer", "kind", "reason"),
    [
        ("code=400", Stopped, "error 21610"),
        ("code=401", TryLater, "error 20003"),
        ("code=404", GiveUp, "error 20404"),
        ("code=429", TryLater, "error 20429"),
        ("code=503", TryLater, "error 20503"),
    ],
)
def test_each_refusal_of_twilios_says_what_to_do(
    faulty: Mock, prefer: str, kind: type[SendFailed], reason: str
) -> None:
    """Refusals in Twilio's own words come out as ours, and hold a code and nothing else."""
    with pytest.raises(SendFailed) as raised:
        send(sender_at(faulty, prefer=prefer))
    assert (type(raised.value), str(raised.value)) == (kind, reason)


def test_a_message_that_is_gone_is_no_failure(faulty: Mock) -> None:
    """Deleting what is not there says so."""
    assert remove(sender_at(faulty, prefer="code=404")) is False


def test_without_a_password_twilio_refuses(mock: Mock) -> None:
    """401 leaves the message waiting: staff mend the token, and it goes."""
    sender = sender_at(mock)
    sender._client.username = sender._client.password = None
    with pytest.raises(TryLater, match=r"^HTTP 401$"):
        send(sender)


def test_a_wrong_parameter_is_refused_for_good(mock: Mock) -> None:
    """422 for a sid that is none: the mock does check, and a refusal of the message itself ends it."""
    with pytest.raises(GiveUp, match=r"^HTTP 422$"):
        send(sender_at(mock, replace(ACCOUNT, sid="AC-not-a-sid")))
    assert any("accountsid" in said for said in mock.complaints())
