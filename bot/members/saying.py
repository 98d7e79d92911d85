"""A member's own words: which talk they are for, what they cost, and how they are changed or taken back later."""

import json
from collections.abc import Mapping
from datetime import timedelta

from bot.members import giving, letters, words
from bot.members.giving import AT_ONCE, Her, Way
from bot.members.hands import Hands
from bot.members.letters import Note
from bot.members.masking import masked
from flows.model import Channel, Language, Say
from flows.talked import parted, with_media
from locales import risks_in
from storage import ids, members, outbox, relay_reading, relay_words, relays
from storage.relay_words import Word
from storage.relays import Relay

LATER = timedelta(hours=1)
DELETABLE = timedelta(hours=48)


def say(hands: Hands, relay: Relay, her: Her) -> None:
    """Take what she wrote: a note, or words for the survivor, which are shown with their cost where they are long."""
    text, media = masked(hands.message.text.strip()), _media(hands, her)
    if not text and not media:
        return hands.tell(words.ONLY_WORDS, relay)
    if text != hands.message.text.strip():
        hands.tell(words.MASKED, relay)
    if hands.desk.is_note if hands.desk else begun(hands, "note", relay):
        return _note(hands, relay, her, text)
    risks = [risk for language in Language for risk in risks_in(text, language)]
    if risks:
        return hands.tell(words.RISKY, relay, word=risks[0])
    cost = giving.cost(text, her)
    if cost > AT_ONCE:
        return _ask(hands, relay, text, cost)
    return give(hands, relay, her, with_media(text, media), _source(hands))


def _media(hands: Hands, her: Her) -> str:
    """What came with her words, where it may be passed on; her SMS shows none."""
    is_allowed = hands.house.relay_media and her.person.channel is Channel.TELEGRAM
    return hands.message.beside.media if is_allowed else ""


def give(hands: Hands, relay: Relay, her: Her, text: str, source: bytes | None = None) -> None:
    """Send or hold, and tell the member where it does not go at once."""
    way = giving.give(hands.db, hands.house.store, her, relay, text, hands.now, source)
    relays.note(hands.db, relay.id, "said", hands.member.id, hands.now, way.value)
    if hands.desk:
        _show_on_phone(hands, relay, her, text)
    if way is Way.HELD:
        hands.tell(words.HELD, relay)
    elif way is Way.KNOCKS:
        hands.tell(words.KNOCKS, relay)


def begun(hands: Hands, what: str, relay: Relay) -> Mapping[str, str] | None:
    """What she has begun, if it is this, and of this talk while she holds it."""
    held = members.pending(hands.house.store.sealer, hands.key, hands.member)
    found = json.loads(held) if held else {}
    same = (found.get("do"), found.get("tag"), found.get("version")) == (what, relay.tag, relay.version)
    return found if same else None


def change(hands: Hands, relay: Relay, her: Her, word: Word) -> None:
    """She edited what she said: it is changed where it waits, and on Telegram where it lies."""
    db, sealer, text = hands.db, hands.house.store.sealer, masked(hands.message.text.strip())
    risky = any(risks_in(text, language) for language in Language)
    if risky or not text or giving.cost(text, her) > AT_ONCE:
        return hands.tell(words.NOT_CHANGED, relay)
    is_changed = word.state == "held"
    if word.outbox_id:
        body = giving.said_to_her(text, her)
        is_changed = outbox.rewrite(db, sealer, her.key, word.outbox_id, body, giving.cost(text, her))
        if not is_changed and her.person.channel is Channel.TELEGRAM:
            is_changed = _put(hands, her, word.outbox_id, "edit", body)
    if is_changed:
        relay_words.rewrite(db, sealer, her.key, word, text)
    return hands.tell(words.CHANGED if is_changed else words.NOT_CHANGED, relay)


def remove(hands: Hands, her: Her, outbox_id: str) -> bool:
    """Have what lies on her Telegram deleted; false where it is not there, or not deletable any more."""
    return _put(hands, her, outbox_id, "wipe", "")


def show(hands: Hands, relay: Relay, her: Her, word: Word) -> None:
    """Show the member a note, or a message of hers without its cover; at the desk her page shows it."""
    if word.direction == "hers":
        relay_reading.mark_read(hands.db, [word.id])
    if hands.desk:
        return
    said, media = parted(relay_words.text_of(hands.house.store.sealer, her.key, word))
    text = masked(said)
    if word.direction == "note":
        text = letters.say(hands.member, Say(words.NOTE_OF, {"words": text}))
    note = Note(
        with_media(text, media), [hands.menu_button(relay)], her.key, relay, relays.next_position(hands.db, relay.id)
    )
    letters.tell(hands.db, hands.house.store, hands.member, note, hands.now)


def _show_on_phone(hands: Hands, relay: Relay, her: Her, text: str) -> None:
    """What she wrote at the desk stands in her talk on Telegram too, where she has one."""
    shown = letters.say(hands.member, Say(words.FROM_DESK, {"words": parted(text)[0]}))
    position = relays.next_position(hands.db, relay.id)
    note = Note(shown, [hands.menu_button(relay)], her.key, relay, position)
    letters.tell(hands.db, hands.house.store, hands.member, note, hands.now)


def _note(hands: Hands, relay: Relay, her: Her, text: str) -> None:
    if hands.desk is None:
        members.keep_pending(hands.db, hands.house.store.sealer, hands.key, None)
    relay_words.keep(
        hands.db,
        hands.house.store.sealer,
        her.key,
        relay_id=relay.id,
        member_id=hands.member.id,
        direction="note",
        position=relays.next_position(hands.db, relay.id),
        state="put",
        text=text,
        now=hands.now,
    )
    hands.tell(words.NOTED, relay)


def _ask(hands: Hands, relay: Relay, text: str, cost: int) -> None:
    kept = {"do": "send", "tag": relay.tag, "version": relay.version, "text": text, "source": _source(hands).hex()}
    members.keep_pending(hands.db, hands.house.store.sealer, hands.key, json.dumps(kept))
    buttons = (hands.button(relay, "send", words.SEND), hands.button(relay, "send", words.DROP, "no"))
    hands.tell(words.COST, relay, buttons, parts=cost)


def _put(hands: Hands, her: Her, outbox_id: str, kind: outbox.Kind, body: str) -> bool:
    """Put the deleting or the changing of what was sent into the outbox, behind all that goes to her."""
    fate, now = outbox.fate(hands.db, outbox_id), hands.now
    if fate is None or fate[1] is None or fate[0] not in ("sent", "delivered"):
        return False
    draft = outbox.Draft(
        id=ids.new_id(now),
        person_id=her.person.id,
        provider=her.person.provider,
        line=her.person.line,
        channel=her.person.channel,
        body=f"{fate[1]}\n{body}" if body else fate[1],
        buttons=(),
        kind=kind,
        language=her.standing.speaks,
        turn=her.standing.turn,
        place=str(her.standing.place),
        choices=0,
        parts=0,
        priority=1,
        due_at=now,
        expires_at=now + LATER,
    )
    outbox.put(hands.db, hands.house.store.sealer, her.key, draft, now)
    return True


def _source(hands: Hands) -> bytes:
    return hands.house.store.sealer.dedupe("words", hands.message.external_id, b"")
