"""How things stand today: what waits for a person, and how the lines of the house do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.desk.facts import overdue
from bot.desk.visit import Visit
from bot.settings import Settings, daily_parts
from flows.entitlements.facts import FACTS
from storage import alerts, fact_states, ids, inbound, referrals, relays, reveals, today
from storage.alerts import Alert
from storage.database import Connection
from storage.follow_ups import FollowUp
from storage.inbound import Kept
from storage.referrals import Referral
from storage.relays import Relay
from storage.reveals import Reveal
from storage.today import Sending

FEW = 5  # rows of a card; the rest is a page of its own
SAFETY = ("self_harm", "danger", "child_danger")
UNTOUCHED = timedelta(hours=48)  # a Sunday off duty passes unnoticed, a second quiet day does not
# A question that is due is put off by the hour; one that is not was forgotten by the worker.
UNASKED = timedelta(hours=2)
UNANSWERED = timedelta(days=7)  # she looks at her phone seldom; after a week somebody should think of another way
HEALTH = timedelta(days=1)
STUCK = timedelta(minutes=10)  # a message that is due goes within seconds
NEARLY = 0.8  # of the parts of a day


@dataclass(frozen=True, slots=True)
class Line:
    """One provider: how its messages went, the parts it used today and may use; and whether somebody should look."""

    provider: str
    sending: Sending | None
    parts: int
    cap: int | None
    is_ill: bool
    is_nearly_spent: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything on the first page."""

    safety: Sequence[Alert]
    alerts: Sequence[Alert]
    reveals: Sequence[tuple[Reveal, str]]
    unclaimed: Sequence[Relay]
    apart: tuple[int, Sequence[Referral]]
    untouched: tuple[int, Sequence[Referral]]
    late: Sequence[FollowUp]
    quarantined: Sequence[tuple[Kept, str | None]]  # each with the code of her newest open request
    facts: Sequence[tuple[str, date]]  # past their re-check: the title, and the day it was due
    held: Sequence[tuple[str, str]]  # sent to nobody until somebody releases them: the id and the title
    lines: Sequence[Line]
    opted_out: int
    opted_out_today: int

    @property
    def is_clear(self) -> bool:
        """Whether nothing waits for anybody."""
        waits = (
            self.safety,
            self.alerts,
            self.reveals,
            self.unclaimed,
            self.late,
            self.quarantined,
            self.facts,
            self.held,
        )
        is_ill = any(line.is_ill or line.is_nearly_spent for line in self.lines)
        return not any(waits) and not self.apart[0] and not self.untouched[0] and not is_ill


def look(db: Connection, visit: Visit) -> Standing:
    """How things stand at this moment, for this member of staff."""
    now = visit.now
    unseen = alerts.unseen(db)
    checks = fact_states.checks(db)
    out, out_today = today.opted_out(db, ids.day_begins(now))
    return Standing(
        safety=[one for one in unseen if one.kind in SAFETY],
        alerts=[one for one in unseen if one.kind not in SAFETY],
        reveals=reveals.awaiting(db, visit.actor, now),
        unclaimed=relays.waiting(db),
        apart=today.contradicted(db, FEW),
        untouched=today.untouched(db, now - UNTOUCHED, FEW),
        late=today.late_follow_ups(db, now - UNASKED, now - UNANSWERED),
        quarantined=[(kept, referrals.newest_open_code(db, kept.person_id)) for kept in inbound.quarantined(db)],
        facts=[(fact.title, fact.recheck_by) for fact in overdue(checks, ids.day_of(now))],
        held=[(one, FACTS.fact(one).title) for one in sorted(checks.held) if one in FACTS],
        lines=list(_lines(db, visit.desk.settings, now)),
        opted_out=out,
        opted_out_today=out_today,
    )


def _lines(db: Connection, settings: Settings, now: datetime) -> Iterator[Line]:
    sending = {one.provider: one for one in today.sending(db, now - HEALTH)}
    parts = {one.provider: one.parts for one in today.spent(db, ids.day_of(now))}
    caps = daily_parts(settings)
    for provider in sorted({*sending, *parts}):
        one, cap, used = sending.get(provider), caps.get(provider), parts.get(provider, 0)
        yield Line(provider, one, used, cap, _is_ill(one, now), cap is not None and used >= NEARLY * cap)


def _is_ill(one: Sending | None, now: datetime) -> bool:
    """Whether it refused something, or lets something wait that should have gone."""
    if one is None:
        return False
    return one.failed > 0 or (one.oldest_due_at is not None and now - one.oldest_due_at > STUCK)
