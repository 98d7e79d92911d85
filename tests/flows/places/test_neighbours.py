"""Neighbours: pairs of known districts, both ways, and a file that says where it is from."""

import pytest

from flows.errors import BadFlow
from flows.places import DISTRICTS, NEIGHBOURS
from flows.places.neighbours import read_neighbours

FILE = 'source = "a map"\ncompiled = 2026-11-24\nborders = {}\n'


def test_every_district_has_neighbours_both_ways() -> None:
    """Nobody is left without a second ring, and whoever borders on somebody is bordered on."""
    assert NEIGHBOURS.keys() == DISTRICTS.keys()
    for code, near in NEIGHBOURS.items():
        assert near, code
        assert code not in near
        assert all(code in NEIGHBOURS[other] for other in near)


def test_some_that_everybody_knows() -> None:
    """The five around the city's north, and two that are the length of the state apart."""
    assert NEIGHBOURS["north_24_parganas"] == {"nadia", "hooghly", "howrah", "kolkata", "south_24_parganas"}
    assert "darjeeling" not in NEIGHBOURS["south_24_parganas"]


def test_no_pair_leaves_its_part_of_the_state() -> None:
    """North and the rest meet only between Malda and Murshidabad."""
    north = {code for code, one in DISTRICTS.items() if one.region == "north"}
    assert {(one, other) for one in north for other in NEIGHBOURS[one] - north} == {("malda", "murshidabad")}


@pytest.mark.parametrize(
    "text",
    [
        FILE.format('[["nadia", "atlantis"]]'),
        FILE.format('[["nadia", "nadia"]]'),
        FILE.format('[["nadia", "hooghly"], ["hooghly", "nadia"]]'),
        FILE.format('[["nadia"]]'),
        FILE.format("[]").replace('"a map"', '""'),
        "borders = []",
        "borders = [",
    ],
)
def test_a_wrong_file_is_refused(text: str) -> None:
    """What is unknown, doubled, one-sided or without a source stops the start."""
    with pytest.raises(BadFlow):
        read_neighbours(text)
