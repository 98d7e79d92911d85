"""Search: from a message in her own words to the checked facts that answer it.

Every fact comes with sample askings in five ways of writing. All are folded to phonetic keys, so that one word
is one word in any script and most spellings, and cut into features: words, pairs of words, and runs of letters.
A message is compared with every asking (TF-IDF, cosine); a fact scores by its nearest asking and by all of them
together. Small talk has askings too, which lead to no fact. The same message always finds the same facts.
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from math import log, sqrt

from flows.entitlements.facts import FACTS, Fact
from flows.hearing.fold import fold
from flows.model import Language

NEAREST = 0.65  # how much the nearest asking counts; the rest is all askings of the fact together
SURE = 0.42  # a score from which the first fact is answered; docs/decisions/0008 has the measurement
AHEAD = 1.25  # ... if it is so many times that of the second
FOUND = 0.16  # below it nothing was found at all
SHOWN = 3
LONGEST = 400  # characters of a message that are looked at
RUNS = (3, 4)
WEIGHTS = {"word": 1.0, "pair": 0.8, "run": 0.45}
NOTHING = ""  # the name under which small talk stands


@dataclass(frozen=True, slots=True)
class Match:
    """One fact, or two that say one thing, and how well the message fits: 0 to 1."""

    facts: tuple[str, ...]
    topic: str
    score: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What was found, best first; `answer` says whether Sathi answers from the first rather than ask back."""

    matches: tuple[Match, ...]
    answer: bool


@dataclass(frozen=True, slots=True)
class _Asking:
    """One sample asking as it stands in the index."""

    fact: str
    language: Language | None


class Index:
    """All askings by feature; made once, and the same for everyone."""

    def __init__(self, askings: Iterable[tuple[str, Language | None, str]]) -> None:
        cut = [(_Asking(fact, language), Counter(features(text))) for fact, language, text in askings]
        self._askings = [asking for asking, _ in cut]
        self._many = Counter(asking.fact for asking in self._askings)
        self._rarity = _rarity(counted for _, counted in cut)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (_, counted) in enumerate(cut):
            for feature, weight in self.weighed(counted).items():
                self._postings[feature].append((number, weight))

    def weighed(self, counted: Mapping[str, int]) -> dict[str, float]:
        """Features with their weights, of length 1; those that no asking has count for the length alone."""
        weights = {
            feature: WEIGHTS[feature.partition(":")[0]] * self._rarity.get(feature, self._rarity[NOTHING])
            for feature in counted
        }
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {feature: weight / length for feature, weight in weights.items()} if length else {}

    def scores(self, text: str) -> dict[str, float]:
        """How well each fact fits, 0 to 1; only those that share anything with the text."""
        likeness: dict[int, float] = defaultdict(float)
        for feature, weight in self.weighed(Counter(features(text))).items():
            for number, held in self._postings.get(feature, ()):
                likeness[number] += weight * held
        nearest: dict[str, float] = defaultdict(float)
        total: dict[str, float] = defaultdict(float)
        for number, alike in likeness.items():
            fact = self._askings[number].fact
            nearest[fact] = max(nearest[fact], alike)
            total[fact] += alike * alike
        return {
            fact: NEAREST * near + (1 - NEAREST) * min(1.0, sqrt(total[fact] / _few(self._many[fact])))
            for fact, near in nearest.items()
        }

    def shared(self, text: str, fact: str) -> list[tuple[str, float]]:
        """The features of a text that count for a fact, most first."""
        counts: dict[str, float] = defaultdict(float)
        for feature, weight in self.weighed(Counter(features(text))).items():
            for number, held in self._postings.get(feature, ()):
                if self._askings[number].fact == fact:
                    counts[feature] = max(counts[feature], weight * held)
        return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def ask(text: str, language: Language | None = None) -> Asked:  # noqa: ARG001 - a hint that this method does not need
    """The facts that answer a message; nothing where none fits, or where it is small talk."""
    scored = sorted(INDEX.scores(text[:LONGEST]).items(), key=lambda one: (-one[1], one[0]))
    if not scored or scored[0][0] == NOTHING:
        return Asked((), answer=False)
    found = [(fact, score) for fact, score in scored if fact != NOTHING and score >= FOUND][:SHOWN]
    if not found:
        return Asked((), answer=False)
    second = scored[1][1] if len(scored) > 1 else 0.0
    answer = found[0][1] >= SURE and found[0][1] >= AHEAD * second
    matches = tuple(Match((fact,), FACTS.fact(fact).topic, min(score, 1.0)) for fact, score in found)
    return Asked(matches, answer)


def reasons(text: str, asked: Asked) -> list[str]:
    """Why each match was found: the features that counted most."""
    return [_why(text, match) for match in asked.matches]


def features(text: str) -> Iterator[str]:
    """The words of a text, folded; pairs of them; and runs of three and four letters within each."""
    words = fold(text).split()
    yield from (f"word:{word}" for word in words)
    yield from (f"pair:{first} {second}" for first, second in pairwise(words))
    for word in words:
        framed = f"<{word}>"
        for length in RUNS:
            yield from (f"run:{framed[at : at + length]}" for at in range(len(framed) - length + 1))


def _rarity(counted: Iterable[Mapping[str, int]]) -> dict[str, float]:
    """How much each feature tells: the fewer askings have it, the more. Under no name: one that none has."""
    every = list(counted)
    having = Counter(feature for one in every for feature in one)
    rarity = {feature: log((1 + len(every)) / (1 + many)) + 1 for feature, many in having.items()}
    rarity[NOTHING] = log(1 + len(every)) + 1
    return rarity


def _few(many: int) -> float:
    """A fact is not better for having more askings."""
    return max(1.0, many / 5)


def _why(text: str, match: Match) -> str:
    told = ", ".join(f"{feature} {count:.2f}" for feature, count in INDEX.shared(text, match.facts[0])[:6])
    return f"{match.facts[0]} {match.score:.2f}: {told}"


def _askings(facts: Sequence[Fact]) -> Iterator[tuple[str, Language | None, str]]:
    for fact in facts:
        yield fact.id, Language.EN, fact.title
        for language, lines in fact.asked.items():
            yield from ((fact.id, language, line) for line in lines)
    for line in _small_talk():
        yield NOTHING, None, line


def _small_talk() -> Sequence[str]:
    held = tomllib.loads(files("flows.hearing").joinpath("small_talk.toml").read_text(encoding="utf-8"))
    return [line for lines in held.values() for line in lines]


INDEX = Index(_askings(FACTS.sendable()))
