"""Phrases: which of many named word lists are found in a text, whatever script and spelling it is in.

A phrase is one or more words side by side. `kor*` is any word that begins so, `~` is up to three words of any kind, and
`=morbo` is met only in that very spelling, for words that a key cannot tell apart. English phrases always are.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from flows.errors import BadFlow
from flows.hearing.fold import plain, words

GAP = 3  # words that `~` may pass over
LONG_ENOUGH = 5  # letters of a key from which one wrong letter is forgiven
FIRST = 2  # letters that a word left open at its end has at least
LONGEST_WORD = 20  # letters; no phrase has a longer word


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a phrase."""

    word: str
    exact: bool = False  # compared with the plain spelling instead of the key
    begins: bool = False
    gap: bool = False  # stands for any few words


Phrase = tuple[Part, ...]
Text = Sequence[tuple[str, str]]


class Vocabulary:
    """Words that are known, and the one that an unknown word was meant to be."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = set(known)
        self._near: dict[str, str] = {}

    def learn(self, word: str) -> None:
        """Know a word, and what is left of it when one letter is missing."""
        self._known.add(word)
        if len(word) >= LONG_ENOUGH and word.isascii():
            for shorter in _deletions(word):
                self._near.setdefault(shorter, word)

    def mend(self, word: str) -> str:
        """The known word that is one letter off, or the word itself."""
        if not LONG_ENOUGH <= len(word) <= LONGEST_WORD or word in self._known or not word.isascii():
            return word
        near = (self._near[short] for short in (word, *_deletions(word)) if short in self._near)
        return next((known for known in near if known[0] == word[0]), word)


class Phrases:
    """Named phrases, compiled once; where other `known` words are given, a misspelt word of a phrase can be mended."""

    def __init__(
        self, named: Mapping[str, Iterable[str]], english: Mapping[str, Iterable[str]], known: Text = ()
    ) -> None:
        self._first: dict[str, list[tuple[str, Phrase]]] = defaultdict(list)
        self._first_begins: dict[str, list[tuple[str, Phrase]]] = defaultdict(list)  # by all the letters that are told
        self._mends = bool(known)
        self._keys, self._spellings = Vocabulary(key for _, key in known), Vocabulary(word for word, _ in known)
        for name, phrases in named.items():
            for written in phrases:
                self._add(name, _parsed(written))
        for name, phrases in english.items():
            for written in phrases:
                self._add(name, _parsed(" ".join(f"={word}" if word != "~" else word for word in written.split())))

    def found(self, text: Text) -> dict[str, list[int]]:
        """The names found, each with where in the text it begins."""
        found: dict[str, list[int]] = defaultdict(list)
        for at, (spelled, key) in enumerate(text):
            for name, phrase in self._starting(spelled, key):
                if _goes_on(phrase, 1, text, at + 1):
                    found[name].append(at)
        return found

    def whole(self, text: Text) -> list[str]:
        """The names of the phrases that the text is, from its first word to its last."""
        if not text:
            return []
        return [name for name, phrase in self._starting(*text[0]) if _goes_on(phrase, 1, text, 1, whole=True)]

    def mended(self, text: Text) -> list[tuple[str, str]]:
        """The text with each unknown long word that is one letter off a known one put right."""
        return [(self._spellings.mend(spelled), self._keys.mend(key)) for spelled, key in text]

    def _add(self, name: str, phrase: Phrase) -> None:
        head = phrase[0]
        mark = "=" if head.exact else ""
        if head.begins:
            if len(head.word) < FIRST:
                raise BadFlow(f"a phrase that begins with {head.word!r}* would be met everywhere")
            self._first_begins[mark + head.word].append((name, phrase))
        else:
            self._first[mark + head.word].append((name, phrase))
        for part in phrase if self._mends else ():
            if not part.gap:
                (self._spellings if part.exact else self._keys).learn(part.word)

    def _starting(self, spelled: str, key: str) -> list[tuple[str, Phrase]]:
        starting = [*self._first.get(key, ()), *self._first.get("=" + spelled, ())]
        for word, shortest in ((key, FIRST), ("=" + spelled, FIRST + 1)):
            for length in range(shortest, min(len(word), LONGEST_WORD) + 1):
                if begun := self._first_begins.get(word[:length]):
                    starting += begun
        return starting


def lists(name: str) -> dict[str, Any]:
    """The word lists of a TOML file of this folder."""
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


def read(written: str) -> list[tuple[str, str]]:
    """A text as phrases are sought in it."""
    return list(words(written))


def _parsed(written: str) -> Phrase:
    return tuple(part for piece in written.split() for part in _parts(piece))


@cache
def _parts(piece: str) -> tuple[Part, ...]:
    if piece == "~":
        return (Part("", gap=True),)
    exact, begins = piece.startswith("="), piece.endswith("*")
    piece = piece.strip("=*")
    if exact:
        return (Part(plain(piece), exact=True, begins=begins),)
    end = ("l" if piece.endswith("m") else "m") if begins else ""  # so that the rules of a last letter do not apply
    return tuple(Part(key.removesuffix(end), begins=begins) for _, key in words(piece + end))


def _goes_on(phrase: Phrase, part: int, text: Text, at: int, whole: bool = False) -> bool:
    if part == len(phrase):
        return not whole or at == len(text)
    if phrase[part].gap:
        return any(_goes_on(phrase, part + 1, text, at + skipped, whole) for skipped in range(GAP + 1))
    return at < len(text) and _is(phrase[part], text[at]) and _goes_on(phrase, part + 1, text, at + 1, whole)


def _is(part: Part, word: tuple[str, str]) -> bool:
    said = word[0] if part.exact else word[1]
    return said.startswith(part.word) if part.begins else said == part.word


def _deletions(key: str) -> list[str]:
    return [key[:at] + key[at + 1 :] for at in range(len(key))]
