"""Conversations: a standing comes back as it was kept, and a question lives half an hour."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from flows.model import Channel, Language, Place, Standing
from storage import conversations, people
from storage.database import Store, reading, writing
from storage.seal import PersonKey
from tests.storage.builders import NOW, SECOND, meet

HALF_HOUR = timedelta(minutes=30)
PLACES = some.builds(Place, some.sampled_from(["menu", "cover"]), some.sampled_from(["list", "opener"]))
NAMES = some.text(some.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
STANDINGS = some.builds(
    Standing,
    place=PLACES,
    channel=some.just(Channel.SMS),
    language=some.none() | some.sampled_from(Language),
    covered=some.booleans(),
    waiting=some.none() | PLACES,
    offered=some.lists(NAMES, max_size=7).map(tuple),
    page=some.integers(0, 99),
    slots=some.dictionaries(NAMES, NAMES, max_size=4),
    misses=some.integers(0, 9),
    question=some.none() | some.text(max_size=300),
    proved=some.booleans(),
    turn=some.integers(0, 2**31 - 1),
)
RUNS = count()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(standing=STANDINGS)
def test_any_standing_comes_back_as_it_was(store: Store, standing: Standing) -> None:
    """Whatever a turn leaves, the next turn begins with exactly that."""
    key = meet(store, f"sms:{next(RUNS)}")
    _keep(store, key, standing, NOW)
    assert _standing(store, key, NOW + SECOND) == standing


def test_question_is_forgotten_after_half_an_hour(store: Store) -> None:
    """What she asked under the cover is part of the talk for thirty minutes and not a second more."""
    key = meet(store)
    _keep(store, key, replace(_standing(store, key, NOW), question="taka kobe pabo"), NOW)
    assert _standing(store, key, NOW + HALF_HOUR - SECOND).question == "taka kobe pabo"
    assert _standing(store, key, NOW + HALF_HOUR).question is None


def test_writing_again_does_not_keep_a_question_longer(store: Store) -> None:
    """The half hour runs from the question, however often she writes meanwhile."""
    key = meet(store)
    _keep(store, key, replace(_standing(store, key, NOW), question="taka kobe pabo"), NOW)
    later = NOW + timedelta(minutes=20)
    _keep(store, key, _standing(store, key, later), later)
    assert _standing(store, key, NOW + HALF_HOUR).question is None


def test_new_question_after_an_old_one_has_its_own_half_hour(store: Store) -> None:
    """A question that expired does not shorten the life of the next one."""
    key = meet(store)
    _keep(store, key, replace(_standing(store, key, NOW), question="first"), NOW)
    later = NOW + timedelta(hours=2)
    _keep(store, key, replace(_standing(store, key, later), question="second"), later)
    assert _standing(store, key, later + HALF_HOUR - SECOND).question == "second"


def test_opting_out_is_part_of_the_standing(store: Store) -> None:
    """The engine knows of an opt-out from the person's row."""
    key = meet(store)
    with writing(store.main) as db:
        people.opt_out(db, key.id, NOW)
    assert _standing(store, key, NOW).opted_out


def test_places_name_every_step_that_somebody_needs(store: Store) -> None:
    """A release can ask where people stand, and which steps wait behind the cover."""
    for number in range(3):
        key = meet(store, f"sms:{number}")
        if number:
            kept = replace(_standing(store, key, NOW), place=Place("menu", "list"), waiting=Place("forget", "ask"))
            _keep(store, key, kept, NOW)
    with reading(store.main) as db:
        assert conversations.places(db) == [
            (Place("cover", "opener"), 1),
            (Place("forget", "ask"), 2),
            (Place("menu", "list"), 2),
        ]


def _keep(store: Store, key: PersonKey, standing: Standing, now: datetime) -> None:
    with writing(store.main) as db:
        conversations.store(db, store.sealer, key, key.id, standing, now)


def _standing(store: Store, key: PersonKey, now: datetime) -> Standing:
    with writing(store.main) as db:
        record = people.lock(db, key.id)
    assert record is not None
    return conversations.standing_of(record, store.sealer, key, now)
