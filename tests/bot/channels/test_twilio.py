"""What Twilio delivers: read as it was written, and refused where it is not Twilio's."""

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.twilio import BODY_LIMIT, Account, receive, status
from bot.errors import Forged, Malformed, Refused, TooLarge
from flows.model import Channel, Inbound, Receipt, Received
from tests.bot.channels.signing import FORM, GATEWAY, HER, TWILIO, form_of, recorded, signature_of, signed_form
from tests.storage.builders import NOW

OUTBOX = "0194f0c0000000000000000000000001"
STATUS = "/sms/twilio/status"
SIGNED = signed_form(recorded("twilio/latin_letters.txt"))


def read(received: Received) -> Inbound | None:
    """What comes of a request."""
    return receive.read(TWILIO, received, NOW)


def read_status(received: Received) -> Receipt | None:
    """What comes of a report."""
    return status.read(TWILIO, received, NOW)


@pytest.mark.parametrize(
    ("name", "text", "has_media"),
    [
        ("latin_letters", "taka kobe pabo", False),
        ("bengali", "ক্ষতিপূরণ কবে পাব?", False),
        ("hindi_digit", "२", False),
        ("spaces_around", "  1 \n", False),
        ("empty", "", False),
        ("picture", "", True),
        ("stop", "STOP", False),
        ("new_field", "1", False),
    ],
)
def test_a_message_is_read_as_it_was_written(name: str, text: str, has_media: bool) -> None:
    """Text, sender and line arrive whole; a picture is noted, and a field that is new to us does no harm."""
    form = form_of(f"twilio/{name}.txt")
    assert read(signed_form(recorded(f"twilio/{name}.txt"))) == Inbound(
        "twilio", form["MessageSid"], Channel.SMS, HER, TWILIO.number, text, has_media
    )


@pytest.mark.parametrize("name", ["named_sender", "short_code", "other_app"])
def test_who_cannot_be_answered_is_passed_over(name: str) -> None:
    """A bank's name, a short code and another app's address are genuine, and nothing for us."""
    assert read(signed_form(recorded(f"twilio/{name}.txt"))) is None


def test_a_messaging_service_is_a_line() -> None:
    """Where we send by a messaging service, its sid says that a message is ours."""
    service = Account(TWILIO.sid, TWILIO.token, "MG00000000000000000000000000000001", TWILIO.public_url)
    form = form_of("twilio/latin_letters.txt") | {"MessagingServiceSid": service.number}
    message = receive.read(service, signed_form(form), NOW)
    assert message
    assert message.line == service.number
    with pytest.raises(Forged):
        receive.read(service, SIGNED, NOW)


def test_a_form_with_a_charset_or_a_query_is_read() -> None:
    """Twilio names the charset, and a query in our address is part of what it signs."""
    body = recorded("twilio/bengali.txt")
    assert read(signed_form(body, content_type=f"{FORM}; charset=UTF-8"))
    assert read(signed_form(body, query="line=1&x="))


def test_a_field_that_is_there_twice_is_signed_with_both_values() -> None:
    """A repeated field that decides nothing is read past; one that decides something is refused."""
    pairs = list(form_of("twilio/latin_letters.txt").items())
    assert read(signed_form([*pairs, ("AddOns", "b"), ("AddOns", "a")]))
    for name in ("MessageSid", "AccountSid", "From", "To", "Body", "NumMedia"):
        with pytest.raises(Malformed):
            read(signed_form([*pairs, (name, "0")]))


def _other(**headers: str) -> Received:
    return Received(SIGNED.headers | headers, SIGNED.body)


@pytest.mark.parametrize(
    "forged",
    [
        Received({"content-type": FORM}, SIGNED.body),
        _other(**{"x-twilio-signature": ""}),
        _other(**{"x-twilio-signature": "A" * 28}),
        _other(**{"x-twilio-signature": SIGNED.headers["x-twilio-signature"].swapcase()}),
        _other(**{"x-twilio-signature": "é\u0661"}),
        Received(SIGNED.headers, SIGNED.body.replace(b"taka", b"taki")),
        Received(SIGNED.headers, SIGNED.body + b"&Extra=1"),
        Received(SIGNED.headers, SIGNED.body.replace(b"FromCity=&", b"FromCity=+&")),
        Received(SIGNED.headers, SIGNED.body, "o=1"),
        signed_form(SIGNED.body, account=Account(TWILIO.sid, "another token", TWILIO.number, TWILIO.public_url)),
        signed_form(SIGNED.body, account=Account(TWILIO.sid, TWILIO.token, TWILIO.number, "http://sathi.invalid")),
        signed_form(SIGNED.body, account=Account(TWILIO.sid, TWILIO.token, TWILIO.number, "http://127.0.0.1:8000")),
        signed_form(SIGNED.body, STATUS),
        signed_form(form_of("twilio/latin_letters.txt") | {"AccountSid": "AC00000000000000000000000000000002"}),
        signed_form(form_of("twilio/latin_letters.txt") | {"To": "+15005550007"}),
    ],
)
def test_what_twilio_did_not_sign_for_us_is_forged(forged: Received) -> None:
    """Another token, address, path, query, account or number, or a byte that was changed."""
    with pytest.raises(Forged):
        read(forged)


@pytest.mark.parametrize(
    "malformed",
    [
        *(
            signed_form({name: value for name, value in form_of("twilio/latin_letters.txt").items() if name != gone})
            for gone in ("MessageSid", "AccountSid", "From", "To", "Body", "NumMedia")
        ),
        signed_form(SIGNED.body, content_type="application/json"),
        signed_form(SIGNED.body, content_type="text/plain"),
        signed_form(SIGNED.body, content_type=""),
        signed_form(SIGNED.body, content_type="multipart/form-data; boundary=x"),
        signed_form(SIGNED.body, content_type=f"{FORM}; charset=utf-16"),
        signed_form(form_of("twilio/latin_letters.txt") | {"NumMedia": "one"}),
        signed_form(form_of("twilio/latin_letters.txt") | {"NumMedia": ""}),
        signed_form(form_of("twilio/latin_letters.txt") | {"MessageSid": "SM" + "1" * 32 + "MessagingServiceSid"}),
        signed_form(form_of("twilio/latin_letters.txt") | {"MessageSid": "XX" + "0" * 32}),
        signed_form(form_of("twilio/latin_letters.txt") | {"a b": ""}),
        signed_form([*form_of("twilio/latin_letters.txt").items(), *((f"f{n}", "") for n in range(200))]),
        Received(SIGNED.headers, b"Body=%ED%A0%80"),
        Received(SIGNED.headers, b"Body=%ff"),
        Received(SIGNED.headers, b"Body=\xed\xa0\x80"),
        Received(SIGNED.headers, b"\xff\xfe"),
    ],
)
def test_what_is_not_twilios_form_is_refused(malformed: Received) -> None:
    """A missing or odd field, another content type or charset, half a surrogate pair, bytes that are no text."""
    with pytest.raises(Malformed):
        read(malformed)


def test_more_than_64_kb_is_too_large() -> None:
    """Before anything else is looked at."""
    with pytest.raises(TooLarge):
        read(Received(SIGNED.headers, b"a" * (BODY_LIMIT + 1)))


def test_a_body_that_swallowed_the_sender_is_refused() -> None:
    """The signature fits, since it joins without borders; the missing field tells."""
    form = form_of("twilio/latin_letters.txt")
    swallowed = {name: value for name, value in form.items() if not name.startswith("From")}
    tail = "".join(name + form[name] for name in sorted(form) if name.startswith("From"))
    swallowed["Body"] += tail
    cut = urlencode(swallowed).encode()
    assert signature_of(cut, "/sms/twilio") == SIGNED.headers["x-twilio-signature"]
    with pytest.raises(Malformed):
        read(Received(SIGNED.headers, cut))


def test_a_message_cut_out_of_another_is_refused() -> None:
    """Whoever writes whole fields into her text, and sees its signature, still cannot cut another sender out."""
    inner = {"Body": "hi", "From": "+915550000009", "MessageSid": "SM" + "9" * 32, "NumMedia": "0"}
    inner_text = "hi" + "".join(name + value for name, value in sorted(inner.items()) if name != "Body")
    outer = {"AccountSid": TWILIO.sid, "Body": f"{inner_text}To{TWILIO.number}Z", "From": "+915550000001"}
    outer |= {"MessageSid": "SM" + "1" * 32, "NumMedia": "0", "To": TWILIO.number}
    signed = signed_form(outer)
    assert read(signed), "what she wrote is hers to write"
    rest = "".join(name + value for name, value in sorted(outer.items()) if name not in ("AccountSid", "Body"))
    half = rest.index("MessageSid") + len("Mess")
    for tail in ({"Z": rest}, {"ZFrom": rest[4:]}, {"ZFrom": rest[4:half], rest[half : half + 5]: rest[half + 5 :]}):
        cut = {"AccountSid": TWILIO.sid, **inner, "To": TWILIO.number, **tail}
        body = urlencode(cut).encode()
        assert signature_of(body, "/sms/twilio") == signed.headers["x-twilio-signature"]
        with pytest.raises(Forged):
            read(Received(signed.headers, body))


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        ("queued", "sent", ""),
        ("sent", "sent", ""),
        ("delivered", "delivered", ""),
        ("unreachable", "failed", "error 30003"),
        ("filtered", "failed", "error 30007"),
        ("opted_out", "stopped", "error 21610"),
    ],
)
def test_a_report_settles_the_message_it_names(name: str, state: str, reason: str) -> None:
    """Our own id comes back in the address that we gave, so that a doubtful send is settled too."""
    body = recorded(f"twilio/status_{name}.txt")
    sid = form_of(f"twilio/status_{name}.txt")["MessageSid"]
    assert read_status(signed_form(body, STATUS, f"o={OUTBOX}")) == Receipt(OUTBOX, sid, state, reason)  # type: ignore[arg-type]
    assert read_status(signed_form(body, STATUS)) == Receipt(None, sid, state, reason)  # type: ignore[arg-type]


def test_a_report_on_something_else_is_passed_over() -> None:
    """A word for a state that no message of ours can have is nothing to keep."""
    assert read_status(signed_form(recorded("twilio/status_received.txt"), STATUS)) is None


def test_the_address_for_reports_is_the_one_that_is_checked() -> None:
    """What we give Twilio with a message is what its signature is checked against."""
    assert status.callback(TWILIO, OUTBOX) == f"https://sathi.invalid/sms/twilio/status?o={OUTBOX}"


@pytest.mark.parametrize(
    "refused",
    [
        signed_form(recorded("twilio/status_sent.txt")),
        signed_form(recorded("twilio/status_sent.txt"), STATUS, "o=a b"),
        signed_form(recorded("twilio/status_sent.txt"), STATUS, f"o={OUTBOX}&o={OUTBOX}"),
        signed_form(form_of("twilio/status_sent.txt") | {"ErrorCode": "no"}, STATUS),
        Received(
            signed_form(recorded("twilio/status_sent.txt"), STATUS).headers, recorded("twilio/status_sent.txt"), "o=1"
        ),
    ],
)
def test_a_report_that_is_not_twilios_is_refused(refused: Received) -> None:
    """Another path, or another id in the address than the one that was signed."""
    with pytest.raises(Refused):
        read_status(refused)


BODIES = [recorded(f"twilio/{file.name}") for file in sorted((GATEWAY / "twilio").glob("*.txt"))]


@settings(max_examples=1000, deadline=None)
@given(
    body=st.sampled_from(BODIES),
    signature=st.one_of(st.text(max_size=40), st.binary(min_size=20, max_size=20).map(lambda raw: raw.hex())),
    extra=st.text(max_size=20),
    query=st.text(st.characters(max_codepoint=255), max_size=20),
)
def test_no_forgery_is_ever_read(body: bytes, signature: str, extra: str, query: str) -> None:
    """Whatever is guessed or changed, nothing comes of it but a refusal."""
    changed = body + b"&" + extra.encode()
    forged = Received({"content-type": FORM, "x-twilio-signature": signature}, changed, query)
    with pytest.raises(Refused):
        read(forged)
    with pytest.raises(Refused):
        read_status(forged)
