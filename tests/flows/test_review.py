"""Review: what a release refuses, and that it refuses each thing when it is broken on purpose.

That nothing is refused of what is released is a line of `make check`, which `make test` runs first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from bot.console.review import _moments, _worded
from bot.parts import fit
from bot.wording import labels
from flows import covering, engine, review
from flows.answering import Turning
from flows.engine import Engine
from flows.errors import BadFlow, Stranded
from flows.helpline import FLOWS
from flows.model import Effect, Language, Place, Said, Say, T, Turn
from flows.review import Eyes, diagram, overdue, refusals, stranded
from flows.vocabulary import Ask, Choice, End, Flow, Step, Tell
from locales import risks_in

MOMENT = _moments()[0]


def eyes(word: Callable[[Sequence[Effect], Language], str] = _worded) -> Eyes:
    """The eyes of the release's review."""
    return Eyes(word, lambda text: fit(text).segments, risks_in)


def with_steps(*steps: Step, flow: str = "menu") -> Sequence[Flow]:
    """All flows, one of them with more steps or others in the place of its own."""
    names = {step.name for step in steps}
    changed = next(one for one in FLOWS if one.name == flow)
    kept = tuple(step for step in changed.steps if step.name not in names)
    return [replace(one, steps=(*kept, *steps)) if one is changed else one for one in FLOWS]


def refused(flows: Iterable[Flow] = FLOWS) -> Iterator[str]:
    """What is refused of these flows, line by line as it is found."""
    return refusals(Engine(flows, labels=labels), [MOMENT], eyes())


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (Tell("about", T("A word " * 60)), "SMS parts, at most 2"),
        (Tell("about", T("She was rescued.")), "is never sent"),
        (Tell("about", T("I am {nobody}.")), "nothing fills {nobody}"),
        (Tell("about", T("There is nothing."), hints=()), "shows no way on"),
        (Ask("about", T("What?"), ()), "has no choices"),
        (End("island", T("Nobody comes here.")), "cannot be reached"),
    ],
)
def test_a_broken_step_is_refused(step: Step, says: str) -> None:
    """Too long, revealing, unfilled, a dead end, unreachable: each is a line of its own."""
    assert any(says in line for line in refused(with_steps(step)))


@pytest.mark.parametrize(
    ("rule", "says"),
    [("reserved", "not to the menu"), ("leaving", "not to the exit")],
)
def test_a_closed_door_is_refused(rule: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the rule that opens it, a door is missed from every step."""
    kept = tuple(one for one in engine.RULES if one.__name__ != rule)
    monkeypatch.setattr(engine, "RULES", kept)
    assert any(says in line for line in refused())


def test_a_cover_that_tells_numbers_apart_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cover that greets who is known is found, whoever wrote it so."""

    def greeting(turning: Turning) -> Turn | None:
        turn = covering.covered(turning)
        if turn is None or turning.standing.turn < 2:
            return turn
        return replace(turn, effects=(Say(T("Welcome back.")), *turn.effects))

    rules = tuple(greeting if one.__name__ == "covered" else one for one in engine.RULES)
    monkeypatch.setattr(engine, "RULES", rules)
    assert any("than to a stranger" in line for line in refused())


def test_a_destination_that_is_no_step_starts_nothing() -> None:
    """A misspelt goto is found when the flows are compiled, before anybody writes."""
    lost = Ask("about", T("Where?"), (Choice("there", T("There"), goto="nowhere"),))
    with pytest.raises(BadFlow, match="nowhere"):
        Engine(with_steps(lost))


def test_a_name_taken_twice_starts_nothing() -> None:
    """Two steps of one name would hide each other."""
    with pytest.raises(BadFlow, match="twice"):
        Engine([*FLOWS, FLOWS[0]])


def test_who_stands_at_a_removed_step_is_named() -> None:
    """A release that would strand somebody is refused until MOVED says where she goes."""
    gone = Place("menu", "gone")
    moved: Mapping[Place, Place] = {gone: Place("menu", "list")}
    standing = review.newcomer(review.Channel.SMS)
    assert list(stranded(Engine(), [gone])) == ["somebody stands at menu.gone, which is no step: add it to MOVED"]
    assert list(stranded(Engine(moved=moved), [gone])) == []
    with pytest.raises(Stranded):
        Engine().advance(replace(standing, place=gone), Said("1"), MOMENT)


def test_facts_past_their_re_check_are_named() -> None:
    """A year from now every fact is overdue; on the day they were read none is."""
    assert list(overdue(date(2026, 11, 23))) == []
    assert len(list(overdue(date(2027, 11, 23)))) == len(review.FACTS.sendable())


def test_every_flow_can_be_drawn() -> None:
    """A diagram names every step of its flow."""
    made = Engine()
    for flow in FLOWS:
        drawn = diagram(made, flow.name)
        assert all(step.name in drawn for step in flow.steps)
