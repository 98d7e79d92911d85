"""Meanings: what the words of a message are about, whatever language and spelling they are in.

flows/hearing/concepts.toml names each meaning with its usual words. Case endings and one wrong letter in a long word
are forgiven, and a negation is joined to what it denies: "ase nai", "nahi aaya" and "not come" are one thing.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from flows.hearing.fold import fold, plain
from flows.hearing.fold import words as heard

NOT = "not"
NEAR = 2  # words between a negation and what it denies, on either side
LONGEST_PHRASE = 5  # words
SHORTEST_STEM = 3  # letters that must be left of a word without its ending
SHORTEST_LOOSE = 4  # letters of a key that may mistake a for o
LONG_ENOUGH = 6  # letters of a key from which one wrong letter is forgiven
LONGEST_WORD = 20
ENDINGS = (
    "gular", "guli", "gula", "bala", "bali", "bale", "der", "ter", "tar", "era", "ing", "te", "ke", "ta", "ti", "er",
    "ar", "ra", "ei", "ai", "en", "an", "on", "re", "ed", "es", "r", "e", "i", "o", "u", "t", "n", "k", "s",
)  # fmt: skip
DENYING = ("nai", "ni", "নাই", "নি")  # written together with the verb
MAY_BE_DENYING = ("na", "না")  # ... which is also how a verb is named in Hindi: karna

Found = tuple[int, str]


class Meanings:
    """The named words, by their keys."""

    def __init__(self, named: Mapping[str, str]) -> None:
        self.names = frozenset(named)
        self._words: dict[str, set[str]] = defaultdict(set)
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._loose: dict[str, set[str]] = defaultdict(set)
        self._begins: dict[str, set[str]] = defaultdict(set)
        self._phrases: dict[str, list[tuple[Sequence[str], str]]] = defaultdict(list)
        self._shorter: dict[str, str] = {}
        for name, written in named.items():
            for phrase in written.split(","):
                self._add(name, phrase.strip())
        for word in sorted(self._words):
            if len(word) >= LONG_ENOUGH:
                for short in _deletions(word):
                    self._shorter.setdefault(short, word)

    def found(self, text: Sequence[str]) -> list[Found]:
        """Where in a text of plain words which meaning stands; each once at a place."""
        keys = [strict(word) for word in text]
        found = {(at, name) for at, word in enumerate(text) for name in self._named(word)}
        for at, first in enumerate(keys):
            for phrase, name in self._phrases.get(first, ()):
                if _goes_on(phrase, keys, at):
                    found.add((at, name))
        return sorted(found)

    def _add(self, name: str, written: str) -> None:
        if written.startswith("="):
            self._exact[plain(written)].add(name)
            return
        keys = [strict(word) for word in plain(written.removesuffix("*")).split()]
        if len(keys) == 1 and len(key(plain(written))) >= SHORTEST_LOOSE:
            self._loose[key(plain(written))].add(name)
        if len(keys) > 1:
            self._phrases[keys[0]].append(([*keys[:-1], keys[-1] + "*"] if written.endswith("*") else keys, name))
        elif keys and written.endswith("*"):
            self._begins[keys[0]].add(name)
            self._words[keys[0]].add(name)
        elif keys:
            self._words[keys[0]].add(name)

    @lru_cache(maxsize=20_000)  # noqa: B019 - there is one lexicon, and it lives as long as the program
    def _named(self, word: str) -> frozenset[str]:
        if written := self._words.get(strict(word), set()) | self._exact.get(word, set()):
            return frozenset(written | self._begun(strict(word)))
        return frozenset(
            self._denied_in(word, DENYING)
            or self._spelled(strict(word))
            or self._denied_in(word, MAY_BE_DENYING)
            or self._loose.get(key(word))
            or self._misspelled(strict(word))
        )

    def _denied_in(self, word: str, endings: Sequence[str]) -> set[str]:
        """The verb before a negation that is written together with it."""
        for ending in endings:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) > 1 and (denied := self._spelled(strict(stem))):
                return denied | {NOT}
        return set()

    def _spelled(self, word: str) -> set[str]:
        found = self._words.get(word, set()) | self._begun(word)
        if found:
            return found
        for ending in ENDINGS:
            stem = word.removesuffix(ending)
            shortest = SHORTEST_STEM + (len(ending) == 1)  # made is not mad
            if stem != word and len(stem) >= shortest and (found := self._words.get(stem, set())):
                return set(found)
        return set()

    def _begun(self, word: str) -> set[str]:
        found: set[str] = set()
        for length in range(SHORTEST_STEM, min(len(word), LONGEST_WORD) + 1):
            found |= self._begins.get(word[:length], set())
        return found

    def _misspelled(self, word: str) -> set[str]:
        if not LONG_ENOUGH <= len(word) <= LONGEST_WORD:
            return set()
        for short in (word, *_deletions(word)):
            known = self._shorter.get(short) or (short if short in self._words else None)
            if known and known[0] == word[0]:
                return self._words[known]
        return set()


def read(text: str) -> list[str]:
    """The plain words of a text."""
    return plain(text).split()


def denied(found: Iterable[Found]) -> Iterator[str]:
    """The meanings that a negation stands beside."""
    standing = list(found)
    negations = [at for at, name in standing if name == NOT]
    for at, name in standing:
        if name != NOT and any(abs(at - negation) <= NEAR for negation in negations):
            yield name


@lru_cache(maxsize=20_000)
def strict(word: str) -> str:
    """The key of one plain word that still tells a from o."""
    return "".join(one for _, one in heard(word))


@lru_cache(maxsize=20_000)
def key(word: str) -> str:
    """The folded key of one plain word."""
    return fold(word)


def _goes_on(phrase: Sequence[str], keys: Sequence[str], at: int) -> bool:
    if at + len(phrase) > len(keys):
        return False
    *whole, last = phrase
    if any(keys[at + number] != one for number, one in enumerate(whole)):
        return False
    said = keys[at + len(whole)]
    return said.startswith(last[:-1]) if last.endswith("*") else said == last


def _deletions(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(1, len(word))]


def wider(names: Iterable[str]) -> set[str]:
    """The wider things that any of these meanings is a kind of."""
    return {group for name in names for group in WIDER.get(name, ())}


def _widened(groups: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    above: dict[str, list[str]] = defaultdict(list)
    for group, written in groups.items():
        for name in written.split(","):
            above[name.strip()].append(group)
    return above


_WRITTEN = tomllib.loads(files("flows.hearing").joinpath("concepts.toml").read_text(encoding="utf-8"))
WIDER = _widened(_WRITTEN["wider"])
MEANINGS = Meanings(_WRITTEN["meaning"])
