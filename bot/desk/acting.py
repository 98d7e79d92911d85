"""What staff do about a request: bring it to another state, assign it, write a note, ask her later, open another."""

from datetime import datetime, timedelta

from starlette.responses import Response

from bot.desk import moves
from bot.desk.guard import Door
from bot.desk.request import LAST_DAY, NEW_KINDS, NOTE_LETTERS, done, find, lock_her, office_of, page
from bot.desk.roles import OFFICE
from bot.desk.visit import Visit
from bot.desk.words import D
from flows.places import DISTRICTS
from storage import follow_ups, notes, referrals, safe_contacts
from storage.database import Connection, writing
from storage.people import Record
from storage.referrals import Referral

NOT_OFFICE = D("Please choose a coordinator or an administrator.")
NO_NOTE = D("Please write something, at most 2000 letters.")
ERASED = D("She has had everything cleared. Nothing more can be written down of her, and nobody can reach her.")
NO_DAY = D("Please choose a number of days from 1 to 28.")
NOT_ASKED = D("Nothing is asked about what was only told, or what she took back.")
NO_LEAVE = D("We may not write to her first now. She can be asked only after she writes and says when it is safe.")
LEAVE_ENDS = D("Her permission to be written to ends before that day. Please choose fewer days.")
PLANNED = D("A question to her is planned already.")
NO_KIND = D("Please choose what she asks for.")


def change_state(visit: Visit) -> Response:
    """Bring it to another state, for a reason; the form says in which state it was seen."""
    referral = find(visit)
    state, _, why = visit.form.get("move", "").partition(":")
    if visit.form.get("seen") != referral.state:
        return done(visit, referral, moves.CHANGED)
    with writing(visit.desk.store.main) as db:
        refused = moves.move(db, visit.desk.house, referral, state, why, visit.actor, visit.now)
        if not refused:
            visit.note(db, f"change to {state}", referral.code)
    return done(visit, referral, refused)


def assign(visit: Visit) -> Response:
    """Say who of the office looks after it, or nobody."""
    referral = find(visit)
    chosen = visit.form.get("staff", "")
    with writing(visit.desk.store.main) as db:
        is_office = not chosen or any(one.id == chosen for one in office_of(db))
        if is_office:
            referrals.assign(db, referral.code, chosen or None)
            visit.note(db, f"assign to {chosen or 'nobody'}", referral.code)
    return done(visit, referral, "" if is_office else NOT_OFFICE)


def write_note(visit: Visit) -> Response:
    """Write a note beside it, under her own key."""
    referral = find(visit)
    text = visit.form.get("text", "").strip()
    if not 0 < len(text) <= NOTE_LETTERS:
        return page(visit, referral, NO_NOTE, 422)
    store = visit.desk.store
    with writing(store.main) as db:
        record = lock_her(db, referral)
        key = store.key_of(record.person.id) if record else None
        if key:
            given = {"referral_id": referral.id, "text": text, "by": visit.actor}
            notes.add(db, store.sealer, key, **given, now=visit.now)
            visit.note(db, "write note", referral.code)
    return done(visit, referral, "" if key else ERASED)


def plan_follow_up(visit: Visit) -> Response:
    """Plan the question what came of it; only where she may be written to by then, for else it is never asked."""
    referral = find(visit)
    days = visit.form.get("days", "")
    if days not in map(str, range(1, LAST_DAY + 1)):
        return page(visit, referral, NO_DAY, 422)
    due_at = visit.now + timedelta(days=int(days))
    with writing(visit.desk.store.main) as db:
        refused = _plan(db, referral, lock_her(db, referral), due_at, visit.now)
        if not refused:
            visit.note(db, "plan follow-up", referral.code)
    return done(visit, referral, refused)


def open_another(visit: Visit) -> Response:
    """Open another request for the same person; where one of the kind is open, it stays the only one."""
    referral = find(visit)
    kind, district = visit.form.get("kind", ""), visit.form.get("district", "")
    if kind not in NEW_KINDS or (district and district not in DISTRICTS):
        return page(visit, referral, NO_KIND, 422)
    with writing(visit.desk.store.main) as db:
        record = lock_her(db, referral)
        if record is None:
            return done(visit, referral, ERASED)
        opened, is_new = referrals.open_one(
            db,
            kind=kind,
            person_id=record.person.id,
            district=district or None,
            language=record.conversation.language,
            channel=record.person.channel,
            now=visit.now,
            by=visit.actor,
        )
        if is_new:
            visit.note(db, "open request", opened.code)
    return done(visit, opened if is_new else referral, "" if is_new else moves.OTHER_OPEN)


DOORS = (
    Door("/desk/log/{code}/state", "POST", change_state, OFFICE),
    Door("/desk/log/{code}/assign", "POST", assign, OFFICE),
    Door("/desk/log/{code}/note", "POST", write_note, OFFICE),
    Door("/desk/log/{code}/follow-up", "POST", plan_follow_up, OFFICE),
    Door("/desk/log/{code}/another", "POST", open_another, OFFICE),
)


def _plan(db: Connection, referral: Referral, record: Record | None, due_at: datetime, now: datetime) -> str:
    """Plan it, or say why it cannot be."""
    if record is None:
        return ERASED
    if referral.kind == "information" or referral.state == "withdrawn":
        return NOT_ASKED
    leave = safe_contacts.live(db, record.person.id, now)
    if leave is None or record.person.opted_out_at:
        return NO_LEAVE
    if leave.expires_at <= due_at:
        return LEAVE_ENDS
    return "" if follow_ups.plan(db, referral.code, record.person.id, due_at) else PLANNED
