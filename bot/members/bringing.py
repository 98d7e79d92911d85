"""A step that Sathi brings her to by itself: a question or a word of the house, never a number that answers two."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import applying, posting
from bot.applying import Answering
from bot.budget import REPLY_FOR, may_write_first
from bot.codes import ReturnCode
from bot.members.giving import Her
from bot.posting import Letter
from bot.turn import House, moment_of
from bot.wording import Worded, word
from flows.commands import cover
from flows.covering import OPENER
from flows.model import Inbound, Place, Standing
from flows.paths import arrive
from flows.vocabulary import Ask, Collect
from storage import conversations, people
from storage.database import Connection

KNOCK_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bringing:
    """What it takes to bring her somewhere: the house, her locked row, the hour, and a return code to give."""

    house: House
    her: Her
    spare: ReturnCode
    now: datetime


@contextmanager
def lent(house: House) -> Iterator[ReturnCode]:
    """A return code for as long as the block lasts; it is slow to make, so it is made outside of any transaction."""
    spare = house.codes.borrow()
    try:
        yield spare
    finally:
        house.codes.give_back(spare)


def meet(db: Connection, house: House, person_id: str | None, now: datetime) -> Her | None:
    """She, with her row locked; nobody, if she was forgotten. To be called before anything of her talk is written."""
    record = people.lock(db, person_id) if person_id else None
    key = house.store.key_of(person_id) if record and person_id else None
    if record is None or key is None:
        return None
    standing = conversations.standing_of(record, house.store.sealer, key, now)
    return Her(key, record.person, standing, record.conversation.seen_at)


def is_there(her: Her, now: datetime) -> bool:
    """Whether she wrote within a quarter of an hour, is past the cover, and wants to be answered."""
    standing = her.standing
    return now - her.seen_at < REPLY_FOR and not standing.covered and not standing.opted_out


def is_resting(bringing: Bringing) -> bool:
    """Whether no question of Sathi's waits for her answer."""
    step = bringing.house.engine.paths.steps[bringing.house.engine.place(bringing.her.standing.place)]
    return not isinstance(step, Ask | Collect)


def bring(db: Connection, bringing: Bringing, place: Place, opens: datetime | None = None, **slots: str) -> Her | None:
    """Bring her to a step while she is there, and say what it says; she as she stands then, or nobody if she is not.

    Her turn moves on, so that what she sends in answer to an earlier message is known as such.
    """
    house, her, now = bringing.house, bringing.her, bringing.now
    if not is_there(her, now):
        return None
    moment = moment_of(house, her.seen_at, now)
    if opens is not None:
        moment = replace(moment, opens=opens)
    standing = replace(her.standing, slots={**her.standing.slots, **slots}, question=None)
    turn = arrive(house.engine.paths, standing, place, moment)
    turn = replace(turn, standing=replace(turn.standing, turn=standing.turn + 1))
    applied = applying.apply(_answering(db, bringing), turn)
    _keep(db, bringing, turn.standing)
    letter = _letter(her, turn.standing, word(applied.said, turn.standing.speaks), her.seen_at + REPLY_FOR - now)
    posting.put(db, house.store.sealer, her.key, letter, now)
    return replace(her, standing=turn.standing)


def knock(db: Connection, bringing: Bringing, **slots: str) -> bool:
    """Write to her first: only the harmless opener, only in the hours she named, and only where nothing waits."""
    house, her, now = bringing.house, bringing.her, bringing.now
    if her.standing.opted_out or not may_write_first(db, her.person, now):
        return False
    standing = cover(her.standing)
    standing = replace(standing, slots={**standing.slots, **slots})
    turn = arrive(house.engine.paths, standing, OPENER, moment_of(house, her.seen_at, now))
    standing = replace(turn.standing, turn=her.standing.turn + 1)
    _keep(db, bringing, standing)
    worded = word(applying.apply(_answering(db, bringing), turn).said, standing.speaks)
    letter = replace(_letter(her, standing, worded, KNOCK_FOR), kind="notice")
    posting.put(db, house.store.sealer, her.key, letter, now)
    return True


def _keep(db: Connection, bringing: Bringing, standing: Standing) -> None:
    """Where she stands now; that she wrote last when she did, stays."""
    her = bringing.her
    conversations.store(db, bringing.house.store.sealer, her.key, her.person.id, standing, her.seen_at)


def _letter(her: Her, standing: Standing, worded: Worded, lifetime: timedelta) -> Letter:
    person = her.person
    return Letter(worded, person, standing, "relay", person.provider, person.line, lifetime)


def _answering(db: Connection, bringing: Bringing) -> Answering:
    house, her = bringing.house, bringing.her
    nothing = Inbound(her.person.provider, "", her.person.channel, "", her.person.line, "")
    return Answering(db, house.store, house.codes, her.key, her.person, nothing, "", bringing.spare, bringing.now)
