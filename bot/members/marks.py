"""The signed marks under a member's messages: they bind a press or an answer to one talk while one member holds it.

`m:<act>:<tag>:<version>:<signature>`, at most 64 bytes, which is all that Telegram carries.
"""

import base64
import hmac
import re
from dataclasses import dataclass

from storage.relays import Relay
from storage.seal import Sealer

SIGNED = 10  # bytes of the signature: 80 bits, and each try is one message
_MARK = re.compile(r"m:([a-z]{1,9}(?:\.[a-z0-9_]{1,12})?):([0-9A-Z]{6}):(\d{1,6}):([a-z2-7]{16})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says; nothing of it is believed before `is_genuine` says so."""

    act: str
    about: str
    tag: str
    version: int
    signature: str


def make(sealer: Sealer, relay: Relay, member_id: str, act: str, about: str = "") -> str:
    """The mark of an act on this talk, by this member, in these hands."""
    named = f"{act}.{about}" if about else act
    return f"m:{named}:{relay.tag}:{relay.version}:{_signature(sealer, relay.id, member_id, relay.version)}"


def read(mark: str) -> Mark | None:
    """What a mark says; nothing, where it is none."""
    found = _MARK.fullmatch(mark)
    if found is None:
        return None
    act, _, about = found[1].partition(".")
    return Mark(act, about, found[2], int(found[3]), found[4])


def is_genuine(sealer: Sealer, mark: Mark, relay: Relay, member_id: str) -> bool:
    """Whether Sathi made this mark for this member and this talk, at whatever version."""
    return hmac.compare_digest(_signature(sealer, relay.id, member_id, mark.version), mark.signature)


def _signature(sealer: Sealer, relay_id: str, member_id: str, version: int) -> str:
    signed = hmac.digest(sealer.subkey("marks"), f"{relay_id}|{member_id}|{version}".encode(), "sha256")
    return base64.b32encode(signed[:SIGNED]).decode().lower()
