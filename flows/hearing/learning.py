"""Learning: makes the weights of weighing.py from the examples; `python -m flows.hearing.learning`, some minutes.

Commands by a multiclass passive-aggressive perceptron (Crammer and others, JMLR 2006), averaged over all its steps;
danger by regression.py. Both come out the same every time: the order of the examples is drawn from one seed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from unicodedata import name as script_name

from flows.entitlements.facts import FACTS
from flows.hearing import regression
from flows.hearing.danger import Lists
from flows.hearing.phrases import lists, read
from flows.hearing.signs import Senses
from flows.hearing.weighing import LOGIT, MARGIN, features
from flows.model import Language
from flows.places.districts import GAZETTEER

NONE = "none"
EPOCHS = 10
STEP = 0.01  # how much one example may move a weight, of the margin
LIGHTEST = 0.01  # of the margin: what weighs less is left out
SEED = 7
COUNTS = {"explicit": 4.0, "implicit": 1.5, "nearly": 4.0, "commands": 2.0, "small talk": 4.0}  # others count one
FROM = {  # how somebody tells where she lives, by the script of its name
    "LATIN": ("{}", "ami {} te thaki", "i am from {}", "{} jila", "main {} se hu", "{} e bari", "{} block"),
    "BENGALI": ("{}", "আমি {} থাকি", "{} জেলা", "{} থেকে বলছি", "আমার বাড়ি {}"),
    "DEVANAGARI": ("{}", "मैं {} में रहती हूं", "{} जिला", "{} से", "मेरा घर {}"),
}

Example = tuple[str, str]
Counted = tuple[Example, float]
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


def dangers() -> list[Counted]:
    """Messages by the danger that they tell of, and others near and far; each with how much it counts."""
    held, older = lists("written/crisis.toml"), lists("written/examples.toml")
    nearly = list(_any_lines(held.pop(NONE)))
    told = [(kind, level, by) for kind, levels in held.items() for level, by in levels.items()]
    more = [(NONE if kind == "safe" else kind, line) for kind, by in older.items() for line in _any_lines(by)]
    others = [(NONE, line) for _, line in _lines(lists("written/commands.toml"))]
    return [
        *(((kind, line), COUNTS[level]) for kind, level, by in told for line in _any_lines(by)),
        *(((NONE, line), COUNTS["nearly"]) for line in nearly),
        *((one, 1) for one in more),
        *((one, COUNTS["commands"]) for one in others),
        *((one, COUNTS["small talk"]) for one in _small_talk()),
        *((one, 1) for one in [*_places(), *_asked()]),
    ]


def fingerprint(examples: Iterable[Example]) -> str:
    """What weights were made from, in short."""
    return sha256("\n".join(f"{kind} {line}" for kind, line in examples).encode()).hexdigest()[:16]


def learn(examples: Sequence[Example], cut: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a file of weights, by the perceptron."""
    kinds = _kinds(examples)
    rows = [(kinds.index(kind), one) for (kind, _), one in zip(examples, cut, strict=True)]
    weights = sorted(_averaged(rows, len(kinds)).items())
    kept = ((feature, [_unless_light(one) for one in held]) for feature, held in weights)
    yield from _written(examples, kept, MARGIN)


def learn_more(counted: Sequence[Counted], cut: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a file of weights, by regression."""
    examples = [one for one, _ in counted]
    kinds = _kinds(examples)
    both = zip(counted, cut, strict=True)
    rows = [regression.Row(kinds.index(kind), count, one) for ((kind, _), count), one in both]
    yield from _written(examples, regression.weights(rows, len(kinds)), LOGIT)


def _kinds(examples: Iterable[Example]) -> list[str]:
    return [NONE, *sorted({kind for kind, _ in examples} - {NONE})]


def _unless_light(weight: float) -> float:
    return weight if abs(weight) >= LIGHTEST else 0


def _written(examples: Sequence[Example], weights: Iterable[tuple[str, Sequence[float]]], one: int) -> Iterator[str]:
    yield "\t".join((fingerprint(examples), *_kinds(examples)))
    for feature, held in weights:
        if kept := [f"{at}:{whole}" for at, weight in enumerate(held) if (whole := round(weight * one))]:
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
    return [(NONE, line) for line in lines]


def _places() -> list[Example]:
    names = [name for place in GAZETTEER.districts.values() for name in dict.fromkeys(place.names)]
    safe = [name for name in names if name not in GAZETTEER.everyday]
    by_script = ((name, FROM.get(script_name(name[0]).split()[0], FROM["LATIN"])) for name in safe)
    return [(NONE, ways[number % len(ways)].format(name)) for number, (name, ways) in enumerate(by_script)]


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
    listed, senses = Lists(), Senses()
    examples = commands()
    cut = [tuple(sorted(features(read(line)))) for _, line in examples]
    _keep(folder / "commands.tsv", learn(examples, cut))
    counted = dangers()
    texts = [read(line) for (_, line), _ in counted]
    cut = [tuple(sorted(senses.signs(text, listed.named(text)[1]))) for text in texts]
    _keep(folder / "dangers.tsv", learn_more(counted, cut))


def _keep(path: Path, lines: Iterable[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
