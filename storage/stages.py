"""How far each has come in a guide: a code and since when, and nothing else of her."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from sqlalchemy import Connection, select

from storage.tables import stages
from storage.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Standing:
    """How many stand at a stage, and since when: the longest, and the one in the middle."""

    guide: str
    stage: str
    people: int
    longest_since: datetime
    middle_since: datetime


def set_one(db: Connection, person_id: str, guide: str, stage: str, now: datetime) -> None:
    """She stands at this stage now; one that she named before keeps the moment when she came to it."""
    made = insert_into(db, stages).values(person_id=person_id, guide=guide, stage=stage, since=now)
    moved = {"stage": stage, "since": now}
    db.execute(
        made.on_conflict_do_update(index_elements=["person_id", "guide"], set_=moved, where=stages.c.stage != stage)
    )


def counted(db: Connection) -> list[Standing]:
    """How many stand where, by guide and stage."""
    since: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for row in db.execute(select(stages.c.guide, stages.c.stage, stages.c.since).order_by(stages.c.since)):
        since[row.guide, row.stage].append(row.since)
    return [
        Standing(guide, stage, len(moments), moments[0], median_low(moments))
        for (guide, stage), moments in sorted(since.items())
    ]
