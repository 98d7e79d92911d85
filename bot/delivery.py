"""Delivery: what waits in the outbox goes out, is settled, and is never sent where it must not be."""

import asyncio
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

import structlog
from aiolimiter import AsyncLimiter

from bot import members_roster
from bot.budget import Budget, Verdict, give_back, weigh
from bot.crowding import Crowd
from bot.errors import GiveUp, InDoubt, LineSpent, SendFailed, Stopped, TryLater
from flows.model import Outgoing
from flows.talked import parted
from storage import alerts, keystore, members, outbox, people, settling, topics
from storage.claimed import Claimed, open_claimed
from storage.database import Connection, Store, reading, writing

LEASE = timedelta(seconds=20)  # longer than any provider call may take
DOUBT = timedelta(seconds=30)  # how long a status callback may settle a doubtful send
WAITED = LEASE.total_seconds() / 4  # seconds that a claimed message may wait for its turn at a provider
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)
AT_ONCE = 16
SETTLED: Mapping[Verdict, settling.Settled] = {
    Verdict.EXPIRED: "expired",
    Verdict.STOPPED: "stopped",
    Verdict.OVER: "failed",
}

Commands: TypeAlias = Mapping[str, Sequence[Sequence[str]]]  # by language code: (command, what it does)

log = structlog.get_logger()


class Sender(Protocol):
    """One provider's way out."""

    provider: str
    idempotent: bool  # whether the same id may be sent again without a second message

    async def send(self, outgoing: Outgoing) -> str | None:
        """Hand a message over; the provider's id for it, if it gives one.

        Raises:
            SendFailed: see bot.errors for what each kind asks of us.
        """

    async def remove(self, address: str, external_id: str) -> bool:
        """Delete a message of hers or ours where it lies, and say whether it is gone.

        Raises:
            SendFailed: the provider did not answer.
        """

    async def edit(self, address: str, external_id: str, text: str) -> bool:
        """Change a message of ours where it lies, and say whether it was; where a network cannot, it stays.

        Raises:
            SendFailed: the provider did not answer.
        """

    async def open_topic(self, address: str, name: str) -> int:
        """A new topic of a group, and its number there.

        Raises:
            SendFailed: there are no topics here, or the provider did not answer.
        """

    async def offer_commands(self, address: str, commands: Commands) -> None:
        """Show these commands in one chat, in each language; where there are no such menus, nothing happens.

        Raises:
            SendFailed: the provider did not answer.
        """

    async def close(self) -> None:
        """Let go of what the sender holds open."""


@dataclass(frozen=True, slots=True)
class Post:
    """All that delivery needs: where messages wait, who carries them, how fast and how much."""

    store: Store
    senders: Mapping[str, Sender]
    paces: Mapping[str, AsyncLimiter]  # Sathi's own limit for each provider
    budget: Budget
    clock: Callable[[], datetime]
    name: str  # of this worker, for its claims
    groups: dict[str, Crowd] = field(default_factory=dict)  # by address: what a group takes in a minute
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)  # two messages of one talk never open two topics


async def deliver(post: Post) -> int:
    """One round: claim what is due, send it, settle it; says how many messages were claimed."""
    claimed = await asyncio.to_thread(_claim, post)
    await asyncio.gather(*(_carry(post, one) for one in claimed))
    return len(claimed)


def wait_before(attempt: int) -> timedelta:
    """How long to wait before the next try: full jitter under a doubling ceiling."""
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempt, 16))
    return timedelta(seconds=random.uniform(0, ceiling.total_seconds()))


def _claim(post: Post) -> Sequence[Claimed]:
    now = post.clock()
    with writing(post.store.main) as db:
        return [
            claimed
            for provider in post.senders
            for claimed in outbox.take(
                db, providers=(provider,), now=now, lease=LEASE, limit=_at_once(post.paces.get(provider)), by=post.name
            )
        ]


def _at_once(pace: AsyncLimiter | None) -> int:
    """How many messages to claim: no more than go out at this pace long before the lease ends."""
    if pace is None:
        return AT_ONCE
    return max(1, min(AT_ONCE, int(pace.max_rate / pace.time_period * WAITED)))


async def _carry(post: Post, claimed: Claimed) -> None:
    at = post.clock()
    outgoing = await asyncio.to_thread(_ready, post, claimed, at)
    if outgoing is None:
        return
    sender = post.senders[claimed.provider]
    pace = post.paces.get(claimed.provider)
    if pace:
        await pace.acquire()
    try:
        external_id = await _hand_over(sender, claimed, await _placed(post, sender, outgoing))
    except SendFailed as failure:
        await asyncio.to_thread(_settle_failure, post, claimed, failure, at)
    else:
        await asyncio.to_thread(_settle_sent, post, claimed, external_id)


async def _placed(post: Post, sender: Sender, outgoing: Outgoing) -> Outgoing:
    """What goes to a topic of the members' group, with its number; the first message of a talk opens it.

    Raises:
        TryLater: the group has taken all that it takes in a minute; nothing of the talk goes past this meanwhile.
        GiveUp: the talk is in other hands, and its words go with it.
    """
    chat, is_topic, tag = outgoing.address.partition("/")
    if not is_topic:
        return outgoing
    if wait := post.groups.setdefault(chat, Crowd()).enter(post.clock()):
        raise TryLater("the group is full", wait)
    async with post.opening:
        try:
            topic = await asyncio.to_thread(topics.number_of, post.store, tag)
            if topic is None:
                made = await sender.open_topic(chat, tag.partition(".")[0])
                topic = await asyncio.to_thread(topics.keep, post.store, tag, made)
        except LookupError:
            raise GiveUp("the talk has changed hands") from None
    return replace(outgoing, address=chat, topic=topic)


async def _hand_over(sender: Sender, claimed: Claimed, outgoing: Outgoing) -> str | None:
    if claimed.kind == "edit":
        external_id, _, text = outgoing.text.partition("\n")
        await sender.edit(outgoing.address, external_id, text)
        return None
    if claimed.kind == "commands":
        await sender.offer_commands(outgoing.address, json.loads(outgoing.text))
        return None
    if claimed.kind != "wipe":
        return await sender.send(outgoing)
    for external_id in outgoing.text.split():
        await sender.remove(outgoing.address, external_id)
    return None


def _ready(post: Post, claimed: Claimed, now: datetime) -> Outgoing | None:
    """Check once more at the moment of sending, and open the sealed message; None where it must not go.

    The provider may go on trying for as long as is left of its time, not for as long as it once had.
    """
    key = post.store.key_of(claimed.key_id)
    with writing(post.store.main) as db:
        person = people.read(db, claimed.person_id) if claimed.person_id else None
        if key is None or _is_gone(db, claimed, person):
            settling.settle(db, claimed.id, state="cancelled", reason="erased", now=now)
            return None
        verdict = weigh(db, post.budget, claimed, person, now)
        if verdict is not Verdict.SEND:
            _hold(db, post, claimed, verdict, now)
            return None
    outgoing = open_claimed(post.store.sealer, key, claimed, person)
    text, media = parted(outgoing.text)
    return replace(outgoing, text=text, media=media, lifetime=claimed.expires_at - now)


def _is_gone(db: Connection, claimed: Claimed, person: people.Person | None) -> bool:
    """Whether nobody is there any more whom it was for."""
    if claimed.member_id is not None:
        member = members.read(db, claimed.member_id)
        return member is None or not member.is_active
    return person is None and not claimed.is_farewell


def _hold(db: Connection, post: Post, claimed: Claimed, verdict: Verdict, now: datetime) -> None:
    if verdict is Verdict.LATER:
        settling.settle(db, claimed.id, state="waiting", reason="budget", due_at=post.budget.resets(now), now=now)
        alerts.raise_one(db, "budget", None, now)
    else:
        settling.settle(db, claimed.id, state=SETTLED[verdict], reason="at sending", now=now)


def _settle_sent(post: Post, claimed: Claimed, external_id: str | None) -> None:
    now = post.clock()
    with writing(post.store.main) as db:
        settling.settle(db, claimed.id, state="sent", external_id=external_id, now=now)
    _drop_farewell_key(post, claimed, now)


def _settle_failure(post: Post, claimed: Claimed, failure: SendFailed, counted_at: datetime) -> None:
    now = post.clock()
    log.warning("send failed", provider=claimed.provider, reason=str(failure), kind=type(failure).__name__)
    with writing(post.store.main) as db:
        if not isinstance(failure, InDoubt):
            give_back(db, claimed, counted_at)
        match failure:
            case TryLater():
                due = now + max(wait_before(claimed.attempts), failure.after or timedelta())
                settling.settle(db, claimed.id, state="waiting", reason=str(failure), due_at=due, now=now)
            case InDoubt():
                settling.settle(db, claimed.id, state="in_doubt", reason=str(failure), due_at=now + DOUBT, now=now)
            case Stopped():
                settling.settle(db, claimed.id, state="stopped", reason=str(failure), now=now)
                if claimed.person_id:
                    people.opt_out(db, claimed.person_id, now)
                if claimed.member_id:
                    members_roster.revoke(db, claimed.member_id, now)
            case LineSpent():
                due = post.budget.resets(now)
                settling.settle(db, claimed.id, state="waiting", reason=str(failure), due_at=due, now=now)
                alerts.raise_one(db, "budget", None, now)
            case GiveUp() | SendFailed():
                settling.settle(db, claimed.id, state="failed", reason=str(failure), now=now)
    if not isinstance(failure, TryLater | InDoubt | LineSpent):
        _drop_farewell_key(post, claimed, now)


def _drop_farewell_key(post: Post, claimed: Claimed, now: datetime) -> None:
    if not claimed.is_farewell:
        return
    with reading(post.store.main) as db:
        is_needed = outbox.is_key_needed(db, claimed.key_id)
    if not is_needed:
        with writing(post.store.keys) as db:
            keystore.drop(db, claimed.key_id, now)
