"""What became of a message that was sent, or was not."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Connection, FromClause, and_, case, literal, or_, update

from storage.ids import EPOCH
from storage.tables import outbox

Settled: TypeAlias = Literal["waiting", "sent", "in_doubt", "expired", "stopped", "failed", "cancelled"]
Reported: TypeAlias = Literal["sent", "delivered", "failed", "stopped"]

DOUBT = timedelta(seconds=30)  # how long a status callback may settle a doubtful send before it goes once more
_DOUBTS = 1  # how often a send that the provider did not answer may go again
DEATHS = 20  # how often one may go again whose worker died: most had not left yet, and a lost answer is worse than two
_LEFT = "its worker died"


def settle(
    db: Connection,
    outbox_id: str,
    *,
    state: Settled,
    reason: str = "",
    external_id: str | None = None,
    due_at: datetime | None = None,
    now: datetime,
) -> bool:
    """Write down what became of a claimed message; false if it was no longer ours to settle.

    `waiting` goes again at `due_at`; `in_doubt` goes once more after `due_at`, unless a status settles it
    first. A `sent` that comes after the lease ended is still believed: it saves sending twice.
    """
    ours = outbox.c.state == "sending"
    if state == "sent":
        ours = or_(ours, and_(outbox.c.doubts > 0, outbox.c.state.in_(("waiting", "in_doubt"))))
    changed = update(outbox).where(outbox.c.id == outbox_id, ours)
    changed = changed.values(state=state, reason=reason, changed_at=now, claimed_until=None, claimed_by=None)
    if external_id is not None:
        changed = changed.values(external_id=external_id)
    if state == "in_doubt":
        changed = changed.values(doubts=outbox.c.doubts + 1, due_at=due_at or now + DOUBT)
    elif due_at is not None:
        changed = changed.values(due_at=due_at)
    return bool(db.execute(changed).rowcount)


def recover(db: Connection, now: datetime, *, idempotent: Collection[str] = ()) -> int:
    """Mend what a dead worker left: what it was sending is in doubt, and goes again when nobody settled it.

    What a provider did not answer goes once more; what a worker left behind as it died, as long as it is alive.

    Providers that take the same id twice and send once are `idempotent`: there it simply goes again.
    Says how many messages were left behind.
    """
    left = and_(outbox.c.state == "sending", outbox.c.claimed_until <= now)
    harmless = outbox.c.provider.in_(idempotent)
    doubted = (
        update(outbox)
        .where(left)
        .values(
            state=case((harmless, "waiting"), else_="in_doubt"),
            due_at=case((harmless, _moment(now)), else_=_moment(now + DOUBT)),
            doubts=outbox.c.doubts + 1,
            reason=_LEFT,
            claimed_until=None,
            claimed_by=None,
        )
    )
    count = db.execute(doubted).rowcount
    unsettled = and_(
        outbox.c.state == "in_doubt", may_go_again(outbox), outbox.c.due_at <= now, outbox.c.expires_at > now
    )
    db.execute(update(outbox).where(unsettled).values(state="waiting", changed_at=now))
    return count


def may_go_again(sent: FromClause) -> ColumnElement[bool]:
    """Whether a message in doubt goes once more, unless a status settles it first."""
    return or_(sent.c.doubts <= _DOUBTS, and_(sent.c.reason == _LEFT, sent.c.doubts <= DEATHS))


def advance_state(
    db: Connection,
    *,
    provider: str,
    state: Reported,
    now: datetime,
    outbox_id: str | None = None,
    external_id: str | None = None,
    reason: str = "",
) -> str | None:
    """Move a message forward by what its provider reports, and give back whose it is; none if it stays.

    sent < delivered; failed and stopped only before delivered; any of them settles a doubt.
    """
    found = outbox.c.id == outbox_id if outbox_id else outbox.c.external_id == external_id
    before = ["sending", "in_doubt"] if state == "sent" else ["sending", "in_doubt", "sent"]
    behind = or_(outbox.c.state.in_(before), and_(outbox.c.state == "waiting", outbox.c.doubts > 0))
    moved = update(outbox).where(found, outbox.c.provider == provider, behind)
    moved = moved.values(state=state, reason=reason, changed_at=now, claimed_until=None, claimed_by=None)
    if external_id is not None:
        moved = moved.values(external_id=external_id)
    row = db.execute(moved.returning(outbox.c.person_id)).first()
    return None if row is None else row.person_id


def cancel_waiting(db: Connection, person_id: str) -> int:
    """Nothing that still waits for her is sent; what is being sent right now gets no second try. How many waited."""
    hers = outbox.c.person_id == person_id
    under_way = outbox.c.state.in_(("sending", "in_doubt"))
    db.execute(update(outbox).where(hers, under_way).values(expires_at=EPOCH))
    return db.execute(update(outbox).where(hers, outbox.c.state == "waiting").values(state="cancelled")).rowcount


def expire(db: Connection, now: datetime) -> int:
    """Give up what waited past its time, since a late answer can be read by the wrong person; how many."""
    late = update(outbox).where(outbox.c.state == "waiting", outbox.c.expires_at <= now)
    return db.execute(late.values(state="expired", reason="expired", changed_at=now)).rowcount


def expire_all(db: Connection, now: datetime) -> int:
    """Give up all that is not settled: after a restore nobody knows what of it was sent since; how many."""
    open_ = update(outbox).where(outbox.c.state.in_(("waiting", "sending", "in_doubt")))
    return db.execute(open_.values(state="expired", reason="restored", changed_at=now)).rowcount


def _moment(at: datetime) -> BindParameter[datetime]:
    """A moment as the column holds it: inside a CASE no column tells the database what it is."""
    return literal(at, outbox.c.due_at.type)
