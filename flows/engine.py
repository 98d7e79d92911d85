"""The engine: compiles the flows onto one state machine, and takes one turn at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from transitions import Machine

from flows.answering import Turning, answered, asked, missed, polite, where_from
from flows.commands import endangered, forgetting, leaving, opted_out, reserved, stale_button, stopping, unread
from flows.covering import covered, listen, settle
from flows.errors import BadFlow, Stranded
from flows.hearing import hear
from flows.helpline import FLOWS, MOVED
from flows.model import Channel, Moment, Named, Place, Said, Standing, T, Turn
from flows.paths import Paths
from flows.talking import talking, withdrawing
from flows.vocabulary import Ask, Collect, Connect, Flow, Listing, Refer, Step, Tell

RULES: tuple[Callable[[Turning], Turn | None], ...] = (
    opted_out,
    stopping,
    forgetting,
    endangered,
    leaving,
    covered,
    talking,
    stale_button,
    unread,
    withdrawing,
    where_from,
    reserved,
    polite,
    answered,
    asked,
    missed,
)


@dataclass(slots=True)
class Walk:
    """The light model that one trigger moves."""

    state: str


class Engine:
    """The conversation as a whole; made once at start, and the same for everyone.

    Raises:
        BadFlow: a step's name is taken twice, or a destination does not exist.
    """

    def __init__(
        self,
        flows: Iterable[Flow] = FLOWS,
        moved: Mapping[Place, Place] = MOVED,
        labels: Callable[[T | Named], tuple[str, ...]] | None = None,
    ) -> None:
        self.moved = moved
        steps = _steps_of(flows)
        self.machine = _compile(steps)
        self.paths = Paths(steps, cache(self._follow), labels or _english)

    def advance(self, standing: Standing, said: Said, moment: Moment) -> Turn:
        """One turn: where she stands and what she sent in, where she stands then and what is to be done out.

        Raises:
            Stranded: her stored place is gone and MOVED does not say where to.
        """
        if (place := self.place(standing.place)) != standing.place:
            standing = replace(standing, place=place)
        standing = settle(standing, moment)
        turning = listen(Turning(self.paths, standing, said, moment, hear(said.text)))
        for rule in RULES:
            if (turn := rule(turning)) is not None:
                return Turn(replace(turn.standing, turn=standing.turn + 1), turn.effects)
        raise BadFlow(f"no rule answers at {standing.place}")

    def place(self, place: Place) -> Place:
        """The place as the flows know it today.

        Raises:
            Stranded: it is gone and MOVED does not say where to.
        """
        place = self.moved.get(place, place)
        if place not in self.paths.steps:
            raise Stranded(f"{place} is no step of any flow")
        return place

    def _follow(self, place: Place, trigger: str) -> Place:
        walk = Walk(str(place))
        self.machine.events[trigger].trigger(walk)
        return Place(*walk.state.split("."))


def newcomer(channel: Channel) -> Standing:
    """Where a stranger stands before her first message."""
    return Standing(Place("cover", "closed"), channel)


def leads(place: Place, step: Step) -> Iterator[tuple[str, Place]]:
    """Every trigger of a step and the place it leads to."""
    for trigger, goto in _gotos(step):
        yield trigger, Place(*goto.split(".")) if "." in goto else Place(place.flow, goto)


def _gotos(step: Step) -> Iterator[tuple[str, str]]:
    match step:
        case Ask(choices=Listing() as listing):
            yield "choose listed", listing.goto
        case Ask(choices=tuple() as choices):
            yield from ((f"choose {one.name}", one.goto) for one in choices)
        case Collect():
            yield "collected", step.goto
        case Refer() | Connect():
            yield "then", step.then
        case Tell(then=str() as then):
            yield "then", then
    if isinstance(step, Ask | Collect) and step.skip:
        yield "skip", step.skip


def _steps_of(flows: Iterable[Flow]) -> dict[Place, Step]:
    steps: dict[Place, Step] = {}
    for flow in flows:
        for step in flow.steps:
            place = Place(flow.name, step.name)
            if place in steps:
                raise BadFlow(f"{place} is written twice")
            steps[place] = step
    return steps


def _compile(steps: Mapping[Place, Step]) -> Machine:
    transitions: list[dict[str, Any]] = []
    for place, step in steps.items():
        for trigger, goto in leads(place, step):
            if goto not in steps:
                raise BadFlow(f"{place} leads to {goto}, which is no step")
            transitions.append({"trigger": trigger, "source": str(place), "dest": str(goto)})
    return Machine(
        model=None,
        states=[str(place) for place in steps],
        transitions=transitions,
        initial=str(next(iter(steps))),
        auto_transitions=False,
    )


def _english(label: T | Named) -> tuple[str, ...]:
    return (label.text,) if isinstance(label, T) else tuple(label.words.values())
