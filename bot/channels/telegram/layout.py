"""How a message looks in her chat: the words, and the buttons under them."""

from collections.abc import Iterator

import regex
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from flows.model import Outgoing

LONGEST = 4096  # UTF-16 units in one message
CHOICES = frozenset("1234567")


def keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    """The buttons: a choice a row, wide enough for her words, and what always works in one row below.

    Each carries the turn of its message, so that a press on an old one is known as such.
    """
    if not outgoing.buttons:
        return None
    buttons = [(key, InlineKeyboardButton(_label(key, label), callback_data=_mark(outgoing, key)))
               for key, label in outgoing.buttons]  # fmt: skip
    rows = [[button] for key, button in buttons if not _is_hint(key)]
    hints = [button for key, button in buttons if _is_hint(key)]
    return InlineKeyboardMarkup([*rows, *([hints] if hints else [])])


def split(text: str) -> list[str]:
    """The text in messages that Telegram takes, never within a letter; nearly always one."""
    if _units(text) <= LONGEST:
        return [text]
    return list(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    piece, length = "", 0
    for letter in regex.findall(r"\X", text):
        units = _units(letter)
        if piece and length + units > LONGEST:
            yield piece
            piece, length = "", 0
        piece, length = piece + letter, length + units
    yield piece


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _label(key: str, label: str) -> str:
    return f"{key} {label}" if key.isdigit() else label


def _mark(outgoing: Outgoing, key: str) -> str:
    return key if ":" in key else f"{outgoing.turn}:{key}"


def _is_hint(key: str) -> bool:
    return key.isdigit() and key not in CHOICES
