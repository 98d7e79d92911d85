"""P8: one message leaves and one message reaches a person, from every step, in every way of writing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows import engine, review
from flows.covering import LIST, OPENER, WHICH
from flows.engine import Engine
from flows.model import Language, Place, Said, Standing
from storage import referrals
from storage.database import Store, reading
from tests.bot.safety.town import Town, address
from tests.flows.replay import ENGINE, Scene

CLOSED = Place("cover", "closed")
NEEDS = {"topic": "free_legal_aid", "district": "kolkata", "matches": "la-right,la-who", "fact": "la-right"}


def count_closed(made: Engine) -> tuple[int, int]:
    """(tried, closed): every word for a door said at every step that asks or tells, in every language."""
    tried = closed = 0
    moment = Scene().moment()
    for standing in review.standings(made, Language.BN):
        for door, words in review.WORDS.items():
            for text in words:
                place = made.advance(standing, Said(text), moment).standing.place
                harmless = standing.covered and place in (LIST, WHICH, OPENER) and door == "menu"
                closed += not (review.ALWAYS[door](place) or harmless)
                tried += 1
    return tried, closed


def test_every_door_opens_from_every_step(proof: Callable[[str], None]) -> None:
    """A person, the menu and the exit are one message away; under the cover the menu is its harmless list."""
    tried, closed = count_closed(ENGINE)
    steps = len({standing.place for standing in review.standings(ENGINE, Language.BN)})
    proof(f"P8 steps={steps} words={tried} closed={closed}")
    assert closed == 0


@pytest.mark.parametrize("rule", ["reserved", "leaving"])
def test_sabotage_a_door_without_its_rule_is_found(
    rule: str, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]
) -> None:
    """Without the rule that opens it, the same count finds a closed door."""
    monkeypatch.setattr(engine, "RULES", tuple(one for one in engine.RULES if one.__name__ != rule))
    tried, closed = count_closed(ENGINE)
    proof(f"sabotage P8 {rule} caught: words={tried} closed={closed}")
    assert closed > 0


def stands() -> list[Standing]:
    """Somebody at every step, in turn in each language."""
    found: dict[Place, Standing] = {}
    for number, language in enumerate(Language):
        for one in review.standings(ENGINE, language):
            if (hash_of(one.place) + number) % len(Language) == 0:
                found.setdefault(one.place, one)
    return list(found.values())


def hash_of(place: Place) -> int:
    """A number of a place, the same in each run."""
    return sum(str(place).encode())


@pytest.mark.parametrize("door", ["person", "exit"])
def test_every_door_opens_on_the_real_path(
    store: Store, tmp_path: Path, door: str, proof: Callable[[str], None]
) -> None:
    """At every step as it is stored: one message writes down a request for a person, or closes and covers the talk."""
    town, missed, words = Town(store, tmp_path), 0, review.WORDS[door]
    for number, standing in enumerate(stands()):
        whom = address(number)
        town.take(whom, "qzx")
        town.deliver()
        town.stand(whom, replace(standing, slots={**NEEDS, **standing.slots}))
        answer = town.write(whom, words[number % len(words)])
        if door == "exit":
            missed += not (town.place(whom) == CLOSED and town.standing(whom).covered and answer)
        else:
            with reading(store.main) as db:
                asked = [one.kind for one in referrals.of_person(db, town.person(whom).id)]
            missed += not ("counselling" in asked and answer)
    proof(f"P8 {store.main.dialect.name}: steps={number + 1} to the {door}, missed={missed}")
    assert missed == 0
