"""Alerting: staff are told that somebody waits, without content, until one of them says so."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.delivery import Sender
from bot.errors import SendFailed
from flows.model import Channel, Outgoing
from storage import alerts
from storage.alerts import Alert
from storage.database import Store, reading, writing

WORDS = {
    "person": "somebody waits for a person",
    "quarantine": "a message could not be answered",
    "budget": "today's SMS parts are spent",
}
AT_ONCE = "somebody needs a person now"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Alerting:
    """Where alerts go and how often; without a chat they are kept for `sathi referrals`."""

    store: Store
    sender: Sender | None
    chat: str
    again_after: timedelta
    clock: Callable[[], datetime]


async def alert_staff(alerting: Alerting) -> None:
    """Send every alert that is due; each comes again until it is acknowledged."""
    if alerting.sender is None or not alerting.chat:
        return
    for alert in await asyncio.to_thread(_due, alerting):
        try:
            await alerting.sender.send(_outgoing(alerting, alert))
        except SendFailed as failure:
            log.error("alert not sent", reason=str(failure), kind=type(failure).__name__)
            await asyncio.to_thread(_plan_next, alerting, alert, timedelta(seconds=5))
        else:
            await asyncio.to_thread(_plan_next, alerting, alert, alerting.again_after)


def _due(alerting: Alerting) -> Sequence[Alert]:
    with reading(alerting.store.main) as db:
        return alerts.due(db, alerting.clock())


def _plan_next(alerting: Alerting, alert: Alert, after: timedelta) -> None:
    with writing(alerting.store.main) as db:
        alerts.sent(db, alert.id, alerting.clock() + after)


def _outgoing(alerting: Alerting, alert: Alert) -> Outgoing:
    words = WORDS.get(alert.kind, AT_ONCE)
    code = f" {alert.referral_code}." if alert.referral_code else ""
    return Outgoing(
        id=alert.id,
        channel=Channel.TELEGRAM,
        address=f"telegram:{alerting.chat}",
        text=f"Sathi: {words}.{code}",
        buttons=((f"seen:{alert.id}", "Seen"),),
    )
