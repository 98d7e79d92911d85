"""What a member may read of the talk she holds, as her page shows it: by the rules of the letters to her phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.budget import REPLY_FOR
from bot.desk.labels import TALK_EVENTS
from bot.desk.visit import NotThere, Visit
from bot.desk.words import D
from bot.members import giving, hers, marks
from bot.members.giving import Her
from bot.members.masking import masked
from flows.talked import parted
from storage import conversations, people, relay_reading, relay_words, relays, safe_contacts
from storage.database import Connection, reading, writing
from storage.members import Member
from storage.relay_words import Word
from storage.relays import Happened, Relay
from storage.seal import PersonKey

FATES: Mapping[str, str] = {
    "under way": D("on its way"),
    "sent": D("sent"),
    "delivered": D("arrived"),
    "held": D("waits until she writes"),
    "expired": D("not read in time, and let go"),
    "not sent": D("could not be sent"),
    "dropped": D("taken back"),
}
TOLD = ("left", "referred", "referred before", "not referred")  # what happened that whoever holds the talk is told


@dataclass(frozen=True, slots=True)
class Shown:
    """One message, or one thing that happened; `opens` is the mark that shows a heavy one."""

    side: Literal["hers", "mine", "before", "note", "event"]
    at: datetime
    text: str = ""
    fate: str = ""
    opens: str = ""
    media: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """How what is written now would go: as a reply, for so many minutes still, or later."""

    how: Literal["reply", "held", "knocks"]
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A talk in a member's hands."""

    relay: Relay
    shown: list[Shown]
    reach: Reach


def her_of(db: Connection, visit: Visit, relay: Relay) -> Her:
    """She, as she stands, without holding her row: to show, never to decide.

    Raises:
        NotThere: she was forgotten.
    """
    store = visit.desk.store
    record = people.glance(db, relay.person_id) if relay.person_id else None
    key = store.key_of(relay.person_id) if record and relay.person_id else None
    if record is None or key is None:
        raise NotThere
    standing = conversations.standing_of(record, store.sealer, key, visit.now)
    return Her(key, record.person, standing, record.conversation.seen_at)


def reach_of(db: Connection, her: Her, relay: Relay, now: datetime) -> Reach:
    """How a member's words would go to her now."""
    if giving.reaches(her, relay, now):
        left = her.seen_at + REPLY_FOR - now
        return Reach("reply", max(1, -(-int(left.total_seconds()) // 60)))
    return Reach("knocks" if safe_contacts.live(db, her.person.id, now) else "held")


def held(visit: Visit, member: Member, relay: Relay) -> Held:
    """The talk as its holder may read it; what she reads by this is read."""
    with reading(visit.desk.store.main) as db:
        her = her_of(db, visit, relay)
        listed = relay_reading.listed(db, relay, member.id)
        happened = relays.happened(db, relay.id)
        reach = reach_of(db, her, relay, visit.now)
    shown = [(word, _shown(visit, member, relay, her.key, word, fate)) for word, fate in listed]
    fresh = [word.id for word, one in shown if one.side == "hers" and word.state == "put" and not one.opens]
    if fresh:
        with writing(visit.desk.store.main) as db:
            relay_reading.mark_read(db, fresh)
    told = [_told(one) for one in _while_held(happened, member) if one.what in TOLD]
    return Held(relay, sorted([*told, *(one for _, one in shown)], key=lambda one: one.at), reach)


def _shown(visit: Visit, member: Member, relay: Relay, key: PersonKey, word: Word, fate: str) -> Shown:
    said, media = parted(printable(relay_words.text_of(visit.desk.store.sealer, key, word)))
    if word.direction == "note":
        return Shown("note", word.at, said)
    if word.direction == "members":
        side: Literal["mine", "before"] = "mine" if word.member_id == member.id else "before"
        return Shown(side, word.at, said, FATES[fate_of(word, fate)], media=bool(media))
    if word.state == "put" and (media or hers.is_heavy(said)):
        return Shown(
            "hers", word.at, opens=marks.make(visit.desk.store.sealer, relay, member.id, "open", str(word.position))
        )
    return Shown("hers", word.at, masked(said), media=bool(media))


def fate_of(word: Word, fate: str) -> str:
    """What became of a member's words, by their own state and that of their message."""
    if word.state in ("held", "expired"):
        return word.state
    if fate in ("failed", "stopped"):
        return "not sent"
    if word.state == "dropped":
        return "dropped"
    if fate in ("waiting", "sending", "in_doubt", "expired", "cancelled"):
        return "under way"  # what expired is about to wait for her, or to be let go
    return "delivered" if fate == "delivered" else "sent"


def printable(text: str) -> str:
    """The text without halves of letters, which a careless gateway brings and no page can hold."""
    return text.encode("utf-8", "replace").decode()


def _while_held(happened: Sequence[Happened], member: Member) -> Sequence[Happened]:
    """What happened since she took the talk."""
    took = max((at for at, one in enumerate(happened) if one.what == "claimed" and one.by == member.id), default=0)
    return happened[took:]


def _told(one: Happened) -> Shown:
    return Shown("event", one.at, fate=TALK_EVENTS[one.what])
