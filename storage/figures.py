"""Counts for the figures of the desk: how many, never who; the databases count, and send only the counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Integer, Select, case, cast, func, select

from storage.ids import EPOCH, INDIA, milliseconds
from storage.tables import conversations, referral_changes, referrals, spend, stages
from storage.talk_tables import follow_ups, relays

_NOBODY = ("survivor", "machine", "house")  # what they change is no answer of a person
_MINUTE = 60_000
_DAY = 86_400_000
_OFFSET = int((INDIA.utcoffset(None) or timedelta()).total_seconds() * 1000)
_LINE = "line:"


@dataclass(frozen=True, slots=True)
class Alike:
    """So many referrals of one kind, state, outcome and district."""

    kind: str
    state: str
    outcome: str | None
    district: str | None
    count: int


def alike(db: Connection, since: datetime, until: datetime) -> Sequence[Alike]:
    """The referrals that were opened in this time, by all that figures tell apart."""
    told = (referrals.c.kind, referrals.c.state, referrals.c.outcome, referrals.c.district)
    # The sum keeps SQLite from the index by moment: the one by these columns holds them in order, and all of it.
    opened = cast(referrals.c.opened_at, BigInteger) + 0
    found = select(*told, func.count()).where(opened >= milliseconds(since), opened < milliseconds(until))
    return [Alike(*row) for row in db.execute(found.group_by(*told))]


def opened_on(db: Connection, since: datetime, until: datetime) -> Mapping[date, int]:
    """How many referrals were opened on which day of India; days without any are not named."""
    day = (cast(referrals.c.opened_at, BigInteger) + _OFFSET) // _DAY
    found = select(day.label("day"), func.count()).where(_within(referrals.c.opened_at, since, until))
    return {(EPOCH + timedelta(days=number)).date(): many for number, many in db.execute(found.group_by("day"))}


def answered_after(db: Connection, since: datetime, until: datetime) -> Counter[int]:
    """How many minutes it took until a person first did something about a referral of this time, and how often.

    From the first change, by which it was opened, to the first one by somebody else. Ids sort by time, so that one
    index is read from end to end and no referral is looked up.
    """
    changes = referral_changes.c
    at = cast(changes.at, BigInteger)
    by_person = case((changes.by.not_in(_NOBODY), at))
    opened = changes.referral_id.between(_first_id(since), _first_id(until - timedelta(milliseconds=1)) + "f" * 20)
    lasted = (func.min(by_person) - func.min(at)).label("lasted")
    return _lasting(db, select(lasted).where(opened).group_by(changes.referral_id))


def claimed_after(db: Connection, since: datetime, until: datetime) -> Counter[int]:
    """How many minutes the survivors of this time waited until a member took their talk, and how often."""
    lasted = cast(relays.c.claimed_at, BigInteger) - cast(relays.c.opened_at, BigInteger)
    return _lasting(db, select(lasted.label("lasted")).where(_within(relays.c.opened_at, since, until)))


def own_words(db: Connection, since: datetime, until: datetime) -> Mapping[str, int]:
    """What survivors answered in this time when they were asked what came of a request."""
    answered = follow_ups.c.answer.is_not(None), _within(follow_ups.c.answered_at, since, until)
    found = select(follow_ups.c.answer, func.count()).where(*answered).group_by(follow_ups.c.answer)
    return {row[0]: row[1] for row in db.execute(found)}


def standing(db: Connection, guide: str, ages: Sequence[timedelta], now: datetime) -> Mapping[str, tuple[int, ...]]:
    """How many stand at each stage of a guide, by how long: under each of these ages, and longer."""
    bounds = [now, *(now - age for age in ages)]
    since = stages.c.since
    columns: list[ColumnElement[Any]] = [_many(since <= newest, since > oldest) for newest, oldest in pairwise(bounds)]
    columns.append(_many(since <= bounds[-1]))
    found = select(stages.c.stage, *columns).where(stages.c.guide == guide).group_by(stages.c.stage)
    return {stage: tuple(counts) for stage, *counts in db.execute(found)}


def stopped_at(db: Connection, before: datetime) -> Mapping[tuple[str, str], int]:
    """At which step of which flow those stand who have not written since; the step that waits for her, if one does."""
    flow = func.coalesce(conversations.c.waiting_flow, conversations.c.flow).label("at_flow")
    step = func.coalesce(conversations.c.waiting_step, conversations.c.step).label("at_step")
    found = select(flow, step, func.count()).where(conversations.c.seen_at < before).group_by("at_flow", "at_step")
    return {(row[0], row[1]): row[2] for row in db.execute(found)}


def parts_on(db: Connection, since: date, until: date) -> Mapping[date, int]:
    """How many SMS parts left on which day of India, on all lines together."""
    found = select(spend.c.day, func.sum(spend.c.parts)).where(spend.c.scope.startswith(_LINE, autoescape=True))
    found = found.where(spend.c.day >= since, spend.c.day < until)
    return {day: int(parts) for day, parts in db.execute(found.group_by(spend.c.day))}


def _within(column: ColumnElement[Any], since: datetime, until: datetime) -> ColumnElement[bool]:
    return (column >= since) & (column < until)


def _many(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    whole: ColumnElement[bool] = conditions[0]
    for one in conditions[1:]:
        whole &= one
    return cast(func.sum(case((whole, 1), else_=0)), Integer)


def _lasting(db: Connection, durations: Select[Any]) -> Counter[int]:
    """Minutes to how often; to the minute within a day, to the hour after it, so that there are not too many."""
    lasted = durations.subquery().c.lasted
    hours = lasted // (60 * _MINUTE) * 60
    minutes = case((lasted < _DAY, lasted // _MINUTE), else_=hours).label("minutes")
    found = select(minutes, func.count()).where(lasted.is_not(None), lasted >= 0).group_by("minutes")
    return Counter({int(long): many for long, many in db.execute(found)})


def _first_id(at: datetime) -> str:
    return f"{milliseconds(at):012x}"
