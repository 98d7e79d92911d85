"""Durable turns per second, beside the floor: the same statements by the bare driver in the same run.

The turns are taken three times on three equal sets of databases: once to record what each asks of them, once to
be timed, and once by the driver alone. The two that are timed take turns with each other in short rounds, and the
median round counts, because other programs share the machine.
"""

import cProfile
import io
import pstats
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count, islice
from statistics import median
from time import perf_counter
from typing import TypeAlias

from bot.benching.talks import callers, going_on, opening
from bot.codes import CodePool
from bot.turn import House, take_turn
from flows.model import Inbound
from storage.database import Store
from storage.recording import Floor, Statement, recording, stop_syncing

ROUNDS = 20
PEOPLE = 60
EARLIER = 5  # messages that each has written past the cover before the clock runs
PROFILED_LINES = 25

Ground: TypeAlias = Callable[[], AbstractContextManager[Store]]
Sent: TypeAlias = tuple[Inbound, datetime]
Messages: TypeAlias = Sequence[Sent]
Advance: TypeAlias = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Rates:
    """What was measured."""

    sathi_per_s: float
    floor_per_s: float
    statements_per_turn: float

    @property
    def ratio(self) -> float:
        """How much of the floor's speed is left."""
        return self.sathi_per_s / self.floor_per_s


@dataclass(frozen=True, slots=True)
class _Plan:
    """What everybody wrote before, and what each round holds."""

    before: Messages
    rounds: Sequence[Messages]


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What a plan asks of the databases."""

    before: Sequence[Statement]
    rounds: Sequence[Sequence[Statement]]


def measure(house: House, ground: Ground, turns: int, advance: Advance, *, is_durable: bool = True) -> Rates:
    """So many turns of people in the middle of a conversation, on new databases of this ground."""
    plan = _plan(turns)
    with ground() as rehearsed:
        recorded = _rehearse(on(house, rehearsed), plan)
    with ExitStack() as stack:
        real, bare = (stack.enter_context(ground()) for _ in range(2))
        if not is_durable:
            stop_syncing(real)
        floor = stack.enter_context(_floor(bare, is_durable))
        at_work = on(house, real)
        take_all(at_work, plan.before)
        floor.replay(recorded.before)
        sathi, bottom = _alternate(at_work, floor, plan, recorded, advance)
    size = len(plan.rounds[0])
    many = sum(len(statements) for statements in recorded.rounds)
    return Rates(size / median(sathi), size / median(bottom), many / (size * len(plan.rounds)))


def profile(house: House, ground: Ground, turns: int) -> str:
    """Where the time of so many turns goes, the dearest functions first."""
    plan = _plan(turns)
    with ground() as store:
        at_work = on(house, store)
        take_all(at_work, plan.before)
        profiler = cProfile.Profile()
        profiler.enable()
        for messages in plan.rounds:
            take_all(at_work, messages)
        profiler.disable()
    told = io.StringIO()
    pstats.Stats(profiler, stream=told).sort_stats("tottime").print_stats(PROFILED_LINES)
    return told.getvalue()


def on(house: House, store: Store) -> House:
    """The house on other databases."""
    return replace(house, store=store, codes=CodePool(store.sealer))


def take_all(house: House, messages: Messages) -> None:
    """Take these turns.

    Raises:
        RuntimeError: one was not answered, so that nothing is worth measuring.
    """
    for message, now in messages:
        if (outcome := take_turn(house, message, now).outcome) != "answered":
            raise RuntimeError(f"a turn of the benchmark was {outcome}, not answered")


def _plan(turns: int) -> _Plan:
    ids = count()
    people = callers(min(PEOPLE, max(turns, 1)))
    going = going_on(people, ids)
    before = [*opening(people, ids), *islice(going, EARLIER * len(people))]
    size = max(1, turns // ROUNDS)
    return _Plan(before, [list(islice(going, size)) for _ in range(min(ROUNDS, turns))])


def _rehearse(house: House, plan: _Plan) -> _Recorded:
    with recording(house.store) as statements:
        parts = list(_taken(house, plan, statements))
    return _Recorded(parts[0], parts[1:])


def _taken(house: House, plan: _Plan, statements: list[Statement]) -> Iterator[list[Statement]]:
    """What each part of the plan asked."""
    for messages in (plan.before, *plan.rounds):
        take_all(house, messages)
        yield statements.copy()
        statements.clear()


def _alternate(
    house: House, floor: Floor, plan: _Plan, recorded: _Recorded, advance: Advance
) -> tuple[list[float], list[float]]:
    """The seconds of every round; each goes first every other time."""
    sathi: list[float] = []
    bottom: list[float] = []
    for number, (messages, statements) in enumerate(zip(plan.rounds, recorded.rounds, strict=True)):
        runs: list[tuple[list[float], Callable[[], None]]] = [
            (sathi, lambda messages=messages: take_all(house, messages)),  # type: ignore[misc]  # bound at once
            (bottom, lambda statements=statements: floor.replay(statements)),  # type: ignore[misc]  # bound at once
        ]
        for seconds, run in runs if number % 2 else reversed(runs):
            began = perf_counter()
            run()
            seconds.append(perf_counter() - began)
        advance(len(messages))
    return sathi, bottom


@contextmanager
def _floor(store: Store, is_durable: bool) -> Iterator[Floor]:
    floor = Floor(store, is_durable=is_durable)
    try:
        yield floor
    finally:
        floor.close()
