"""Signs: what is weighed of a message for danger beside its words; what they are about, and what stands with what.

A few thousand examples hold each word too seldom to tell who does what to whom. senses.toml and concepts.toml name what
many words have in common, in every way of writing, so that "tala" and "lock" are learned together; pairs of them tell
"he" and "lock" from "I" and "lock".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from flows.hearing.phrases import FIRST, Phrases, Text, lists, read
from flows.hearing.weighing import MOST_WORDS, STEM, features

AHEAD = 5  # words between which two are a pair
NEAR = 4  # words between two senses that stand in order
ENDING, BEGINNING = 3, 2  # words that are told by where they stand


class Senses:
    """The senses of senses.toml and the meanings of concepts.toml, compiled once."""

    def __init__(self) -> None:
        written = lists("senses.toml")
        self._senses = Phrases(_parted(written["words"]), _parted(written["english"]))
        self._meanings = Phrases(_parted(lists("concepts.toml")["meaning"]), {})

    def signs(self, text: Text, found: Iterable[str]) -> set[str]:
        """All that is weighed of a text, with the names of the danger lists that were found in it."""
        text, names = text[:MOST_WORDS], sorted(found)
        senses = self._senses.found(text)
        meanings = sorted(self._meanings.found(text))
        return {
            *features(text, names),
            *_of_neighbours(text),
            *(f"both {one} {two}" for one, two in combinations(names, 2)),
            *(f"sense {name}" for name in senses),
            *(f"senses {one} {two}" for one, two in combinations(sorted(senses), 2)),
            *_in_order(senses),
            *(f"about {name}" for name in meanings),
            *(f"about {one} {two}" for one, two in combinations(meanings, 2)),
        }


def _of_neighbours(text: Text) -> Iterator[str]:
    keys = [key for _, key in text]
    stems = [key[:STEM] for key in keys]
    yield from (f"then {one} {two}" for one, two in pairwise(["^", *keys, "$"]))
    yield from (f"pair {one} {two}" for at, one in enumerate(stems) for two in stems[at + 1 : at + 1 + AHEAD])
    yield from (f"last {key}" for key in keys[-ENDING:])
    yield from (f"first {key}" for key in keys[:BEGINNING])


def _in_order(senses: Mapping[str, Sequence[int]]) -> Iterator[str]:
    standing = sorted((at, name) for name, places in senses.items() for at in set(places))
    for number, (at, one) in enumerate(standing):
        yield from (f"order {one} {two}" for then, two in standing[number + 1 :] if one != two and then - at <= NEAR)


def _parted(written: Mapping[str, str]) -> dict[str, list[str]]:
    """Phrases that were written with commas between them; without those too short to be sought by their beginning."""
    parted = {name: [phrase.strip() for phrase in phrases.split(",")] for name, phrases in written.items()}
    return {name: [phrase for phrase in phrases if _is_sought(phrase)] for name, phrases in parted.items()}


def _is_sought(phrase: str) -> bool:
    first = next(iter(read(phrase)), ("", ""))
    return len(first[1]) >= FIRST
