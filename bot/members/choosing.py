"""Who may be asked to answer her: by need, district, language, duty and load, and never from her own block. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.duty import DAYS, INDIA
from flows.commands import tongue
from flows.model import Language
from storage.members import Member, Post

RINGS = 2  # her own district's, then everybody's; after these the staff on call
AHEAD = 14  # days that are looked at for the next hour of duty


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of her wish, all of it coded; whoever `refuses` is not asked again."""

    district: str | None
    area: str | None
    language: str | None
    need: str | None
    near_agreed: bool
    refuses: frozenset[str] = frozenset()


def choose(asked: Asked, members: Sequence[Member], loads: Mapping[str, int], ring: int, now: datetime) -> list[Member]:
    """The members of a ring who may be asked now, the least burdened first."""
    able = [
        member
        for member in members
        if is_fit(asked, member)
        and not is_known_person(asked, member)
        and is_on_duty(member, now)
        and loads.get(member.id, 0) < member.post.capacity
        and (ring > 0 or _is_near(asked, member))
    ]
    return sorted(able, key=lambda member: (loads.get(member.id, 0), member.post.label))


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


def _is_near(asked: Asked, member: Member) -> bool:
    return asked.district is None or asked.district in member.post.districts


def _spans(post: Post, day: date) -> list[tuple[datetime, datetime]]:
    if day.isoformat() in post.holidays:
        return []
    return [(_at(day, first), _at(day, last)) for first, last in post.duty.get(DAYS[day.weekday()], ())]


def _at(day: date, clock: str) -> datetime:
    if clock == "24:00":
        return datetime.combine(day + timedelta(days=1), time(0), INDIA)
    return datetime.combine(day, time.fromisoformat(clock), INDIA)
