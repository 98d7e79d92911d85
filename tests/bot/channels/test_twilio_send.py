"""Sending by Twilio's own library: what is asked of it, and what its refusals ask of us."""

import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from bot.channels.twilio.send import AT_ONCE, Sender, failure_of
from bot.channels.twilio.wire import TIMEOUT, Refusal, Wire
from bot.errors import GiveUp, InDoubt, LineSpent, SendFailed, Stopped, TryLater
from flows.model import Channel, Outgoing
from tests.bot.channels.loopback import Loopback, loopback
from tests.bot.channels.signing import HER, TWILIO

SID = "SM" + "0" * 31 + "1"
OUTGOING = Outgoing("0194f0c0000000000000000000000001", Channel.SMS, HER, "ক্ষতিপূরণ", lifetime=timedelta(minutes=30))


@pytest.fixture
def provider() -> Iterator[Loopback]:
    """A Twilio on loopback that takes what it is given."""
    with loopback() as told:
        told.body = json.dumps({"sid": SID, "status": "queued"})
        yield told


def send(url: str, outgoing: Outgoing = OUTGOING, number: str = TWILIO.number, timeout: float = TIMEOUT) -> str | None:
    """One message by a sender that is closed afterwards."""

    async def once() -> str | None:
        sender = Sender(replace(TWILIO, api_url=url, number=number), timeout)
        try:
            return await sender.send(outgoing)
        finally:
            await sender.close()

    return asyncio.run(once())


def remove(url: str) -> bool:
    """Delete one message by a sender that is closed afterwards."""

    async def once() -> bool:
        sender = Sender(replace(TWILIO, api_url=url))
        try:
            return await sender.remove(HER, SID)
        finally:
            await sender.close()

    return asyncio.run(once())


def failure(url: str, timeout: float = TIMEOUT) -> SendFailed:
    """The refusal that sending ends in."""
    with pytest.raises(SendFailed) as raised:
        send(url, timeout=timeout)
    return raised.value


def test_a_message_is_handed_over_whole(provider: Loopback) -> None:
    """Number, words, our line, how long it may wait, and where to report, our own id in it."""
    assert send(provider.url) == SID
    (asked,) = provider.asked
    assert asked.path == f"/2010-04-01/Accounts/{TWILIO.sid}/Messages.json"
    assert asked.headers["Authorization"].startswith("Basic ")
    assert parse_qs(asked.body) == {
        "To": ["+915550000001"],
        "From": [TWILIO.number],
        "Body": ["ক্ষতিপূরণ"],
        "ValidityPeriod": ["1800"],
        "StatusCallback": [f"https://sathi.invalid/sms/twilio/status?o={OUTGOING.id}"],
    }


def test_a_messaging_service_chooses_the_number(provider: Loopback) -> None:
    """Where the line is a service, its sid goes in the number's place."""
    service = "MG" + "0" * 32
    send(provider.url, number=service)
    asked = parse_qs(provider.asked[0].body)
    assert (asked["MessagingServiceSid"], "From" in asked) == ([service], False)


@pytest.mark.parametrize(
    ("lifetime", "seconds"), [(timedelta(), 1), (timedelta(days=2), 14_400), (timedelta(minutes=5), 300)]
)
def test_a_stale_reply_is_not_delivered(provider: Loopback, lifetime: timedelta, seconds: int) -> None:
    """Twilio stops trying when the message's own time is over, within what Twilio allows."""
    send(provider.url, replace(OUTGOING, lifetime=lifetime))
    assert parse_qs(provider.asked[0].body)["ValidityPeriod"] == [str(seconds)]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 21610, Stopped),
        (400, 21211, GiveUp),
        (400, 21614, GiveUp),
        (400, 21408, GiveUp),
        (400, 30029, GiveUp),
        (400, 30030, GiveUp),
        (400, 30004, GiveUp),
        (404, 20404, GiveUp),
        (400, 0, GiveUp),
        (429, 20429, TryLater),
        (429, 0, TryLater),
        (400, 20429, TryLater),
        (400, 30001, TryLater),
        (400, 21611, TryLater),
        (400, 30003, TryLater),
        (400, 30008, TryLater),
        (401, 20003, TryLater),
        (500, 20500, TryLater),
        (503, 0, TryLater),
        (429, 63038, LineSpent),
        (400, 63038, LineSpent),
    ],
)
def test_each_refusal_says_what_to_do(status: int, code: int, kind: type[SendFailed]) -> None:
    """Twilio's own code goes before the status, since 63038 comes with 429."""
    mapped = failure_of(Refusal(status, code, None))
    assert type(mapped) is kind
    assert str(mapped) == (f"error {code}" if code else f"HTTP {status}")


def test_a_refusal_tells_neither_number_nor_words(provider: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    """Twilio's sentence holds the number: neither the error, nor its causes, nor a log line repeats it."""
    caplog.set_level(logging.DEBUG)
    provider.status = 400
    provider.body = json.dumps({"code": 21211, "message": f"'{HER}' ক্ষতিপূরণ is not valid", "status": 400})
    refused = failure(provider.url)
    assert (type(refused), str(refused)) == (GiveUp, "error 21211")
    assert refused.__cause__ is None
    assert refused.__suppress_context__
    assert "555000" not in caplog.text
    assert "ক্ষতি" not in caplog.text


@pytest.mark.parametrize(
    ("given", "after"),
    [("7", timedelta(seconds=7)), ("soon", None), ("-1", None), ("Wed, 25 Nov 2026 11:00:00 GMT", None)],
)
def test_twilios_own_delay_is_kept(provider: Loopback, given: str, after: timedelta | None) -> None:
    """Retry-After in seconds is handed on; another form of it is not guessed at."""
    provider.status, provider.headers = 429, {"Retry-After": given}
    refused = failure(provider.url)
    assert isinstance(refused, TryLater)
    assert refused.after == after


@pytest.mark.parametrize("body", ["", "[1]", "<html>", '{"code": "21610"}', '{"code": null}'])
def test_a_refusal_in_another_form_is_told_by_its_status(provider: Loopback, body: str) -> None:
    """A gateway in between answers in its own way."""
    provider.status, provider.body = 502, body
    assert str(failure(provider.url)) == "HTTP 502"


def test_an_answer_that_never_came_is_in_doubt(provider: Loopback) -> None:
    """The request was written: Twilio may have taken it."""
    provider.breaks_off = True
    assert type(failure(provider.url)) is InDoubt


def test_an_answer_that_cannot_be_read_is_in_doubt(provider: Loopback) -> None:
    """It said yes, and we cannot tell to what."""
    provider.body = "<html>"
    assert type(failure(provider.url)) is InDoubt


def test_an_answer_that_is_too_slow_is_in_doubt(provider: Loopback) -> None:
    """A read that runs into its limit comes after the request was written."""
    provider.waits = 0.3
    assert type(failure(provider.url, timeout=0.1)) is InDoubt


def test_who_cannot_be_reached_was_sent_nothing() -> None:
    """A connection that is refused leaves no doubt: the same message may go again."""
    with loopback() as gone:
        url = gone.url
    assert type(failure(url)) is TryLater
    assert type(failure("http://sathi.invalid")) is TryLater


@pytest.mark.parametrize(("status", "was_there"), [(204, True), (404, False)])
def test_a_finished_message_is_deleted_at_twilio(provider: Loopback, status: int, was_there: bool) -> None:
    """What lies there for up to thirty days goes; what is gone already is no failure."""
    provider.status, provider.body = status, "" if was_there else json.dumps({"code": 20404})
    assert remove(provider.url) is was_there
    (asked,) = provider.asked
    assert (asked.method, asked.path) == ("DELETE", f"/2010-04-01/Accounts/{TWILIO.sid}/Messages/{SID}.json")


def test_a_message_that_is_not_finished_is_deleted_later(provider: Loopback) -> None:
    """Twilio refuses to delete what it is still sending."""
    provider.status, provider.body = 409, json.dumps({"code": 20009})
    with pytest.raises(TryLater):
        remove(provider.url)


def test_the_library_keeps_no_message(provider: Loopback) -> None:
    """For its own tests it holds the last request in memory; ours does not."""
    wire = Wire(provider.url)
    wire.request("POST", "https://api.twilio.com/x", data={"Body": "ক্ষতিপূরণ"})
    wire.close()
    assert (wire._test_only_last_request, wire._test_only_last_response) == (None, None)


def test_a_call_ends_before_its_claim_does() -> None:
    """Otherwise another worker would send the same message while this one still waits for an answer."""
    from bot.delivery import AT_ONCE as CLAIMED
    from bot.delivery import LEASE

    assert LEASE.total_seconds() > 2 * TIMEOUT
    assert AT_ONCE >= CLAIMED
