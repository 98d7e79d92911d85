"""What staff said of facts since this release: which they hold back, and which they checked again.

Every turn needs it, and it changes a few times a month: each change leaves a new mark, and what was read under a mark
is kept in memory until there is another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from flows.sources import NO_CHECKS, Checks
from storage import marks
from storage.desk_tables import fact_states
from storage.ids import new_id
from storage.upsert import insert_into

_MARK = "fact states"
_KEPT = 4  # marks; a program works on one database, and only the newest counts
_known: dict[str, Checks] = {}


@dataclass(frozen=True, slots=True)
class State:
    """What staff said of one fact; `by` and `at` are of the last hold or release, `checked_by` of the check."""

    fact_id: str
    held: bool
    reason: str  # coded; empty where it is not held
    checked_on: date | None
    checked_by: str | None
    by: str
    at: datetime


def checks(db: Connection) -> Checks:
    """What a turn needs of it."""
    newest = marks.mark_of(db, _MARK)
    if newest is None:
        return NO_CHECKS
    known = _known.get(newest)
    if known is None:
        known = _read(db)
        if len(_known) >= _KEPT:
            _known.clear()
        _known[newest] = known
    return known


def held(db: Connection) -> frozenset[str]:
    """The facts that staff hold back."""
    return checks(db).held


def checked(db: Connection) -> Mapping[str, date]:
    """The facts that staff checked again, and the day."""
    return checks(db).checked


def all_of(db: Connection) -> Mapping[str, State]:
    """Everything that was said of facts, by fact."""
    return {row.fact_id: State(**row._mapping) for row in db.execute(select(fact_states))}


def hold(db: Connection, fact_id: str, *, reason: str, by: str, now: datetime) -> None:
    """Hold a fact back from the next turn on; the reason is a code."""
    _put(db, fact_id, {"held": True, "reason": reason, "by": by, "at": now}, now)


def release(db: Connection, fact_id: str, *, by: str, now: datetime) -> None:
    """Let a fact be sent again from the next turn on."""
    _put(db, fact_id, {"held": False, "reason": "", "by": by, "at": now}, now)


def confirm(db: Connection, fact_id: str, day: date, *, by: str, now: datetime) -> None:
    """The source was read again on this day and still says so; a hold stays a hold."""
    _put(db, fact_id, {"checked_on": day, "checked_by": by}, now)


def _put(db: Connection, fact_id: str, said: Mapping[str, object], now: datetime) -> None:
    row = {"fact_id": fact_id, "held": False, "reason": "", "by": said.get("checked_by", ""), "at": now, **said}
    made = insert_into(db, fact_states).values(**row)
    db.execute(made.on_conflict_do_update(index_elements=["fact_id"], set_=dict(said)))
    marks.set_mark(db, _MARK, new_id(now))


def _read(db: Connection) -> Checks:
    said = all_of(db).values()
    return Checks(
        frozenset(one.fact_id for one in said if one.held),
        {one.fact_id: one.checked_on for one in said if one.checked_on},
    )
