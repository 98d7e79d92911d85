"""SMS parts: how many a text takes, in which encoding."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import regex

# GSM 03.38 (3GPP TS 23.038), default alphabet and its extension table
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENDED
# Devanagari and Bengali, what stands between them, and the signs that belong to the letter before
_USUAL = re.compile("[\n -\u024f\u0900-\u09ff\u200c\u200d\u2010-\u2027₹]*")
_SIGNS = "".join(char for char in map(chr, range(0x900, 0xA00)) if unicodedata.category(char).startswith("M"))
_LETTER = re.compile(f".[{_SIGNS}\u200c\u200d]*", re.DOTALL)
_WHOLE = regex.compile(r"\X")
_CONJUNCT = regex.compile(r"(?<=[\N{DEVANAGARI SIGN VIRAMA}\N{BENGALI SIGN VIRAMA}]\u200d?)(?=\p{L})")

GSM_SINGLE, GSM_PART = 160, 153  # septets in one message, and in each part of a longer one
UCS_SINGLE, UCS_PART = 70, 67  # UTF-16 units likewise


@dataclass(frozen=True, slots=True)
class Fit:
    """How a text travels."""

    encoding: Literal["GSM-7", "UCS-2"]
    segments: int


def fit(text: str) -> Fit:
    """The encoding and the number of parts of a text; an escaped GSM character counts twice.

    No part ends inside an escape sequence, a surrogate pair or a letter with its signs, so a part may stay short.
    """
    if _GSM.issuperset(text):
        return Fit("GSM-7", _segments([2 if char in _EXTENDED else 1 for char in text], GSM_SINGLE, GSM_PART))
    return Fit("UCS-2", _segments(_widths(text), UCS_SINGLE, UCS_PART))


def cut(text: str) -> list[str]:
    """The text of each part, as many as `fit` counts."""
    if _GSM.issuperset(text):
        return _filled([(char, 2 if char in _EXTENDED else 1) for char in text], GSM_SINGLE, GSM_PART)
    letters = _LETTER.findall(text) if _USUAL.fullmatch(text) else _rare(text)
    return _filled([(letter, _units(letter)) for letter in letters], UCS_SINGLE, UCS_PART)


def strange(text: str) -> list[str]:
    """The characters that keep a text from the cheaper alphabet, each once."""
    return list(dict.fromkeys(char for char in text if char not in _GSM))


def _filled(letters: list[tuple[str, int]], single: int, part: int) -> list[str]:
    if sum(width for _, width in letters) <= single:
        return ["".join(letter for letter, _ in letters)]
    parts, used = [""], 0
    for letter, width in letters:
        if used + width > part:
            parts.append("")
            used = 0
        parts[-1] += letter
        used += width
    return parts


def _widths(text: str) -> list[int]:
    """The units of what is never parted: a letter with its signs; of a conjunct, each of its letters."""
    if _USUAL.fullmatch(text):  # seven times as fast
        return [len(letter) for letter in _LETTER.findall(text)]
    return [_units(letter) for letter in _rare(text)]


def _rare(text: str) -> list[str]:
    return [letter for whole in _WHOLE.findall(text) for letter in _CONJUNCT.split(whole)]


def _units(text: str) -> int:
    return sum(2 if char > "\uffff" else 1 for char in text)


def _segments(widths: list[int], single: int, part: int) -> int:
    if sum(widths) <= single:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > part:
            count, used = count + 1, 0
        used += width
    return count
