"""One ring after another, within the time in which she can still be told; and a talk that is passed to a collective."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.members import words
from storage import directory, relays
from storage.database import Store, reading, writing
from storage.directory import Collective
from tests.bot.members.lane import ASKS, HER, Lane, Phone

SEWING = Collective("sewing-east", "SAMPLE, no real group: Nadia", "SAMPLE sewing group", ("nadia",))
SAVINGS = Collective("savings-west", "SAMPLE, no real group: Purulia", "SAMPLE savings group", ("purulia",))
WITHIN = timedelta(minutes=5)
OFFER = "Somebody waits"
SECOND = timedelta(seconds=1)


@pytest.fixture
def lane(store: Store, tmp_path: Path) -> Lane:
    """A lane with a collective next to her district, and one far from it."""
    made = Lane(store, tmp_path)
    with writing(store.main) as db:
        directory.upsert(db, [SEWING, SAVINGS])
    return made


def waits(*phones: Phone) -> list[bool]:
    """On which of these phones it was said that somebody waits."""
    return [any(OFFER in text for text in phone.reads) for phone in phones]


def test_ring_after_ring_is_asked_and_then_she_is_told(lane: Lane) -> None:
    """Her district's, the neighbours', everybody, the staff: all within her quarter of an hour."""
    own, near = lane.member("own", 1), lane.member("near", 2, districts=("purulia",), collective=SEWING.id)
    far = lane.member("far", 3, districts=("purulia",), collective=SAVINGS.id)
    lane.write(HER, *ASKS)
    asked, told = [], []
    for _ in range(14 * 4):
        lane.wait(timedelta(seconds=15))
        asked.append(sum(waits(own, near, far)))
        told.append("A person can answer from" in lane.read_by(HER)[-1])
    assert [asked.count(rings) > 4 * 4 for rings in (0, 1, 2, 3)] == [False, True, True, True]
    assert (asked, told) == (sorted(asked), sorted(told))
    assert told[-1]
    near.press("I take it")
    assert lane.relay().collective == SEWING.id


def test_an_empty_ring_is_not_waited_for(lane: Lane) -> None:
    """With nobody on duty nearer, those who are far are asked at once."""
    lane.member("own", 1, duty={"tue": (("10:00", "12:00"),)})
    far = lane.member("far", 3, districts=("purulia",), collective=SAVINGS.id)
    lane.write(HER, *ASKS)
    lane.wait(SECOND)
    assert waits(far) == [True]


def passing(lane: Lane) -> tuple[Phone, Phone, Phone]:
    """A talk in the hands of the first, who asks to pass it on; two of other collectives are on duty."""
    rina = lane.member("north-1", 1)
    lane.write(HER, *ASKS)
    lane.wait(SECOND)
    rina.press("I take it")
    lane.write(HER, "my first words")
    east = lane.member("east-1", 2, districts=("nadia",), collective=SEWING.id)
    west = lane.member("west-1", 3, districts=("purulia",), collective=SAVINGS.id)
    rina.press("What to do")
    rina.press("Pass it on")
    return rina, east, west


@pytest.mark.parametrize(("answer", "is_read"), [("1", True), ("2", False)])
def test_a_talk_is_passed_to_a_collective(lane: Lane, answer: str, *, is_read: bool) -> None:
    """Only the chosen one is asked, when she has answered; the earlier words go with it only if she says yes."""
    rina, east, west = passing(lane)
    assert [label for _, label in rina.shown[-1].buttons] == ["Anybody", SAVINGS.spoken_name, SEWING.spoken_name]
    rina.press(SAVINGS.spoken_name)
    assert rina.last == words.ASKED_HER.text
    assert waits(east, west) == [False, False]
    lane.write(HER, answer)
    lane.wait(SECOND)
    assert waits(east, west) == [False, True]
    assert rina.reads.count(rina.last) == 1
    west.press("I take it")
    assert ("Before: my first words" in west.reads) is is_read
    with reading(lane.store.main) as db:
        (told,) = [one for one in relays.happened(db, lane.relay().id) if one.what == "transferred"]
    assert told.detail == f"{'keeps' if is_read else 'drops'} {SAVINGS.id}"


def test_a_talk_is_passed_to_anybody(lane: Lane) -> None:
    """Then it is asked for as for the first time: her district's first, and not whoever passed it on."""
    rina, east, west = passing(lane)
    mina = lane.member("north-2", 4)
    before = sum(OFFER in text for text in rina.reads)
    rina.press("Anybody")
    lane.write(HER, "1")
    lane.wait(SECOND)
    assert waits(mina, east, west) == [True, False, False]
    assert sum(OFFER in text for text in rina.reads) == before


def test_who_is_chosen_and_does_not_take_it_is_not_waited_for_alone(lane: Lane) -> None:
    """After the set time others are asked, as ever."""
    rina, east, west = passing(lane)
    mina = lane.member("north-2", 4)
    rina.press(SAVINGS.spoken_name)
    lane.write(HER, "1")
    lane.wait(SECOND)
    assert waits(mina, east, west) == [False, False, True]
    lane.wait(WITHIN)
    assert waits(mina, east, west) == [True, True, True]


def test_a_collective_whose_members_went_off_is_offered_no_more(lane: Lane) -> None:
    """A press on a list that is old shows the list anew, and nothing has left her hands."""
    rina, _, west = passing(lane)
    west.write("/away")
    rina.press(SAVINGS.spoken_name)
    assert [label for _, label in rina.shown[-1].buttons] == ["Anybody", SEWING.spoken_name]
    assert lane.relay().state == "claimed"


def test_where_she_is_not_there_the_chosen_one_starts_anew(lane: Lane) -> None:
    """She cannot be asked, so nothing that was said goes with it."""
    rina, east, west = passing(lane)
    lane.wait(timedelta(minutes=20))
    rina.press(SEWING.spoken_name)
    assert rina.last.endswith("whoever takes over starts anew.")
    lane.wait(SECOND)
    assert waits(east, west) == [True, False]
    east.press("I take it")
    assert "my first words" not in "".join(east.reads)
