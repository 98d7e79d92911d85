"""What stands behind the question mark of the log: how it is narrowed and sorted, and which page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from bot.desk.labels import CHANNELS, KINDS, LANGUAGES, OUTCOMES, STATES
from flows.places import DISTRICTS
from storage.ids import midnight
from storage.log import NOBODY, OPEN_ONES, REQUESTS, SORTS, Asked

MINE = "me"
NEWEST_FIRST = "-opened_at"
_DAYS = ("since", "until")
_KNOWN: Mapping[str, frozenset[str]] = {
    "kind": frozenset(KINDS) | {REQUESTS},
    "state": frozenset(STATES) | {OPEN_ONES},
    "outcome": frozenset(OUTCOMES),
    "district": frozenset(DISTRICTS),
    "language": frozenset(LANGUAGES),
    "channel": frozenset(CHANNELS),
    "assigned": frozenset((MINE, NOBODY)),
    "sort": frozenset((*SORTS, *(f"-{name}" for name in SORTS))),
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The query as it was understood; `unread` names what of it was not."""

    given: Mapping[str, str]
    page: int
    unread: tuple[str, ...]

    @property
    def sort(self) -> str:
        """The column that it is sorted by."""
        return self.given.get("sort", NEWEST_FIRST).removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether the last comes first."""
        return self.given.get("sort", NEWEST_FIRST).startswith("-")

    @property
    def query(self) -> str:
        """The same once more, as it may be kept or shared; which page it was is no part of it."""
        return urlencode(self.given)

    def with_(self, **changed: str | int) -> str:
        """An address of the log that differs in this from the one that was opened."""
        return f"?{urlencode({**self.given, **changed})}"

    def asked(self, staff_id: str) -> Asked:
        """What the database is asked for, by this member of staff."""
        coded = {name: self.given.get(name) for name in ("kind", "state", "outcome", "district", "language", "channel")}
        return Asked(
            since=_begins(self.given.get("since")),
            until=_begins(self.given.get("until"), days=1),
            collective=self.given.get("collective"),
            assigned_to=staff_id if self.given.get("assigned") == MINE else self.given.get("assigned"),
            **coded,
        )


def read(query: Mapping[str, str], collectives: frozenset[str]) -> Narrowing:
    """Understand a query; what is unknown in it narrows nothing, and is named."""
    known = {**_KNOWN, "collective": collectives}
    given = {name: value for name, value in query.items() if value in known.get(name, ())}
    given |= {name: query[name] for name in _DAYS if name in query and _day(query[name])}
    page = query.get("page", "1")
    is_page = page.isascii() and page.isdecimal() and 0 < len(page) < 7 and int(page) > 0
    unread = tuple(name for name in query if name not in given and name != "page")
    return Narrowing(given, int(page) if is_page else 1, unread)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 and "1970" <= text < "9000" else None
    except ValueError:
        return None


def _begins(text: str | None, days: int = 0) -> datetime | None:
    """Midnight in India at which this day begins, or so many days later."""
    day = _day(text or "")
    return midnight(day + timedelta(days=days)) if day else None
