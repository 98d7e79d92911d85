"""Finding the district that somebody names, in any of the five ways of writing, misspelt or with words around it.

A name is looked up as it is written, then without the ending that Bengali hangs on it, then as it sounds, and last
by its nearest spelling. What could be two districts is never taken for one: it is asked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flows.hearing.fold import fold, plain
from flows.places.districts import DISTRICTS, GAZETTEER
from flows.places.names import ELSEWHERE, SOUNDS_FROM, Codes, LookedUp, joined, names_of

LONGEST_NAME = 4  # words
LONGEST_ANSWER = 40  # words that are looked at
SHORTEST_NEAR = 5  # letters of a misspelt name
SHORTEST_STEM = 3  # letters that are left where an ending is taken off
JOINED_FROM = 7  # letters of a name that is looked for across two words, or among other words
MOST_ASKED = 3  # districts: what may be more of them is taken for no name

_ENDINGS = (
    *("থেকে", "য়ের", "য়ে", "ের", "তে", "য়", "ে", "র", "এ", "में", "से"),
    *("theke", "yer", "ye", "er", "te", "ei", "ay", "e", "r", "y", "i"),
)
_SOUND_ENDINGS = ("ateke", "eteke", "teke", "ate", "ete", "te", "er", "ar", "ir", "ai", "ae", "e", "r", "i", "a")
_NAMES = names_of(GAZETTEER)


@dataclass(frozen=True, slots=True)
class Found:
    """The district that was named; or those among which she is asked; or nothing."""

    code: str | None = None
    among: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    """Her words as they are written and as they sound."""

    written: Sequence[str]
    sounding: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Mention:
    """Some of her words, and the districts they may mean."""

    at: range
    codes: Codes
    is_sure: bool = True


def district(text: str) -> Found:
    """The district somebody names, by its own name or by a town's."""
    written = plain(text).split()[:LONGEST_ANSWER]
    words = _Words(written, [joined(fold(word)) for word in written])
    exact = _as_written(words)
    return _decided([mention for mention in (*exact, *_as_meant(words, exact)) if mention.codes != ELSEWHERE])


def town_in(code: str, text: str) -> str | None:
    """The town or block of this district that somebody names, by the first of its spellings; none where it is none."""
    written, sound = plain(text).split(), [joined(fold(word)) for word in plain(text).split()]
    for town in DISTRICTS[code].towns:
        if any(plain(name) in written or joined(fold(name)) in sound for name in town):
            return town[0]
    return None


def _decided(mentions: Sequence[_Mention]) -> Found:
    """What all mentions allow together; those that are sure go before those that are not."""
    sure = [mention.codes for mention in mentions if mention.is_sure]
    for codes in (_shared(sure), _shared([mention.codes for mention in mentions])):
        if sure and len(codes) == 1:
            return Found(code=min(codes))
    kept = sure or [mention.codes for mention in mentions]
    codes = _shared(kept) or frozenset().union(*kept)
    return Found(among=tuple(code for code in DISTRICTS if code in codes))


def _shared(codes: Sequence[Codes]) -> Codes:
    return frozenset.intersection(*codes) if codes else frozenset()


def _as_written(words: _Words) -> list[_Mention]:
    """The names that stand in her words letter for letter, the longest first; no word belongs to two."""
    found: dict[range, str] = {}
    for at in _windows(len(words.written)):
        if any(_overlap(at, other) for other in found):
            continue
        stems = _stems("".join(words.written[at.start : at.stop]), _ENDINGS, SHORTEST_STEM)
        if stem := next((stem for stem in stems if stem in _NAMES.written), None):
            found[at] = stem
    says_only = _says_only(words, found)
    return [_Mention(at, _NAMES.written[name], says_only or name not in _NAMES.everyday) for at, name in found.items()]


def _as_meant(words: _Words, exact: Sequence[_Mention]) -> list[_Mention]:
    """The names that only sound like her words or are near to them; a longer one may tell which of two was meant."""
    found: dict[range, _Mention] = {}
    for at in _windows(len(words.written)):
        if any(_overlap(at, other) for other in found) or not _may_sound(words, at):
            continue
        within = [mention.codes for mention in exact if _overlap(mention.at, at)]
        says_only = _says_only(words, [at, *(mention.at for mention in exact)])
        meant = _sounding(words, at, says_only) or _nearest(words, at, says_only)
        if meant and all(codes == ELSEWHERE or meant.codes < codes for codes in within):
            found[at] = meant
    return list(found.values())


def _sounding(words: _Words, at: range, says_only: bool) -> _Mention | None:
    """The name that these words sound like, unless they are as near to another as it is written."""
    sound = "".join(words.sounding[at.start : at.stop])
    shortest = SOUNDS_FROM if len(at) == 1 else JOINED_FROM
    stems = [stem for stem in _stems(sound, _SOUND_ENDINGS, shortest) if len(stem) >= shortest]
    for stem in stems[:1] if len(at) > 1 else stems:
        if codes := _NAMES.sounding.get(stem):
            written = LookedUp(("".join(words.written[at.start : at.stop]),), (), len(at) > 1)
            rivals = frozenset().union(*(near for near, _far in _NAMES.near(written, 1)))
            return _Mention(at, codes | (rivals - ELSEWHERE), says_only or len(stem) > SOUNDS_FROM)
    return None


def _nearest(words: _Words, at: range, says_only: bool) -> _Mention | None:
    """The districts with a name so near to these words that it is probably misspelt.

    Among other words, which may be like anything, only a long one is taken, and never for sure.
    """
    written = "".join(words.written[at.start : at.stop])
    sound = "".join(words.sounding[at.start : at.stop])
    if len(written) < (SHORTEST_NEAR if says_only else JOINED_FROM):
        return None
    farthest = _farthest(sound)
    near = _NAMES.near(_looked_up(written, sound, len(at)), farthest + 1)
    nearest = min((far for _codes, far in near), default=farthest + 1)
    if nearest > farthest:
        return None
    codes = _within(near, nearest)
    rivals = _within(near, nearest + 1) if len(sound) > SOUNDS_FROM else codes
    if len(codes) > MOST_ASKED:
        return None
    is_sure = says_only and len(rivals) == 1 and len(sound) > SOUNDS_FROM
    codes = rivals if len(rivals) <= MOST_ASKED else codes
    return _Mention(at, codes - ELSEWHERE or ELSEWHERE, is_sure)


def _within(near: Sequence[tuple[Codes, int]], farthest: int) -> Codes:
    return frozenset().union(*(codes for codes, far in near if far <= farthest))


def _looked_up(written: str, sound: str, count: int) -> LookedUp:
    if count > 1:
        return LookedUp((written,), (sound,), True)
    return LookedUp(
        tuple(_stems(written, _ENDINGS, JOINED_FROM)), tuple(_stems(sound, _SOUND_ENDINGS, JOINED_FROM)), False
    )


def _farthest(sound: str) -> int:
    """How many letters may be wrong in a name of this length."""
    return 1 if len(sound) < 8 else 2 if len(sound) < 12 else 3


def _says_only(words: _Words, named: Iterable[range]) -> bool:
    """Whether nothing is said but these names and the words that stand around a name."""
    taken = {place for at in named for place in at}
    return all(place in taken or word in _NAMES.around for place, word in enumerate(words.written))


def _stems(word: str, endings: Sequence[str], shortest: int) -> Iterator[str]:
    """The word, and the word without an ending."""
    yield word
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            yield word.removesuffix(ending)


def _windows(count: int) -> Iterator[range]:
    """Every run of words that may be a name, the longest first."""
    for length in range(min(LONGEST_NAME, count), 0, -1):
        yield from (range(first, first + length) for first in range(count - length + 1))


def _may_sound(words: _Words, at: range) -> bool:
    """Whether these words are looked up by sound: not with a word at either end that only stands around."""
    return words.written[at[0]] not in _NAMES.around and words.written[at[-1]] not in _NAMES.around


def _overlap(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop
