"""Taking: what a provider brought is a message, a receipt, an acknowledgement or nothing for us."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import structlog

from bot import metrics, relay, tidying
from bot.errors import Misconfigured
from bot.turn import House, Taken, take_turn
from flows.model import Acknowledged, Channel, Inbound, Receipt, Received
from storage import alerts, journal, marks, people, settling
from storage.database import reading, writing

Reader: TypeAlias = Callable[[Received, datetime], Inbound | Receipt | Acknowledged | None]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Taking:
    """What it takes to take something in: the house, the clock, and the worker's bell."""

    house: House
    clock: Callable[[], datetime]
    ring: Callable[[], None]


def take(taking: Taking, provider: str, read: Reader, received: Received) -> Taken | None:
    """Read what was received and act on it; when this returns, it is safe to acknowledge.

    Raises:
        Refused: it is forged, malformed or too large; nothing was stored.
    """
    now = taking.clock()
    match read(received, now):
        case Inbound() as message:
            taken = _take_message(taking.house, message, now)
            if taken is None:
                return None
            metrics.TAKEN.labels(message.provider, taken.outcome).inc()
            if taken.outcome != "repeated":
                tidying.plan_for_message(taking.house.store, message, now)
            taking.ring()
            return taken
        case Receipt() as receipt:
            _settle(taking, provider, receipt, now)
        case Acknowledged(alert_id=alert_id):
            _acknowledge(taking, alert_id, now)
    return None


def _take_message(house: House, message: Inbound, now: datetime) -> Taken | None:
    """To the member's side what a member wrote, to hers what a survivor did; None for what is neither's."""
    beside = message.beside
    if message.channel is Channel.TELEGRAM:
        if relay.join(house, message, now):
            return Taken("answered")
        if member := relay.member_of(house, message):
            return relay.take_said(house, member, message, now)
    if beside.is_edit:
        relay.take_edit(house, message, now)
    if beside.is_edit or beside.mark or beside.chat:  # a button or a group of members is nobody else's
        return None
    return take_turn(house, message, now)


def mark_real(house: House) -> None:
    """Remember that a real channel writes to this database, so that no demo ever does."""
    with writing(house.store.main) as db:
        marks.set_mark(db, marks.REAL_CHANNEL, "yes")


def _settle(taking: Taking, provider: str, receipt: Receipt, now: datetime) -> None:
    with writing(taking.house.store.main) as db:
        person_id = settling.advance_state(
            db,
            provider=provider,
            state=receipt.state,
            outbox_id=receipt.outbox_id,
            external_id=receipt.external_id,
            reason=receipt.reason,
            now=now,
        )
        tidying.plan_for_receipt(db, provider, receipt, now)
        if receipt.state == "stopped" and person_id:
            people.opt_out(db, person_id, now)


def _acknowledge(taking: Taking, alert_id: str, now: datetime) -> None:
    with writing(taking.house.store.main) as db:
        if alerts.acknowledge(db, alert_id, now):
            journal.write(db, actor="staff chat", action="acknowledge", subject=alert_id, now=now)


def refuse_real(house: House) -> None:
    """Make sure that no real channel ever wrote to this database.

    Raises:
        Misconfigured: one did; nothing that only pretends may touch it.
    """
    with reading(house.store.main) as db:
        if marks.mark_of(db, marks.REAL_CHANNEL):
            raise Misconfigured("a real channel has written to this database: use another DATABASE_URL")
