"""Guides: where something that takes long stands for her, and what to do next there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flows.entitlements.facts import FACTS
from flows.errors import BadFlow
from flows.model import T
from flows.staged import SetStage
from flows.vocabulary import Ask, Choice, Flow, Step

FACT = "entitlements.fact"
LISTED = "entitlements.facts"


@dataclass(frozen=True, slots=True)
class Since:
    """How long a stage lasts already, where that matters: a question, and its coded answers."""

    sentence: T
    answers: tuple[tuple[str, T], ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: the fact that says what to do next, what else she may ask there, and whether the next one follows."""

    name: str
    label: T
    fact: str
    asks: tuple[tuple[str, T], ...] = ()
    leads_on: bool = False
    since: Since | None = None


def guide(
    name: str,
    sentence: T,
    stages: Sequence[Stage],
    others: Sequence[Choice] = (),
    *,
    before: Sequence[Step] = (),
    after: Sequence[Step] = (),
) -> Flow:
    """A flow that asks where she stands, keeps the stage and tells the next step; `others` stand below the stages.

    `before` and `after` are steps of the flow's own.

    Raises:
        BadFlow: a fact that a stage names may not be sent.
    """
    choices = (*(_reaching(name, stage) for stage in stages), *others)
    where = Ask("stage", sentence, choices, hints=("person",))
    following = {stage.name: after for stage, after in pairwise(stages) if stage.leads_on}
    steps = (step for stage in stages for step in _steps(name, stage, following.get(stage.name)))
    return Flow(name, (*before, where, *steps, *after))


def listing(topic: str, label: T, *, also: tuple[str, ...] = ()) -> Choice:
    """The choice that lists the facts of a topic."""
    return Choice(topic, label, goto=LISTED, also=also, keeps={"topic": topic})


def _reaching(guide_: str, stage: Stage) -> Choice:
    if stage.since:
        return Choice(stage.name, stage.label, goto=f"{stage.name}_since")
    return Choice(stage.name, stage.label, goto=stage.name, does=(SetStage(guide_, stage.name),))


def _steps(guide_: str, stage: Stage, after: Stage | None) -> Iterator[Step]:
    back = f"{guide_}.stage"
    if stage.since:
        answers = (
            Choice(name, label, goto=stage.name, does=(SetStage(guide_, f"{stage.name}_{name}"),))
            for name, label in stage.since.answers
        )
        yield Ask(f"{stage.name}_since", stage.since.sentence, tuple(answers), back=back, hints=("person", "list"))
    asks = [_telling(fact, label) for fact, label in stage.asks]
    onward = [_reaching(guide_, after)] if after else []
    _sendable(stage.fact)
    yield Ask(stage.name, None, (*asks, *onward), tells=stage.fact, back=back, hints=("more", "person", "list"))


def _telling(fact: str, label: T) -> Choice:
    return Choice(fact, label, goto=FACT, keeps={"fact": fact, "topic": _sendable(fact)})


def _sendable(fact: str) -> str:
    found = FACTS.fact(fact)
    if not found.is_sendable:
        raise BadFlow(f"a guide tells {fact}, which may not be sent")
    return found.topic
