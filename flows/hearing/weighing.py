"""Weighing: which kind a message is likest to, by weights that were learned from examples.

A linear model over the words of a message, whatever script they came in: their keys, how those begin, the letters
in them, their neighbours, and what the word lists found. learning.py makes the weights, one file a question, and a
release keeps them with the text that they were made from. What is only likely is never acted on without asking.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from importlib.resources import files
from itertools import pairwise

from flows.hearing.phrases import Text

STEM = 4  # letters by which the forms of one word are known
PIECES = (3, 4)  # letters of a piece of a word
MOST_WORDS = 24
SAID = "said "  # before a word as it was written
MARGIN = 1000  # what the right kind of command had over every other when it was learned surely
LOGIT = 100  # what a logit weighs in the weights for danger

Weights = Mapping[str, tuple[tuple[int, int], ...]]


class Scales:
    """The kinds among which is decided, and what each feature weighs for each."""

    def __init__(self, written: str) -> None:
        head, *lines = written.splitlines()
        self.made_from, *kinds = head.split("\t")
        self.kinds = tuple(kinds)
        self._weights = dict(map(_weighed, lines))

    @property
    def words(self) -> Iterator[str]:
        """The words that were in the examples, as they were plainly written."""
        return (feature.removeprefix(SAID) for feature in self._weights if feature.startswith(SAID))

    def weigh(self, features: Set[str]) -> dict[str, int]:
        """How much speaks for each kind."""
        told = [0] * len(self.kinds)
        for feature in self._weights.keys() & features:
            for kind, weight in self._weights[feature]:
                told[kind] += weight
        return dict(zip(self.kinds, told, strict=True))


def features(text: Text, found: Iterable[str] = ()) -> set[str]:
    """What is weighed of a message: its words, and the names of the word lists that were found in it."""
    return {*_of_words(text[:MOST_WORDS]), *(f"list {name}" for name in found)}


def scales(name: str) -> Scales:
    """The scales of this name, as the release keeps them."""
    return Scales(files(__package__).joinpath("weights", f"{name}.tsv").read_text("utf-8"))


def _of_words(text: Text) -> Iterator[str]:
    yield f"words {min(len(text), 8)}"
    stems = [key[:STEM] for _, key in text]
    yield from (f"next {one} {two}" for one, two in pairwise(["^", *stems, "$"]))
    for (spelled, key), stem in zip(text, stems, strict=True):
        yield from (f"{SAID}{spelled}", f"word {key}", f"stem {stem}")
        edged = f"^{key}$"
        yield from (edged[at : at + length] for length in PIECES for at in range(len(edged) - length + 1))


def _weighed(line: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    feature, *pairs = line.split("\t")
    return feature, tuple((int(kind), int(weight)) for kind, _, weight in (pair.partition(":") for pair in pairs))
