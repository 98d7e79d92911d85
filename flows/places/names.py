"""The names of the districts as they are looked up: how they are written, and how they sound."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

from flows.hearing.fold import fold, plain
from flows.places.districts import Gazetteer

Codes: TypeAlias = frozenset[str]

SOUNDS_FROM = 5  # letters: a shorter name sounds like too many words
ELSEWHERE: Codes = frozenset({"elsewhere"})  # stands for every place outside the state


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Words that may be a misspelt name, with and without an ending."""

    written: tuple[str, ...]
    sounding: tuple[str, ...]
    is_of_several: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Every name without its spaces, and the districts it may mean."""

    written: Mapping[str, Codes]
    sounding: Mapping[str, Codes]
    all_written: tuple[str, ...]
    all_sounding: tuple[str, ...]
    several_written: tuple[str, ...]  # the names that are several words
    several_sounding: tuple[str, ...]
    everyday: frozenset[str]
    around: frozenset[str]

    def near(self, looked_up: LookedUp, farthest: int) -> list[tuple[Codes, int]]:
        """The districts of every name that differs by at most so many letters, and by how many.

        It is measured both as names are written, in any script, and as they sound. Several words are compared
        only with the names of several words.
        """
        written = self.several_written if looked_up.is_of_several else self.all_written
        sounding = self.several_sounding if looked_up.is_of_several else self.all_sounding
        return [
            *_within(self.written, written, looked_up.written, farthest),
            *_within(self.sounding, sounding, looked_up.sounding, farthest),
        ]


def _within(
    named: Mapping[str, Codes], names: Sequence[str], keys: Sequence[str], farthest: int
) -> Iterator[tuple[Codes, int]]:
    for key in keys:
        for name, distance, _at in process.extract(key, names, scorer=OSA.distance, score_cutoff=farthest, limit=None):
            yield named[name], int(distance)


def names_of(gazetteer: Gazetteer) -> Names:
    """The names of all districts and of the places elsewhere."""
    written: dict[str, set[str]] = defaultdict(set)
    sounding: dict[str, set[str]] = defaultdict(set)
    named = [(one.code, name) for one in gazetteer.districts.values() for name in one.names]
    for code, name in (*named, *(("elsewhere", name) for name in gazetteer.elsewhere)):
        written[joined(plain(name))].add(code)
        if len(sound := joined(fold(name))) >= SOUNDS_FROM:
            sounding[sound].add(code)
    several = [name for _code, name in named if " " in name]
    return Names(
        written={name: frozenset(codes) for name, codes in written.items()},
        sounding={sound: frozenset(codes) for sound, codes in sounding.items()},
        all_written=tuple(written),
        all_sounding=tuple(sounding),
        several_written=tuple({joined(plain(name)): None for name in several}),
        several_sounding=tuple({joined(fold(name)): None for name in several if joined(fold(name)) in sounding}),
        everyday=frozenset(joined(plain(name)) for name in gazetteer.everyday),
        around=frozenset(plain(word) for word in gazetteer.around),
    )


def joined(text: str) -> str:
    """The text without its spaces."""
    return text.replace(" ", "")
