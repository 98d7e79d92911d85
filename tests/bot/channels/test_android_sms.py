"""What a phone of our own delivers: read where it signed it, and refused where it did not."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.android_sms import BODY_LIMIT, receive, status
from bot.errors import Forged, Malformed, Refused, TooLarge
from flows.model import Channel, Inbound, Receipt, Received
from tests.bot.channels.signing import GATEWAY, HER, PHONE, recorded, signed_event
from tests.storage.builders import NOW

OUTBOX = "0194f0c0000000000000000000000001"
BODY = recorded("android_sms/received.json")
SIGNED = signed_event(BODY)
BODIES = [recorded(f"android_sms/{file.name}") for file in sorted((GATEWAY / "android_sms").glob("*.json"))]


def read(received: Received) -> Inbound | Receipt | None:
    """What comes of a request."""
    return receive.read(PHONE, received, NOW)


def event(**changed: Any) -> Received:
    """The recorded message with other fields in its payload, signed; None leaves a field out."""
    said = json.loads(BODY)
    fields = said["payload"] | changed
    said["payload"] = {name: value for name, value in fields.items() if value is not None}
    return signed_event(json.dumps(said).encode())


@pytest.mark.parametrize(
    ("name", "text", "has_media"),
    [
        ("received", "taka kobe pabo", False),
        ("bengali", "ক্ষতিপূরণ কবে পাব?", False),
        ("national_number", "1", False),
        ("no_sim", "1", False),
        ("picture", "", True),
    ],
)
def test_a_message_is_read_as_it_was_written(name: str, text: str, has_media: bool) -> None:
    """Her number is the same whether the network wrote the country before it or not; our line is the SIM's."""
    message = read(signed_event(recorded(f"android_sms/{name}.json")))
    assert isinstance(message, Inbound)
    assert (message.provider, message.channel, message.address) == ("android_sms", Channel.SMS, HER)
    assert (message.line, message.text, message.has_media) == ("line-1", text, has_media)


@pytest.mark.parametrize("name", ["named_sender", "short_code", "ping"])
def test_what_cannot_be_answered_is_passed_over(name: str) -> None:
    """A bank's name, a short code and a sign of life are genuine, and nothing for us."""
    assert read(signed_event(recorded(f"android_sms/{name}.json"))) is None


def test_a_redelivery_has_the_same_id_and_nothing_else_has() -> None:
    """The gateway makes its id from the words alone: the time and the sender tell two messages apart."""
    ids = {
        message.external_id
        for message in map(
            read, [SIGNED, event(), event(simNumber=2), event(receivedAt="2026-11-24T12:05:00.000+05:30")]
        )
        if isinstance(message, Inbound)
    }
    others = [event(phoneNumber="+915550000002"), event(messageId="5d2e6a20")]
    ids |= {message.external_id for message in map(read, others) if isinstance(message, Inbound)}
    assert len(ids) == 4
    assert all(len(id_) == 64 for id_ in ids), "a hash, in which no number can be read"


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [("sent", "sent", ""), ("delivered", "delivered", ""), ("failed", "failed", "RESULT_ERROR_NO_SERVICE")],
)
def test_a_report_settles_the_message_it_names(name: str, state: str, reason: str) -> None:
    """It comes to the same place; of the reason only Android's name for it is kept, never the number beside it."""
    signed = signed_event(recorded(f"android_sms/{name}.json"))
    expected = Receipt(OUTBOX, None, state, reason)  # type: ignore[arg-type]
    assert read(signed) == status.read(PHONE, signed, NOW) == expected


def test_a_message_is_not_a_report() -> None:
    """The reader of reports passes over what she wrote."""
    assert status.read(PHONE, SIGNED, NOW) is None


def _other(**headers: str) -> Received:
    return Received(SIGNED.headers | {name.replace("_", "-"): value for name, value in headers.items()}, SIGNED.body)


SECOND = int(NOW.timestamp())


@pytest.mark.parametrize(
    "forged",
    [
        Received({"content-type": "application/json"}, BODY),
        _other(x_signature=""),
        _other(x_signature="0" * 64),
        _other(x_signature="é\u0661"),
        _other(x_timestamp=""),
        _other(x_timestamp=str(SECOND + 1)),
        _other(x_timestamp=f" {SECOND}"),
        _other(x_timestamp="1_772_442_000"),
        _other(x_timestamp="\u0661" * 10),
        _other(x_timestamp="9" * 400),
        Received(SIGNED.headers, BODY.replace(b"taka", b"taki")),
        Received(SIGNED.headers, BODY + b" "),
        signed_event(BODY, key="another key"),
        signed_event(BODY, at=SECOND - 301),
        signed_event(BODY, at=SECOND + 301),
        signed_event(BODY, at=0),
        signed_event(BODY, at="9" * 12),
        Received(SIGNED.headers | {"x-timestamp": str(SECOND)[1:]}, BODY + str(SECOND)[:1].encode()),
    ],
)
def test_what_the_phone_did_not_sign_now_is_forged(forged: Received) -> None:
    """Another key, a changed byte, or a time more than five minutes away in either direction."""
    with pytest.raises(Forged):
        read(forged)


@pytest.mark.parametrize("at", [SECOND - 300, SECOND + 300])
def test_a_clock_may_be_five_minutes_off(at: int) -> None:
    """Phones drift; the phone signs anew each time it tries again."""
    assert read(signed_event(BODY, at=at))


@pytest.mark.parametrize(
    "malformed",
    [
        Received(SIGNED.headers | {"content-type": "text/plain"}, BODY),
        Received({name: value for name, value in SIGNED.headers.items() if name != "content-type"}, BODY),
        signed_event(b""),
        signed_event(b"{"),
        signed_event(b"[]"),
        signed_event(b"{}"),
        signed_event(b"\xff\xfe"),
        signed_event(b'{"event":"sms:received","payload":{"message":"\xed\xa0\x80"}}'),
        signed_event(b"[" * 30_000),
        signed_event(b'{"event":"sms:received"}'),
        signed_event(b'{"event":"sms:received","payload":[]}'),
        signed_event(b'{"event":7,"payload":{}}'),
        signed_event(b'{"event":"sms:sent","payload":{}}'),
        signed_event(b'{"event":"sms:sent","payload":{"messageId":7}}'),
        event(message=None),
        event(message=7),
        event(message="\ud800"),
        event(phoneNumber=None),
        event(phoneNumber="\udc00"),
        event(messageId=None),
        event(receivedAt=None),
        event(receivedAt=1_772_442_000),
        event(messageId="m" * 201),
    ],
)
def test_what_is_not_the_gateways_form_is_refused(malformed: Received) -> None:
    """Signed or not: another content type, no JSON, half a surrogate pair, a field that is missing or odd."""
    with pytest.raises(Malformed):
        read(malformed)


def test_more_than_64_kb_is_too_large() -> None:
    """Before anything else is looked at."""
    with pytest.raises(TooLarge):
        read(signed_event(b" " * (BODY_LIMIT + 1)))


@settings(max_examples=1000, deadline=None)
@given(
    body=st.sampled_from(BODIES),
    signature=st.one_of(st.text(max_size=70), st.binary(min_size=32, max_size=32).map(lambda raw: raw.hex())),
    at=st.one_of(st.integers(SECOND - 300, SECOND + 300).map(str), st.text(max_size=12)),
)
def test_no_forgery_is_ever_read(body: bytes, signature: str, at: str) -> None:
    """Whatever is guessed, nothing comes of it but a refusal."""
    forged = Received({"content-type": "application/json", "x-signature": signature, "x-timestamp": at}, body)
    with pytest.raises(Refused):
        read(forged)
