"""SMS parts: how many a text takes, in which encoding."""

from dataclasses import dataclass
from typing import Literal

# GSM 03.38 (3GPP TS 23.038), default alphabet and its extension table
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")

GSM_SINGLE, GSM_PART = 160, 153  # septets in one message, and in each part of a longer one
UCS_SINGLE, UCS_PART = 70, 67  # UTF-16 units likewise


@dataclass(frozen=True, slots=True)
class Fit:
    """How a text travels."""

    encoding: Literal["GSM-7", "UCS-2"]
    segments: int


def fit(text: str) -> Fit:
    """The encoding and the number of parts of a text; an escaped GSM character counts twice.

    No part ends inside an escape sequence or a surrogate pair, so a part may stay a unit short.
    """
    if all(char in _BASIC or char in _EXTENDED for char in text):
        return Fit("GSM-7", _segments([2 if char in _EXTENDED else 1 for char in text], GSM_SINGLE, GSM_PART))
    return Fit("UCS-2", _segments([2 if ord(char) > 0xFFFF else 1 for char in text], UCS_SINGLE, UCS_PART))


def _segments(widths: list[int], single: int, part: int) -> int:
    if sum(widths) <= single:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > part:
            count, used = count + 1, 0
        used += width
    return count
