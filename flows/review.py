"""Review: what a release refuses, and the flows drawn as diagrams."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from string import Formatter

from transitions.extensions import GraphMachine

from flows.answering import MEANT
from flows.commands import FORGET, LANGUAGE, LEAVING, NO_MORE, PERSON, PLACES, cover
from flows.covering import LIST, NOTED, OPENER, WHICH
from flows.engine import Engine, leads, newcomer
from flows.entitlements.facts import FACTS, is_due, pages
from flows.hearing import hear
from flows.model import Channel, Effect, Language, Moment, Place, Said, Standing
from flows.paths import PAGE, arrive
from flows.talking import ANOTHER, CODE, FOLLOW, MET, MET_AGAIN, WITHDRAWN
from flows.vocabulary import Ask, Connect, Listing, Refer, Step, Tell

KNOWN_VALUES = frozenset({"district", "hour", "runs", "child_person", "code"})
PARTS = 2  # all messages of one turn together
FACT_PARTS = 3  # where a fact page is among them
ENTRIES = (
    OPENER, WHICH, LIST, NOTED, Place("cover", "closed"), PERSON, FORGET, LEAVING, LANGUAGE, NO_MORE, MEANT,
    Place("entitlements", "fact"), Place("menu", "failed"),
    Place("safety", "danger"), Place("safety", "self_harm"), Place("safety", "child_danger"),
    Place("safety", "sure_danger"), Place("safety", "sure_self_harm"), Place("safety", "sure_child_danger"),
    *PLACES.values(), MET, MET_AGAIN, CODE, ANOTHER, FOLLOW, WITHDRAWN,
    Place("talk", "nobody"), Place("talk", "near"), Place("talk", "keep"), Place("talk", "refer"),
    Place("talk", "after"), Place("talk", "handed"),
)  # fmt: skip

ALWAYS: Mapping[str, Callable[[Place], bool]] = {
    "person": lambda place: place.flow in ("counselling", "cover") and place.step in ("age", "noted", "which"),
    "menu": lambda place: place == Place("menu", "list"),
    "exit": lambda place: place == Place("cover", "closed"),
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "person": (
        "9",
        "৯",
        "९",
        "call me",
        "একজন মানুষ চাই",
        "मुझे किसी से बात करनी है",
        "manush chai",
        "kisi se baat karni hai",
    ),
    "menu": ("0", "০", "०", "menu", "তালিকা", "सूची", "talika", "list"),
    "exit": ("00", "০০", "००", "close", "বন্ধ", "बंद", "bondho", "band karo"),
}


# What somebody may try who holds her phone.
PROBES = (
    ("hello", "hello", "0", "00"),
    ("who is this please tell me", "tell me what she asked", "2", "7"),
    ("আমার টাকা কবে পাব", "9", "9", "00", "৯"),
    ("mera request kahan tak aaya", "my request", "help", "99"),
    ("9", "9", "2"),
    ("0", "3", "hindi", "2"),
    ("forget me", "2", "0"),
    ("00", "00"),
    ("", "...", "qzx qzx qzx qzx qzx"),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One turn that can happen: where she stood, what she sent, what came of it."""

    place: Place
    language: Language
    effects: tuple[Effect, ...]
    is_fact: bool

    def __str__(self) -> str:
        return f"{self.place} in {self.language.value}"


@dataclass(frozen=True, slots=True)
class Eyes:
    """What review needs from the edge: the words of a turn, their SMS parts, and the words never to be used."""

    word: Callable[[Sequence[Effect], Language], str]
    parts: Callable[[str], int]
    risks: Callable[[str, Language], Sequence[str]]


def refusals(engine: Engine, moments: Sequence[Moment], eyes: Eyes) -> Iterator[str]:
    """A line for everything that a release refuses; nothing if there is nothing."""
    yield from _misnamed(engine)
    yield from _unreachable(engine)
    yield from _dead_ends(engine)
    yield from _closed_doors(engine, moments[0])
    yield from _told_apart(engine, moments[0], eyes)
    for moment in moments:
        for scene in scenes(engine, moment):
            yield from _unfit(scene, eyes)


def overdue(today: date) -> Iterator[str]:
    """A line for each fact past its re-check; such a fact says so itself and offers a person."""
    for fact in FACTS.sendable():
        if is_due(fact, today):
            yield f"fact {fact.id} was to be checked again by {fact.recheck_by}"


def stranded(engine: Engine, places: Iterable[Place]) -> Iterator[str]:
    """A line for each stored place that the flows no longer know."""
    for place in places:
        if engine.moved.get(place, place) not in engine.paths.steps:
            yield f"somebody stands at {place}, which is no step: add it to MOVED"


def scenes(engine: Engine, moment: Moment) -> Iterator[Scene]:
    """Every arrival at every step, page by page, and what nonsense and the keys lead to, in every language."""
    for language in Language:
        for standing in standings(engine, language):
            yield from _arrivals(engine, standing, moment)
            for text in ("qzx", "qzx qzx qzx qzx qzx", "8", "9", "0", "00", "help"):
                turn = engine.advance(standing, Said(text), moment)
                yield Scene(standing.place, language, turn.effects, _is_fact(engine, turn.standing))


def standings(engine: Engine, language: Language) -> Iterator[Standing]:
    """A survivor at every step that asks or tells, with whatever that step needs to be shown."""
    for place, step in engine.paths.steps.items():
        if isinstance(step, Refer | Connect):
            continue
        covered = place.flow == "cover"
        heard = {} if place == WHICH else {"covered_in": language.value}
        for needed in _slots_for(step):
            slots = {**needed, "district": "north_24_parganas", "kind": "counselling", **(heard if covered else {})}
            yield Standing(place, Channel.SMS, language, covered=covered, slots=slots, turn=1)


def diagram(engine: Engine, flow: str) -> str:
    """One flow as a Mermaid state diagram, with the steps it leads to."""
    steps = {place: step for place, step in engine.paths.steps.items() if place.flow == flow}
    arrows = [
        {"trigger": trigger, "source": str(place), "dest": str(goto)}
        for place, step in steps.items()
        for trigger, goto in leads(place, step)
    ]
    states = dict.fromkeys([*map(str, steps), *(arrow["dest"] for arrow in arrows)])
    first = str(next(iter(steps)))
    machine = GraphMachine(
        states=list(states), transitions=arrows, initial=first, auto_transitions=False,
        graph_engine="mermaid", title=flow,
    )  # fmt: skip
    return str(machine.get_combined_graph().draw(None))


def _slots_for(step: Step) -> Iterator[dict[str, str]]:
    match step:
        case Ask(choices=Listing(of="facts")):
            yield from ({"topic": topic.code} for topic in FACTS.topics)
        case Ask(choices=Listing(of="matches")):
            for first in range(0, len(FACTS.sendable()), 3):
                yield {"matches": ",".join(fact.id for fact in FACTS.sendable()[first:][:3])}
        case Tell(pages="fact"):
            yield from ({"fact": fact.id, "topic": fact.topic} for fact in FACTS.sendable())
        case _:
            yield {}


def _arrivals(engine: Engine, standing: Standing, moment: Moment) -> Iterator[Scene]:
    for page in range(_page_count(engine.paths.steps[standing.place], standing)):
        turn = arrive(engine.paths, standing, standing.place, moment, page)
        yield Scene(standing.place, standing.language or Language.EN, turn.effects, _is_fact(engine, turn.standing))


def _page_count(step: Step, standing: Standing) -> int:
    if isinstance(step, Tell) and step.pages == "fact":
        return len(pages(FACTS.fact(standing.slots["fact"])))
    if isinstance(step, Ask) and isinstance(step.choices, Listing) and step.choices.of == "facts":
        return -(-len(FACTS.topic(standing.slots["topic"]).sendable()) // PAGE)
    return 1


def _is_fact(engine: Engine, standing: Standing) -> bool:
    step = engine.paths.steps[standing.place]
    return (isinstance(step, Tell) and step.pages == "fact") or (isinstance(step, Ask) and step.tells is not None)


def _unfit(scene: Scene, eyes: Eyes) -> Iterator[str]:
    text = eyes.word(scene.effects, scene.language)
    limit = FACT_PARTS if scene.is_fact else PARTS
    if (parts := eyes.parts(text)) > limit:
        yield f"{scene}: {parts} SMS parts, at most {limit}: {text!r}"
    for risk in eyes.risks(text, scene.language):
        yield f"{scene}: the word {risk!r} is never sent: {text!r}"


def _misnamed(engine: Engine) -> Iterator[str]:
    for place, step in engine.paths.steps.items():
        sentences = [getattr(step, name, None) for name in ("sentence", "off_duty", "again", "first_time")]
        for sentence in filter(None, sentences):
            names = {name for _, name, _, _ in Formatter().parse(sentence.text) if name}
            for unknown in sorted(names - KNOWN_VALUES):
                yield f"{place}: nothing fills {{{unknown}}}"


def _unreachable(engine: Engine) -> Iterator[str]:
    reached: set[Place] = set()
    waiting = list(ENTRIES)
    while waiting:
        place = waiting.pop()
        if place not in reached:
            reached.add(place)
            waiting += [goto for _, goto in leads(place, engine.paths.steps[place])]
    for place in engine.paths.steps:
        if place not in reached:
            yield f"{place} cannot be reached"


def _closed_doors(engine: Engine, moment: Moment) -> Iterator[str]:
    """A step from which a person, the menu or the exit is not reached in one message, in some way of writing."""
    for standing in standings(engine, Language.EN):
        for door, words in WORDS.items():
            for text in words:
                place = engine.advance(standing, Said(text), moment).standing.place
                allowed = ALWAYS[door](place) or (standing.covered and place in (LIST, WHICH, OPENER))
                if not allowed:
                    yield f"{standing.place}: {text!r} leads to {place}, not to the {door}"
    for door, words in WORDS.items():
        for text in words:
            if hear(text).command != door:
                yield f"{text!r} is not heard as {door}"


def _told_apart(engine: Engine, moment: Moment, eyes: Eyes) -> Iterator[str]:
    """Where the cover answers a number that is known otherwise than one that is not, or was erased."""
    cold = replace(moment, cold=True)
    for channel in Channel:
        stranger = newcomer(channel)
        for probe in PROBES:
            expected = _heard_under_cover(engine, stranger, probe, cold, eyes)
            for known in _known(engine, stranger):
                if _heard_under_cover(engine, known, probe, cold, eyes) != expected:
                    yield f"{' / '.join(probe)!r} is answered otherwise to {known.place} than to a stranger"


def _known(engine: Engine, stranger: Standing) -> Iterator[Standing]:
    """Survivors of whom everything is known, at every step, whose talk went cold or whose cover is on already."""
    slots = {"district": "kolkata", "kind": "counselling", "told": "cost", "fact": FACTS.sendable()[0].id}
    for standing in standings(engine, Language.HI):
        if standing.covered:
            continue
        known = replace(standing, channel=stranger.channel, slots={**standing.slots, **slots}, misses=1, turn=40)
        yield cover(known)
        if stranger.channel is Channel.SMS:
            yield known


def _heard_under_cover(
    engine: Engine, standing: Standing, probe: Sequence[str], moment: Moment, eyes: Eyes
) -> Sequence[str]:
    """What somebody reads who sends these messages from this number, until the cover is lifted."""
    read = []
    for text in probe:
        turn = engine.advance(standing, Said(text), moment)
        standing = turn.standing
        if not standing.covered:
            break
        read.append(eyes.word(turn.effects, standing.speaks))
        moment = replace(moment, cold=False)
    return read


def _dead_ends(engine: Engine) -> Iterator[str]:
    """A step that asks or tells and shows no way on, neither a choice nor a key."""
    for place, step in engine.paths.steps.items():
        if isinstance(step, Tell) and step.then is None and not step.hints:
            yield f"{place} shows no way on"
        if isinstance(step, Ask) and isinstance(step.choices, tuple) and not step.choices:
            yield f"{place} has no choices"
