"""P3: her messages in order; no number counts for a question she was not shown; a bad message blocks nothing."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.turn import moment_at, moment_of
from flows import engine, review
from flows.engine import Engine, leads, newcomer
from flows.model import Channel, Effect, Moment, Offer, Place, Said, Standing, Turn
from flows.vocabulary import Collect, Connect, Refer, Tell
from storage.database import Store
from tests.bot.safety.town import TALK, Town, address
from tests.flows.replay import DUTY, ENGINE, NOON

STEPS = 20_000
REAL_STEPS = 300
HER = address(1)
DIGITS = {digit: (digit, chr(0x09E6 + int(digit)), chr(0x0966 + int(digit))) for digit in "0123456789"}
COVER = frozenset(place for place in ENGINE.paths.steps if place.flow == "cover")
LIFTED = frozenset({Place("menu", "list"), Place("entitlements", "fact"), Place("entitlements", "meant")})
SAID = (
    *TALK, "00", "qzx", "qzx qzx qzx qzx qzx", "", "help", "back", "again", "language", "hindi", "my request",
    "12345678", "forget me", "STOP", "START", "please dont send so many", "ar bachte ichche kore na",
    "i cant go on like this",
    "should my 14 year old sister marry is it a crime",
    "help they are breaking the door", "amar bon 14 oke kal niye jabe", "কলকাতা", "ration card kaise banega", "yes", "no",
    "skip", "হ্যাঁ", "नहीं", "barasat",
    *(text for texts in review.WORDS.values() for text in texts),
)  # fmt: skip


@dataclass(slots=True)
class Walker:
    """Somebody on her way, and what her phone last showed her."""

    standing: Standing
    seen: Mapping[str, str] = field(default_factory=dict)  # the numbers shown at the step where she stands

    def go(self, turn: Turn) -> None:
        """Read what a turn says and stand where it leads."""
        shown = choices_in(turn.effects)
        if turn.standing.place != self.standing.place or shown:
            self.seen = shown
        self.standing = turn.standing


def choices_in(effects: tuple[Effect, ...]) -> Mapping[str, str]:
    """The numbered choices that a turn shows: the stable name of each key."""
    offers = [effect for effect in effects if isinstance(effect, Offer)]
    return {one.key: one.name for offer in offers for one in offer.choices}


def rests(place: Place) -> Iterator[Place]:
    """Where one can come to rest who is led to a place, by the flows as they are written."""
    step = ENGINE.paths.steps[place]
    passed = isinstance(step, Refer | Connect) or (isinstance(step, Tell) and step.then is not None)
    if not passed:
        yield place
    if passed or (isinstance(step, Collect) and step.unless):
        for trigger, goto in leads(place, step):
            if trigger in ("then", "collected"):
                yield from rests(goto)


# menu.failed is said by chores; where a member or Sathi itself leads her is walked in tests/bot/members
RESTING = len({rest for place in ENGINE.paths.steps if place.flow != "talk" for rest in rests(place)}) - 1


def allowed(walker: Walker, digit: str, *, cold: bool) -> frozenset[Place]:
    """Where a number may lead: what was shown under it at the step she last saw, else nowhere."""
    standing, name = walker.standing, walker.seen.get(digit)
    found = {standing.place} if not standing.covered else set(COVER)
    if cold and standing.channel is Channel.SMS and standing.place not in COVER:
        return COVER
    if name is None:
        return frozenset(found)
    if standing.place in COVER:
        found |= LIFTED
    for trigger, goto in leads(standing.place, ENGINE.paths.steps[standing.place]):
        if trigger in (f"choose {name}", "choose listed", "collected"):
            found |= set(rests(goto))
    return frozenset(found)


def is_jump(walker: Walker, digit: str, turn: Turn, *, cold: bool) -> bool:
    """Whether a number led somewhere else, or to another fact than the one that stood beside it."""
    if turn.standing.place not in allowed(walker, digit, cold=cold):
        return True
    listed = walker.standing.place in (Place("entitlements", "facts"), Place("entitlements", "meant"))
    led = listed and not walker.standing.covered and turn.standing.place == Place("entitlements", "fact")
    return led and turn.standing.slots["fact"] != walker.seen.get(digit)


def next_said(chance: random.Random) -> tuple[str, str | None]:
    """What she writes next, and which number it is."""
    if chance.random() < 0.6:
        digit = chance.choice("1112223456789")
        return chance.choice(DIGITS[digit]), digit
    return chance.choice(SAID), None


def next_moment(chance: random.Random) -> Moment:
    """When she writes next: sometimes after a pause, sometimes at night."""
    moment = moment_at(DUTY, NOON + timedelta(hours=chance.choice((0, 0, 0, 14))))
    return replace(moment, cold=chance.random() < 0.02)


def walk(advance: Callable[[Standing, Said, Moment], Turn], steps: int, seed: int = 7) -> tuple[int, int]:
    """Random steps; how many numbers jumped, and how many steps were seen on the way."""
    chance, jumps, places = random.Random(seed), 0, set[Place]()
    walker = Walker(newcomer(Channel.SMS))
    for number in range(steps):
        if number % 40 == 0:
            walker = Walker(newcomer(chance.choice(list(Channel))))
        (text, digit), moment = next_said(chance), next_moment(chance)
        proved = chance.random() < 0.5 if text == "12345678" else None
        turn = advance(walker.standing, Said(text, code_is_hers=proved), moment)
        if digit and digit < "8" and not walker.standing.opted_out:
            jumps += is_jump(walker, digit, turn, cold=moment.cold)
        walker.go(turn)
        places.add(turn.standing.place)
    return jumps, len(places)


def test_no_number_counts_for_a_question_she_was_not_shown(proof: Callable[[str], None]) -> None:
    """Twenty thousand random steps: every one is answered, and every number leads where it was shown to lead."""
    jumps, places = walk(ENGINE.advance, STEPS)
    proof(f"P3 steps={STEPS} jumps={jumps} places={places}")
    assert jumps == 0
    assert places >= 0.8 * RESTING


def test_sabotage_a_late_number_is_found(proof: Callable[[str], None]) -> None:
    """Where a number answers the question before the last one, the same walk finds it."""
    before: list[Standing] = []

    def late(standing: Standing, said: Said, moment: Moment) -> Turn:
        stood = before[-1] if before and said.text in DIGITS and not standing.covered else standing
        before.append(standing)
        return ENGINE.advance(stood, said, moment)

    jumps, _ = walk(late, 2_000)
    proof(f"sabotage P3 late numbers caught: jumps={jumps}")
    assert jumps > 0


def test_the_real_path_stands_where_the_engine_does(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """Random steps on each database: taken, stored and read again, she stands where the engine alone does."""
    town, chance = Town(store, tmp_path), random.Random(3)
    walker, apart, jumps = Walker(newcomer(Channel.SMS)), 0, 0
    for _ in range(REAL_STEPS):
        text, digit = next_said(chance)
        if "forget" in walker.standing.place.flow or text == "12345678":
            text, digit = "0", None
        town.pass_time(
            timedelta(seconds=chance.choice((5, 20, 60, 2_000))) if chance.random() < 0.1 else timedelta(5e-5)
        )
        seen_at = town.person(HER).last_at if town.written else town.clock()
        moment = moment_of(town.house, seen_at, town.clock())
        turn = ENGINE.advance(walker.standing, Said(text), moment)
        assert town.take(HER, text).outcome == "answered"
        town.deliver()
        apart += town.place(HER) != turn.standing.place
        jumps += bool(digit and digit < "8" and is_jump(walker, digit, turn, cold=moment.cold))
        walker.go(replace(turn, standing=replace(turn.standing, question=None)) if moment.cold else turn)
    proof(f"P3 {store.main.dialect.name}: steps={REAL_STEPS} apart={apart} jumps={jumps}")
    assert (apart, jumps) == (0, 0)


def test_a_bad_message_does_not_block_the_next(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]
) -> None:
    """Of many, each of whom writes what breaks a turn, the next message is answered within two seconds."""
    town, real, slowest = Town(store, tmp_path), Engine.advance, 0.0

    def breaks(engine: Engine, standing: Standing, said: Said, moment: Moment) -> Turn:
        if said.text == "bad":
            raise RuntimeError("a bug")
        return real(engine, standing, said, moment)

    monkeypatch.setattr(Engine, "advance", breaks)
    for number in range(20):
        assert town.take(address(number), "bad").outcome == "kept"
        begun = time.monotonic()
        answered = town.write(address(number), "namaskar amar taka lagbe")
        slowest = max(slowest, time.monotonic() - begun)
        assert answered
    proof(f"P3 {store.main.dialect.name}: bad=20 blocked=0 slowest_next={slowest:.2f}s")
    assert slowest < 2


def agreed_unread(town: Town, whom: str) -> int:
    """How many questions are answered by a `1` that is sent again and again while nothing arrives."""
    town.write(whom, *TALK[:3])  # the question of her age was read
    town.carrier.is_away = lambda: True
    passed = set()
    for _ in range(5):
        town.take(whom, "1")
        town.deliver(2)
        passed.add(town.place(whom))
        town.pass_time(timedelta(minutes=4))
    town.carrier.is_away = lambda: False
    return len(passed) - 1


def test_a_number_sent_again_agrees_to_nothing_that_never_arrived(
    store: Store, tmp_path: Path, proof: Callable[[str], None]
) -> None:
    """While the provider is away her `1` answers the question she read, and no other; then the next one comes."""
    town = Town(store, tmp_path)
    unread = agreed_unread(town, HER)
    stands = town.place(HER)
    town.pass_time(timedelta(minutes=5))
    town.deliver()
    proof(f"P3 {store.main.dialect.name}: sent again=5 answered unread={unread}")
    assert unread == 0
    assert town.write(HER, "1")
    assert (stands, town.place(HER)) == (Place("counselling", "limit"), Place("counselling", "district"))


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_sabotage_an_unread_question_that_is_answered_is_found(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]
) -> None:
    """Where it is not looked at whether the question left us, the same count finds it."""
    monkeypatch.setattr(engine, "RULES", tuple(one for one in engine.RULES if one.__name__ != "unread"))
    unread = agreed_unread(Town(store, tmp_path), HER)
    proof(f"sabotage P3 unread questions caught: {unread}")
    assert unread > 0
