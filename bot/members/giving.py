"""A member's words on their way to her: as a reply, or when it is safe, or never; and the member is told which."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import regex

from bot import posting, telling
from bot.budget import REPLY_FOR
from bot.parts import fit
from bot.posting import Letter
from bot.wording import Worded, plain, sentence
from flows.model import Channel, Say, Standing
from flows.talked import parted, with_media
from storage import relay_words, relays, safe_contacts
from storage.database import Connection, Store
from storage.people import Person
from storage.relay_words import Word
from storage.relays import Relay
from storage.seal import PersonKey

HELD_FOR = timedelta(hours=24)
AT_ONCE = 3  # SMS parts in one message to her, and what a member may send without being asked
WITHOUT_CODE = timedelta(minutes=30)  # so young must held words be where she cannot prove herself


class Way(StrEnum):
    """How words go to her."""

    SENT = "sent"
    HELD = "held"
    KNOCKS = "knocks"


@dataclass(frozen=True, slots=True)
class Her:
    """She, as a talk needs her while her row is locked; `seen_at` is her last message."""

    key: PersonKey
    person: Person
    standing: Standing
    seen_at: datetime


def reaches(her: Her, relay: Relay, now: datetime) -> bool:
    """Whether words are a reply still: a quarter of an hour after hers, past the cover, and she knows of the member."""
    standing = her.standing
    is_reply = now - her.seen_at < REPLY_FOR
    return is_reply and not standing.covered and not standing.opted_out and relay.told == "met"


def give(
    db: Connection, store: Store, her: Her, relay: Relay, text: str, now: datetime, source: bytes | None = None
) -> Way:
    """Send a member's words, or hold them."""
    if reaches(her, relay, now):
        for piece in pieces(text, her):
            position = relays.next_position(db, relay.id)
            outbox_id = post(db, store, her, relay, piece, position, now)
            _keep(db, store, her, relay, piece, now, source, position=position, state="put", outbox_id=outbox_id)
        return Way.SENT
    position = relays.next_position(db, relay.id)
    _keep(
        db, store, her, relay, text, now, source, position=position, state="held", expires_at=held_until(db, her, now)
    )
    return Way.KNOCKS if safe_contacts.live(db, her.person.id, now) else Way.HELD


def give_held(db: Connection, store: Store, her: Her, relay: Relay, now: datetime, *, proved: bool) -> int:
    """Give her what waited, in order; where she cannot prove herself only what is new. How much that was."""
    given = 0
    for word in relay_words.held(db, relay.id):
        if word.expires_at and word.expires_at <= now:
            continue
        if not proved and now - word.at > WITHOUT_CODE:
            continue
        if give_again(db, store, her, relay, word, now):
            given += 1
    return given


def give_again(db: Connection, store: Store, her: Her, relay: Relay, word: Word, now: datetime) -> bool:
    """Send words once more that waited or did not leave, at the place in the order that they have now."""
    text = relay_words.text_of(store.sealer, her.key, word)
    ids = [post(db, store, her, relay, one, relays.next_position(db, relay.id), now) for one in pieces(text, her)]
    return relay_words.mark(db, word.id, "put", outbox_id=ids[-1])


def post(db: Connection, store: Store, her: Her, relay: Relay, text: str, position: int, now: datetime) -> str:
    """Put words for her in the outbox; they are a reply, and expire when they would be none any more."""
    language = her.standing.speaks
    letter = Letter(
        worded=Worded(said_to_her(text, her), language),
        person=her.person,
        standing=her.standing,
        kind="relay",
        provider=her.person.provider,
        line=her.person.line,
        lifetime=her.seen_at + REPLY_FOR - now,
        stream=f"{relay.id}:hers",
        position=position,
    )
    return posting.put(db, store.sealer, her.key, letter, now)


def said_to_her(text: str, her: Her) -> str:
    """A member's words as she reads them: from a sister without a name."""
    said, media = parted(text)
    return with_media(plain(sentence(Say(telling.FROM_MEMBER, {"words": said}), her.standing.speaks)), media)


def cost(text: str, her: Her) -> int:
    """How many SMS parts these words take on her phone; none, where she reads them otherwise."""
    if her.person.channel is not Channel.SMS:
        return 0
    return sum(fit(said_to_her(piece, her)).segments for piece in pieces(text, her))


def pieces(text: str, her: Her) -> list[str]:
    """The text in messages of at most three SMS parts, never cut within a letter, and at a space where one is near."""
    if her.person.channel is not Channel.SMS or fit(said_to_her(text, her)).segments <= AT_ONCE:
        return [text]
    return list(_pieces(text, her))


def held_until(db: Connection, her: Her, now: datetime) -> datetime:
    """How long words wait for her: a day, and never past the leave that she gave."""
    contact = safe_contacts.live(db, her.person.id, now)
    return min(now + HELD_FOR, contact.expires_at) if contact else now + HELD_FOR


def _pieces(text: str, her: Her) -> Iterator[str]:
    letters: list[str] = regex.findall(r"\X", text)
    while letters:
        fits = _most(letters, her)
        if fits < len(letters):
            space = next((at for at in range(fits, max(fits - 20, 0), -1) if letters[at - 1].isspace()), fits)
            fits = space
        piece, letters = "".join(letters[:fits]).strip(), letters[fits:]
        if piece:
            yield piece


def _most(letters: list[str], her: Her) -> int:
    """How many of these letters fit into one message; at least one."""
    low, high = 1, len(letters)
    while low < high:
        middle = (low + high + 1) // 2
        fits = fit(said_to_her("".join(letters[:middle]), her)).segments <= AT_ONCE
        low, high = (middle, high) if fits else (low, middle - 1)
    return low


def _keep(
    db: Connection,
    store: Store,
    her: Her,
    relay: Relay,
    text: str,
    now: datetime,
    source: bytes | None,
    *,
    position: int,
    state: relay_words.State,
    outbox_id: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    relay_words.keep(
        db,
        store.sealer,
        her.key,
        relay_id=relay.id,
        member_id=relay.member_id,
        direction="members",
        position=position,
        state=state,
        text=text,
        now=now,
        source=source,
        outbox_id=outbox_id,
        expires_at=expires_at,
    )
