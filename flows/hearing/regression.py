"""Regression: weights for danger, by multinomial logistic regression; learning.py brings the examples.

AdaGrad (Duchi and others, JMLR 2011), averaged over all its steps, drawn back towards nought. What is seldom, and what
weighs little for how often it is met, is left out, so that the weights stay small.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from random import Random

EPOCHS = 8
RATE = 0.1
BACK = 0.02  # how strongly a weight is drawn back
FIRST_SUM = 0.1  # so that the first steps are not too long
SURE = 0.001  # what is surer than this is not learned again
SELDOM = 3  # examples that a feature is in at least
WORTH = 0.19  # a weight times the root of how many examples it is in; what is worth less is left out
SEED = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One example: the number of its kind, how much it counts, and what is weighed of it."""

    kind: int
    counts: float
    features: Sequence[str]


def weights(rows: Sequence[Row], kinds: int) -> Iterator[tuple[str, Sequence[float]]]:
    """What each feature weighs for each kind more than for the first, in logits, in order of the features."""
    seen = Counter(feature for row in rows for feature in row.features)
    names = sorted(feature for feature, times in seen.items() if times >= SELDOM)
    at = {feature: number for number, feature in enumerate(names)}
    fit = _Fit(len(names), kinds)
    cut = [array("l", (at[feature] for feature in row.features if feature in at)) for row in rows]
    order, random = list(range(len(rows))), Random(SEED)
    for _ in range(EPOCHS):
        random.shuffle(order)
        for number in order:
            fit.learn(rows[number].kind, rows[number].counts, cut[number])
    for number, name in enumerate(names):
        none, *others = fit.averaged(number)  # only what lies between two kinds tells anything
        held = [0.0, *(_if_worth(one - none, seen[name]) for one in others)]
        if any(held):
            yield name, held


def _if_worth(weight: float, times: int) -> float:
    return weight if abs(weight) * sqrt(times) >= WORTH else 0.0


class _Fit:
    """Weights while they are learned: for each kind the weight, its sum over the steps, and its squared slopes."""

    def __init__(self, features: int, kinds: int) -> None:
        self._weights = [array("d", bytes(8 * features)) for _ in range(kinds)]
        self._summed = [array("d", bytes(8 * features)) for _ in range(kinds)]
        self._squares = [array("d", bytes(8 * features)) for _ in range(kinds)]
        self._steps = 1

    def learn(self, right: int, counts: float, there: Sequence[int]) -> None:
        """Move the weights so that the right kind becomes likelier."""
        told = [sum(map(held.__getitem__, there)) for held in self._weights]
        most = max(told)
        likely = [exp(one - most) for one in told]
        every, long = sum(likely), sqrt(len(there) or 1)
        slopes = [(one / every - (kind == right)) * counts / long for kind, one in enumerate(likely)]
        if abs(slopes[right]) > SURE:
            for kind, slope in enumerate(slopes):
                if abs(slope) > SURE / 10:
                    self._move(kind, slope, there)
        self._steps += 1

    def averaged(self, feature: int) -> list[float]:
        """The weights of a feature, averaged over all steps."""
        both = zip(self._weights, self._summed, strict=True)
        return [held[feature] - summed[feature] / self._steps for held, summed in both]

    def _move(self, kind: int, slope: float, there: Sequence[int]) -> None:
        held, summed, squares = self._weights[kind], self._summed[kind], self._squares[kind]
        steps = self._steps
        for feature in there:
            steep = slope + BACK * held[feature]
            square = squares[feature] = squares[feature] + steep * steep
            step = RATE * steep / (FIRST_SUM + sqrt(square))
            held[feature] -= step
            summed[feature] -= step * steps
