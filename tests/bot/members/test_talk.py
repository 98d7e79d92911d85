"""The live talk: one member claims, the two write, neither sees the other, and it ends with an outcome."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import members_roster
from bot.members import words
from storage import referrals, relay_words, relays
from storage.database import Store, reading, writing
from tests.bot.members.lane import ASKS, CODE, HER, Lane, Phone

SECOND = "sms:+915550000002"


@pytest.fixture
def lane(store: Store, tmp_path: Path) -> Lane:
    """A lane at half past two in India, on a Monday."""
    return Lane(store, tmp_path)


def claimed(lane: Lane) -> tuple[Lane, Phone]:
    """A talk between the first survivor and the first member."""
    rina = lane.member("north-1", 1)
    lane.write(HER, *ASKS)
    lane.wait(timedelta(seconds=1))
    rina.press("I take it")
    return lane, rina


def test_a_survivor_is_offered_claimed_and_talked_with(lane: Lane) -> None:
    """From 9 to the outcome: the offer holds nothing of hers, and words travel both ways."""
    rina, mina = lane.member("north-1", 1), lane.member("north-2", 2)
    assert lane.write(HER, *ASKS)
    lane.wait(timedelta(seconds=1))
    relay = lane.relay()
    assert rina.last == f"Somebody waits for a person. English. Code {relay.tag}."
    assert mina.last == rina.last
    rina.press("I take it")
    assert rina.last.startswith(f"Talk {relay.tag} is yours.")
    assert lane.read_by(HER)[-1].startswith("A person is here and reads what you write.")
    mina.press("I take it")
    assert mina.last == words.TOO_LATE.text
    lane.write(HER, "the office gave me a form")
    assert rina.last == "the office gave me a form"
    rina.write("I read it. Does the paper have a date on it?")
    assert lane.read_by(HER)[-1] == "Didi: I read it. Does the paper have a date on it?"
    lane.write(HER, "2")
    assert rina.last == "2"
    rina.press("What to do")
    rina.press("Close")
    rina.press("She was helped")
    assert rina.last == f"Talk {relay.tag} is closed. Thank you."
    assert lane.read_by(HER)[-1].startswith("The person has closed this talk. May we write to you first?")
    with reading(lane.store.main) as db:
        (log,) = [one for one in referrals.of_person(db, lane.person(HER).id) if one.kind == "counselling"]
        told = [one.what for one in relays.happened(db, relay.id)]
    assert (log.state, log.outcome) == ("done", "helped")
    assert told == ["claimed", "said", "closed"]


def test_what_she_can_always_do_works_in_a_talk(lane: Lane) -> None:
    """Danger reaches the safety step and the member; 00 covers; 9 brings another person; STOP ends it."""
    _, rina = claimed(lane)
    assert "112" in lane.write(HER, "he is going to kill me tonight")
    assert rina.last.startswith(f"Talk {lane.relay().tag}: a heavy message.")
    rina.press("Open it")
    assert rina.last == "he is going to kill me tonight"
    lane.write(HER, "1")
    lane.write(HER, "00")
    assert "she had to leave" in rina.last
    rina.write("are you well?")
    assert rina.last == words.HELD.text
    assert "Didi" not in lane.read_by(HER)[-1]
    assert "person wrote to you" in lane.write(HER, "hello", "1")
    code = next(found[0].replace(" ", "") for text in lane.read_by(HER) if (found := CODE.search(text)))
    assert "Didi: are you well?" in lane.write(HER, code)
    mina = lane.member("north-2", 2)
    assert "another person" in lane.write(HER, "9")
    assert "asked for another person" in rina.last
    lane.wait(timedelta(seconds=1))
    mina.press("I take it")
    assert "hello" not in "".join(mina.reads)
    rina.write("still me")
    assert rina.last == words.NONE.text
    lane.write(HER, "STOP")
    assert "no more messages" in mina.last


def test_words_in_a_wrong_place_go_nowhere(lane: Lane) -> None:
    """An answer to a closed, released or forged mark is refused kindly and sent nowhere."""
    _, rina = claimed(lane)
    mark = rina.button("What to do")
    lane.write(SECOND, *ASKS)
    lane.wait(timedelta(seconds=1))
    rina.press("I take it")
    before = len(lane.carrier.took)
    rina.write("which of you?")
    assert rina.last == words.WHICH.text
    rina.write("for the first", to=mark)
    assert lane.read_by(HER)[-1] == "Didi: for the first"
    rina.write("forged", to=mark[:-1] + ("a" if mark[-1] != "a" else "b"))
    assert rina.last == words.STALE.text
    rina.press("", mark=mark.replace("m:menu", "m:back"))
    rina.write("too late", to=mark)
    assert rina.last == words.STALE.text
    assert [one.text for _, one in lane.carrier.took[before:] if "Didi" in one.text] == ["Didi: for the first"]


def test_long_words_show_their_cost_first(lane: Lane) -> None:
    """More than three parts are sent only when the member has seen the cost, in messages cut at letters."""
    _, rina = claimed(lane)
    text = "আপনি ঠিক করেছেন। " * 20
    rina.write(text)
    assert rina.last.startswith("This takes ")
    before = len(lane.carrier.took)
    rina.press("Send")
    sent = [one.text for _, one in lane.carrier.took[before:]]
    assert len(sent) > 1
    assert " ".join(one.removeprefix("Didi: ") for one in sent).split() == text.split()
    rina.write(text)
    rina.press("Do not send")
    assert rina.last == words.DROPPED.text
    assert len(lane.carrier.took) == before + len(sent)


def test_what_is_revoked_reads_and_says_nothing(lane: Lane) -> None:
    """A lost phone: its talk waits again, and what it writes is a stranger's."""
    _, rina = claimed(lane)
    with writing(lane.store.main) as db:
        members_roster.revoke_label(db, "north-1", lane.clock())
    lane.write(HER, "are you there")
    rina.write("yes")
    assert lane.relay().state == "waiting"
    assert "Information line" in rina.last
    assert not [one for one in lane.read_by(HER) if "Didi" in one]


def test_forgetting_takes_every_word_of_the_talk(lane: Lane) -> None:
    """Nothing that was said is left, and the member learns only that it is over."""
    _, rina = claimed(lane)
    lane.write(HER, "my words")
    rina.write("mine too")
    relay = lane.relay()
    lane.write(HER, "forget me", "1")
    with reading(lane.store.main) as db:
        assert relay_words.said_before(db, relay.id) == []
    lane.wait(timedelta(seconds=1))
    assert "cleared" in rina.last
    number = next(n for n, (_, one) in enumerate(lane.telegram.took, 1) if one.text == "my words")
    assert (rina.address, f"ext-{number}") in lane.telegram.removed
