"""Chores: what falls due by the clock and is nobody's message; the worker and `play` both do them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import forgetting, posting
from bot.applying import Event
from bot.members import closing, rests, rings
from bot.posting import Letter
from bot.turn import House, answer_again
from bot.wording import word
from flows.helpline import menu
from flows.model import Say, T
from flows.vocabulary import End
from storage import alerts, conversations, inbound, keystore, people, referrals, retention, settling, timers
from storage.database import Store, reading, writing
from storage.retention import Keep

TRIES = 4
RETRY_AFTER = timedelta(seconds=15)
CLEAR_EVERY = timedelta(hours=6)
CLEAR = "clear"
FAILED: T = next(
    step.sentence for step in menu.FLOW.steps if isinstance(step, End) and step.name == "failed" and step.sentence
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chores:
    """What the chores need beside the house: how long things are kept, and who takes the same id twice."""

    house: House
    keep: Keep
    idempotent: frozenset[str] = frozenset()


def do_due(chores: Chores, now: datetime) -> Sequence[Event]:
    """Everything that fell due: kept messages, doubts, expiries, interrupted erasures, timers."""
    store = chores.house.store
    events = [event for kept in _due_messages(store, now) for event in _try_again(chores.house, kept, now)]
    with writing(store.main) as db:
        settling.recover(db, now, idempotent=chores.idempotent)
        settling.expire(db, now)
        due = timers.take_due(db, now)
    forgetting.finish_all(store, chores.house.erasures, now)
    _tend_talks(chores.house, now)
    for timer in due:
        if timer.kind == CLEAR:
            clear(chores, now)
        events.append(Event("timer", {"kind": timer.kind}))
    return events


def _tend_talks(house: House, now: datetime) -> None:
    """Who waits is offered to others; what a member said goes, waits or ends; what came of a request is asked."""
    rings.ring_due(house, now)
    closing.settle_words(house, now)
    closing.knock_due(house, now)
    closing.ask_due(house, now)
    closing.close_idle(house, now)
    rests.prompt_due(house, now)


def clear(chores: Chores, now: datetime) -> None:
    """Let go of what was kept long enough, erase who was idle too long, and plan the next time."""
    store = chores.house.store
    with writing(store.main) as db:
        cleared = retention.clear(db, now, chores.keep)
        for person_id in cleared.idle_people:
            people.mark_erasing(db, person_id)
            people.opt_out(db, person_id, now)  # nobody who was idle so long is written to
        timers.cancel_kind(db, CLEAR)
        timers.set_timer(db, kind=CLEAR, due_at=now + CLEAR_EVERY)
    forgetting.finish_all(store, chores.house.erasures, now)
    with reading(store.main) as db:
        alive = people.key_ids(db)
    with writing(store.keys) as db:
        keystore.sweep_orphans(db, alive, now)


def plan(store: Store, now: datetime) -> None:
    """See to it that clearing happens, from the first start on."""
    with writing(store.main) as db:
        if not timers.is_set(db, CLEAR):
            timers.set_timer(db, kind=CLEAR, due_at=now + CLEAR_EVERY)


def _due_messages(store: Store, now: datetime) -> Sequence[inbound.Kept]:
    with reading(store.main) as db:
        return inbound.due(db, now)


def _try_again(house: House, kept: inbound.Kept, now: datetime) -> Sequence[Event]:
    try:
        taken = answer_again(house, kept.id, now)
    except Exception as failure:  # noqa: BLE001 - the message is kept; after some tries a person reads it
        log.error("turn failed again", tries=kept.tries + 1, failure=type(failure).__name__)
        if kept.tries + 1 < TRIES:
            with writing(house.store.main) as db:
                inbound.mark(db, kept.id, "kept", tries=kept.tries + 1, next_try_at=now + RETRY_AFTER)
            return ()
        taken = None
    return taken.events if taken else _quarantine(house, kept, now)


def _quarantine(house: House, kept: inbound.Kept, now: datetime) -> Sequence[Event]:
    """Give a message that could not be answered to staff, and tell her so in one neutral sentence."""
    store = house.store
    key = store.key_of(kept.person_id)
    with writing(store.main) as db:
        inbound.mark(db, kept.id, "quarantined")
        code = referrals.newest_open_code(db, kept.person_id)
        alerts.raise_one(db, "quarantine", code, now)
        record = people.lock(db, kept.person_id) if key else None
        if key and record and not record.person.opted_out_at:
            standing = conversations.standing_of(record, store.sealer, key, now)
            worded = word((Say(FAILED),), standing.speaks)
            letter = Letter(
                worded, record.person, standing, "reply", kept.provider, kept.line, house.reply_lifetime, kept.id
            )
            posting.put(db, store.sealer, key, letter, now)
    return (Event("alert", {"kind": "quarantine", "referral": code}),)
