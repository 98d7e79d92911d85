"""Language: the script by its letters, and for Latin letters which of three languages it is.

No library tells romanised Bengali from romanised Hindi; a naive Bayes over the letters of each word, learned at start
from the sentences in written/, does. Below a margin no language is named, and Sathi asks.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files

from flows.hearing.fold import plain
from flows.model import Language

LATIN = (Language.EN, Language.BN_LATN, Language.HI_LATN)
LONGEST = 4  # letters that are weighed together
MOST_WORDS = 40
SMOOTHING = 0.25
WHOLE = 2.0  # how much more a whole word weighs than a piece of one
EVIDENCE = 0.35  # pieces of a word repeat each other, so that each tells less than it seems to
MARGIN = 0.8  # the confidence below which Sathi asks

BENGALI, DEVANAGARI = ("\u0980", "\u09ff"), ("\u0900", "\u097f")
ASSAMESE = "ৰৱ"

_Weights = Mapping[str, tuple[float, float, float]]


def language(text: str) -> tuple[Language | None, float]:
    """The way of writing, and how sure that is, from 0 to 1; None where it is better to ask."""
    words = plain(text).split()
    bengali, devanagari = (sum(_count(word, block) for word in words) for block in (BENGALI, DEVANAGARI))
    if bengali or devanagari:
        return _native("".join(words), bengali, devanagari)
    return _latin([word for word in words if word.isascii() and not any(map(str.isdigit, word))][:MOST_WORDS])


def sentences(written: Language) -> list[str]:
    """The sentences that a language was learned from."""
    return files(__package__).joinpath("written", f"{written.value}.txt").read_text("utf-8").splitlines()


def _count(word: str, block: tuple[str, str]) -> int:
    return sum(block[0] <= letter <= block[1] for letter in word)


def _native(text: str, bengali: int, devanagari: int) -> tuple[Language | None, float]:
    confidence = max(bengali, devanagari) / (bengali + devanagari)
    if bengali >= devanagari and any(letter in ASSAMESE for letter in text):
        return None, 0.5
    if bengali == devanagari:
        return None, confidence
    return (Language.BN if bengali > devanagari else Language.HI), confidence


def _latin(words: list[str]) -> tuple[Language | None, float]:
    scored = [_KNOWN.get(word) or _scores(word) for word in words]
    told = [sum(scores) for scores in zip(*scored, strict=True)] if words else [0.0, 0.0, 0.0]
    most = max(told)
    shares = [math.exp((score - most) * EVIDENCE) for score in told]
    confidence = 1 / sum(shares)
    if confidence < MARGIN:
        return None, confidence
    return LATIN[told.index(most)], confidence


def _scores(word: str) -> tuple[float, float, float]:
    sums = [0.0, 0.0, 0.0]
    for piece in _pieces(word):
        for at, weight in enumerate(_WEIGHTS.get(piece, _UNSEEN)):
            sums[at] += weight
    count = len(word) + 1  # a long word has more pieces, but tells little more
    return (sums[0] / count, sums[1] / count, sums[2] / count)


def _pieces(word: str) -> Iterator[str]:
    edged = f"^{word[:20]}$"
    yield f"={edged}"
    for length in range(1, LONGEST + 1):
        for at in range(len(edged) - length + 1):
            yield edged[at : at + length]


def _learn() -> tuple[dict[str, tuple[float, float, float]], tuple[float, float, float]]:
    counts = [_counted(sentences(written)) for written in LATIN]
    every = set().union(*counts)
    totals = [sum(count.values()) + SMOOTHING * len(every) for count in counts]
    weights: dict[str, tuple[float, float, float]] = {}
    for piece in every:
        likely = [math.log((count[piece] + SMOOTHING) / total) for count, total in zip(counts, totals, strict=True)]
        middle = sum(likely) / len(likely)
        times = WHOLE * 3 if piece.startswith("=") else len(piece)
        weights[piece] = tuple((one - middle) * times for one in likely)  # type: ignore[assignment]
    return weights, (0.0, 0.0, 0.0)


def _counted(lines: Iterable[str]) -> Counter[str]:
    words = Counter(word for line in lines for word in plain(line).split())
    pieces: Counter[str] = Counter()
    for word, times in words.items():
        for piece in _pieces(word):
            pieces[piece] += min(times, 4)
    return pieces


_WEIGHTS, _UNSEEN = _learn()
_KNOWN = {word: _scores(word) for written in LATIN for line in sentences(written) for word in plain(line).split()}
