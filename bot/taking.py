"""Taking: what a provider brought is a message, a receipt, an acknowledgement or nothing for us."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot import metrics
from bot.turn import House, Taken, take_turn
from flows.model import Acknowledged, Inbound, Receipt, Received
from storage import alerts, journal, marks, outbox, people
from storage.database import writing

REAL_CHANNEL = "real_channel"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Taking:
    """What it takes to take something in: the house, the clock, and the worker's bell."""

    house: House
    clock: Callable[[], datetime]
    ring: Callable[[], None]


def take(taking: Taking, read: Callable[[Received, datetime], object], received: Received) -> Taken | None:
    """Read what was received and act on it; when this returns, it is safe to acknowledge.

    Raises:
        Refused: it is forged, malformed or too large; nothing was stored.
    """
    now = taking.clock()
    match read(received, now):
        case Inbound() as message:
            taken = take_turn(taking.house, message, now)
            metrics.TAKEN.labels(message.provider, taken.outcome).inc()
            taking.ring()
            return taken
        case Receipt() as receipt:
            _settle(taking, receipt, now)
        case Acknowledged(alert_id=alert_id):
            _acknowledge(taking, alert_id, now)
    return None


def mark_real(house: House) -> None:
    """Remember that a real channel writes to this database, so that no demo ever does."""
    with writing(house.store.main) as db:
        marks.set_mark(db, REAL_CHANNEL, "yes")


def _settle(taking: Taking, receipt: Receipt, now: datetime) -> None:
    with writing(taking.house.store.main) as db:
        person_id = outbox.advance_state(db, receipt, now)
        if receipt.state == "stopped" and person_id:
            people.opt_out(db, person_id, now)


def _acknowledge(taking: Taking, alert_id: str, now: datetime) -> None:
    with writing(taking.house.store.main) as db:
        if alerts.acknowledge(db, alert_id, now):
            journal.write(db, actor="staff chat", action="acknowledge", subject=alert_id, now=now)
