"""Hearing, asking and finding a place: how many messages a second, without any database."""

from collections.abc import Callable, Sequence
from itertools import product
from statistics import median
from time import perf_counter

from bot.benching.talks import DISTRICTS, OPENINGS, QUESTIONS
from flows.entitlements.search import ask
from flows.hearing import hear
from flows.places import district

ROUNDS = 9
HEARD = (*OPENINGS.values(), *QUESTIONS.values(), *DISTRICTS.values(), "1", "৯", "o amake mere felbe aj rate")
READERS: Sequence[tuple[str, Callable[[str], object], Sequence[str]]] = (
    ("hear", hear, HEARD),
    ("ask", ask, tuple(QUESTIONS.values())),
    ("district", district, tuple(DISTRICTS.values())),
)


def per_second(read: Callable[[str], object], texts: Sequence[str], repeats: int) -> float:
    """How many of these texts are read in a second, in the median round."""
    rounds = []
    for _ in range(ROUNDS):
        began = perf_counter()
        for _again, text in product(range(repeats), texts):
            read(text)
        rounds.append(perf_counter() - began)
    return repeats * len(texts) / median(rounds)
