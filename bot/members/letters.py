"""A letter to a member, put in the outbox: under her own key, or under the survivor's whose words it holds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.budget import Priority
from bot.members.words import COMMANDS
from bot.wording import sentence, translate
from flows.model import Channel, Language, Say, T
from storage import ids, members, outbox, relays
from storage.database import Connection, Store
from storage.members import Member
from storage.relays import Relay
from storage.seal import PersonKey

PHONES = (Language.EN, Language.BN, Language.HI)  # no phone is set to romanised Bengali
LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Note:
    """What a member is to read; `hers` is the key of the survivor whose words it holds."""

    text: str
    buttons: Sequence[tuple[str, str]] = ()
    hers: PersonKey | None = None
    relay: Relay | None = None  # whose stream it travels in, and whose topic
    position: int = 0
    kind: outbox.Kind = "relay"


def tell(db: Connection, store: Store, member: Member, note: Note, now: datetime) -> str | None:
    """Put a letter to a member; its id, or none where she has no phone any more."""
    own = store.key_of(member.id)
    address = members.address_of(store.sealer, own, member) if own else None
    if own is None or address is None:
        return None
    key, place = note.hers or own, _place(address, note.relay)
    outbox_id = ids.new_id(now)
    draft = outbox.Draft(
        id=outbox_id,
        person_id=None,
        provider=member.provider,
        line=member.line,
        channel=Channel.TELEGRAM,
        body=note.text,
        buttons=note.buttons,
        kind=note.kind,
        language=language_of(member),
        turn=0,
        place="topic" if "/" in place else "member",
        choices=0,
        parts=0,
        priority=Priority.OPEN,
        due_at=now,
        expires_at=now + LIFETIME,
        address=place,
        member_id=member.id,
        about=key.id if note.hers else None,
        stream=f"{note.relay.id}:member" if note.relay and note.position else None,
        position=note.position,
    )
    outbox.put(db, store.sealer, key, draft, now)
    return outbox_id


def tell_of(db: Connection, store: Store, member_id: str | None, relay: Relay, what: T, now: datetime) -> None:
    """Tell a member something of a talk, in its topic while she holds it; nobody, where she is no member any more."""
    member = members.read(db, member_id) if member_id else None
    if member and member.is_active:
        note = Note(say(member, Say(what, {"tag": relay.tag or ""})), relay=relays.in_hands(db, relay, member.id))
        tell(db, store, member, note, now)


def say(member: Member, what: Say) -> str:
    """A sentence in a member's own language."""
    return sentence(what, language_of(member))


def commands() -> str:
    """The members' commands in every language that a phone can be set to, as a letter of that kind holds them."""
    shown = {"" if language is Language.EN else language.value: language for language in PHONES}
    return json.dumps(
        {
            code: [(name, translate(what, language)) for name, what in COMMANDS.items()]
            for code, language in shown.items()
        }
    )


def language_of(member: Member) -> Language:
    """What a member reads."""
    return Language(member.post.language)


def _place(address: str, relay: Relay | None) -> str:
    """Her own chat, or the topic of the talk in the members' group."""
    if relay is None or relay.topic_chat is None or relay.state != "claimed":
        return address
    return f"telegram:{relay.topic_chat}/{relay.tag}.{relay.version}"
