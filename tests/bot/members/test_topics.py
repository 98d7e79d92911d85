"""The members' group: one topic a talk, named by its code alone; what is written elsewhere goes nowhere."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.crowding import MOST, WITHIN
from bot.members import words
from storage import relays, topics
from storage.database import Store, reading
from tests.bot.members.lane import ASKS, HER, Lane

GROUP = "-5550000020"
SECOND = "sms:+915550000002"


@pytest.fixture
def lane(store: Store, tmp_path: Path) -> Lane:
    """A lane whose members answer in a group."""
    return Lane(store, tmp_path, members_group=GROUP)


def test_a_talk_has_a_topic_and_only_who_holds_it_speaks_there(lane: Lane) -> None:
    """Another member in the same topic, and the right one in another topic, are refused kindly."""
    rina, mina = lane.member("north-1", 1), lane.member("north-2", 2)
    for whom, phone in ((HER, rina), (SECOND, mina)):
        lane.write(whom, *ASKS)
        lane.wait(timedelta(seconds=1))
        phone.press("I take it")
    tags = [lane.relay(whom).tag for whom in (HER, SECOND)]
    assert lane.telegram.topics == [(f"telegram:{GROUP}", tag) for tag in tags]
    first, second = (lane.relay(whom).topic for whom in (HER, SECOND))
    lane.write(HER, "is it open on monday")
    assert (rina.shown[-1].topic, rina.last) == (first, "is it open on monday")
    rina.write_in(first, "Yes, from 10.")
    assert lane.read_by(HER)[-1] == "Didi: Yes, from 10."
    before = len(lane.carrier.took)
    mina.write_in(first, "I would say no.")
    assert mina.last == words.STALE.text
    rina.write_in(second, "And you?")
    rina.write_in(None, "Who has tea?")
    rina.press("Close", mark=rina.button("What to do").replace("m:menu", "m:close.helped"))
    rina.write_in(first, "One more thing.")
    assert rina.last == words.STALE.text
    assert [one.text for _, one in lane.carrier.took[before:] if "Didi" in one.text] == []
    lane.wait(timedelta(days=2))
    with reading(lane.store.main) as db:
        assert topics.was_ours(db, GROUP, first)
        assert relays.of_topic(db, first or 0) is None


def test_the_limit_of_a_group_loses_no_order(lane: Lane) -> None:
    """What the group does not take in a minute waits, and nothing of a talk goes past it."""
    rina = lane.member("north-1", 1)
    lane.write(HER, *ASKS)
    lane.wait(timedelta(seconds=1))
    rina.press("I take it")
    said = [f"word {number}" for number in range(30)]
    for text in said:
        lane.take(HER, text)
    while rina.last != said[-1]:
        lane.deliver()
        lane.clock.move(timedelta(seconds=3))
    at = [when for when, one in lane.telegram.took if one.topic]
    assert [text for text in rina.reads if text.startswith("word")] == said
    assert max(sum(moment <= other < moment + WITHIN for other in at) for moment in at) <= MOST
