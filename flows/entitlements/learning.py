"""Learning: what the sample askings teach about which fact a message asks for.

A complement naive Bayes (Rennie and others, ICML 2003) over weighted features: a feature counts for a fact as much as
it is commoner in its askings than in all others. To that comes a Bernoulli one over meanings, which counts what is
missing too: where nearly all askings of a fact name a meaning, a message without it hardly asks for that fact.
All is counted once, at start.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

from flows.entitlements.features import MEANING, features
from flows.model import Language

SMOOTHING = 0.02
NAMED = 0.6  # how much it counts whether a meaning is named at all, beside the features that are there

Asking = tuple[str, Language | None, str]
Cutting = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Heard:
    """A message: the weights of the features that some asking has, and the share of it that none has."""

    known: Mapping[str, float]
    strange: float

    @property
    def means(self) -> bool:
        """Whether any meaning is named in it."""
        return any(name.startswith(MEANING) for name in self.known)


class Index:
    """All askings by feature; made once, and the same for everyone."""

    def __init__(self, askings: Iterable[Asking], *, cut_by: Cutting = features, named: float = NAMED) -> None:
        self._cut_by = cut_by
        cut = [(fact, cut_by(text)) for fact, _, text in askings]
        self._facts = sorted({fact for fact, _ in cut})
        self._rarity = _rarity([counted for _, counted in cut])
        self._unseen = log(1 + len(cut)) + 1
        held: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for fact, counted in cut:
            for feature, weight in self._weighed(counted).known.items():
                held[feature][fact] += weight
        self._weights, self._start = _complements(held)
        odds = _presences([(fact, [name for name in one if name.startswith(MEANING)]) for fact, one in cut])
        self._nothing_said = [named * sum(of[fact][1] for of in odds.values()) for fact in self._facts]
        self._named = {
            name: [named * (there - missing) for there, missing in map(of.__getitem__, self._facts)]
            for name, of in odds.items()
        }  # what each meaning adds, fact by fact

    def _weighed(self, counted: Mapping[str, float]) -> Heard:
        """Features by how rare they are, scaled to a length of 1."""
        weights = {name: weight * self._rarity.get(name, self._unseen) for name, weight in counted.items()}
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        known = {name: weight / length for name, weight in weights.items() if name in self._rarity}
        strange = 1.0 - sum(weight * weight for weight in known.values())
        return Heard(known, strange)

    def hear(self, text: str) -> Heard:
        """The features of a message, by how rare they are."""
        return self._weighed(self._cut_by(text))

    def scores(self, text: str) -> dict[str, float]:
        """Every fact's share of a text."""
        return self.shares(self.hear(text))

    def shares(self, message: Heard) -> dict[str, float]:
        """Every fact's share of a message: what fits best has most, and all together make 1."""
        told = self._told(message)
        most = max(told.values())
        shares = {fact: exp(score - most) for fact, score in told.items()}
        whole = sum(shares.values())
        return {fact: share / whole for fact, share in shares.items()}

    def shared(self, text: str, fact: str) -> list[tuple[str, float]]:
        """The features of a text that count for a fact, most first."""
        known = self.hear(text).known
        counts = {name: weight * self._weights[name].get(fact, 0.0) for name, weight in known.items()}
        return sorted(((name, count) for name, count in counts.items() if count), key=lambda one: (-one[1], one[0]))

    def _told(self, message: Heard) -> dict[str, float]:
        said = sum(message.known.values())
        meant = self._nothing_said
        for named in filter(None, map(self._named.get, message.known)):  # in one order, so that sums are the same
            meant = [count + more for count, more in zip(meant, named, strict=True)]
        told = {fact: said * self._start[fact] + count for fact, count in zip(self._facts, meant, strict=True)}
        for name, weight in message.known.items():
            for fact, counts in self._weights[name].items():
                told[fact] += weight * counts
        return told


def _rarity(cut: list[Mapping[str, float]]) -> dict[str, float]:
    """How much each feature tells: the fewer askings have it, the more."""
    having = Counter(feature for one in cut for feature in one)
    return {feature: log((1 + len(cut)) / (1 + many)) + 1 for feature, many in having.items()}


def _complements(held: Mapping[str, Mapping[str, float]]) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """What each feature counts for a fact that has it, beside one that has it not; and what each fact starts from."""
    of_fact: dict[str, float] = defaultdict(float)
    for by_fact in held.values():
        for fact, weight in by_fact.items():
            of_fact[fact] += weight
    all_weight, smooth = sum(of_fact.values()), SMOOTHING * len(held)
    start = {fact: log(all_weight - weight + smooth) - log(weight + smooth) for fact, weight in of_fact.items()}
    weights = {}
    for feature, by_fact in held.items():
        total = sum(by_fact.values())
        without = log(SMOOTHING) - log(total + SMOOTHING)
        weights[feature] = {
            fact: log(weight + SMOOTHING) - log(max(0.0, total - weight) + SMOOTHING) - without
            for fact, weight in by_fact.items()
        }
    return weights, start


def _presences(cut: list[tuple[str, list[str]]]) -> dict[str, dict[str, tuple[float, float]]]:
    """What it counts for each fact that a meaning is there, and that it is missing."""
    asked = Counter(fact for fact, _ in cut)
    having = Counter(name for _, names in cut for name in names)
    by_fact = Counter((name, fact) for fact, names in cut for name in names)
    return {
        name: {
            fact: _odds((by_fact[name, fact] + 0.5) / (many + 1), (everywhere + 0.5) / (len(cut) + 1))
            for fact, many in asked.items()
        }
        for name, everywhere in having.items()
    }


def _odds(here: float, everywhere: float) -> tuple[float, float]:
    return log(here) - log(everywhere), log(1 - here) - log(1 - everywhere)
