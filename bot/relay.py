"""A member's message, from the moment it is known to be hers to what becomes of it.

`take_said` is to a member what `turn.take_turn` is to a survivor: one transaction, recognised for ever, safe when it
returns. Whose words may go where is decided here: only from whoever holds a talk, only into that talk.
"""

from datetime import datetime, timedelta

from bot.applying import Event
from bot.members import acts, letters, marks, saying, words
from bot.members.bringing import lent, meet
from bot.members.giving import Her
from bot.members.hands import AtDesk, Hands
from bot.members.letters import Note
from bot.members.masking import masked
from bot.members_roster import revoke
from bot.turn import House, Taken
from flows.model import Inbound, Say
from storage import inbound, members, relay_words, relays, topics
from storage.database import glancing, reading, writing
from storage.members import Member
from storage.relays import Relay

RESTS = 12  # hours
MOST_REST = 24 * 14


def take_said(house: House, member: Member, message: Inbound, now: datetime, desk: AtDesk | None = None) -> Taken:
    """Act on a member's message or on her act at the desk, in one transaction; a redelivery changes nothing."""
    key = house.store.key_of(member.id)
    with lent(house) as spare, writing(house.store.main) as db:
        current = members.read(db, member.id, lock=True)
        if key is None or current is None or not current.is_active:
            return Taken("answered")
        if not inbound.once(db, house.store.sealer.dedupe(message.provider, message.external_id, b"member"), now):
            return Taken("repeated")
        hands = Hands(db, house, current, key, message, spare, now, desk)
        before = relays.held_by(db, member.id)
        _answer(hands)
        changed = _changes(before, relays.held_by(db, member.id))
        if desk:
            desk.note(db)
    return Taken("answered", changed, member.id)


def join(house: House, message: Inbound, now: datetime) -> bool:
    """Somebody opened a link: whose phone it is from now on; false where the link is none of ours."""
    link, store = message.beside.link, house.store
    if not link:
        return False
    index = store.sealer.blind(message.address)
    with reading(store.main) as db:
        member_id = members.open_invitation(db, link, now)
    if member_id is None:
        return False
    key = store.key_of(member_id)
    if key is None:
        return False
    with writing(store.main) as db:
        joined = members.join(
            db, store.sealer, key, link, index=index, address=message.address, provider=message.provider,
            line=message.line, now=now,
        )  # fmt: skip
        member = members.read(db, member_id)
        if joined and member:
            letters.tell(db, store, member, Note(letters.say(member, Say(words.JOINED))), now)
            letters.tell(db, store, member, Note(letters.commands(), kind="commands"), now)
    return joined


def member_of(house: House, message: Inbound) -> Member | None:
    """The member who wrote this, if one did."""
    index = house.store.sealer.blind(message.address)
    with glancing(house.store.main) as db:  # before every message on Telegram
        return members.find(db, index)


def take_edit(house: House, message: Inbound, now: datetime) -> None:
    """A survivor changed what she wrote: where a member has read it, the member reads the new words."""
    source = house.store.sealer.dedupe("words", message.external_id, b"")
    with reading(house.store.main) as db:
        found = relay_words.of_source(db, source)
    if found is None or found.direction != "hers":
        return
    with writing(house.store.main) as db:
        her, relay = meet(db, house, found.person_id, now), relays.read(db, found.relay_id)
        member = members.read(db, found.member_id) if found.member_id else None
        if her is None or relay is None or member is None or relay.member_id != member.id or relay.state != "claimed":
            return
        relay_words.rewrite(db, house.store.sealer, her.key, found, message.text)
        shown = letters.say(member, Say(words.SHE_CHANGED, {"words": masked(message.text)}))
        note = Note(shown, hers=her.key, relay=relay, position=relays.next_position(db, relay.id))
        letters.tell(db, house.store, member, note, now)


def _answer(hands: Hands) -> None:
    beside = hands.message.beside
    if beside.is_press:
        return _press(hands)
    if beside.command and not beside.is_edit:
        return _command(hands)
    relay = _meant(hands)
    if relay is None:
        return None
    her = meet(hands.db, hands.house, relay.person_id, hands.now)
    relay = relays.read(hands.db, relay.id)
    if her is None or relay is None or relay.state != "claimed" or relay.member_id != hands.member.id:
        return hands.tell(words.STALE)
    if beside.is_edit:
        return _edit(hands, relay, her)
    return saying.say(hands, relay, her)


def _press(hands: Hands) -> None:
    """A button: believed only with our signature for this member, and acted on only while the talk is in her hands."""
    mark = marks.read(hands.message.beside.mark)
    relay = relays.of_tag(hands.db, mark.tag) if mark else None
    if mark is None or relay is None or not marks.is_genuine(hands.house.store.sealer, mark, relay, hands.member.id):
        return hands.tell(words.STALE)
    her = meet(hands.db, hands.house, relay.person_id, hands.now)
    relay = relays.read(hands.db, relay.id) or relay
    if offered := acts.OFFERED.get(mark.act):
        return offered(hands, relay, her, mark)
    held = acts.HELD.get(mark.act)
    if held is None or her is None or not _holds(hands, relay) or mark.version != relay.version:
        return hands.tell(words.STALE)
    return held(hands, relay, her, mark)


def _meant(hands: Hands) -> Relay | None:
    """The talk that her words are for: the topic's, the answered message's, or the only one she holds."""
    beside, db = hands.message.beside, hands.db
    if beside.chat:
        relay = relays.of_topic(db, beside.topic) if beside.topic else None
        if relay is None and not topics.was_ours(db, beside.chat, beside.topic):
            return None  # what members write to one another in their group
        return relay if relay and _holds(hands, relay) else hands.refuse()
    if beside.is_edit:
        word = relay_words.of_source(db, _edited(hands))
        return relays.read(db, word.relay_id) if word else None
    if beside.is_reply:
        mark = marks.read(beside.mark)
        relay = relays.of_tag(db, mark.tag) if mark else None
        is_bound = mark and relay and marks.is_genuine(hands.house.store.sealer, mark, relay, hands.member.id)
        if mark is None or relay is None or not is_bound or not _holds(hands, relay) or mark.version != relay.version:
            return hands.refuse()
        return relay
    held = relays.held_by(db, hands.member.id)
    if len(held) != 1:
        hands.tell(words.WHICH if held else words.NONE)
        return None
    return held[0]


def _holds(hands: Hands, relay: Relay) -> bool:
    return relay.state == "claimed" and relay.member_id == hands.member.id


def _edit(hands: Hands, relay: Relay, her: Her) -> None:
    word = relay_words.of_source(hands.db, _edited(hands))
    if word and word.member_id == hands.member.id:
        saying.change(hands, relay, her, word)


def _edited(hands: Hands) -> bytes:
    """The message that was changed: its edit has the same name, with the hour of the edit behind it."""
    name = hands.message.external_id.partition("@")[0]
    return hands.house.store.sealer.dedupe("words", name, b"")


def _command(hands: Hands) -> None:
    db, member, now = hands.db, hands.member, hands.now
    match hands.message.beside.command:
        case "talks":
            tags = ", ".join(relay.tag or "" for relay in relays.held_by(db, member.id))
            hands.tell(words.TALKS, tags=tags or "0")
        case "away":
            hours = _hours(hands.message.text)
            members.stay_away(db, member.id, now + timedelta(hours=hours))
            hands.tell(words.AWAY, hours=hours)
        case "here":
            members.stay_away(db, member.id, None)
            hands.tell(words.HERE)
        case "leave":
            revoke(db, member.id, now)  # nothing goes to this phone any more, not even that it was heard
        case _:
            hands.tell(words.HELP)


def _hours(text: str) -> int:
    asked = next((int(word) for word in text.split()[1:] if word.isdecimal()), RESTS)
    return max(1, min(asked, MOST_REST))


def _changes(before: list[Relay], after: list[Relay]) -> tuple[Event, ...]:
    """What happened to the talks of a member, coded: which she took, and which left her hands."""
    had, has = {relay.id: relay for relay in before}, {relay.id: relay for relay in after}
    took = [Event("relay", {"state": "claimed", "referral": has[one].referral_code}) for one in has.keys() - had.keys()]
    left = [Event("relay", {"state": "left", "referral": had[one].referral_code}) for one in had.keys() - has.keys()]
    return (*took, *left)
