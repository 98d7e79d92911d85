"""What the engine wants done, done: each effect becomes rows, words or both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import telling
from bot.codes import CodePool, ReturnCode
from bot.members import hers
from flows.model import (
    AddToReferral,
    AlertStaff,
    CancelWaiting,
    DropSafeContact,
    Effect,
    Forget,
    GiveReturnCode,
    Inbound,
    KeepSafeContact,
    Logged,
    LogReferral,
    Offer,
    OpenRelay,
    OptIn,
    OptOut,
    Say,
    Set,
    ShowCollectives,
    ShowRequests,
    Standing,
    Turn,
)
from flows.staged import SetStage
from flows.talked import AnotherPerson, Meet, PassOn, Talked, Withdraw, with_media
from storage import (
    alerts,
    directory,
    follow_ups,
    people,
    referrals,
    relays,
    return_codes,
    safe_contacts,
    settling,
    stages,
    timers,
)
from storage.database import Connection, Store
from storage.seal import PersonKey

SAFE_CONTACT = timedelta(days=30)
QUESTIONS = timedelta(minutes=2)  # for the few questions that tell whom to ask
TALKING: Mapping[type, str] = {AnotherPerson: "waiting", Withdraw: "closed", Meet: "claimed"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened beside the answer: coded, never a name or a text."""

    name: str
    fields: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answering:
    """One message while it is answered, inside its transaction."""

    db: Connection
    store: Store
    codes: CodePool
    key: PersonKey
    person: people.Person
    message: Inbound
    inbound_id: str
    spare: ReturnCode
    now: datetime
    holder: str | None = None  # whose return code she gave, where she writes from another phone
    media: str = ""  # what came with her words, where it may be passed on


@dataclass(frozen=True, slots=True)
class Applied:
    """What is left to be said, and what happened."""

    said: tuple[Say | Offer, ...]
    events: tuple[Event, ...]


def apply(answering: Answering, turn: Turn) -> Applied:
    """Do every effect of a turn, in order."""
    said: list[Say | Offer] = []
    events: list[Event] = []
    for effect in turn.effects:
        words, happened = _do(answering, turn.standing, effect)
        said += words
        events += happened
    return Applied(tuple(said), tuple(events))


def _do(answering: Answering, standing: Standing, effect: Effect) -> tuple[tuple[Say | Offer, ...], tuple[Event, ...]]:
    match effect:
        case Say() | Offer():
            return (effect,), ()
        case LogReferral() | AddToReferral() | AlertStaff() | OpenRelay():
            return (), _log(answering, standing, effect)
        case GiveReturnCode():
            given = answering.codes.give(answering.spare)
            return_codes.give_code(answering.db, answering.person.id, given.hash, answering.now)
            return (Say(effect.sentence, {"code": given.shown}),), ()
        case ShowRequests():
            whose = answering.holder or answering.person.id
            return telling.requests(referrals.of_person(answering.db, whose), effect.page), ()
        case ShowCollectives():
            return telling.collectives(directory.in_district(answering.db, effect.district), effect.page), ()
        case SetStage() | KeepSafeContact() | DropSafeContact() | CancelWaiting() | OptIn() | OptOut() | Forget():
            return (), _set(answering, effect)
        case _:
            source = answering.store.sealer.dedupe("words", answering.message.external_id, b"")
            text = with_media(answering.message.text, answering.media)
            told = hers.do(
                answering.db, answering.store, answering.key, answering.person, standing, effect,
                text, source, answering.now,
            )  # fmt: skip
            if isinstance(effect, PassOn) and answering.message.has_media and not answering.media:
                told = (Say(hers.ONLY_WORDS),)
            return told, _talk_events(effect)


def _log(answering: Answering, standing: Standing, effect: Logged) -> tuple[Event, ...]:
    db, person, now = answering.db, answering.person, answering.now
    match effect:
        case LogReferral():
            referral, is_new = referrals.open_one(
                db,
                kind=effect.kind,
                state=effect.state,
                outcome=effect.outcome,
                person_id=person.id,
                district=effect.district,
                need=effect.need,
                language=standing.speaks,
                channel=standing.channel,
                now=now,
            )
            return (_referral_event(referral),) if is_new else ()
        case AddToReferral():
            changed = referrals.add_answer(db, person.id, effect.kind, effect.name, effect.value, now)
            return (_referral_event(changed),) if changed else ()
        case AlertStaff():
            code = referrals.newest_open_code(db, person.id)
            alerts.raise_one(db, effect.kind, code, now)
            return (Event("alert", {"kind": effect.kind, "referral": code}),)
        case OpenRelay():
            code = referrals.newest_open_code(db, person.id)
            is_new = relays.open_one(
                db,
                person_id=person.id,
                referral_code=code,
                turn=standing.turn,
                now=now,
                ring_at=now + QUESTIONS,
                language=standing.speaks,
                channel=standing.channel,
            )
            return (Event("relay", {"state": "waiting", "referral": code}),) if is_new else ()


def _set(answering: Answering, effect: Set) -> tuple[Event, ...]:
    db, person, now = answering.db, answering.person, answering.now
    match effect:
        case SetStage():
            stages.set_one(db, person.id, effect.guide, effect.stage, now)
        case KeepSafeContact():
            safe_contacts.keep(
                db,
                person.id,
                channel=answering.message.channel,
                first_hour=effect.first_hour,
                last_hour=effect.last_hour,
                now=now,
                expires_at=now + SAFE_CONTACT,
            )
        case DropSafeContact():
            safe_contacts.drop(db, person.id)
        case CancelWaiting():
            settling.cancel_waiting(db, person.id)
            timers.cancel(db, person.id)
            hers.left(db, answering.store, person.id, now)
        case OptOut():
            people.opt_out(db, person.id, now)
            settling.cancel_waiting(db, person.id)
            hers.end(db, answering.store, person.id, "stopped", now)
            follow_ups.drop_of(db, person.id)
        case OptIn():
            people.opt_in(db, person.id)
        case Forget():
            people.mark_erasing(db, person.id)
            hers.end(db, answering.store, person.id, "cleared", now)
            return (Event("forget"),)
    return ()


def _talk_events(effect: Talked) -> tuple[Event, ...]:
    state = TALKING.get(type(effect))
    return (Event("relay", {"state": state, "referral": None}),) if state else ()


def _referral_event(referral: referrals.Referral) -> Event:
    return Event(
        "referral",
        {"code": referral.code, "kind": referral.kind, "state": referral.state, "district": referral.district},
    )
