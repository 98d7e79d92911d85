"""What comes of a talk: words that wait, another member with her leave, safe days, and her own word on it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chores import clear
from bot.console import referrals as referrals_room
from bot.console import relays as relays_room
from bot.duty import INDIA
from bot.members import words
from storage import alerts, follow_ups, referrals, relay_words, relays
from storage.database import Store, reading, writing
from tests.bot.console.running import run
from tests.bot.members.lane import ASKS, CODE, HER, Lane, Phone

DAY = timedelta(days=1)
BY_DAY = (*ASKS[:-1], "3")  # she may be written to by day


@pytest.fixture
def lane(store: Store, tmp_path: Path) -> Lane:
    """A lane at half past two in India, on a Monday."""
    return Lane(store, tmp_path)


def talking(lane: Lane, *asks: str) -> Phone:
    """A talk that the first member holds."""
    rina = lane.member("north-1", 1)
    lane.write(HER, *asks)
    lane.wait(timedelta(seconds=1))
    rina.press("I take it")
    return rina


def code_of(lane: Lane) -> str:
    """Her return code, as it was shown."""
    return next(found[0].replace(" ", "") for text in reversed(lane.read_by(HER)) if (found := CODE.search(text)))


def test_words_wait_behind_the_opener_and_her_number(lane: Lane) -> None:
    """In the hours that she named only the opener goes out; a day later the words are let go, and the member knows."""
    rina = talking(lane, *BY_DAY)
    lane.wait(timedelta(minutes=40))
    before = len(lane.read_by(HER))
    rina.write("How did it go?")
    assert rina.last == words.KNOCKS.text
    lane.wait(timedelta(seconds=1))
    lane.wait(timedelta(minutes=10))
    opener = lane.read_by(HER)[before:]
    assert len(opener) == 1
    assert "Is it a good time to read?" in opener[0]
    assert "person wrote to you" in lane.write(HER, "1")
    assert "Didi" not in lane.write(HER, "11112222")
    assert "Didi: How did it go?" in lane.write(HER, code_of(lane))
    lane.wait(timedelta(hours=9))
    rina.write("And now?")
    lane.wait(timedelta(hours=25))
    assert any(text.endswith("was not read in time, and I let it go.") for text in rina.reads)


def test_nothing_goes_outside_her_hours(lane: Lane) -> None:
    """At night nothing is sent, whatever a member writes."""
    rina = talking(lane, *BY_DAY)
    lane.wait(timedelta(hours=8))
    before = len(lane.read_by(HER))
    rina.write("Are you awake?")
    for _ in range(8):
        lane.wait(timedelta(hours=1))
    assert len(lane.read_by(HER)) == before


@pytest.mark.parametrize(("answer", "is_read"), [("1", True), ("2", False)])
def test_another_member_reads_before_only_what_she_allows(lane: Lane, answer: str, *, is_read: bool) -> None:
    """The talk changes hands when she has answered; the earlier words go with it only if she says yes."""
    rina = talking(lane, *ASKS)
    lane.write(HER, "my first words")
    mina = lane.member("north-2", 2)
    rina.press("What to do")
    rina.press("Pass it on")
    assert rina.last == words.ASKED_HER.text
    assert "May they read what you wrote before?" in lane.read_by(HER)[-1]
    lane.write(HER, answer)
    lane.wait(timedelta(seconds=1))
    rina.write("still here")
    assert rina.last == words.NONE.text
    mina.press("I take it")
    assert ("Before: my first words" in mina.reads) is is_read


def test_what_came_of_it_is_asked_some_safe_days_later(lane: Lane, store: Store) -> None:
    """Her word stands beside the provider's, and staff see where the two do not agree."""
    rina = talking(lane, *BY_DAY)
    rina.press("What to do")
    rina.press("Close")
    rina.press("She was helped")
    lane.write(HER, "3")
    before = len(lane.read_by(HER))
    for _ in range(12 * 7):
        lane.wait(timedelta(hours=2))
    asked = [at.astimezone(INDIA).hour for at, one in lane.carrier.took if one.address == HER][before:]
    assert len(asked) == 1
    assert 9 <= asked[0] < 18
    assert "did they meet you?" in lane.write(HER, "1")
    assert "written it down" in lane.write(HER, "2")
    with reading(store.main) as db:
        (one,) = follow_ups.listed(db)
        assert follow_ups.contradicted(db) == [(one.referral_code, "done", "no")]
    (row,) = run(referrals_room, "referrals", "--follow-ups", "--json", store=store).objects
    assert (row["provider"], row["she"], row["contradiction"]) == ("done", "no", True)
    (talk,) = run(relays_room, "relays", "--json", store=store).objects
    assert (talk["state"], talk["outcome"], talk["member"]) == ("closed", "helped", "north-1")


def test_she_takes_back_in_one_message(lane: Lane) -> None:
    """The request is withdrawn, and nobody waits for her any more."""
    lane.write(HER, *ASKS)
    assert "Taken back" in lane.write(HER, "take back my request")
    with reading(lane.store.main) as db:
        (log,) = [one for one in referrals.of_person(db, lane.person(HER).id) if one.kind == "counselling"]
        assert relays.waiting(db) == []
    assert log.state == "withdrawn"


def test_her_number_opens_how_it_stands_from_another_phone(lane: Lane) -> None:
    """It shows the state of her request and nothing else, and makes no line between the two."""
    lane.write(HER, *ASKS)
    other = "telegram:5550000099"
    said = lane.write(other, "hello", "1", "7", code_of(lane))
    assert "waiting for a person" in said
    with reading(lane.store.main) as db:
        assert referrals.of_person(db, lane.person(other).id) == []
    assert not lane.standing(other).proved


def test_somebody_from_her_own_block_only_if_she_agrees(lane: Lane) -> None:
    """The one member who is free lives in her block: she is asked first, and no offer goes out before."""
    near = lane.member("near-1", 7, home="north_24_parganas", block="basirhat")
    lane.write(HER, *ASKS)
    lane.wait(timedelta(seconds=1))
    assert "Somebody waits" not in "".join(near.reads)
    assert "Only somebody from near you is free now." in lane.read_by(HER)[-1]
    lane.write(HER, "1")
    lane.wait(timedelta(seconds=1))
    assert near.last.startswith("Somebody waits")


def test_a_referral_needs_her_yes_and_is_made_once(lane: Lane) -> None:
    """The member asks, she agrees, and a second wish for the same is refused."""
    rina = talking(lane, *ASKS)
    for told in ("she agrees", "asked for already"):
        rina.press("What to do")
        rina.press("Ask for a referral")
        rina.press("A free lawyer")
        if told == "she agrees":
            assert rina.last == words.ASKED_HER.text
            lane.write(HER, "1")
        assert told in rina.last
    with reading(lane.store.main) as db:
        kinds = [one.kind for one in referrals.of_person(db, lane.person(HER).id)]
    assert kinds.count("legal_aid") == 1


def test_nobody_off_duty_is_asked_and_she_is_told_when(lane: Lane) -> None:
    """At an hour when no member is there she reads from when one can answer; then the line begins."""
    rina = lane.member("north-1", 1, duty={"tue": (("10:00", "12:00"),)})
    lane.write(HER, *ASKS)
    lane.wait(timedelta(seconds=1))
    assert "Nobody is free just now. A person can answer from" in lane.read_by(HER)[-1]
    lane.house = replace(lane.house)
    hours = []
    for _ in range(30):
        lane.wait(timedelta(hours=1))
        hours.append(sum("Somebody waits" in text for text in rina.reads))
    assert hours[17] == 0
    assert hours[-1] >= 1
    told = [at.astimezone(INDIA) for at, one in lane.telegram.took if "Somebody waits" in one.text]
    assert all(at.weekday() == 1 and 10 <= at.hour < 12 for at in told)


def test_a_member_takes_back_and_changes_her_words(lane: Lane) -> None:
    """What still waits is changed or dropped; what an SMS has delivered cannot be, and she is told so."""
    rina = talking(lane, *ASKS)
    lane.wait(timedelta(minutes=20))
    message = rina.write("Come at ten.")
    rina.edit(message, "Come at eleven.")
    assert rina.last == words.CHANGED.text
    assert lane.write(HER, "hello") == "Didi: Come at eleven."
    rina.press("What to do")
    rina.press("Take back my last")
    assert rina.last == words.NOT_TAKEN_BACK.text


def test_a_talk_in_which_nobody_writes_ends_by_itself(lane: Lane) -> None:
    """What was said is let go a week after the end, and the member learns that the talk is over."""
    rina = talking(lane, *ASKS)
    lane.write(HER, "my words")
    relay = lane.relay()
    for _ in range(6):
        lane.wait(DAY)
    assert any("so it is closed" in text for text in rina.reads)
    lane.wait(8 * DAY)
    clear(lane.chores, lane.clock())
    with reading(lane.store.main) as db:
        assert relay_words.said_before(db, relay.id) == []


def test_the_line_is_told_to_staff_once(lane: Lane) -> None:
    """Where nobody is free the staff hear of it, and are not called anew each half hour once they have seen it."""
    lane.write(HER, *ASKS)
    lane.wait(timedelta(seconds=1))
    with writing(lane.store.main) as db:
        (code,) = {one.referral_code for one in alerts.unseen(db)}
        alerts.acknowledge(db, code or "", lane.clock())
    for _ in range(30):
        lane.wait(timedelta(hours=1))
    with reading(lane.store.main) as db:
        assert alerts.unseen(db) == []
        assert len(relays.waiting(db)) == 1
