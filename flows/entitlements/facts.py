"""The facts: one checked statement of an entitlement each, read from the topics' TOML files."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from flows.errors import BadFlow
from flows.model import Language
from flows.sources import Checks, Confidence, Seen, Show

TOPICS = (
    "victim_compensation",
    "free_legal_aid",
    "police_fir",
    "the_crime_and_law",
    "court_rights",
    "bonded_labour",
    "shelter_rehabilitation",
    "counselling_mental_health",
    "social_schemes",
    "children",
    "cross_border",
    "complaint_redress",
)
RECHECK = MappingProxyType(
    {"law": timedelta(days=183), "scheme": timedelta(days=31), "helpline": timedelta(days=31)}
)  # law six-monthly, schemes and helplines monthly


@dataclass(frozen=True, slots=True)
class Source:
    """A fact as it was found, before it was put in words safe on any phone."""

    statement: str
    seen: tuple[Seen, ...]
    how_to_apply: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    who: str | None = None
    amount: str | None = None
    time_limit: str | None = None
    office: str | None = None
    law: str | None = None
    caveat: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One entitlement: its words page by page, what must be said with them, and where they come from."""

    id: str
    topic: str
    title: str
    show: Show
    confidence: Confidence
    pages: tuple[tuple[str, ...], ...]
    caveat: str  # said with the first page; empty where there is nothing to warn of
    origin: str  # where it comes from, on the last page
    checked_on: date  # the month she is told: when the source was right, or else when we read it
    recheck_by: date
    lasts: timedelta  # from one check to the next
    asked: Mapping[Language, tuple[str, ...]]  # sample askings, in each way of writing
    source: Source

    @property
    def is_sendable(self) -> bool:
        """Whether it may be sent: nothing on hold, nothing without words that are safe on any phone."""
        return self.show != "hold" and bool(self.pages)


@dataclass(frozen=True, slots=True)
class Topic:
    """A file of facts, the most needed first."""

    code: str
    facts: tuple[Fact, ...]

    def sendable(self) -> tuple[Fact, ...]:
        """The facts of the topic that may be sent."""
        return tuple(fact for fact in self.facts if fact.is_sendable)


class Facts:
    """All facts by topic and by id.

    Raises:
        BadFlow: an id or a title is taken twice.
    """

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = tuple(topics)
        every = [fact for topic in self.topics for fact in topic.facts]
        _refuse_repeated([fact.id for fact in every])
        _refuse_repeated([fact.title for fact in every if fact.is_sendable])
        self._by_id = {fact.id: fact for fact in every}
        self._by_code = {topic.code: topic for topic in self.topics}
        self._sendable = tuple(fact for fact in every if fact.is_sendable)

    def __contains__(self, id_: str) -> bool:
        return id_ in self._by_id

    def fact(self, id_: str) -> Fact:
        """The fact of this id."""
        return self._by_id[id_]

    def topic(self, code: str) -> Topic:
        """The topic of this code."""
        return self._by_code[code]

    def sendable(self) -> tuple[Fact, ...]:
        """Every fact that may be sent."""
        return self._sendable


def pages(fact: Fact) -> tuple[tuple[str, ...], ...]:
    """The sentences of a fact page by page: its caveat goes with the first, and the last says where it comes from."""
    first, *more = fact.pages
    return ((*first, fact.caveat) if fact.caveat else first, *more, (fact.origin,))


def may_be_sent(fact: Fact, checks: Checks) -> bool:
    """Whether it may be sent now: neither its file nor anybody of the staff holds it."""
    return fact.is_sendable and fact.id not in checks.held


def as_checked(fact: Fact, checks: Checks) -> Fact:
    """The fact as of its newest check: that of its file, or a later one that staff confirmed."""
    day = checks.checked.get(fact.id)
    if day is None or day + fact.lasts <= fact.recheck_by:
        return fact
    return replace(fact, checked_on=day, recheck_by=day + fact.lasts)


def is_due(fact: Fact, day: date) -> bool:
    """Whether the fact is past its re-check."""
    return day > fact.recheck_by


def sentences(fact: Fact) -> tuple[str, ...]:
    """Every English sentence of a fact that can reach a phone; nothing of one that is never sent."""
    if not fact.is_sendable:
        return ()
    return (fact.title, *(sentence for page in pages(fact) for sentence in page))


def read_topic(text: str) -> Topic:
    """The facts of one TOML file.

    Raises:
        BadFlow: a field is missing, misspelt or of the wrong kind, or a fact with a caveat does not say it.
    """
    try:
        held = tomllib.loads(text)
        facts = tuple(_fact(held, entry) for entry in held["fact"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as wrong:
        raise BadFlow(f"a fact file: {type(wrong).__name__} {wrong}") from None
    return Topic(held["topic"], facts)


def _fact(held: Mapping[str, Any], entry: Mapping[str, Any]) -> Fact:
    as_of = entry.get("info_as_of")
    lasts = RECHECK[entry.get("kind", held["kind"])]
    fact = Fact(
        id=entry["id"],
        topic=held["topic"],
        title=entry["title"],
        show=entry["show"],
        confidence=entry["confidence"],
        pages=tuple(tuple(page) for page in entry["pages"]),
        caveat=entry["caveat"],
        origin=entry["origin"],
        checked_on=_month(as_of) if as_of else held["checked_on"],
        recheck_by=held["checked_on"] + lasts,
        lasts=lasts,
        asked=MappingProxyType({Language(code): tuple(lines) for code, lines in entry["asked"].items()}),
        source=_source(entry["source"]),
    )
    if fact.is_sendable and fact.show == "with_caveat" and not fact.caveat:
        raise BadFlow(f"fact {fact.id} is sent only with its caveat, and has none")
    if fact.is_sendable and not fact.origin:
        raise BadFlow(f"fact {fact.id} does not say where it comes from")
    return fact


def _source(entry: Mapping[str, Any]) -> Source:
    told = {name: value for name, value in entry.items() if name not in ("seen", "how_to_apply", "papers")}
    return Source(
        seen=tuple(Seen(one["title"], one["how"], one.get("url")) for one in entry["seen"]),
        how_to_apply=tuple(entry["how_to_apply"]),
        papers=tuple(entry["papers"]),
        **told,
    )


def _month(as_of: str) -> date:
    """The day a source speaks of: "2026", "2026-02" or a whole date; a year alone counts from its beginning."""
    year, month, day = (*map(int, as_of.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _refuse_repeated(names: list[str]) -> None:
    for name in {name for name in names if names.count(name) > 1}:
        raise BadFlow(f"two facts are called {name!r}")


FACTS = Facts(
    read_topic(files(__name__.rpartition(".")[0]).joinpath(f"{topic}.toml").read_text(encoding="utf-8"))
    for topic in TOPICS
)
