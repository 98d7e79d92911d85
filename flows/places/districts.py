"""The districts: their names in each way of writing, and every name by which somebody may tell hers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from flows.errors import BadFlow
from flows.model import Language, Named

COUNT = 23


@dataclass(frozen=True, slots=True)
class District:
    """One district: what she reads, what she may write for it, and where its legal aid office sits."""

    code: str
    name: Named
    called: tuple[str, ...]  # its own names and their usual spellings
    towns: tuple[tuple[str, ...], ...]  # the spellings of each town and block
    region: Literal["north", "south", "west"]
    seat: str
    seat_confidence: Literal["verified", "partly", "unverified"]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which it is found."""
        return (*self.name.words.values(), *self.called, *(name for town in self.towns for name in town))


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The districts, and the words that are none."""

    districts: Mapping[str, District]
    everyday: tuple[str, ...]  # names that are also common words: asked about, unless nothing else is said
    elsewhere: tuple[str, ...]  # well-known places outside the state
    around: tuple[str, ...]  # words that stand around a place


def read_gazetteer(text: str) -> Gazetteer:
    """The districts of a TOML file.

    Raises:
        BadFlow: a field is missing or of the wrong kind, a code is taken twice, or a district is missing.
    """
    try:
        held = tomllib.loads(text)
        districts = [_district(entry) for entry in held["district"]]
        words = [tuple(str(word) for word in held[name]) for name in ("everyday", "elsewhere", "around")]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as wrong:
        raise BadFlow(f"the districts: {type(wrong).__name__} {wrong}") from None
    by_code = {district.code: district for district in districts}
    if not len(by_code) == len(districts) == COUNT:
        raise BadFlow(f"there are {COUNT} districts, each once")
    return Gazetteer(MappingProxyType(by_code), *words)


def _district(entry: Mapping[str, Any]) -> District:
    return District(
        code=entry["code"],
        name=Named({language: entry["name"][language.value] for language in Language}),
        called=tuple(entry["called"]),
        towns=tuple(tuple(town) for town in entry["towns"]),
        region=entry["region"],
        seat=entry["seat"],
        seat_confidence=entry["seat_confidence"],
    )


GAZETTEER = read_gazetteer(files(__package__).joinpath("districts.toml").read_text(encoding="utf-8"))
DISTRICTS = GAZETTEER.districts
