"""What a turn of hers asks of the talk: her words to the member, another person, an end."""

from datetime import datetime, timedelta

from bot.members import giving, letters, marks, words
from bot.members.giving import Her
from bot.members.letters import Note
from bot.members.masking import masked
from flows.hearing import hear
from flows.model import Language, Say, Standing, T
from flows.talked import (
    AgreeNear,
    AgreeReferral,
    AnotherPerson,
    GiveHeld,
    KeepAnswer,
    KeepWords,
    Meet,
    PassOn,
    Talked,
    Withdraw,
    parted,
)
from locales import risks_in
from storage import follow_ups, members, referrals, relay_words, relays
from storage.database import Connection, Store
from storage.members import Member
from storage.people import Person
from storage.relay_words import Word
from storage.relays import Relay
from storage.seal import PersonKey

ONLY_WORDS = T("I can pass on only words.")


def do(
    db: Connection,
    store: Store,
    key: PersonKey,
    person: Person,
    standing: Standing,
    effect: Talked,
    text: str,
    source: bytes,
    now: datetime,
) -> tuple[Say, ...]:
    """Do what an effect asks; what she is to be told of it."""
    relay = relays.of_person(db, person.id)
    match effect:
        case PassOn():
            return _pass_on(db, store, key, relay, effect.text or text, None if effect.text else source, now)
        case GiveHeld() if relay:
            her = Her(key, person, standing, now)
            giving.give_held(db, store, her, relays.read(db, relay.id) or relay, now, proved=effect.proved)
        case Meet() if relay and relay.state == "claimed":
            relays.change(db, relay.id, told="met")
        case AnotherPerson() if relay:
            _ask_another(db, store, relay, now)
        case KeepWords() if relay and relay.state == "claimed":
            _pass_over(db, store, relay, now, keeps=effect.keeps, to=standing.slots.get("passed_to") or None)
        case AgreeNear() if relay:
            ring_at = now if effect.agrees else now + timedelta(minutes=10)
            relays.change(db, relay.id, near_agreed=effect.agrees, ring=0, ring_at=ring_at)
        case KeepAnswer():
            follow_ups.answer(db, person.id, effect.answer, now)
        case Withdraw():
            referrals.withdraw(db, person.id, now)
            follow_ups.drop_of(db, person.id)
            end(db, store, person.id, "withdrawn", now)
        case AgreeReferral() if relay:
            _agree(db, store, relay, standing, person, now, agrees=effect.agrees)
    return ()


def left(db: Connection, store: Store, person_id: str, now: datetime) -> None:
    """She wrote `00`: the member learns that she had to go, and what is not read yet waits."""
    relay = relays.of_person(db, person_id)
    if relay and relay.state == "claimed":
        relays.note(db, relay.id, "left", "survivor", now)
        letters.tell_of(db, store, relay.member_id, relay, words.SHE_LEFT, now)


def end(db: Connection, store: Store, person_id: str, outcome: str, now: datetime, by: str = "survivor") -> None:
    """She ends it: by STOP, by forgetting, or by taking back what she asked for; `by` is who wrote it down."""
    relay = relays.of_person(db, person_id)
    if relay is None or not relays.close(db, relay, outcome, now):
        return
    relay_words.drop(db, relay.id)
    relays.note(db, relay.id, "closed", by, now, outcome)
    if relay.state == "claimed":
        letters.tell_of(db, store, relay.member_id, relay, words.ENDED.get(outcome, words.SHE_STOPPED), now)


def release(
    db: Connection, relay: Relay, now: datetime, *, why: str, by: str, keeps: bool, to: str | None = None
) -> bool:
    """Out of a member's hands and back into the line, for this collective first; false if it had left them."""
    detail = " ".join(filter(None, ("keeps" if keeps else "drops", to)))
    if not relays.release(db, relay, now, offer="passed", why=why, by=by, detail=detail, keeps=keeps, to=to):
        return False
    relay_words.drop(db, relay.id)
    return True


def pass_word(db: Connection, store: Store, key: PersonKey, relay: Relay, member: Member, word: Word, text: str,
              now: datetime, *, before: bool = False) -> None:  # fmt: skip
    """Put one message of hers on its way to a member: behind a cover where it is heavy, without what must not cross."""
    said, media = parted(text)
    shown = masked(said)
    if before:
        shown = letters.say(member, Say(words.BEFORE, {"words": shown}))
    buttons = [(marks.make(store.sealer, relay, member.id, "menu"), letters.say(member, Say(words.MENU)))]
    if is_heavy(said) or media:  # nobody knows what a picture shows before it is opened
        shown = letters.say(member, Say(words.HEAVY, {"tag": relay.tag or ""}))
        opens = marks.make(store.sealer, relay, member.id, "open", str(word.position))
        buttons.insert(0, (opens, letters.say(member, Say(words.OPEN_IT))))
    note = Note(shown, buttons, key, relay, relays.next_position(db, relay.id) if before else word.position)
    outbox_id = letters.tell(db, store, member, note, now)
    if outbox_id:
        relay_words.mark(db, word.id, "put", outbox_id=outbox_id)


def is_heavy(text: str) -> bool:
    """Whether a member should choose the moment to read it."""
    heard = hear(text)
    is_danger = heard.danger is not None and heard.sure
    return is_danger or any(risks_in(text, language) for language in Language)


def _pass_on(
    db: Connection, store: Store, key: PersonKey, relay: Relay | None, text: str, source: bytes | None, now: datetime
) -> tuple[Say, ...]:
    if relay is None or relay.state != "claimed" or relay.member_id is None:
        return ()
    if not text.strip():
        return ()
    word_id = relay_words.keep(
        db,
        store.sealer,
        key,
        relay_id=relay.id,
        member_id=relay.member_id,
        direction="hers",
        position=relays.next_position(db, relay.id),
        state="put",
        text=text,
        now=now,
        source=source,
    )
    member, word = members.read(db, relay.member_id), relay_words.read(db, word_id)
    if member and word:
        pass_word(db, store, key, relay, member, word, text, now)
    return ()


def _ask_another(db: Connection, store: Store, relay: Relay, now: datetime) -> None:
    if relay.state != "claimed" or not relays.release(db, relay, now, offer="refused", why="another", by="survivor"):
        return
    relay_words.drop(db, relay.id)
    relay_words.forget_unread(db, relay.id)
    letters.tell_of(db, store, relay.member_id, relay, words.SHE_WANTS_ANOTHER, now)


def _pass_over(db: Connection, store: Store, relay: Relay, now: datetime, *, keeps: bool, to: str | None) -> None:
    """Her answer to a member who wants to pass the talk on: only now does it change hands."""
    by = relay.member_id
    if by and release(db, relay, now, why="transferred", by=by, keeps=keeps, to=to):
        letters.tell_of(db, store, by, relay, words.KEEPS if keeps else words.KEEPS_NOT, now)


def _agree(
    db: Connection, store: Store, relay: Relay, standing: Standing, person: Person, now: datetime, *, agrees: bool
) -> None:
    kind = standing.slots.get("refers")
    if not agrees or kind is None:
        relays.note(db, relay.id, "not referred", "survivor", now)
        letters.tell_of(db, store, relay.member_id, relay, words.REFUSED, now)
        return
    referral, is_new = referrals.open_one(
        db,
        kind=kind,
        person_id=person.id,
        district=standing.slots.get("district"),
        language=standing.speaks,
        channel=standing.channel,
        now=now,
    )
    relays.note(db, relay.id, "referred" if is_new else "referred before", "survivor", now, referral.code)
    letters.tell_of(db, store, relay.member_id, relay, words.AGREED if is_new else words.ALREADY, now)
