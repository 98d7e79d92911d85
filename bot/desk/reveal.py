"""Her address, for an emergency: one of the office asks with a reason, another agrees, and it is shown once."""

from starlette.responses import Response

from bot.desk.acting import ERASED
from bot.desk.guard import Door
from bot.desk.labels import REVEAL_REASONS
from bot.desk.request import done, find, lock_her, page
from bot.desk.roles import OFFICE
from bot.desk.visit import NotThere, Visit
from bot.desk.words import D
from storage import people, reveals
from storage.database import Connection, reading, writing
from storage.referrals import Referral
from storage.reveals import Reveal

NO_REASON = D("Please choose a reason.")
ASKED = D("You have asked for it already. Another person must agree.")
NOT_ALONE = D("Another person must agree, not the one who asked.")
TOO_LATE = D("Somebody has agreed already, or it is too late. It can be asked for again.")
NOT_AGREED = D("Nobody else has agreed yet, or it was shown already.")


def ask(visit: Visit) -> Response:
    """Ask to see it."""
    referral = find(visit)
    reason = visit.form.get("reason", "")
    if reason not in REVEAL_REASONS:
        return page(visit, referral, NO_REASON, 422)
    with writing(visit.desk.store.main) as db:
        if lock_her(db, referral) is None:
            return done(visit, referral, ERASED)
        is_new = reveals.ask(db, referral.id, reason, visit.actor, visit.now)
        if is_new:
            visit.note(db, f"ask to reveal: {reason}", referral.code)
    return done(visit, referral, "" if is_new else ASKED)


def agree(visit: Visit) -> Response:
    """Agree that whoever asked may see it."""
    referral, reveal = _asked(visit)
    if reveal.asked_by == visit.actor:
        return done(visit, referral, NOT_ALONE)
    with writing(visit.desk.store.main) as db:
        is_agreed = reveals.agree(db, reveal.id, visit.actor, visit.now)
        if is_agreed:
            visit.note(db, f"agree to reveal: {reveal.reason}", referral.code)
    return done(visit, referral, "" if is_agreed else TOO_LATE)


def show(visit: Visit) -> Response:
    """Show it: in this answer and in no other."""
    referral, reveal = _asked(visit)
    if reveal.asked_by != visit.actor:
        raise NotThere
    with writing(visit.desk.store.main) as db:
        address = _address(db, visit, referral)
        is_shown = address is not None and reveals.show(db, reveal.id, visit.actor, visit.now)
        if is_shown:
            visit.note(db, f"reveal: {reveal.reason}", referral.code)
    if address is None:
        return done(visit, referral, ERASED)
    return page(visit, referral, address=address) if is_shown else done(visit, referral, NOT_AGREED)


DOORS = (
    Door("/desk/log/{code}/reveal", "POST", ask, OFFICE),
    Door("/desk/log/{code}/reveal/{reveal}/agree", "POST", agree, OFFICE),
    Door("/desk/log/{code}/reveal/{reveal}/show", "POST", show, OFFICE),
)


def _asked(visit: Visit) -> tuple[Referral, Reveal]:
    """The request and the asking that the path names, whatever became of it.

    Raises:
        NotThere: there is no such asking of this request.
    """
    referral = find(visit)
    with reading(visit.desk.store.main) as db:
        reveal = reveals.read(db, visit.part("reveal"))
    if reveal is None or reveal.referral_id != referral.id:
        raise NotThere
    return referral, reveal


def _address(db: Connection, visit: Visit, referral: Referral) -> str | None:
    """Where she is reached, without the name of the channel before it; nothing, where she is forgotten."""
    record = lock_her(db, referral)
    key = visit.desk.store.key_of(record.person.id) if record else None
    if record is None or key is None:
        return None
    return people.address_of(visit.desk.store.sealer, key, record.person).partition(":")[2]
