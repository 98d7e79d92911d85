"""Who may be asked to answer her: by need, district, language, duty and load, and never from her own block. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum

from bot.duty import DAYS, INDIA
from flows.commands import tongue
from flows.model import Language
from flows.places import NEIGHBOURS
from storage.members import Member, Post

AHEAD = 14  # days that are looked at for the next hour of duty


class Ring(IntEnum):
    """Who is asked, one ring after another; each holds those before it, and after the last come the staff on call."""

    COLLECTIVE = 0  # of her district; or the one that the talk was passed to
    NEIGHBOURS = 1
    EVERYBODY = 2


RINGS = len(Ring)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of her wish, all of it coded; whoever `refuses` is not asked again."""

    district: str | None
    area: str | None
    language: str | None
    need: str | None
    near_agreed: bool
    refuses: frozenset[str] = frozenset()
    collective: str | None = None  # which is asked first, where the talk was passed to one


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who answers, how many talks each of them holds, and the districts in which each collective works."""

    members: Sequence[Member]
    loads: Mapping[str, int]
    works: Mapping[str, Sequence[str]]


def choose(asked: Asked, roster: Roster, ring: int, now: datetime) -> list[Member]:
    """The members of a ring who may be asked now, the least burdened first."""
    able = [
        member
        for member in roster.members
        if is_fit(asked, member)
        and not is_known_person(asked, member)
        and is_on_duty(member, now)
        and roster.loads.get(member.id, 0) < member.post.capacity
        and _is_within(asked, member, roster, Ring(ring))
    ]
    return sorted(able, key=lambda member: (roster.loads.get(member.id, 0), member.post.label))


def is_fit(asked: Asked, member: Member) -> bool:
    """Whether a member is there at all for her language and need, and has not passed."""
    post = member.post
    speaks = {tongue(Language(language)) for language in post.languages}
    return (
        member.is_active
        and member.id not in asked.refuses
        and (asked.language is None or tongue(Language(asked.language)) in speaks)
        and (not post.needs or asked.need is None or asked.need in post.needs)
    )


def is_known_person(asked: Asked, member: Member) -> bool:
    """Whether the two could meet in the lane: from one block, or from one district where a block is not known."""
    post = member.post
    if asked.near_agreed or asked.district is None or post.home is None or post.home != asked.district:
        return False
    return asked.area is None or post.block is None or post.block == asked.area


def is_on_duty(member: Member, now: datetime) -> bool:
    """Whether it is an hour of hers, no holiday, and she is not away."""
    if member.away_until and now < member.away_until:
        return False
    here = now.astimezone(INDIA)
    return any(first <= here < last for first, last in _spans(member.post, here.date()))


def next_duty(member: Member, now: datetime) -> datetime | None:
    """When her next hour of duty is, in India's time; now, while it is; none within two weeks."""
    start = max(now, member.away_until or now).astimezone(INDIA)
    for days in range(AHEAD):
        for first, last in _spans(member.post, start.date() + timedelta(days=days)):
            if last > start:
                return max(first, start)
    return None


def opens_at(asked: Asked, members: Sequence[Member], now: datetime) -> datetime | None:
    """When somebody who may answer her is next on duty."""
    hours = [next_duty(one, now) for one in members if is_fit(asked, one) and not is_known_person(asked, one)]
    return min((hour for hour in hours if hour is not None), default=None)


def _is_within(asked: Asked, member: Member, roster: Roster, ring: Ring) -> bool:
    post = member.post
    if ring is Ring.COLLECTIVE and asked.collective:
        return post.collective == asked.collective
    if ring is Ring.EVERYBODY or asked.district is None or post.collective == asked.collective:
        return True
    around = NEIGHBOURS.get(asked.district, frozenset()) if ring is Ring.NEIGHBOURS else frozenset()
    answers_for = {*post.districts, *roster.works.get(post.collective, ())}
    return not answers_for.isdisjoint({asked.district, *around})


def _spans(post: Post, day: date) -> list[tuple[datetime, datetime]]:
    if day.isoformat() in post.holidays:
        return []
    return [(_at(day, first), _at(day, last)) for first, last in post.duty.get(DAYS[day.weekday()], ())]


def _at(day: date, clock: str) -> datetime:
    if clock == "24:00":
        return datetime.combine(day + timedelta(days=1), time(0), INDIA)
    return datetime.combine(day, time.fromisoformat(clock), INDIA)
