"""One survivor message, from the moment it is known to be genuine to its answer in the outbox.

START READING HERE. `take_turn` is the one place that knows the order; everything it calls is a
plain function of one concern. The answer leaves the outbox later, by the worker (bot/delivery.py).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import structlog

from bot import applying, forgetting, posting
from bot.applying import Answering, Event
from bot.codes import CodePool, ReturnCode, digits_in
from bot.duty import INDIA, Duty
from bot.posting import Letter
from bot.wording import word
from flows.engine import Engine, newcomer
from flows.model import Inbound, Moment, Place, Said, Standing
from flows.sources import NO_CHECKS, Checks
from flows.talking import CODES
from storage import conversations, fact_states, ids, inbound, keystore, people, relays, return_codes
from storage.database import Connection, Store, reading, writing
from storage.hot import savepoint
from storage.seal import PersonKey

COLD = timedelta(minutes=30)  # a return after 30 idle minutes meets the cover
LONG_GONE = timedelta(days=60)  # numbers are given to others; ninety idle days erase her (retention)
FIRST_RETRY = timedelta(seconds=5)
CODE_ASKED = Place("my_request", "code")
ANSWERED = tuple(Place("counselling", step) for step in ("done", "enough", "young_done"))  # nothing more is asked
SHORT = 20  # letters; no number, yes or no is longer
STRANGER = Place("cover", "closed")  # nothing was shown to her yet

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class House:
    """What every turn needs, joined once in assemble."""

    store: Store
    engine: Engine
    duty: Duty
    codes: CodePool
    erasures: Path  # the ledger of who was forgotten
    runs_line: str = ""
    child_person: str = ""
    reply_lifetime: timedelta = COLD
    claim_within: timedelta = timedelta(minutes=5)  # before others are asked
    follow_up_after: timedelta = timedelta(days=5)
    members_group: str = ""  # a Telegram group with topics; empty: each member in a chat of her own
    relay_media: bool = False  # whether pictures and voices are passed on; by SMS never


@dataclass(frozen=True, slots=True)
class Caller:
    """Who writes, as far as it is known before the transaction begins; all slow hashing lies behind."""

    index: bytes
    spare: ReturnCode
    claimed: bytes | None  # the slow hash of the eight digits in her words


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message, and what happened with it."""

    outcome: Literal["answered", "repeated", "kept"]
    events: tuple[Event, ...] = ()
    person_id: str = ""


def take_turn(house: House, message: Inbound, now: datetime) -> Taken:
    """Keep a message and answer it, in one transaction; when this returns, both are safe.

    A redelivery changes nothing: the first answer still goes out, and no second is made. An answer
    that fails leaves the message kept, to be tried again by the worker.
    """
    spare = house.codes.borrow()
    try:
        caller = Caller(house.store.sealer.blind(message.address), spare, _claimed(house.store, message.text))
        taken = None
        while taken is None:
            taken = _take_known(house, caller, message, now) or _take_stranger(house, caller, message, now)
    finally:
        house.codes.give_back(spare)
    if any(event.name == "forget" for event in taken.events):
        forgetting.finish(house.store, house.erasures, taken.person_id, now)
    return taken


def answer_again(house: House, inbound_id: str, now: datetime) -> Taken | None:
    """Try a kept message once more; None where it is no longer hers to answer.

    Only her newest message is answered, and only while nothing else has moved her on: a late `1`
    must not answer another question.

    Raises:
        Exception: whatever the answer raises; the transaction is rolled back and the message stays kept.
    """
    spare = house.codes.borrow()
    try:
        with reading(house.store.main) as db:
            kept = inbound.find_kept(db, inbound_id)
        if kept is None or (key := house.store.key_of(kept.person_id)) is None:
            return None
        message = inbound.message_of(house.store.sealer, key, kept)
        caller = Caller(b"", spare, _claimed(house.store, message.text))
        with writing(house.store.main) as db:
            record = people.lock(db, kept.person_id)
            if record is None or record.conversation.turn != kept.turn:
                return None
            if not inbound.is_newest(db, kept.id, kept.person_id):
                return None
            events = _answer(db, house, caller, key, message, record, kept.id, now)
            inbound.mark(db, kept.id, "answered")
    finally:
        house.codes.give_back(spare)
    if any(event.name == "forget" for event in events):
        forgetting.finish(house.store, house.erasures, key.id, now)
    return Taken("answered", events, key.id)


def _take_known(house: House, caller: Caller, message: Inbound, now: datetime) -> Taken | None:
    """The turn of somebody we know, all in the transaction that finds her; None where the address is nobody's."""
    with writing(house.store.main) as db:
        record = people.meet(db, caller.index)
        if record is None:
            return None
        key = house.store.key_of(record.person.id)
        if key is None:  # she was erased, and this row is of before: the sweep takes it
            people.mark_erasing(db, record.person.id)
            return None
        return _keep_and_answer(db, house, caller, key, message, record, now)


def _take_stranger(house: House, caller: Caller, message: Inbound, now: datetime) -> Taken | None:
    """The first turn of somebody; None where another session met her first, and she is to be met with her own key."""
    sealer = house.store.sealer
    with writing(house.store.keys) as keys_db:
        key = keystore.make(keys_db, sealer, now)
    with writing(house.store.main) as db:
        if inbound.was_seen(db, sealer.dedupe(message.provider, message.external_id, caller.index)):
            return Taken("repeated")
        if not people.add(db, sealer, key, message, index=caller.index, now=now, place=STRANGER):
            return None
        record = people.lock(db, key.id)
        return None if record is None else _keep_and_answer(db, house, caller, key, message, record, now)


def _keep_and_answer(
    db: Connection,
    house: House,
    caller: Caller,
    key: PersonKey,
    message: Inbound,
    record: people.Record,
    now: datetime,
) -> Taken:
    sealer = house.store.sealer
    dedupe = sealer.dedupe(message.provider, message.external_id, caller.index)
    kept = inbound.keep(
        db, sealer, key, message, id=ids.new_id(now), dedupe=dedupe, turn=record.conversation.turn, now=now
    )
    if kept is None:
        return Taken("repeated")
    for attempt in (1, 2):
        try:
            with savepoint(db):
                events = _answer(db, house, caller, key, message, record, kept, now)
            return Taken("answered", events, key.id)
        except Exception as failure:  # noqa: BLE001 - a bug must not lose her message: it is kept and tried again
            log.error("turn failed", attempt=attempt, failure=type(failure).__name__)
    inbound.mark(db, kept, "kept", next_try_at=now + FIRST_RETRY)
    return Taken("kept")


def _answer(
    db: Connection,
    house: House,
    caller: Caller,
    key: PersonKey,
    message: Inbound,
    record: people.Record,
    kept: str,
    now: datetime,
) -> tuple[Event, ...]:
    sealer = house.store.sealer
    standing = _standing(house.store, record, key, now)
    if (record.person.provider, record.person.line) != (message.provider, message.line):
        people.move(db, key.id, provider=message.provider, line=message.line)
    holder = _code_holder(db, caller, record, now)
    is_hers = None if holder is None else bool(holder)
    unread, talk = _is_unread(message, record), _talk_of(db, record)
    said = Said(message.text, message.has_media, message.pressed_in, is_hers, unread, *talk)
    moment = moment_of(house, record.conversation.seen_at, now, fact_states.checks(db))
    turn = house.engine.advance(standing, said, moment)
    other = holder if holder and holder != key.id else None
    if other:  # she may read how it stands from another phone; the two are not made one, and nothing else opens
        turn = replace(turn, standing=replace(turn.standing, proved=False))
    media = message.beside.media if house.relay_media else ""
    answering = Answering(
        db, house.store, house.codes, key, record.person, message, kept, caller.spare, now, other, media
    )
    applied = applying.apply(answering, turn)
    if turn.standing.place in ANSWERED:
        relays.hurry(db, key.id, now)
    conversations.store(db, sealer, key, record.person.id, turn.standing, now)
    if applied.said and not turn.standing.opted_out:
        worded = word(applied.said, turn.standing.speaks)
        letter = Letter(
            worded, record.person, turn.standing, "reply", message.provider, message.line, house.reply_lifetime, kept
        )
        posting.put(db, sealer, key, letter, now)
    return applied.events


def moment_of(house: House, seen_at: datetime, now: datetime, checks: Checks = NO_CHECKS) -> Moment:
    """The hour of a turn, as the conversation needs it."""
    return Moment(
        now.astimezone(INDIA),
        cold=now - seen_at >= COLD,
        on_duty=house.duty.is_on(now),
        opens=house.duty.next_opening(now),
        runs_line=house.runs_line,
        child_person=house.child_person,
        checks=checks,
    )


def moment_at(duty: Duty, now: datetime) -> Moment:
    """An hour by itself: whether somebody looks, and when next."""
    return Moment(now.astimezone(INDIA), cold=False, on_duty=duty.is_on(now), opens=duty.next_opening(now))


def _standing(store: Store, record: people.Record, key: PersonKey, now: datetime) -> Standing:
    """Where she stands; after 60 idle days the number may be somebody else's, and stands where a stranger does."""
    standing = conversations.standing_of(record, store.sealer, key, now)
    if now - record.conversation.seen_at < LONG_GONE:
        return standing
    return replace(newcomer(standing.channel), opted_out=standing.opted_out, turn=standing.turn)


def _code_holder(db: Connection, caller: Caller, record: people.Record, now: datetime) -> str | None:
    """Whose return code the eight digits in her words are: "" for nobody's, None where none are looked at.

    Too many wrong tries look the same as wrong. Only her own code opens the talk with a member.
    """
    place = record.conversation.place
    if caller.claimed is None or place not in CODES:
        return None
    if return_codes.tries_spent(db, record.person.id, now):
        return ""
    holder = return_codes.holder_of(db, caller.claimed)
    if holder is None or (place != CODE_ASKED and holder != record.person.id):
        return_codes.add_wrong_try(db, record.person.id, now)
        return ""
    return holder


def _talk_of(db: Connection, record: people.Record) -> tuple[Literal["", "new", "met"], bool]:
    """Whether a member holds her talk, whether she knows, and whether she could prove herself."""
    relay = relays.read(db, record.talk_id) if record.talk_id else None
    if relay is None:
        return "", False
    has_code = return_codes.has_code(db, record.person.id)
    return ("met" if relay.told in ("met", "knocked") else "new"), has_code


def _is_unread(message: Inbound, record: people.Record) -> bool:
    """Whether what she was last told did not leave us; asked only where her words can be a short answer."""
    return record.unread and not record.conversation.covered and len(message.text) <= SHORT


def _claimed(store: Store, text: str) -> bytes | None:
    digits = digits_in(text)
    return store.sealer.blind_code(digits) if digits else None
