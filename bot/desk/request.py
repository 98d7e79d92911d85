"""One request: what is known of it, and what happened with it."""

from starlette.responses import Response

from bot.desk import labels, moves, timeline
from bot.desk.guard import Door
from bot.desk.roles import OFFICE, READERS
from bot.desk.visit import NotThere, Visit
from storage import people, referrals, staff
from storage.database import Connection, reading
from storage.people import Record
from storage.referrals import Referral
from storage.staff import Staff

NOTE_LETTERS = 2000
LAST_DAY = 28  # a safe contact lives thirty days, so nothing can be asked much later
NEW_KINDS = tuple(kind for kind in labels.KINDS if kind != "information")


def show(visit: Visit) -> Response:
    """A request, and what happened with it."""
    return page(visit, find(visit))


def find(visit: Visit) -> Referral:
    """The request that the path names.

    Raises:
        NotThere: there is none.
    """
    with reading(visit.desk.store.main) as db:
        referral = referrals.of_code(db, visit.part("code"))
    if referral is None:
        raise NotThere
    return referral


def page(visit: Visit, referral: Referral, wrong: str = "", status: int = 200, address: str = "") -> Response:
    """The page of a request as it stands now; an address stands on it only in the one answer that reveals it."""
    with reading(visit.desk.store.main) as db:
        told = timeline.tell(db, visit, referrals.of_code(db, referral.code) or referral)
        office = office_of(db)
    return visit.page(
        "request.html",
        status,
        told=told,
        office=office,
        moves=moves.moves(told.referral),
        new_kinds=NEW_KINDS,
        districts=labels.districts(visit.language),
        labels=labels,
        may_change=visit.staff.role in OFFICE,
        last_day=LAST_DAY,
        note_letters=NOTE_LETTERS,
        who=timeline.who,
        wrong=wrong,
        address=address,
    )


def done(visit: Visit, referral: Referral, refused: str) -> Response:
    """On to the page of the request; or the page itself, with the words for why nothing was done."""
    return page(visit, referral, refused, 409) if refused else visit.go(f"/desk/log/{referral.code}")


def lock_her(db: Connection, referral: Referral) -> Record | None:
    """The person behind a request, with her row locked; nobody, where she is forgotten or about to be."""
    return people.lock(db, referral.person_id) if referral.person_id else None


def office_of(db: Connection) -> list[Staff]:
    """Who may look after a request."""
    return [one for one in staff.all_of(db) if one.disabled_at is None and one.role in OFFICE]


DOORS = (Door("/desk/log/{code}", "GET", show, READERS, reads="read request"),)
