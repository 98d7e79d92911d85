"""Learning: makes the weights of weighing.py from the examples; `python -m flows.hearing.learning`, a minute or two.

A multiclass passive-aggressive perceptron (Crammer and others, JMLR 2006), averaged over all its steps. It comes out
the same every time: the order of the examples is drawn from one seed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

from flows.entitlements.facts import FACTS
from flows.hearing.danger import Lists
from flows.hearing.phrases import lists, read
from flows.hearing.weighing import MARGIN, features
from flows.model import Language

NONE = "none"
EPOCHS = 10
STEP = 0.01  # how much one example may move a weight, of the margin
LIGHTEST = 0.01  # of the margin: what weighs less is left out
SEED = 7
ONE_IN = 1  # of the askings, which are all no command and no danger

Example = tuple[str, str]
Cut = tuple[int, tuple[str, ...]]


def commands() -> list[Example]:
    """Messages by the command that they are, and others."""
    held, short = lists("written/commands.toml"), lists("commands.toml")
    bare = [
        (name, phrase.replace("=", ""))
        for table in ("whole", "english")
        for name, said in short[table].items()
        for phrase in said
    ]
    named = {line for _, line in bare}
    return [*_lines(held), *bare, *(one for one in _small_talk() if one[1] not in named), *_asked()]


def dangers() -> list[Example]:
    """Messages by the danger that they tell of, and others."""
    told = [(kind, line) for kind, by in lists("written/crisis.toml").items() for line in _any_lines(by)]
    older = lists("written/examples.toml")
    more = [(NONE if kind == "safe" else kind, line) for kind, by in older.items() for line in _any_lines(by)]
    others = [(NONE, line) for _, line in _lines(lists("written/commands.toml"))]
    return [*told, *more, *others, *_small_talk(), *_asked()]


def fingerprint(examples: Iterable[Example]) -> str:
    """What weights were made from, in short."""
    return sha256("\n".join(f"{kind} {line}" for kind, line in examples).encode()).hexdigest()[:16]


def learn(examples: Sequence[Example], cut: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a file of weights."""
    kinds = [NONE, *sorted({kind for kind, _ in examples} - {NONE})]
    rows = [(kinds.index(kind), one) for (kind, _), one in zip(examples, cut, strict=True)]
    yield "\t".join((fingerprint(examples), *kinds))
    for feature, weights in sorted(_averaged(rows, len(kinds)).items()):
        kept = [f"{at}:{round(one * MARGIN)}" for at, one in enumerate(weights) if abs(one) >= LIGHTEST]
        if kept:
            yield "\t".join((feature, *kept))


def _averaged(rows: Sequence[Cut], kinds: int) -> Mapping[str, Sequence[float]]:
    weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * kinds)
    summed: dict[str, list[float]] = defaultdict(lambda: [0.0] * kinds)
    order, random, steps = list(range(len(rows))), Random(SEED), 1
    for _ in range(EPOCHS):
        random.shuffle(order)
        for at in order:
            _step(weights, summed, rows[at], kinds, steps)
            steps += 1
    return {
        feature: [now - then / steps for now, then in zip(held, summed[feature], strict=True)]
        for feature, held in weights.items()
    }


def _step(weights: dict[str, list[float]], summed: dict[str, list[float]], row: Cut, kinds: int, steps: int) -> None:
    right, there = row
    told = [0.0] * kinds
    for feature in there:
        if held := weights.get(feature):
            told = [one + more for one, more in zip(told, held, strict=True)]
    rival = max((kind for kind in range(kinds) if kind != right), key=told.__getitem__)
    loss = 1 - told[right] + told[rival]
    if loss <= 0:
        return
    step = min(STEP, loss / (2 * len(there)))
    for feature in there:
        held, total = weights[feature], summed[feature]
        held[right] += step
        held[rival] -= step
        total[right] += step * steps
        total[rival] -= step * steps


def _asked() -> list[Example]:
    lines = [line for fact in FACTS.sendable() for language in Language for line in fact.asked[language]]
    return [(NONE, line) for line in lines[::ONE_IN]]


def _small_talk() -> list[Example]:
    return [(NONE, line) for lines in lists("small_talk.toml").values() for line in lines]


def _lines(held: Mapping[str, Mapping[str, Sequence[str]]]) -> list[Example]:
    return [(kind, line) for kind, by in held.items() for lines in by.values() for line in lines]


def _any_lines(by: Mapping[str, object]) -> Iterator[str]:
    for held in by.values():
        if isinstance(held, Mapping):
            yield from _any_lines(held)
        elif isinstance(held, list):
            yield from held


def main() -> None:
    """Make both files of weights."""
    folder = Path(__file__).parent / "weights"
    listed = Lists()
    for name, examples in (("commands", commands()), ("dangers", dangers())):
        texts = [read(line) for _, line in examples]
        names = [listed.named(text)[1] if name == "dangers" else set() for text in texts]
        cut = [tuple(sorted(features(text, found))) for text, found in zip(texts, names, strict=True)]
        (folder / f"{name}.tsv").write_text("\n".join(learn(examples, cut)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
