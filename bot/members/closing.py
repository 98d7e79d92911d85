"""The end of a talk, what waited in it, and what is asked of her some safe days later."""

from datetime import datetime, timedelta

from bot.budget import may_write_first
from bot.members import giving, letters, words
from bot.members.bringing import Bringing, bring, is_resting, is_there, knock, lent, meet
from bot.turn import House
from flows.model import Place
from storage import follow_ups, referrals, relay_words, relays, safe_contacts
from storage.database import Connection, reading, writing
from storage.follow_ups import FollowUp
from storage.referrals import Referral
from storage.relay_words import Word
from storage.relays import Relay

STATES = {
    "helped": ("done", "helped"),
    "referred": ("in_progress", "referred"),
    "declined": ("declined", "we could not help"),
    "unreachable": ("unreachable", None),
    "ended": ("done", "ended by her"),
}
IDLE = timedelta(days=5)
PUT_OFF = timedelta(hours=1)
AFTER = Place("talk", "after")


def close(db: Connection, house: House, relay: Relay, outcome: str, bringing: Bringing | None, now: datetime) -> bool:
    """Close a talk: the referral says how, she is asked whether she may be written to, and a question is planned."""
    if not relays.close(db, relay, outcome, now):
        return False
    relay_words.drop(db, relay.id)
    relays.note(db, relay.id, "closed", relay.member_id or "house", now, outcome)
    state, told = STATES[outcome]
    if relay.referral_code and relay.member_id:
        settle(db, house, relay.referral_code, state, told, "member", now)
    if bringing:
        bring(db, bringing, AFTER)
    return True


def settle(
    db: Connection, house: House, code: str, state: str, outcome: str | None, by: str, now: datetime
) -> Referral | None:
    """Write down what became of a request; where somebody did something, a question to her is planned."""
    changed = referrals.change(db, code, state, outcome, by, now)
    if changed and changed.person_id and state in ("done", "in_progress"):
        follow_ups.plan(db, code, changed.person_id, now + house.follow_up_after)
    return changed


def settle_words(house: House, now: datetime) -> None:
    """A member's words that did not leave wait, or are given up; what waited too long is let go; she is told."""
    with reading(house.store.main) as db:
        lost, late = relay_words.undelivered(db), relay_words.due_held(db, now)
    for word, fate in lost:
        with writing(house.store.main) as db:
            _settle_lost(db, house, word, fate, now)
    for word in late:
        with writing(house.store.main) as db:
            relay = relays.read(db, word.relay_id)
            if relay_words.mark(db, word.id, "expired") and relay:
                letters.tell_of(db, house.store, word.member_id, relay, words.EXPIRED, now)


def knock_due(house: House, now: datetime) -> None:
    """Where words wait for her and it is an hour of hers, the harmless opener goes to her, once."""
    with reading(house.store.main) as db:
        waiting = [one for one in relay_words.held_people(db) if safe_contacts.live(db, one, now)]
    for person_id in waiting:
        with lent(house) as spare, writing(house.store.main) as db:
            her = meet(db, house, person_id, now)
            relay = relays.of_person(db, person_id)
            if her is None or relay is None or relay.state != "claimed" or (relay.told or "").startswith("knocked"):
                continue
            if not is_there(her, now) and knock(db, Bringing(house, her, spare, now)):
                relays.change(db, relay.id, told="knocked" if relay.told == "met" else "knocked new")


def close_idle(house: House, now: datetime) -> None:
    """A talk in which nobody wrote for days is over: what was said is not kept for ever, and the member is free."""
    with reading(house.store.main) as db:
        idle = relays.idle_since(db, now - IDLE)
    for relay in idle:
        with writing(house.store.main) as db:
            meet(db, house, relay.person_id, now)
            if close(db, house, relay, "unreachable", None, now):
                letters.tell_of(db, house.store, relay.member_id, relay, words.IDLE, now)


def ask_due(house: House, now: datetime) -> None:
    """Ask her what came of it: in her hours, behind the opener, and only when nothing else waits for her."""
    with reading(house.store.main) as db:
        planned = follow_ups.due(db, now)
    for one in planned:
        with lent(house) as spare, writing(house.store.main) as db:
            her = meet(db, house, one.person_id, now)
            if her is None or her.standing.opted_out:
                follow_ups.drop(db, one.id)
            else:
                _ask(db, Bringing(house, her, spare, now), one)


def _settle_lost(db: Connection, house: House, word: Word, fate: str, now: datetime) -> None:
    her = meet(db, house, word.person_id, now)
    relay = relays.read(db, word.relay_id)
    if her is None or relay is None or relay.state != "claimed" or relay.member_id != word.member_id:
        relay_words.mark(db, word.id, "dropped")
        return
    if fate in ("failed", "stopped"):
        relay_words.mark(db, word.id, "dropped")
        letters.tell_of(db, house.store, word.member_id, relay, words.NOT_SENT, now)
    elif giving.reaches(her, relay, now):
        giving.give_again(db, house.store, her, relay, word, now)
    else:
        until = giving.held_until(db, her, now)
        relay_words.hold(db, word.id, until)
        leave = safe_contacts.live(db, her.person.id, now)
        letters.tell_of(db, house.store, word.member_id, relay, words.KNOCKS if leave else words.HELD, now)


def _ask(db: Connection, bringing: Bringing, one: FollowUp) -> None:
    her, now = bringing.her, bringing.now
    if safe_contacts.live(db, her.person.id, now) is None:
        follow_ups.drop(db, one.id)
        return
    waits = relays.of_person(db, her.person.id) is not None or her.standing.waiting is not None
    is_asked = not her.standing.covered and not is_resting(bringing)
    if waits or is_asked or is_there(her, now) or not may_write_first(db, her.person, now):
        follow_ups.put_off(db, one.id, now + PUT_OFF)
    elif follow_ups.asked(db, one.id, now):
        knock(db, bringing, follow=one.referral_code)
