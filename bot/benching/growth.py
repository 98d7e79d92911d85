"""How costs grow: a turn with more conversations or more messages kept, a question with more facts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from statistics import median
from time import perf_counter

from bot.benching.talks import QUESTIONS, Caller, callers, going_on, opening
from bot.benching.turns import Advance, Ground, Sent, on, take_all
from bot.benching.words import per_second
from bot.turn import House
from flows.entitlements.facts import FACTS, Fact
from flows.entitlements.search import Index
from storage.recording import stop_syncing

TIMES = 10  # so many times more is kept the second time
ROUNDS = 14  # the length of a cycle: each of those sampled writes all of it
SAMPLED = 10  # people who write while the clock runs


@dataclass(frozen=True, slots=True)
class Growth:
    """What was there first and at last, and how many times dearer it made the same work."""

    of: str
    few: int
    many: int
    ratio: float


def of_conversations(house: House, ground: Ground, few: int, advance: Advance) -> Growth:
    """A turn among ten times the people."""
    with ground() as store:
        stop_syncing(store)
        at_work = on(house, store)
        ids = count()
        people = callers(few * TIMES)
        first = people[:few]
        take_all(at_work, list(opening(first, ids)))
        going = going_on(first[:SAMPLED], ids)
        before = _cost(at_work, going)
        for one in people[few:]:
            take_all(at_work, list(opening([one], ids)))
            advance(1)
        return Growth("conversations", few, few * TIMES, _cost(at_work, going) / before)


def of_messages(house: House, ground: Ground, few: int, advance: Advance) -> Growth:
    """A turn of people who have written ten times as much."""
    with ground() as store:
        stop_syncing(store)
        at_work = on(house, store)
        ids = count()
        people = callers(SAMPLED)
        take_all(at_work, list(opening(people, ids)))
        going = going_on(people, ids)
        _write(at_work, going, people, few, advance)
        before = _cost(at_work, going)
        _write(at_work, going, people, few * (TIMES - 1), advance)
        return Growth("messages", few, few * TIMES, _cost(at_work, going) / before)


def of_facts(repeats: int) -> Growth:
    """A question to the index of all facts, beside one of every tenth."""
    every = FACTS.sendable()
    some = every[::TIMES]
    few, many = (1 / per_second(_index(facts).scores, tuple(QUESTIONS.values()), repeats) for facts in (some, every))
    return Growth("facts", len(some), len(every), many / few)


def _index(facts: Sequence[Fact]) -> Index:
    return Index((fact.id, None, line) for fact in facts for lines in fact.asked.values() for line in lines)


def _write(house: House, going: Iterator[Sent], people: Sequence[Caller], many: int, advance: Advance) -> None:
    """Everybody writes so many messages more."""
    for _ in range(many):
        take_all(house, list(islice(going, len(people))))
        advance(len(people))


def _cost(house: House, going: Iterator[Sent]) -> float:
    """The seconds of a turn: the median of one turn of everybody who writes, a few times over."""
    rounds = []
    for _ in range(ROUNDS):
        messages = list(islice(going, SAMPLED))
        began = perf_counter()
        take_all(house, messages)
        rounds.append((perf_counter() - began) / SAMPLED)
    return median(rounds)
