"""Asking for somebody who answers her: her district's collectives, the neighbours', everybody, the staff on call."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.budget import REPLY_FOR
from bot.members import choosing, letters, marks, words
from bot.members.bringing import Bringing, bring, is_resting, lent, meet
from bot.members.choosing import RINGS, Asked, Ring, Roster
from bot.members.giving import Her
from bot.members.letters import Note
from bot.turn import House
from flows.commands import tongue
from flows.model import Language, Place, Say, T
from storage import alerts, directory, members, referrals, relays
from storage.database import Connection, reading, writing
from storage.members import Member
from storage.relays import Relay

AGAIN = timedelta(minutes=30)  # after nobody was found; then the line begins anew
MARGIN = timedelta(minutes=1)  # before her quarter of an hour is over
LEAST = timedelta(minutes=2)  # that a ring has to answer
WAITED = timedelta(days=14)  # after so long nobody is offered any more
NOBODY = Place("talk", "nobody")
NEAR = Place("talk", "near")
TONGUES = {"bn": T("Bangla"), "hi": T("Hindi"), "en": T("English")}


def ring_due(house: House, now: datetime) -> int:
    """Ask the next ring for everyone who has waited long enough; says for how many."""
    with reading(house.store.main) as db:
        waiting = relays.due_rings(db, now)
    for relay in waiting:
        with lent(house) as spare, writing(house.store.main) as db:
            her = meet(db, house, relay.person_id, now)
            current = relays.read(db, relay.id)
            if current is None or current.state != "waiting" or current.ring_at is None or current.ring_at > now:
                continue
            if her is None or her.standing.opted_out or now - current.opened_at > WAITED:
                relays.close(db, current, "left", now)
                continue
            _ring(db, Bringing(house, her, spare, now), current)
    return len(waiting)


def asked_of(db: Connection, relay: Relay, her: Her) -> Asked:
    """What is known of her wish; who passed, or was refused by her, is not asked again."""
    referral = referrals.of_code(db, relay.referral_code) if relay.referral_code else None
    slots = her.standing.slots
    district = (referral.district if referral else None) or slots.get("district")
    area = slots.get("area") if slots.get("district") == district else None
    gone = frozenset(one for one, state in relays.offered(db, relay.id).items() if state != "offered")
    need = referral.kind if referral else None
    to = relay.collective if relay.state == "waiting" else None
    return Asked(district, area or None, relay.language, need, bool(relay.near_agreed), gone, to)


def roster_of(db: Connection) -> Roster:
    """Everybody who answers, as it stands now."""
    works = {collective.id: collective.districts for collective in directory.all_of(db)}
    return Roster(members.all_of(db), members.loads(db), works)


def _ring(db: Connection, bringing: Bringing, relay: Relay) -> None:
    asked, roster = asked_of(db, relay, bringing.her), roster_of(db)
    ring = RINGS if bringing.her.standing.place.step.startswith("young") else relay.ring
    told = relays.offered(db, relay.id)
    for this in range(ring, RINGS):
        able = choosing.choose(asked, roster, this, bringing.now)
        fresh = [member for member in able if relay.ring == 0 or member.id not in told]
        if fresh:
            relays.set_ring(db, relay, this + 1, bringing.now + _time_for(bringing, this))
            for member in fresh:
                offer(db, bringing.house, relay, member, this, bringing.now)
            return
    _ring_staff(db, bringing, relay, asked, roster)


def _time_for(bringing: Bringing, ring: int) -> timedelta:
    """How long a ring has: the set time, or less, so that after the last one she can still be told as a reply."""
    share = (bringing.her.seen_at + REPLY_FOR - MARGIN - bringing.now) / (RINGS - ring)
    within = bringing.house.claim_within
    return min(within, share) if share >= LEAST else within


def offer(db: Connection, house: House, relay: Relay, member: Member, ring: int, now: datetime) -> None:
    """Tell a member that somebody waits, and nothing of her but what it takes to answer: her language."""
    relays.offer(db, relay.id, member.id, ring, now)
    language = TONGUES[tongue(Language(relay.language or "en"))]
    text = letters.say(member, Say(words.OFFER, {"language": language, "tag": relay.tag or ""}))
    sealer = house.store.sealer
    buttons = (
        (marks.make(sealer, relay, member.id, "take"), letters.say(member, Say(words.TAKE))),
        (marks.make(sealer, relay, member.id, "pass"), letters.say(member, Say(words.NOT_ME))),
    )
    letters.tell(db, house.store, member, Note(text, buttons), now)


def _ring_staff(db: Connection, bringing: Bringing, relay: Relay, asked: Asked, roster: Roster) -> None:
    """Nobody is left to be asked: the staff on call are told, and she is told honestly when an answer may come."""
    now, duty = bringing.now, bringing.house.duty
    if relay.told is None:
        if not alerts.is_open(db, "person", relay.referral_code):
            alerts.raise_one(db, "person", relay.referral_code, now)
        relays.note(db, relay.id, "nobody free", "house", now)
        relays.change(db, relay.id, told="staff")
    opens = choosing.opens_at(asked, roster.members, now)
    staffed = duty.next_opening(now)
    at = min(opens, staffed) if opens else staffed
    relays.set_ring(db, relay, 0, max(at, now + AGAIN) if at > now else now + AGAIN)
    has_members = any(member.is_active for member in roster.members)
    if relay.told == "nobody" or not has_members or not is_resting(bringing):
        return  # without members the staff are the line, and she was told of their hours when she asked
    able = choosing.choose(replace(asked, near_agreed=True), roster, Ring.EVERYBODY, now)
    near = any(choosing.is_known_person(asked, member) for member in able)
    place = NEAR if near and relay.near_agreed is None else NOBODY
    if bring(db, bringing, place, max(at, now + bringing.house.claim_within) if at <= now else at):
        relays.change(db, relay.id, told="nobody")
