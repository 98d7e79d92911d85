"""Sending through a phone of our own: what is asked of it, and what its refusals ask of us."""

import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.android_sms.send import TIMEOUT, Sender
from bot.errors import GiveUp, SendFailed, TryLater
from flows.model import Channel, Outgoing
from tests.bot.channels.loopback import Loopback, loopback
from tests.bot.channels.signing import HER, PHONE

OUTBOX = "0194f0c0000000000000000000000001"
OUTGOING = Outgoing(OUTBOX, Channel.SMS, HER, "ক্ষতিপূরণ", lifetime=timedelta(minutes=30))


@pytest.fixture
def phone() -> Iterator[Loopback]:
    """A phone on loopback that takes what it is given."""
    with loopback() as told:
        told.status = 202
        yield told


def send(url: str, outgoing: Outgoing = OUTGOING) -> str | None:
    """One message by a sender that is closed afterwards."""

    async def once() -> str | None:
        sender = Sender(replace(PHONE, url=url))
        try:
            return await sender.send(outgoing)
        finally:
            await sender.close()

    return asyncio.run(once())


def failure(url: str) -> SendFailed:
    """The refusal that sending ends in."""
    with pytest.raises(SendFailed) as raised:
        send(url)
    return raised.value


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_message_is_handed_over_whole(phone: Loopback, slash: str) -> None:
    """Number, words, how long it may wait, and our own id, by which the phone knows it again."""
    assert send(phone.url + "/api" + slash) == OUTBOX
    (asked,) = phone.asked
    assert asked.path == "/api/messages"
    assert asked.headers["Authorization"].startswith("Basic ")
    assert json.loads(asked.body) == {
        "id": OUTBOX,
        "textMessage": {"text": "ক্ষতিপূরণ"},
        "phoneNumbers": ["+915550000001"],
        "ttl": 1800,
        "withDeliveryReport": True,
    }


def test_the_shortest_life_is_the_gateways(phone: Loopback) -> None:
    """The gateway takes nothing under five seconds."""
    send(phone.url, replace(OUTGOING, lifetime=timedelta(seconds=1)))
    assert json.loads(phone.asked[0].body)["ttl"] == 5


def test_an_id_that_the_phone_knows_was_taken(phone: Loopback) -> None:
    """A second try after an answer that we did not see is one message, and no failure."""
    phone.status = 409
    assert send(phone.url) == OUTBOX


@pytest.mark.parametrize(
    ("status_code", "kind"),
    [
        (400, GiveUp),
        (413, GiveUp),
        (422, GiveUp),
        (301, TryLater),
        (401, TryLater),
        (403, TryLater),
        (404, TryLater),
        (429, TryLater),
        (500, TryLater),
        (503, TryLater),
    ],
)
def test_each_refusal_says_what_to_do(phone: Loopback, status_code: int, kind: type[SendFailed]) -> None:
    """Only what is wrong with the message itself ends it; a wrong address or password is mended by staff."""
    phone.status = status_code
    assert (type(failure(phone.url)), str(failure(phone.url))) == (kind, f"HTTP {status_code}")


def test_the_phones_own_delay_is_kept(phone: Loopback) -> None:
    """A full queue says when to come back."""
    phone.status, phone.headers = 503, {"Retry-After": "60"}
    refused = failure(phone.url)
    assert isinstance(refused, TryLater)
    assert refused.after == timedelta(seconds=60)


def test_a_broken_connection_leaves_no_doubt(phone: Loopback) -> None:
    """The same id may always go again, before or after the request was written."""
    phone.breaks_off = True
    assert type(failure(phone.url)) is TryLater
    with loopback() as gone:
        url = gone.url
    assert type(failure(url)) is TryLater


def test_a_refusal_tells_neither_number_nor_words(phone: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the error, nor its causes, nor a log line repeats what the gateway says."""
    caplog.set_level(logging.DEBUG)
    phone.status, phone.body = 400, json.dumps({"message": f"invalid phone number {HER} ক্ষতিপূরণ"})
    refused = failure(phone.url)
    assert (str(refused), refused.__cause__) == ("HTTP 400", None)
    assert "555000" not in caplog.text
    assert "ক্ষতি" not in caplog.text


def test_nothing_is_deleted_on_the_phone(phone: Loopback) -> None:
    """The gateway cannot be asked to, so we say that it was not, and ask nothing."""
    assert asyncio.run(Sender(replace(PHONE, url=phone.url)).remove(HER, OUTBOX)) is False
    assert phone.asked == []


def test_a_call_ends_before_its_claim_does() -> None:
    """Otherwise the message would be claimed again while this call still waits for an answer."""
    from bot.delivery import LEASE

    assert LEASE.total_seconds() > TIMEOUT
