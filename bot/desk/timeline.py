"""What happened with a request, and who says so: what she said stands beside what others say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.desk.labels import ANSWERS, OUTCOMES, STATES, TALK_EVENTS, TALK_OUTCOMES
from bot.desk.roles import OFFICE
from bot.desk.visit import Visit
from bot.desk.words import D
from storage import follow_ups, notes, people, referrals, relays, reveals, safe_contacts, staff
from storage.database import Connection
from storage.follow_ups import FollowUp
from storage.referrals import SURVIVOR, Change, Referral
from storage.reveals import Reveal
from storage.safe_contacts import SafeContact
from storage.seal import PersonKey

WHO: Mapping[str, str] = {
    SURVIVOR: D("herself"),
    "house": D("the line itself"),
    "console": D("the console"),
}
A_MEMBER = D("a member")
IN_LINE = D("She waits for a member")
ASKED = D("She was asked what came of it")
ANSWERED = D("She answered")
NOTE = D("Note")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: what and why in words of the desk, who did it, and a note's own text."""

    at: datetime
    what: str
    why: str
    by: str
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """A request and all that is known of what became of it.

    `provider` is the newest state that somebody else than she brought it to; `she` is what she answered last.
    """

    referral: Referral
    lines: Sequence[Line]
    provider: Change | None
    she: FollowUp | None
    waiting: FollowUp | None  # the question to her that is planned or asked
    is_apart: bool
    is_erased: bool
    leave: SafeContact | None
    opted_out: bool
    names: Mapping[str, str]  # of the staff, by what the journal calls them
    reveals: Sequence[Reveal]


def tell(db: Connection, visit: Visit, referral: Referral) -> Told:
    """All of it; the notes only to whoever may act on a request, and only while her key is there."""
    names = staff.names(db)
    asked = follow_ups.of_referral(db, referral.code)
    changes = referrals.changes(db, referral.id)
    she = max((one for one in asked if one.answered_at), key=lambda one: one.answered_at or one.due_at, default=None)
    person = people.read(db, referral.person_id) if referral.person_id else None
    key = visit.desk.store.key_of(person.id) if person else None
    is_erased = person is None or person.erasing or key is None
    lines = [
        *_of_changes(changes, names),
        *_of_talks(db, referral, names),
        *_of_questions(asked),
        *(_of_notes(db, visit, referral, key, names) if key else ()),
    ]
    return Told(
        referral=referral,
        lines=sorted(lines, key=lambda line: line.at),
        provider=next((one for one in reversed(changes) if one.by != SURVIVOR), None),
        she=she,
        waiting=next((one for one in asked if one.state in ("planned", "asked")), None),
        is_apart=follow_ups.is_apart(referral.state, she.answer if she else None),
        is_erased=is_erased,
        leave=None if is_erased or person is None else safe_contacts.live(db, person.id, visit.now),
        opted_out=person is not None and person.opted_out_at is not None,
        names=names,
        reveals=reveals.of_referral(db, referral.id, visit.now) if visit.staff.role in OFFICE else (),
    )


def who(by: str, names: Mapping[str, str]) -> str:
    """What the page calls somebody: staff by name, everybody else by what they are."""
    return names.get(by) or WHO.get(by, A_MEMBER)


def _of_changes(changes: Sequence[Change], names: Mapping[str, str]) -> Iterator[Line]:
    for one in changes:
        yield Line(one.at, STATES.get(one.state, one.state), _why(one.outcome), who(one.by, names))


def _of_talks(db: Connection, referral: Referral, names: Mapping[str, str]) -> Iterator[Line]:
    """What happened in the talks about it; that somebody wrote is not told, or nothing else would be seen."""
    for relay in relays.of_referral(db, referral.code):
        yield Line(relay.opened_at, IN_LINE, "", WHO["house"])
        for one in relays.happened(db, relay.id):
            if one.what != "said":
                why = TALK_OUTCOMES.get(one.detail, "") if one.what == "closed" else ""
                yield Line(one.at, TALK_EVENTS.get(one.what, one.what), why, who(one.by, names))


def _of_questions(asked: Sequence[FollowUp]) -> Iterator[Line]:
    for one in asked:
        if one.asked_at:
            yield Line(one.asked_at, ASKED, "", WHO["house"])
        if one.answered_at:
            yield Line(one.answered_at, ANSWERED, ANSWERS.get(one.answer or "", ""), WHO[SURVIVOR])


def _of_notes(
    db: Connection, visit: Visit, referral: Referral, key: PersonKey, names: Mapping[str, str]
) -> Iterator[Line]:
    """The notes, without their words for whoever only reads."""
    for one in notes.of_referral(db, referral.id):
        text = notes.text_of(visit.desk.store.sealer, key, one) if visit.staff.role in OFFICE else ""
        yield Line(one.at, NOTE, "", who(one.by, names), text)


def _why(outcome: str | None) -> str:
    return OUTCOMES.get(outcome or "", outcome or "")
