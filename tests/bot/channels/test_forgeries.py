"""Forged and repeated webhooks against the whole path: refused, answered with a constant, and nothing stored."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.channels.android_sms import receive as android_receive
from bot.channels.twilio import BODY_LIMIT, receive, status
from bot.errors import Refused
from bot.taking import Reader, take
from bot.web import Hook
from flows.model import Received
from storage.database import Store
from tests.bot.channels.house import post_all, rows, taking_of
from tests.bot.channels.signing import FORM, GATEWAY, PHONE, TWILIO, recorded, signed_event, signed_form
from tests.storage.builders import NOW

FORGERIES = 10_000
OVER_HTTP = 400
TWILIO_HOOK = Hook("/sms/twilio", "twilio", lambda got, now: receive.read(TWILIO, got, now))
STATUS_HOOK = Hook("/sms/twilio/status", "twilio", lambda got, now: status.read(TWILIO, got, now))
PHONE_HOOK = Hook("/sms/android", "android_sms", lambda got, now: android_receive.read(PHONE, got, now))
FORM_SIGNED = signed_form(recorded("twilio/latin_letters.txt"))
EVENT_SIGNED = signed_event(recorded("android_sms/received.json"))


def _forms() -> list[bytes]:
    return [recorded(f"twilio/{file.name}") for file in sorted((GATEWAY / "twilio").glob("*.txt"))]


def _events() -> list[bytes]:
    return [recorded(f"android_sms/{file.name}") for file in sorted((GATEWAY / "android_sms").glob("*.json"))]


def _changed(chance: random.Random, body: bytes) -> bytes:
    """The body with one byte other than it was, one more, one fewer, or a part of it twice."""
    at = chance.randrange(len(body))
    match chance.randrange(4):
        case 0:
            return body[:at] + bytes([body[at] ^ (1 << chance.randrange(7))]) + body[at + 1 :]
        case 1:
            return body[:at] + bytes([chance.randrange(256)]) + body[at:]
        case 2:
            return body[:at] + body[at + 1 :]
    return body + body[at:]


def forged_forms(count: int) -> Iterator[Received]:
    """Forms with a guessed signature, another's signature, or another token's."""
    chance, forms = random.Random(10), _forms()
    stranger = type(TWILIO)(TWILIO.sid, "another token", TWILIO.number, TWILIO.public_url)
    for number in range(count):
        body = chance.choice(forms)
        match number % 4:
            case 0:
                guess = chance.randbytes(20).hex()
                yield Received({"content-type": FORM, "x-twilio-signature": guess}, body)
            case 1:
                yield signed_form(body, account=stranger)
            case 2:
                signed = signed_form(body)
                more = quote(chance.choice("ক1 +&="))
                yield Received(signed.headers, body + f"&Body{number}={more}".encode())
            case _:
                yield signed_form(body, query=f"o={number}", path="/desk")


def forged_events(count: int) -> Iterator[Received]:
    """Events with a guessed signature, a changed body, another time or another key."""
    chance, events = random.Random(11), _events()
    second = int(NOW.timestamp())
    for number in range(count):
        body = chance.choice(events)
        signed = signed_event(body)
        match number % 4:
            case 0:
                yield Received(signed.headers | {"x-signature": chance.randbytes(32).hex()}, body)
            case 1:
                yield Received(signed.headers, _changed(chance, body))
            case 2:
                yield signed_event(body, at=second + chance.choice((-1, 1)) * chance.randrange(301, 10**9))
            case _:
                yield signed_event(body, key=chance.randbytes(8).hex())


def count_read(read: Reader, requests: Iterator[Received]) -> int:
    """How many were not refused."""
    passed = 0
    for one in requests:
        try:
            read(one, NOW)
        except Refused:
            continue
        passed += 1
    return passed


def test_of_ten_thousand_forgeries_none_is_read(proof: Callable[[str], None]) -> None:
    """Guessed, changed, of another time, key, token or path: each is refused."""
    half = FORGERIES // 2
    passed = count_read(TWILIO_HOOK.read, forged_forms(half // 2))
    passed += count_read(STATUS_HOOK.read, forged_forms(half - half // 2))
    passed += count_read(PHONE_HOOK.read, forged_events(half))
    proof(f"forged={FORGERIES} read={passed}")
    assert passed == 0


@pytest.mark.parametrize(
    ("hook", "requests"),
    [
        (TWILIO_HOOK, list(forged_forms(OVER_HTTP))),
        (STATUS_HOOK, list(forged_forms(OVER_HTTP))),
        (PHONE_HOOK, list(forged_events(OVER_HTTP))),
    ],
    ids=["twilio", "twilio status", "android_sms"],
)
def test_a_forgery_over_http_stores_nothing(store: Store, tmp_path: Path, hook: Hook, requests: list[Received]) -> None:
    """Each is answered with a refusal, and no table of either database has a row more."""
    empty = rows(store)
    answers = post_all(taking_of(store, tmp_path), hook, requests)
    assert set(answers) <= {400, 403}
    assert rows(store) == empty


@pytest.mark.parametrize(
    ("hook", "signed"), [(TWILIO_HOOK, FORM_SIGNED), (PHONE_HOOK, EVENT_SIGNED)], ids=["twilio", "android_sms"]
)
def test_the_same_message_again_does_nothing(store: Store, tmp_path: Path, hook: Hook, signed: Received) -> None:
    """A replay under a true signature leaves no row behind and makes no second answer."""
    taking = taking_of(store, tmp_path)
    first = take(taking, hook.provider, hook.read, signed)
    after_first = rows(store)
    again = take(taking, hook.provider, hook.read, signed)
    assert (first and first.outcome, again and again.outcome) == ("answered", "repeated")
    assert rows(store) == after_first
    assert (after_first["inbound"], after_first["outbox"] > 0) == (1, True)


@pytest.mark.parametrize(
    ("hook", "signed", "ignored"),
    [
        (TWILIO_HOOK, FORM_SIGNED, signed_form(recorded("twilio/short_code.txt"))),
        (PHONE_HOOK, EVENT_SIGNED, signed_event(recorded("android_sms/named_sender.json"))),
    ],
    ids=["twilio", "android_sms"],
)
def test_each_refusal_has_its_answer(
    store: Store, tmp_path: Path, hook: Hook, signed: Received, ignored: Received
) -> None:
    """Forged 403, malformed 400, too large 413, not for us 200; none stores a thing, and the next genuine one does."""
    empty = rows(store)
    requests = [
        Received({"content-type": signed.headers["content-type"]}, signed.body),
        Received(signed.headers, signed.body.replace(b"taka", b"taki")),
        Received(signed.headers | {"content-type": "text/html"}, signed.body),
        Received(signed.headers, b"a" * (BODY_LIMIT + 1)),
        ignored,
    ]
    taking = taking_of(store, tmp_path)
    assert post_all(taking, hook, requests) == [403, 403, 400, 413, 200]
    assert rows(store) == empty
    assert post_all(taking, hook, [signed]) == [200]
    assert rows(store)["inbound"] == 1
