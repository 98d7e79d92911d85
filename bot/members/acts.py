"""What a member can do with a talk by its buttons; each act is bound to the hands that held it when it was offered."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.members import choosing, closing, hers, passing, rings, saying, words
from bot.members.bringing import bring, is_there
from bot.members.giving import Her
from bot.members.hands import Hands
from bot.members.marks import Mark
from bot.telling import WHAT
from bot.wording import translate
from flows.model import Channel, Place
from flows.talking import MET, MET_AGAIN
from storage import alerts, members, outbox, referrals, relay_reading, relay_words, relays, return_codes
from storage.relays import Relay

REFER = Place("talk", "refer")


def take(hands: Hands, relay: Relay, her: Her | None, mark: Mark) -> None:
    """Claim a waiting talk: of any number of members exactly one is told that it is hers."""
    db, member, now = hands.db, hands.member, hands.now
    offered = relays.offered(db, relay.id).get(member.id) == "offered"
    if her is None or not offered or relay.state != "waiting" or mark.version != relay.version:
        return hands.tell(words.TOO_LATE)
    if members.loads(db, [member.id]).get(member.id, 0) >= member.post.capacity:
        return hands.tell(words.FULL)
    asked = rings.asked_of(db, relay, her)
    if not choosing.is_on_duty(member, now) or choosing.is_known_person(asked, member):
        return hands.tell(words.NOT_NOW)
    if not relays.claim(db, relay.id, member.id, relay.version, now):
        return hands.tell(words.TOO_LATE)
    _begin(hands, relays.read(db, relay.id) or relay, her)
    return None


def pass_by(hands: Hands, relay: Relay, _her: Her | None, _mark: Mark) -> None:
    """Not now: others are asked, and she is not asked again for this talk."""
    relays.mark_offer(hands.db, relay.id, hands.member.id, "passed", hands.now)
    relays.note(hands.db, relay.id, "passed", hands.member.id, hands.now)
    if "offered" not in relays.offered(hands.db, relay.id).values() and relay.state == "waiting":
        relays.change(hands.db, relay.id, ring_at=hands.now)
    hands.tell(words.PASSED)


def menu(hands: Hands, relay: Relay, _her: Her, _mark: Mark) -> None:
    """All that can be done with a talk."""
    acts = (
        ("ready", words.CANNED), ("note", words.NOTE), ("refer", words.REFER), ("undo", words.UNDO),
        ("over", words.PASS_ON), ("back", words.GIVE_BACK), ("close", words.CLOSE),
    )  # fmt: skip
    hands.tell(words.MENU_OF, relay, [hands.button(relay, act, label) for act, label in acts])


def close(hands: Hands, relay: Relay, her: Her, mark: Mark) -> None:
    """Ask how it ended, and close it so."""
    if mark.about not in words.OUTCOMES:
        buttons = [hands.button(relay, "close", label, name) for name, label in words.OUTCOMES.items()]
        return hands.tell(words.HOW_CLOSED, relay, buttons)
    closing.close(hands.db, hands.house, relay, mark.about, hands.bringing(her), hands.now)
    hands.tell(words.CLOSED, relay)
    return None


def give_back(hands: Hands, relay: Relay, her: Her, _mark: Mark) -> None:
    """Back into the line at once; what she wrote before goes to nobody, what nobody has read goes with her."""
    passing.release(hands, relay, her, "released")
    hands.tell(words.RELEASED, relay)


def note(hands: Hands, relay: Relay, _her: Her, _mark: Mark) -> None:
    """What she writes next is a note."""
    begun = {"do": "note", "tag": relay.tag, "version": relay.version}
    members.keep_pending(hands.db, hands.house.store.sealer, hands.key, json.dumps(begun))
    hands.tell(words.WRITE_NOTE, relay)


def ready(hands: Hands, relay: Relay, her: Her, mark: Mark) -> None:
    """Words that are ready: shown in the member's language, sent in hers."""
    if mark.about in words.READY:
        return saying.give(hands, relay, her, translate(words.READY[mark.about], her.standing.speaks))
    buttons = [hands.button(relay, "ready", label, name) for name, label in words.READY.items()]
    return hands.tell(words.MENU_OF, relay, buttons)


def refer(hands: Hands, relay: Relay, her: Her, mark: Mark) -> None:
    """Ask her whether somebody else may be asked to help her; nothing is written down before she agrees."""
    if mark.about not in WHAT:
        kinds = [(kind, label) for kind, label in WHAT.items() if kind not in ("collective", "emergency")]
        return hands.tell(words.WHICH_REFERRAL, relay, [hands.button(relay, "refer", what, k) for k, what in kinds])
    if any(one.kind == mark.about and one.state in referrals.OPEN for one in _referrals(hands, her)):
        return hands.tell(words.ALREADY, relay)
    asked = bring(hands.db, hands.bringing(her), REFER, refers=mark.about)
    return hands.tell(words.ASKED_HER if asked else words.CANNOT_ASK, relay)


def undo(hands: Hands, relay: Relay, her: Her, _mark: Mark) -> None:
    """Take back what she said last: what waits is not sent, and on Telegram what was sent is deleted."""
    db = hands.db
    word = relay_words.last_of(db, relay.id, hands.member.id)
    if word is None:
        return hands.tell(words.NOT_TAKEN_BACK, relay)
    is_back = word.state == "held" or (word.outbox_id is not None and outbox.cancel(db, word.outbox_id))
    if not is_back and her.person.channel is Channel.TELEGRAM and word.outbox_id:
        is_back = saying.remove(hands, her, word.outbox_id)
    if is_back:
        relay_words.mark(db, word.id, "dropped")
    return hands.tell(words.TAKEN_BACK if is_back else words.NOT_TAKEN_BACK, relay)


def open_heavy(hands: Hands, relay: Relay, her: Her, mark: Mark) -> None:
    """Show a heavy message, now that she is ready for it."""
    word = relay_words.at_position(hands.db, relay.id, int(mark.about)) if mark.about.isdecimal() else None
    if word:
        saying.show(hands, relay, her, word)


def send(hands: Hands, relay: Relay, her: Her, mark: Mark) -> None:
    """Send the long message whose cost she has seen; or not."""
    begun = saying.begun(hands, "send", relay)
    members.keep_pending(hands.db, hands.house.store.sealer, hands.key, None)
    if begun is None or mark.about == "no":
        return hands.tell(words.DROPPED, relay)
    return saying.give(hands, relay, her, begun["text"], bytes.fromhex(begun["source"]))


Act = Callable[[Hands, Relay, Her, Mark], None]
OFFERED: Mapping[str, Callable[[Hands, Relay, Her | None, Mark], None]] = {"take": take, "pass": pass_by}
HELD: Mapping[str, Act] = {
    "menu": menu,
    "close": close,
    "back": give_back,
    "over": passing.pass_over,
    "note": note,
    "ready": ready,
    "refer": refer,
    "undo": undo,
    "open": open_heavy,
    "send": send,
}


def _begin(hands: Hands, relay: Relay, her: Her) -> None:
    """The talk is hers: the log, the alerts, the survivor and the member learn it, and unread words come to her."""
    db, house, now = hands.db, hands.house, hands.now
    relays.mark_offer(db, relay.id, hands.member.id, "took", now)
    relay = replace(relay, topic_chat=house.members_group or None)
    collective = hands.member.post.collective
    relays.change(db, relay.id, told=None, collective=collective, topic_chat=relay.topic_chat)
    relays.note(db, relay.id, "claimed", hands.member.id, now)
    if relay.referral_code:
        referrals.change(db, relay.referral_code, "accepted", None, "member", now)
        referrals.give_to(db, relay.referral_code, hands.member.post.collective)
        alerts.answered(db, relay.referral_code, now)
    hands.tell(words.TAKEN, relay, [hands.menu_button(relay)])
    for noted in relay_words.notes(db, relay.id):
        saying.show(hands, relay, her, noted)
    before = relay_words.said_before(db, relay.id) if relay.keeps_words else relay_words.unread(db, relay.id)
    relay_reading.hand_over(db, before, hands.member.id, keeps=bool(relay.keeps_words))
    for word in before:
        text = relay_words.text_of(house.store.sealer, her.key, word)
        hers.pass_word(db, house.store, her.key, relay, hands.member, word, text, now, before=True)
    place = MET_AGAIN if return_codes.has_code(db, her.person.id) else MET
    if is_there(her, now):
        bring(db, hands.bringing(her), place)


def _referrals(hands: Hands, her: Her) -> list[referrals.Referral]:
    return referrals.of_person(hands.db, her.person.id)
