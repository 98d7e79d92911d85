"""Folding: the spellings of one word come together, and different words stay apart."""

import tomllib
from importlib.resources import files
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rapidfuzz import fuzz

from flows.hearing.fold import fold, plain

SETS = tomllib.loads(files("tests.flows.hearing").joinpath("dev", "spellings.toml").read_text("utf-8"))["sets"]


def test_most_spellings_share_their_key() -> None:
    """Of all pairs of spellings of one word, nine in ten fold to the very same key."""
    pairs = [(fold(one), fold(other)) for spellings in SETS for one, other in combinations(spellings, 2)]
    assert sum(one == other for one, other in pairs) >= 0.9 * len(pairs)


@pytest.mark.parametrize("spellings", SETS, ids=lambda spellings: spellings[-1])
def test_every_spelling_is_near(spellings: list[str]) -> None:
    """Where two spellings differ after all, their keys are still much alike."""
    assert all(fuzz.ratio(fold(one), fold(other)) >= 66 for one, other in combinations(spellings, 2))


def test_different_words_stay_apart() -> None:
    """No two words of the table share a key by accident, but for the few that sound alike."""
    firsts = [fold(spellings[0]) for spellings in SETS]
    assert len(set(firsts)) >= len(firsts) - 4


@pytest.mark.parametrize("zero", [ord("0"), ord("০"), ord("०")])
def test_digits_of_three_scripts_are_equal(zero: int) -> None:
    """1, ১ and १ are one digit."""
    assert plain("".join(chr(zero + digit) for digit in range(10))) == "0123456789"


@given(some.text(alphabet=some.characters()))
def test_folding_is_settled(text: str) -> None:
    """Whatever it is given, plain words are lower case, single-spaced, and plain already."""
    once = plain(text)
    assert once == " ".join(once.split())
    assert fold(once) == fold(text)
