"""Twilio: a two-way number, where one can be had.

receive.py   what it delivers, as a message
send.py      what goes out, by its own library
status.py    what became of what went out, as a receipt
wire.py      how its library reaches it, and what a refusal holds
"""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from bot.errors import Forged, Malformed, TooLarge
from flows.model import Received

BODY_LIMIT = 64 * 1024  # bytes
MOST_FIELDS = 200
FORM = "application/x-www-form-urlencoded"
MESSAGE_SID = re.compile(r"(?:SM|MM)[0-9A-Za-z]{1,32}")
_FIELD_NAME = re.compile(r"[0-9A-Za-z_.-]{1,64}")
_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_MARK = "MessageSid"  # in every signed form; see _is_cut_otherwise

Form = ImmutableMultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Account:
    """The account that Twilio knows us by."""

    sid: str
    token: str = field(repr=False)
    number: str  # or the sid of a messaging service
    public_url: str  # how Twilio reaches us, which is what it signs
    api_url: str = ""  # scheme and host, where it is not Twilio's own

    @property
    def is_service(self) -> bool:
        """Whether we send by a messaging service, which chooses the number."""
        return self.number.startswith("MG")

    def url(self, path: str, query: str = "") -> str:
        """The address under which Twilio calls this path."""
        return self.public_url.rstrip("/") + path + (f"?{query}" if query else "")


def read_form(account: Account, received: Received, path: str) -> Form:
    """The form that Twilio signed for this path, from this account.

    The signature covers our public address and every field, known or not, but joins names and values
    without a border (https://www.twilio.com/docs/usage/webhooks/webhooks-security). So the fields that
    decide anything must be there once and in their own form, and what only fits when cut elsewhere is refused.

    Raises:
        TooLarge: more than 64 KB.
        Malformed: not a form, or a field that must be there is missing, repeated or odd.
        Forged: not signed by Twilio for this address, or not for our account.
    """
    if len(received.body) > BODY_LIMIT:
        raise TooLarge("body")
    form = _parse(received)
    signature = received.headers.get("x-twilio-signature", "")
    if not RequestValidator(account.token).validate(account.url(path, received.query), form, signature):
        raise Forged("signature")
    if _is_cut_otherwise(form):
        raise Forged("fields")
    if one(form, "AccountSid") != account.sid:
        raise Forged("account")
    return form


def one(form: Form, name: str) -> str:
    """The value of a field that must be there exactly once.

    Raises:
        Malformed: it is missing or repeated.
    """
    values = form.getlist(name)
    if len(values) != 1:
        raise Malformed(name)
    return values[0]


def message_sid(form: Form) -> str:
    """The id under which Twilio knows the message.

    Raises:
        Malformed: it has not the form of one.
    """
    sid = one(form, _MARK)
    if not MESSAGE_SID.fullmatch(sid):
        raise Malformed(_MARK)
    return sid


def _parse(received: Received) -> Form:
    content_type = received.headers.get("content-type", "")
    charset = _CHARSET.search(content_type)
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise Malformed("content type")
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise Malformed("charset")
    try:
        pairs = parse_qsl(received.body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:  # also what is not UTF-8, such as half a surrogate pair
        raise Malformed("form") from None
    if not all(_FIELD_NAME.fullmatch(name) for name, _ in pairs):
        raise Malformed("field name")
    return ImmutableMultiDict(pairs)


def _is_cut_otherwise(form: Form) -> bool:
    """Whether the same signed text was cut into other fields: then an id lies where no id can be.

    A sender could write whole fields into her message, and somebody who saw its signature cut them out of
    it. The true id would then lie inside another value, or across two; in an honest form it is a name, or
    something that she herself wrote.
    """
    fields = [(name, value) for name in sorted(form) for value in sorted(set(form.getlist(name)))]
    signed = "".join(name + value for name, value in fields)
    honest = sum(name.count(_MARK) + (value.count(_MARK) if name == "Body" else 0) for name, value in fields)
    return signed.count(_MARK) != honest
