"""Talks: what a member is asked and holds; for the office every talk, without a word of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response

from bot.desk import live
from bot.desk.guard import Door
from bot.desk.labels import CHANNELS, LANGUAGES, TALK_EVENTS, TALK_OUTCOMES, TALK_STATES
from bot.desk.live import Part
from bot.desk.roles import OFFICE, TALKERS
from bot.desk.talk_acts import act, drawn, member_of, once
from bot.desk.visit import NotThere, Visit
from bot.members import choosing, marks
from bot.members.hands import Told
from flows.talked import Beside
from storage import directory, members, relay_reading, relays
from storage.database import Connection, reading
from storage.members import Member
from storage.relays import Happened, Relay

LATELY = timedelta(days=2)
MOST = 200  # talks on one page
RESTS = (2, 12, 24)  # hours


@dataclass(frozen=True, slots=True)
class Offer:
    """A waiting talk that she is asked to take, and the marks of her two answers."""

    relay: Relay
    takes: str
    passes: str


@dataclass(frozen=True, slots=True)
class Hers:
    """All that a member has to do with talks now."""

    member: Member
    offers: list[Offer]
    held: list[Relay]
    gone: list[tuple[Relay, Happened]]
    on_duty: bool


def show(visit: Visit) -> Response:
    """The page of talks."""
    return page(visit)


def page(visit: Visit, told: Sequence[Told] = ()) -> Response:
    """The same, with what she is told of what she just did."""
    state = visit.query.get("state", "")
    with reading(visit.desk.store.main) as db:
        hers = _hers(db, visit)
        office = _office(db, state) if visit.staff.role in OFFICE else None
    return visit.page(
        "talks.html",
        **_shared(),
        hers=hers,
        office=office,
        state=state,
        once=once(),
        told=drawn(told),
        here="/desk/relays",
    )


def now(visit: Visit) -> Response:
    """What a member is asked and holds, as it changes."""
    return live.stream(visit, _part, "no member")


def rest(visit: Visit) -> Response:
    """Away for some hours, or back."""
    with reading(visit.desk.store.main) as db:
        member = member_of(db, visit)
    if member is None:
        return visit.go("/desk/relays")
    hours = visit.form.get("hours", "")
    command = "away" if hours.isdecimal() and int(hours) in RESTS else "here"
    act(visit, member, Beside(command=command), f"/{command} {hours}", f"talks {command}", member.id)
    return visit.go("/desk/relays")


def _part(visit: Visit) -> Part:
    with reading(visit.desk.store.main) as db:
        hers = _hers(db, visit)
    if hers is None:
        raise NotThere
    minute = visit.now.replace(second=0, microsecond=0)  # the waiting is shown in minutes
    pulse = (hers.member.away_until, hers.on_duty, hers.held, [one.relay for one in hers.offers], hers.gone, minute)
    shown = {**_shared(), "hers": hers, "once": once(), "csrf": visit.csrf}
    return Part(repr(pulse), lambda: visit.draw("talks_now.html", **shown))


def _shared() -> dict[str, Any]:
    return {
        "languages_of": LANGUAGES, "channels": CHANNELS, "states": TALK_STATES, "outcomes": TALK_OUTCOMES,
        "events": TALK_EVENTS, "rests": RESTS,
    }  # fmt: skip


def _hers(db: Connection, visit: Visit) -> Hers | None:
    member = member_of(db, visit)
    if member is None:
        return None
    sealer = visit.desk.store.sealer
    offers = [
        Offer(one, marks.make(sealer, one, member.id, "take"), marks.make(sealer, one, member.id, "pass"))
        for one in relay_reading.offered_to(db, member.id)
    ]
    gone = relay_reading.left_hands(db, member.id, visit.now - LATELY)
    on_duty = choosing.is_on_duty(member, visit.now)
    return Hers(member, offers, relays.held_by(db, member.id), gone, on_duty)


@dataclass(frozen=True, slots=True)
class Row:
    """One talk as the office sees it."""

    relay: Relay
    member: str
    collective: str
    since: datetime


def _office(db: Connection, state: str) -> list[Row]:
    labels = members.labels(db)
    names = {one.id: one.name for one in directory.all_of(db)}
    found = relays.listed(db, state if state in TALK_STATES else None, MOST)
    if not state:
        found = [one for one in found if one.state in relays.OPEN]
    return [
        Row(
            one, labels.get(one.member_id or "", ""), names.get(one.collective or "", one.collective or ""), _since(one)
        )
        for one in found
    ]


def _since(relay: Relay) -> datetime:
    """Since when it is as it is: it waits, is held, or is closed."""
    return {"claimed": relay.claimed_at, "closed": relay.closed_at}.get(relay.state) or relay.opened_at


DOORS = (
    Door("/desk/relays", "GET", show, TALKERS, reads="read talks"),
    Door("/desk/relays/now", "GET", now, TALKERS, kind="quiet"),
    Door("/desk/relays/rest", "POST", rest, TALKERS),
)
