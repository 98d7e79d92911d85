"""Requests as the providers sign them: by Twilio's own library, and as the gateway's documentation says."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MultiDict
from twilio.request_validator import RequestValidator

from bot.channels import android_sms, twilio
from flows.model import Received
from tests.storage.builders import NOW

GATEWAY = Path(__file__).parents[2] / "gateway"
HER = "sms:+915550000001"
FORM = "application/x-www-form-urlencoded"
TWILIO = twilio.Account(
    sid="AC00000000000000000000000000000001",
    token="a token of nobody",
    number="+15005550006",
    public_url="https://sathi.invalid",
)
PHONE = android_sms.Account(
    url="http://127.0.0.1:9/api", user="phone", password="of nobody", signing_key="a key of nobody", line="line-1"
)


def recorded(name: str) -> bytes:
    """A body as it came, such as `twilio/bengali.txt`."""
    return (GATEWAY / name).read_bytes().removesuffix(b"\n")


def form_of(name: str) -> dict[str, str]:
    """The fields of a recorded form, for a test to change."""
    return dict(parse_qsl(recorded(name).decode(), keep_blank_values=True))


def signed_form(
    body: bytes | Mapping[str, str] | Sequence[tuple[str, str]],
    path: str = "/sms/twilio",
    query: str = "",
    *,
    account: twilio.Account = TWILIO,
    signed: bytes | None = None,
    content_type: str = FORM,
) -> Received:
    """A form as Twilio signs it; with `signed`, the signature is that of another form."""
    raw = body if isinstance(body, bytes) else urlencode(body).encode()
    signature = signature_of(raw if signed is None else signed, path, query, account)
    return Received({"content-type": content_type, "x-twilio-signature": signature}, raw, query)


def signature_of(raw: bytes, path: str, query: str = "", account: twilio.Account = TWILIO) -> str:
    """The signature that Twilio's own library computes."""
    fields = MultiDict(parse_qsl(raw.decode(), keep_blank_values=True))
    url = account.public_url + path + (f"?{query}" if query else "")
    return str(RequestValidator(account.token).compute_signature(url, fields))


def signed_event(body: bytes, *, key: str = PHONE.signing_key, at: float | str = NOW.timestamp()) -> Received:
    """An event as the phone signs it; `at` is the second of its signature."""
    second = at if isinstance(at, str) else str(int(at))
    signature = hmac.new(key.encode(), body + second.encode(), hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json; charset=UTF-8", "x-signature": signature, "x-timestamp": second}
    return Received(headers, body)
