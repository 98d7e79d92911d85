"""How well the search finds: on questions to develop with, and on askings left out of what it learns from.

`python -m tests.flows.entitlements.measuring` prints the tables of docs/decisions/0008-search.md.
"""

import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log, sqrt
from pathlib import Path

from flows.entitlements import search
from flows.entitlements.facts import FACTS
from flows.entitlements.features import MEANING, features
from flows.entitlements.learning import Asking, Index
from flows.entitlements.search import Asked
from flows.model import Language

QUESTIONS = Path(__file__).parents[2] / "hearing" / "dev" / "questions.toml"
SMALL_TALK = "small_talk"
FOLDS = 4
COPY = 0.6  # an asking that shares so much of its words or meanings with a learnt one of its fact is no test
WORDED = ("word:", "run:")

Question = tuple[str, Language, str]
Scores = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Row:
    """What came of the questions in one way of writing, as shares of them; `wrong` is a share of the answered."""

    language: Language
    questions: int
    first: float
    three: float
    answered: float
    wrong: float
    small_talk: float | None  # None where no small talk was among them


def questions() -> list[Question]:
    """The questions to develop with, each with the fact that answers it, or with small talk."""
    held = tomllib.loads(QUESTIONS.read_text("utf-8"))
    return [
        (fact, Language(written), line) for fact, by in held.items() for written, lines in by.items() for line in lines
    ]


def table(asked: Sequence[tuple[Question, Asked]]) -> list[Row]:
    """A row for each way of writing."""
    return [_row(language, [one for one in asked if one[0][1] == language]) for language in Language]


def left_out(fold: int) -> tuple[list[Asking], list[Question]]:
    """What is learnt from in this fold, and the askings left out of it that are no near copy of anything learnt.

    The same line in another script, or said again with a word changed, would only be remembered.
    """
    learnt, out = [], []
    for fact, lines in groupby(search.askings(FACTS.sendable()), key=lambda asking: (asking[0], asking[1])):
        for number, (_, language, line) in enumerate(lines):
            said = line in FACTS.fact(fact[0]).asked.get(language, ()) if fact[0] and language else False
            if said and language and number % FOLDS == fold:
                out.append((fact[0], language, line))
            else:
                learnt.append((fact[0], language, line))
    by_fact: dict[str, list[tuple[set[str], set[str]]]] = defaultdict(list)
    for name, _, line in learnt:
        by_fact[name].append((_parts(line, WORDED[:1]), _parts(line, (MEANING,))))
    return learnt, [one for one in out if not _is_copied(one[2], by_fact[one[0]])]


def by_fold(make: Callable[[Sequence[Asking]], Scores]) -> list[tuple[Question, Asked]]:
    """Every asking, as it is found by a search that has not learnt from it."""
    asked = []
    for fold in range(FOLDS):
        learnt, out = left_out(fold)
        scores = make(learnt)
        asked += [(question, search.found(scores(question[2]), 0.0)) for question in out]
    return asked


def nearest(askings: Sequence[Asking]) -> Scores:
    """The fact of the nearest asking: TF-IDF over folded words and runs of letters, cosine."""
    cut = [(fact, _worded(text)) for fact, _, text in askings]
    having = Counter(name for _, one in cut for name in one)
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, (_, one) in enumerate(cut):
        for name, weight in _scaled(one, having, len(cut)).items():
            postings[name].append((number, weight))

    def scores(text: str) -> Mapping[str, float]:
        alike: dict[int, float] = defaultdict(float)
        for name, weight in _scaled(_worded(text), having, len(cut)).items():
            for number, held in postings.get(name, ()):
                alike[number] += weight * held
        best = {fact: 0.0 for fact, _ in cut}
        for number, much in alike.items():
            best[cut[number][0]] = max(best[cut[number][0]], much)
        return best

    return scores


METHODS: Mapping[str, Callable[[Sequence[Asking]], Scores]] = {
    "nearest asking, words": nearest,
    "naive Bayes, words": lambda askings: Index(askings, cut_by=_worded, named=0.0).scores,
    "naive Bayes, meanings": lambda askings: Index(askings, cut_by=_meant, named=0.0).scores,
    "naive Bayes, both": lambda askings: Index(askings, named=0.0).scores,
    "both, and what is missing": lambda askings: Index(askings).scores,
}


def lines(asked: Sequence[tuple[Question, Asked]]) -> Iterator[str]:
    """The table as it is read."""
    yield "| written | questions | first | three | answered | wrong | small talk answered |"
    yield "|---|---|---|---|---|---|---|"
    for row in table(asked):
        shares = " | ".join("not measured" if share is None else f"{100 * share:.1f} %" for share in _shares(row))
        yield f"| {row.language.value} | {row.questions} | {shares} |"


def _shares(row: Row) -> tuple[float | None, ...]:
    return row.first, row.three, row.answered, row.wrong, row.small_talk


def _row(language: Language, asked: Sequence[tuple[Question, Asked]]) -> Row:
    of_facts = [(fact, one) for (fact, _, _), one in asked if fact != SMALL_TALK]
    small = [one.answer for (fact, _, _), one in asked if fact == SMALL_TALK]
    right = [[fact in match.facts for match in one.matches] for fact, one in of_facts]
    answered = [found[:1] == [True] for found, (_, one) in zip(right, of_facts, strict=True) if one.answer]
    return Row(
        language,
        len(of_facts),
        _share([found[:1] == [True] for found in right]),
        _share([any(found) for found in right]),
        _share([one.answer for _, one in of_facts]),
        1 - _share(answered) if answered else 0.0,
        _share(small) if small else None,
    )


def _is_copied(line: str, learnt: Sequence[tuple[set[str], set[str]]]) -> bool:
    words, meanings = _parts(line, WORDED[:1]), _parts(line, (MEANING,))
    return any(
        _alike(words, others) >= COPY or (len(meanings) > 1 and _alike(meanings, meant) >= COPY)
        for others, meant in learnt
    )


def _parts(line: str, kinds: tuple[str, ...]) -> set[str]:
    return {name for name in features(line) if name.startswith(kinds) and not name.startswith(f"{MEANING}about_")}


def _alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _share(facts: Sequence[bool]) -> float:
    return sum(facts) / len(facts) if facts else 0.0


def _worded(text: str) -> Mapping[str, float]:
    return {name: weight for name, weight in features(text).items() if name.startswith(WORDED)}


def _meant(text: str) -> Mapping[str, float]:
    return {name: weight for name, weight in features(text).items() if not name.startswith(WORDED)} or {MEANING: 1.0}


def _scaled(cut: Mapping[str, float], having: Mapping[str, int], many: int) -> Mapping[str, float]:
    weights = {name: weight * (log((1 + many) / (1 + having.get(name, 0))) + 1) for name, weight in cut.items()}
    length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {name: weight / length for name, weight in weights.items()}


if __name__ == "__main__":
    for name, make in METHODS.items():
        rows = table(by_fold(make))
        shares = " | ".join(f"{100 * row.first:.0f} / {100 * row.three:.0f}" for row in rows)
        sys.stdout.write(f"| {name} | {shares} |\n")
    for told in (
        by_fold(METHODS["both, and what is missing"]),
        [(one, search.ask(one[2], one[1])) for one in questions()],
    ):
        sys.stdout.writelines(f"{line}\n" for line in ("", *lines(told)))
