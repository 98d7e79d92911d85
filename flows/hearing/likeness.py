"""Likeness: whether a message is like those in which danger is told without its plain words.

A naive Bayes over the keys of the words, whatever script they came in, learned at start from the examples in written/.
It never makes Sathi sure; it only makes her ask.
"""

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import pairwise

from flows.hearing.language import sentences
from flows.hearing.phrases import Text, read
from flows.model import Danger, Language

KINDS = (None, *Danger)
STEM = 4  # letters by which the forms of one word are known
SMOOTHING = 1.0
ENOUGH = 2.5  # how much likelier than safe a danger must be, as a logarithm
FEWEST = 4  # words below which likeness tells nothing


class Likeness:
    """What the examples taught, and the words known from them."""

    def __init__(self, examples: Iterable[tuple[Danger | None, str]] | None = None) -> None:
        counts = {kind: Counter[str]() for kind in KINDS}
        for kind, example in learned() if examples is None else examples:
            counts[kind].update(set(_pieces(read(example))))
        totals = {kind: sum(count.values()) for kind, count in counts.items()}
        unseen = SMOOTHING / sum(totals.values())  # the same for each kind, so that a rare word favours none
        self._weights: dict[str, tuple[float, ...]] = {}
        for piece in set().union(*counts.values()):
            safe, *dangers = (math.log(counts[kind][piece] / totals[kind] + unseen) for kind in KINDS)
            self._weights[piece] = tuple(danger - safe for danger in dangers)

    def kind(self, text: Text, doubt: float = 0.0) -> Danger | None:
        """The danger that a message is like, if it is likelier than safety by enough and the doubt."""
        if len(text) < FEWEST:
            return None
        scores = [0.0 for _ in Danger]
        for piece in set(_pieces(text)):
            for at, weight in enumerate(self._weights.get(piece, ())):
                scores[at] += weight
        best = max(scores)
        return tuple(Danger)[scores.index(best)] if best >= ENOUGH + doubt else None


def _pieces(text: Text) -> Iterator[str]:
    stems = [key[:STEM] for _, key in text]
    yield from stems
    yield from (key for _, key in text if len(key) > STEM)
    yield from (f"{one} {two}" for one, two in pairwise(stems))


def learned() -> Iterator[tuple[Danger | None, str]]:
    """Every example with the danger that it tells of, None for a safe one."""
    for written in (Language.EN, Language.BN_LATN, Language.HI_LATN):
        yield from ((None, line) for line in sentences(written) if len(line.split()) < 16)
    commands = tomllib.loads(files(__package__).joinpath("commands.toml").read_text("utf-8"))
    for table in (commands["whole"], commands["english"]):
        yield from ((None, phrase) for phrases in table.values() for phrase in phrases if len(phrase.split()) >= FEWEST)
    told = tomllib.loads(files(__package__).joinpath("written", "examples.toml").read_text("utf-8"))
    for name, levels in told.items():
        kind = None if name == "safe" else Danger(name)
        yield from ((kind, one) for spoken in levels.values() for examples in spoken.values() for one in examples)
