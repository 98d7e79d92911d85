"""Under the cover a number that is known, one that is not and one that was erased are answered with the same bytes."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.budget import Budget
from flows import covering, engine
from flows.answering import Turning
from flows.model import Say, T, Turn
from flows.review import PROBES
from storage.database import Store
from tests.bot.safety.town import TALK, Town, address

KINDS = ("unknown", "known", "asked", "erased")
LONG = tuple(("hello", "0", "2", "who is this")[number % 4] for number in range(40))  # more than a stranger's day
MINE = (*PROBES, ("namaskar", "order paisi 2 bochor age taka ase nai", "8", "2"), ("7", "4729 8106", "1234 5678"))


def meet(town: Town, kind: str, whom: str) -> None:
    """Somebody who is known in this way, more than half an hour ago."""
    if kind != "unknown":
        town.write(whom, *TALK[: 4 if kind == "known" else len(TALK)])
    if kind == "erased":
        town.write(whom, "forget me", "1")


def read(town: Town, whom: str, probe: Sequence[str]) -> Sequence[str]:
    """What whoever sends this from that number reads, as long as the cover is on."""
    said = []
    for text in probe:
        answer = town.write(whom, text)
        if not town.standing(whom).covered:
            break
        said.append(answer)
    return said


def count_apart(town: Town, probes: Sequence[Sequence[str]]) -> tuple[int, Mapping[str, list[float]]]:
    """How many probes tell a number from a stranger's, and how long each kind of number was kept waiting."""
    apart, waited = 0, defaultdict[str, list[float]](list)
    numbers = {(at, kind): address(at * 10 + n) for at in range(len(probes)) for n, kind in enumerate(KINDS)}
    for (_, kind), whom in numbers.items():
        meet(town, kind, whom)
    town.pass_time(timedelta(minutes=31))
    for at, probe in enumerate(probes):
        answers = {}
        for kind in KINDS:
            begun = time.perf_counter()
            answers[kind] = read(town, numbers[at, kind], probe)
            waited[kind].append((time.perf_counter() - begun) / max(1, len(answers[kind])) * 1000)
        apart += sum(answer != answers["unknown"] for answer in answers.values())
    return apart, waited


def test_numbers_cannot_be_told_apart(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """Greetings, guesses, keys, languages, nonsense: the same answers byte for byte, until the cover is lifted."""
    apart, waited = count_apart(Town(store, tmp_path), MINE)
    told = " ".join(f"{kind}={statistics.median(times):.1f}ms" for kind, times in waited.items())
    proof(f"cover {store.main.dialect.name}: probes={len(MINE)} numbers={len(KINDS)} apart={apart} median {told}")
    assert apart == 0


def test_nor_by_how_long_they_are_answered(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """Who writes on and on under the cover comes to the end of one and the same budget, however she used her own.

    Only the openers of a talk that she had on that very day count beforehand: one or two messages.
    """
    town, answered = Town(store, tmp_path, Budget(60)), {}
    for number, kind in enumerate(KINDS):
        meet(town, kind, address(number))
    town.pass_time(timedelta(minutes=31))
    for number, kind in enumerate(KINDS):
        answered[kind] = sum(map(bool, read(town, address(number), LONG)))
    told = " ".join(f"{kind}={count}" for kind, count in answered.items())
    proof(f"cover {store.main.dialect.name}: written={len(LONG)} answered {told}")
    assert max(answered.values()) < len(LONG)
    assert max(answered.values()) - min(answered.values()) <= 2


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_sabotage_a_cover_that_greets_is_found(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]
) -> None:
    """A cover that greets who came before is found by the same count."""

    def greeting(turning: Turning) -> Turn | None:
        turn = covering.covered(turning)
        if turn is None or turning.standing.turn < 5:
            return turn
        return Turn(turn.standing, (Say(T("Welcome back.")), *turn.effects))

    rules = tuple(greeting if one.__name__ == "covered" else one for one in engine.RULES)
    monkeypatch.setattr(engine, "RULES", rules)
    apart, _ = count_apart(Town(store, tmp_path), MINE[:3])
    proof(f"sabotage cover caught: apart={apart}")
    assert apart > 0
