"""Choices: which of the labels that are shown a message names."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from flows.hearing.fold import fold, plain

CLOSE = 80  # of 100: so alike are two spellings of one word
APART = 8  # and so much less alike must every other choice be
LONG_ENOUGH = 4  # letters from which a spelling is compared, not matched
SHORT = 6  # words a message may have that only holds a label


def choice(text: str, words: Sequence[tuple[str, tuple[str, ...]]]) -> str | None:
    """The name whose label or synonym the message is; None where it is none, or could be two."""
    said = fold(text[:200])
    if not said or len(text) > 200:
        return None
    labels = [(name, {key for label in spoken if (key := _sound(label))}) for name, spoken in words]
    return _written(plain(text), words) or _same(said, labels) or _like(said, labels) or _holding(said, labels)


def _written(said: str, words: Sequence[tuple[str, tuple[str, ...]]]) -> str | None:
    """The choice that is written so, letter by letter: "hindi" is not the label in Devanagari letters."""
    return _only([name for name, spoken in words if any(_letters(label) == said for label in spoken)])


@lru_cache(maxsize=4096)
def _sound(label: str) -> str:
    """A label's key; labels are the same for everyone, and what she wrote never comes here."""
    return fold(label)


@lru_cache(maxsize=4096)
def _letters(label: str) -> str:
    """A label's letters, likewise."""
    return plain(label)


def _same(said: str, labels: Sequence[tuple[str, set[str]]]) -> str | None:
    return _only([name for name, keys in labels if said in keys])


def _like(said: str, labels: Sequence[tuple[str, set[str]]]) -> str | None:
    """The choice that is spelled nearly so, if no other is."""
    if len(said) < LONG_ENOUGH:
        return None
    ranked = sorted(((_likeness(said, keys), name) for name, keys in labels), reverse=True)
    best, name = ranked[0] if ranked else (0.0, "")
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    return name if best >= CLOSE and best - second >= APART else None


def _likeness(said: str, keys: set[str]) -> float:
    return max((fuzz.ratio(said, key) for key in keys if len(key) >= LONG_ENOUGH), default=0.0)


def _holding(said: str, labels: Sequence[tuple[str, set[str]]]) -> str | None:
    """The only choice of which a short message holds a whole label."""
    if len(said.split()) > SHORT:
        return None
    around = f" {said} "
    return _only([name for name, keys in labels if any(len(key) > 2 and f" {key} " in around for key in keys)])


def _only(names: list[str]) -> str | None:
    return names[0] if len(set(names)) == 1 else None
