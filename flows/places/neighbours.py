"""Which districts share a border, read from neighbours.toml."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import TypeAlias

from flows.errors import BadFlow
from flows.places.districts import DISTRICTS

Borders: TypeAlias = Mapping[str, frozenset[str]]


def read_neighbours(text: str) -> Borders:
    """The neighbours of each district, of a TOML file in which each pair stands once.

    Raises:
        BadFlow: it does not say where it is from, or a pair is none: unknown, of one district, or there twice.
    """
    try:
        held = tomllib.loads(text)
        pairs = [(str(one), str(other)) for one, other in held["borders"]]
        is_sourced = bool(held["source"] and held["compiled"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as wrong:
        raise BadFlow(f"the neighbours: {type(wrong).__name__} {wrong}") from None
    if not is_sourced or len({frozenset(pair) for pair in pairs}) != len(pairs):
        raise BadFlow("the neighbours: no source is named, or a pair stands twice")
    for one, other in pairs:
        if one == other or not {one, other} <= DISTRICTS.keys():
            raise BadFlow(f"the neighbours: {one} and {other} are no pair of districts")
    both = [*pairs, *((other, one) for one, other in pairs)]
    return MappingProxyType({code: frozenset(other for one, other in both if one == code) for code in DISTRICTS})


NEIGHBOURS = read_neighbours(files(__package__).joinpath("neighbours.toml").read_text(encoding="utf-8"))
