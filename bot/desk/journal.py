"""Journal: who saw or changed what, newest first, and whether the chain of records is whole."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.responses import Response

from bot.desk.guard import Door
from bot.desk.roles import ADMINISTRATORS
from bot.desk.visit import Visit
from storage import journal, staff
from storage.database import reading, writing
from storage.ids import midnight
from storage.journal import Entry

PAGE = 50


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of the chain: the first record that does not fit it, the newest one, and the one looked for."""

    bad: int | None
    newest: Entry | None
    asked: str  # the hash that somebody wrote down earlier; empty if none was given
    found: int | None  # the record that has it


def show(visit: Visit) -> Response:
    """One page of the journal."""
    return _page(visit, None)


def verify(visit: Visit) -> Response:
    """Check every record, and whether one that was written down earlier is still there."""
    asked = visit.form.get("hash", "").strip().lower()[:64]
    with reading(visit.desk.store.main) as db:
        newest = next(iter(journal.read(db, 1)), None)
        verified = Verified(journal.verify(db), newest, asked, journal.find(db, asked) if asked else None)
    with writing(visit.desk.store.main) as db:
        visit.note(db, "verify journal", "whole" if verified.bad is None else f"broken at {verified.bad}")
    return _page(visit, verified)


DOORS = (
    Door("/desk/journal", "GET", show, ADMINISTRATORS, reads="read journal"),
    Door("/desk/journal/verify", "POST", verify, ADMINISTRATORS),
)


def _page(visit: Visit, verified: Verified | None) -> Response:
    asked = visit.query
    before = asked.get("before", "")
    with reading(visit.desk.store.main) as db:
        names = staff.names(db)
        entries = journal.read(
            db,
            PAGE + 1,
            before=int(before) if before.isdecimal() and len(before) < 19 else None,
            action=asked.get("action", ""),
            actor=asked.get("actor", ""),
            within=_within(asked.get("day", "")),
        )
        known = journal.actions(db), journal.actors(db)
    kept = {name: asked[name] for name in ("action", "actor", "day") if name in asked}
    return visit.page(
        "journal.html",
        entries=entries[:PAGE],
        older={**kept, "before": str(entries[PAGE - 1].seq)} if len(entries) > PAGE else None,
        newer=kept if before else None,
        names=names,
        actions=known[0],
        actors=known[1],
        asked=asked,
        verified=verified,
    )


def _within(day: str) -> tuple[datetime, datetime] | None:
    """A day of India from its beginning to its end; nothing where it is no day."""
    try:
        begins = midnight(date.fromisoformat(day))
        return begins, begins + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
