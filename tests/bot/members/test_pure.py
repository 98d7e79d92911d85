"""The pure parts of the talk: what is left out, who is asked, and which marks are believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.members import choosing, marks
from bot.members.choosing import Asked, Ring, Roster
from bot.members.masking import masked
from bot.turn import moment_at
from flows.model import Channel, Language, Place, Said, Standing
from flows.talked import AnotherPerson, PassOn
from flows.talking import CODE, OPEN
from flows.vocabulary import Ask
from storage.members import Member, Post
from storage.relays import Relay
from storage.seal import Sealer
from tests.bot.members.lane import post
from tests.flows.replay import DUTY, ENGINE, NOON
from tests.storage.builders import MASTER_KEY, NOW

SEALER = Sealer(MASTER_KEY, memory_kib=8, passes=1)
MONDAY = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # half past nine in India
ASKED = Asked("north_24_parganas", None, "bn_Latn", "counselling", near_agreed=False)


def member(given_post: Post, label: str = "m", away_until: datetime | None = None) -> Member:
    """A member who has joined."""
    return Member(label, given_post, "telegram", "bot", None, None, away_until, NOW, None, None)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("call +91 98765 43210 now", "call ... now"),
        ("৯৮৭৬৫৪৩২১০ এ ফোন", "... এ ফোন"),
        ("९८७६५ ४३२१०", "..."),
        ("I am @rina_das, or t.me/rina_das", "I am ..., or ..."),
        ("write to https://wa.me/919876543210", "write to ..."),
        ("my number is 4729 8106", "my number is ..."),
        ("call 1098 or 112, before 30 June 2026, Rs 1,00,000", "call 1098 or 112, before 30 June 2026, Rs 1,00,000"),
        ("rina@example.org", "rina@example.org"),
    ],
)
def test_numbers_and_accounts_are_left_out_and_all_else_stays(said: str, read: str) -> None:
    """In any of the three scripts, however grouped; helplines, years and amounts are no phone numbers."""
    assert masked(said) == read


@pytest.mark.parametrize(
    ("who", "is_asked"),
    [
        (post("a"), True),
        (post("a", languages=("hi",)), False),
        (post("a", needs=("legal_aid",)), False),
        (post("a", districts=("nadia",)), False),
        (post("a", home="north_24_parganas", block="basirhat"), False),
        (post("a", home=None, block=None), True),
        (post("a", duty={"mon": (("10:00", "12:00"),)}), False),
        (post("a", duty={"mon": (("06:00", "07:00"), ("09:30", "09:31"))}), True),
        (post("a", holidays=("2026-03-02",)), False),
        (post("a", capacity=1), False),
    ],
)
def test_who_is_asked_in_the_first_ring(who: Post, *, is_asked: bool) -> None:
    """By language, need, district, block, spans of duty, holidays and load."""
    assert bool(choosing.choose(ASKED, Roster([member(who)], {"m": 1}, {}), Ring.COLLECTIVE, MONDAY)) is is_asked


@pytest.mark.parametrize(
    ("who", "asked", "first"),
    [
        (post("a"), ASKED, 0),
        (post("a", districts=("kolkata",), collective="hers"), ASKED, 0),
        (post("a", districts=("nadia",)), ASKED, 1),
        (post("a", districts=("purulia",), collective="next"), ASKED, 1),
        (post("a", districts=("purulia",)), ASKED, 2),
        (post("a", districts=("purulia",)), replace(ASKED, district=None), 0),
        (post("a", districts=("purulia",), collective="far"), replace(ASKED, collective="far"), 0),
        (post("a"), replace(ASKED, collective="far"), 1),
    ],
)
def test_in_which_ring_somebody_is_first_asked(who: Post, asked: Asked, first: int) -> None:
    """Her district's collectives, or the one it was passed to; the neighbours'; everybody."""
    works = {"hers": ("north_24_parganas", "kolkata"), "next": ("howrah",), "far": ("darjeeling",)}
    roster = Roster([member(who)], {}, works)
    assert [bool(choosing.choose(asked, roster, ring, MONDAY)) for ring in Ring] == [ring >= first for ring in Ring]


def test_another_block_of_her_district_is_asked_only_where_both_are_known() -> None:
    """Her block is what she wrote for her district; it is never asked for."""
    near = member(post("a", home="north_24_parganas", block="bongaon"))
    known = Asked("north_24_parganas", "basirhat", "bn", None, near_agreed=False)
    assert not choosing.is_known_person(known, near)
    assert choosing.is_known_person(ASKED, near)


@given(st.integers(0, 60 * 24 * 30))
def test_the_next_hour_of_duty_is_one(minutes: int) -> None:
    """Whenever it is asked, what is told is on duty, and nothing before it is."""
    who = member(post("a", duty={"tue": (("10:00", "12:00"), ("16:00", "18:30")), "sat": (("22:00", "24:00"),)}))
    now = MONDAY + timedelta(minutes=minutes)
    opens = choosing.next_duty(who, now)
    assert opens is not None
    assert choosing.is_on_duty(who, opens)
    assert opens == now or not choosing.is_on_duty(who, opens - timedelta(minutes=1))


def test_a_mark_is_believed_for_one_member_and_one_pair_of_hands() -> None:
    """Another member, another version or one wrong letter: none of it is genuine; and it fits a button."""
    talk = Relay(
        "r" * 32, None, "p", None, "m", "claimed", NOW, NOW, None, 1, "ABC234", "bn", "sms", 0, None, 3, 0, None, None,
        None, None, None, None,
    )  # fmt: skip
    made = marks.make(SEALER, talk, "m", "close", "unreachable")
    assert len(made) <= 64
    mark = marks.read(made)
    assert mark
    assert (mark.act, mark.about, mark.version) == ("close", "unreachable", 3)
    assert marks.is_genuine(SEALER, mark, talk, "m")
    assert not marks.is_genuine(SEALER, mark, talk, "n")
    for wrong in (made.replace(":3:", ":4:"), made[:-1] + ("a" if made[-1] != "a" else "b")):
        read = marks.read(wrong)
        assert read
        assert not marks.is_genuine(SEALER, read, talk, "m")


@given(st.text())
def test_strange_marks_are_none(text: str) -> None:
    """Whatever a stranger sends in the place of a mark, nothing breaks."""
    assert marks.read(text) is None


@pytest.mark.parametrize("place", [place for place in ENGINE.paths.steps if place.flow == "talk"], ids=str)
def test_in_a_talk_a_number_answers_only_what_was_asked(place: Place) -> None:
    """At a question of Sathi's own a number answers it; anywhere else it goes to the member, and never does both."""
    step = ENGINE.paths.steps[place]
    for digit in ("1", "২", "३", "4", "7"):
        standing = Standing(place, Channel.SMS, Language.EN, covered=False, slots={"refers": "legal_aid"}, turn=3)
        moment = moment_at(DUTY, NOON)
        turn = ENGINE.advance(standing, Said(digit, talking="met", has_code=True), moment)
        passed = any(isinstance(effect, PassOn) for effect in turn.effects)
        answers = isinstance(step, Ask) and len(step.choices) >= int(digit)
        if place == CODE:
            assert not passed
        else:
            assert passed is not answers
        assert turn.standing.place == OPEN or answers or place == CODE


def test_words_that_are_heard_as_leaving_reach_the_member_too() -> None:
    """The cover is put back at once, and nothing that she wrote is lost by it."""
    standing = Standing(OPEN, Channel.SMS, Language.EN, covered=False, turn=3)
    for text, passed in (("ami ekhon jai", True), ("00", False)):
        turn = ENGINE.advance(standing, Said(text, talking="met", has_code=True), moment_at(DUTY, NOON))
        assert turn.standing.covered
        assert any(isinstance(effect, PassOn) for effect in turn.effects) is passed


@pytest.mark.parametrize("text", ["00", "STOP", "forget me", "he is going to kill me tonight", "9"])
def test_what_always_works_works_in_every_step_of_a_talk(text: str) -> None:
    """Leaving, stopping, forgetting, danger and another person are heard wherever she stands."""
    leads_to = {"00": "cover", "STOP": "", "forget me": "forget", "9": "talk"}
    for place in (place for place in ENGINE.paths.steps if place.flow == "talk"):
        standing = Standing(place, Channel.SMS, Language.EN, covered=False, slots={"refers": "legal_aid"}, turn=3)
        turn = ENGINE.advance(standing, Said(text, talking="met", has_code=True), moment_at(DUTY, NOON))
        flow = leads_to.get(text, "safety")
        assert turn.standing.opted_out if text == "STOP" else turn.standing.place.flow == flow
        if text == "9":
            assert any(isinstance(effect, AnotherPerson) for effect in turn.effects)
        if flow == "safety":
            assert any(isinstance(effect, PassOn) for effect in turn.effects)
