"""Return codes: eight digits that are hers, made and hashed before any transaction begins."""

import secrets
import unicodedata
from collections import deque
from dataclasses import dataclass

from storage.seal import Sealer

DIGITS = 8


@dataclass(frozen=True, slots=True, repr=False)
class ReturnCode:
    """Eight digits as they are shown, and the slow hash that is stored in their place."""

    shown: str  # "1234 5678"
    hash: bytes


class CodePool:
    """Return codes made ahead: the slow hash must not run while a transaction holds the database."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._ready: deque[ReturnCode] = deque()
        self._given: set[bytes] = set()

    def borrow(self) -> ReturnCode:
        """A code that nobody was given; slow only where none lies ready."""
        try:
            return self._ready.popleft()
        except IndexError:
            return self._make()

    def give_back(self, code: ReturnCode) -> None:
        """A borrowed code; it lies ready for the next turn unless it was given to somebody."""
        if code.hash in self._given:
            self._given.discard(code.hash)
        else:
            self._ready.append(code)

    def give(self, code: ReturnCode) -> ReturnCode:
        """Mark a borrowed code as shown to her: it is nobody else's any more, even if the turn fails."""
        self._given.add(code.hash)
        return code

    def _make(self) -> ReturnCode:
        digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        return ReturnCode(f"{digits[:4]} {digits[4:]}", self._sealer.blind_code(digits))


def digits_in(text: str) -> str | None:
    """The eight digits that a text consists of, in any script and however grouped; else None."""
    kept = [char for char in text if not (char.isspace() or char in "-.,")]
    if len(kept) != DIGITS or not all(char.isdecimal() for char in kept):
        return None
    return "".join(str(unicodedata.decimal(char)) for char in kept)
