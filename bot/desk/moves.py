"""What staff may make of a request, why, and what follows from it: the same as when a member does it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.desk.words import D
from bot.members import closing, hers
from bot.turn import House
from storage import alerts, follow_ups, people, referrals, relay_words, relays
from storage.database import Connection
from storage.referrals import OPEN, Referral
from storage.relays import Relay

# From each state to those that it may be brought to. What she took back stays so: she can ask anew at any time.
MOVES: Mapping[str, Sequence[str]] = {
    "requested": ("accepted", "in_progress", "done", "declined", "unreachable", "withdrawn"),
    "accepted": ("requested", "in_progress", "done", "declined", "unreachable", "withdrawn"),
    "in_progress": ("requested", "done", "declined", "unreachable", "withdrawn"),
    "done": ("in_progress",),
    "declined": ("in_progress",),
    "unreachable": ("in_progress",),
    "withdrawn": (),
}
REASONS: Mapping[str, Sequence[str]] = {
    "requested": ("given back", "written by mistake"),
    "accepted": ("by staff", "by a counsellor", "by a lawyer"),
    "in_progress": (
        "first talk", "referred", "papers filed", "waits for an office", "she came back", "she says otherwise",
    ),
    "done": ("helped", "handed over", "told", "ended by her"),
    "declined": ("we could not help", "nobody free", "not ours"),
    "unreachable": ("no answer", "no longer hers"),
    "withdrawn": ("by her",),
}  # fmt: skip
_ENDS_TALK = {"done": "helped", "declined": "declined", "unreachable": "unreachable"}  # how the waiting for one ends

CHANGED = D("Somebody else has changed it meanwhile. Please look again.")
NO_SUCH_MOVE = D("It cannot be brought to that state. Please choose one of the list.")
IN_TALK = D("A member is talking with her. The talk must be closed first.")
OTHER_OPEN = D("She has another open request of this kind. There is never more than one.")


def moves(referral: Referral) -> Mapping[str, Sequence[str]]:
    """The states that a request may be brought to, each with the reasons for it; what was only told stays as it is."""
    if referral.kind == "information":
        return {}
    return {state: REASONS[state] for state in MOVES[referral.state]}


def move(db: Connection, house: House, referral: Referral, state: str, why: str, by: str, now: datetime) -> str:
    """Bring a request to another state, with all that follows; nothing, or the words for why it was refused."""
    held = _lock(db, referral)
    if held is None or held.state != referral.state:
        return CHANGED
    if why not in moves(held).get(state, ()):
        return NO_SUCH_MOVE
    relay = _talk_of(db, held)
    if refused := _refused(db, held, relay, state):
        return refused
    if relay and state == "withdrawn":
        hers.end(db, house.store, relay.person_id or "", "withdrawn", now, by=by)
    elif relay and state in _ENDS_TALK:
        _end_waiting(db, relay, _ENDS_TALK[state], by, now)
    if state == "withdrawn":
        follow_ups.drop_of_referral(db, held.code)
    alerts.answered(db, held.code, now)
    closing.settle(db, house, held.code, state, why, by, now)
    return ""


def _lock(db: Connection, referral: Referral) -> Referral | None:
    """The request as it stands now, held until the transaction ends; her row first, as in a turn."""
    if referral.person_id:
        people.lock(db, referral.person_id)
    return referrals.of_code(db, referral.code, lock=True)


def _talk_of(db: Connection, referral: Referral) -> Relay | None:
    relay = relays.of_person(db, referral.person_id) if referral.person_id else None
    return relay if relay and relay.referral_code == referral.code else None


def _refused(db: Connection, referral: Referral, relay: Relay | None, state: str) -> str:
    is_held = relay is not None and relay.state == "claimed"
    if is_held and (state in _ENDS_TALK or state == "requested"):
        return IN_TALK
    if referral.state in OPEN or referral.person_id is None:
        return ""
    hers_open = (one for one in referrals.of_person(db, referral.person_id) if one.state in OPEN)
    return OTHER_OPEN if any(one.kind == referral.kind for one in hers_open) else ""


def _end_waiting(db: Connection, relay: Relay, outcome: str, by: str, now: datetime) -> None:
    if relays.close(db, relay, outcome, now):
        relay_words.drop(db, relay.id)
        relays.note(db, relay.id, "closed", by, now, outcome)
