"""The line of survivors who wait for a member; the live talk itself stands on it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, or_, select

from storage import hot
from storage.ids import new_id
from storage.tables import relays


@dataclass(frozen=True, slots=True)
class Relay:
    """One place in the line, or one talk."""

    id: str
    referral_code: str | None
    person_id: str | None
    collective: str | None
    member_id: str | None
    state: str
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    turn: int


_HERS = (
    select(relays.c.id)
    .where(relays.c.person_id == bindparam("who"), or_(relays.c.state == "waiting", relays.c.state == "claimed"))
    .limit(1)
)
_INSERT = insert(relays)


def open_one(
    db: Connection,
    *,
    person_id: str,
    referral_code: str | None,
    turn: int,
    now: datetime,
    collective: str | None = None,
) -> bool:
    """Put her in the line; false if she stands in it already, or talks. Call it with her row locked."""
    if hot.fetch(db, _HERS, {"who": person_id}) is not None:
        return False
    row = {
        "id": new_id(now),
        "referral_code": referral_code,
        "person_id": person_id,
        "collective": collective,
        "state": "waiting",
        "opened_at": now,
        "turn": turn,
    }
    hot.send(db, _INSERT, row)
    return True


def waiting(db: Connection) -> list[Relay]:
    """The line, longest waiting first."""
    line = select(relays).where(relays.c.state == "waiting", relays.c.person_id.is_not(None))
    return [_relay(row) for row in db.execute(line.order_by(relays.c.opened_at, relays.c.id))]


def _relay(row: Row[tuple[object, ...]]) -> Relay:
    return Relay(**row._mapping)
