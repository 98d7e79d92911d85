"""The helplines, offices and public organisations, each with its sources; what is on hold is never sent."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, TypeVar, get_args

from flows.errors import BadFlow
from flows.sources import Confidence, Seen, Show

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Helpline:
    """A number that may be called; None where the sources do not say."""

    number: str
    name: str
    run_by: str
    hours: str
    use_for: str
    show: Show
    confidence: Confidence
    sources: tuple[Seen, ...]
    caveat: str | None = None
    languages: str | None = None
    free_call: bool | None = None

    @property
    def is_sendable(self) -> bool:
        """Whether its number may be sent to anybody."""
        return self.show != "hold"


@dataclass(frozen=True, slots=True)
class Office:
    """A public office; None where no source says."""

    id: str
    name: str
    confidence: Confidence
    sources: tuple[Seen, ...]
    address: str | None = None
    phone: str | None = None
    website: str | None = None
    caveat: str | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A collective or organisation as public sources tell of it; none is named to anybody from here."""

    id: str
    name_en: str
    kind: str
    districts: tuple[str, ...]  # codes, or "all"
    what_public_sources_say: tuple[str, ...]
    show: Show
    confidence: Confidence
    sources: tuple[Seen, ...]
    name_bn_suggested: str | None = None
    mentor_or_host: str | None = None
    public_contact: Mapping[str, str] | None = None
    website: str | None = None
    caveat: str | None = None


def read_helplines(text: str) -> tuple[Helpline, ...]:
    """The helplines of a TOML file.

    Raises:
        BadFlow: a field is missing, unknown or of the wrong kind, or a number stands twice.
    """
    return _read(text, "helpline", Helpline, lambda one: one.number)


def read_offices(text: str) -> tuple[Office, ...]:
    """The offices of a TOML file.

    Raises:
        BadFlow: a field is missing, unknown or of the wrong kind, or an id stands twice.
    """
    return _read(text, "office", Office, lambda one: one.id)


def read_organisations(text: str) -> tuple[Organisation, ...]:
    """The organisations of a TOML file.

    Raises:
        BadFlow: a field is missing, unknown or of the wrong kind, or an id stands twice.
    """
    return _read(text, "organisation", Organisation, lambda one: one.id)


def _read(text: str, name: str, kind: type[Record], key: Callable[[Record], str]) -> tuple[Record, ...]:
    try:
        held = tomllib.loads(text)
        if not isinstance(held["compiled"], date):
            raise BadFlow(f"the {name}s do not say when they were compiled")
        records = tuple(kind(**_fields(entry)) for entry in held[name])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as wrong:
        raise BadFlow(f"the {name}s: {type(wrong).__name__} {wrong}") from None
    if len({key(record) for record in records}) != len(records):
        raise BadFlow(f"the {name}s: one stands twice")
    return records


def _fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record, lists made tuples.

    Raises:
        ValueError: it has no source, or says something unknown of whether it may be shown.
    """
    if not entry["sources"]:
        raise ValueError("a record has no source")
    for field, known in (("show", get_args(Show)), ("confidence", get_args(Confidence))):
        if entry.get(field, known[0]) not in known:
            raise ValueError(f"{field} is one of {', '.join(known)}")
    sources = tuple(Seen(**source) for source in entry["sources"])
    rest = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    return {**rest, "sources": sources}


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


HELPLINES = read_helplines(_text("helplines.toml"))
OFFICES = read_offices(_text("offices.toml"))
ORGANISATIONS = read_organisations(_text("organisations.toml"))
