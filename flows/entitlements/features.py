"""Features: what of a message counts in the search, and how much.

What it means counts most, alone and two together, and is the same in every way of writing; then its folded words, and
runs of letters within each, which forgive spelling. The name of a feature is shown by `sathi ask --explain`.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from flows.entitlements.meanings import MEANINGS, NOT, denied, key, read, wider

MEANING, DENIED, TOGETHER = "meaning:", "not:", "both:"
WORD, RUN = "word:", "run:"
WEIGHTS = {MEANING: 1.5, DENIED: 1.5, TOGETHER: 0.7, WORD: 1.0, RUN: 0.3}
WIDE, WIDE_TOGETHER = 1.0, 0.5  # the weights of wider meanings
RUN_LENGTH = 4
MOST_MEANINGS = 24  # whose pairs are looked at; a longer message says several things


def features(text: str) -> Mapping[str, float]:
    """The features of a message with their weights, before anything is known of how rare they are."""
    words = read(text)
    keys = [part for word in words for part in key(word).split()]
    return {**_of_meanings(words), **_of_words(keys)}


def _of_words(keys: Sequence[str]) -> Mapping[str, float]:
    found = {WORD + word: WEIGHTS[WORD] for word in keys}
    for word in keys:
        for run in _runs(word):
            found[run] = WEIGHTS[RUN]
    return found


def _of_meanings(words: Sequence[str]) -> Mapping[str, float]:
    standing = MEANINGS.found(words)
    negated = sorted(set(denied(standing)))
    named = sorted({name for _, name in standing if name != NOT})
    found = {MEANING + name: WEIGHTS[MEANING] for name in named}
    found |= {DENIED + name: WEIGHTS[DENIED] for name in negated}
    told = sorted(f"{NOT} {name}" if name in negated else name for name in named)[:MOST_MEANINGS]
    found |= dict.fromkeys(_together(told), WEIGHTS[TOGETHER])
    groups = sorted(wider(named))
    found |= dict.fromkeys(_together(groups), WIDE_TOGETHER)
    return found | {MEANING + group: WIDE for group in groups}


def _together(names: Sequence[str]) -> Iterator[str]:
    yield from (f"{TOGETHER}{one}+{other}" for one, other in combinations(names, 2))


@lru_cache(maxsize=20_000)
def _runs(word: str) -> tuple[str, ...]:
    framed = f"<{word}>"
    return tuple(RUN + framed[at : at + RUN_LENGTH] for at in range(len(framed) - RUN_LENGTH + 1))
