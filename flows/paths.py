"""What a flow step says and offers when somebody comes to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from string import Formatter

from flows.entitlements.facts import FACTS, Fact, as_checked, is_due, may_be_sent, pages
from flows.errors import BadFlow
from flows.model import (
    AddToReferral,
    Channel,
    Effect,
    GiveReturnCode,
    LogReferral,
    Moment,
    Named,
    Offer,
    Offered,
    OpenRelay,
    Place,
    Say,
    ShowCollectives,
    ShowRequests,
    Standing,
    T,
    Turn,
    Value,
)
from flows.places import DISTRICTS
from flows.vocabulary import Ask, Collect, Connect, End, Hint, Listing, Refer, Step, Tell

PAGE = 4  # choices of a listing on one page: with their labels they fit two SMS parts in every language

HINTS: Mapping[Hint, Offered] = {
    "more": Offered("8", "more", T("more")),
    "skip": Offered("8", "skip", T("skip")),
    "person": Offered("9", "person", T("a person")),
    "another": Offered("9", "another", T("another person")),
    "list": Offered("0", "list", T("list")),
    "close": Offered("00", "close", T("close")),
}
HELD = T("This is being checked again. A person can find out.")


@dataclass(frozen=True, slots=True)
class Paths:
    """The compiled flows: the step at a place, and where a trigger leads from it."""

    steps: Mapping[Place, Step]
    follow: Callable[[Place, str], Place]
    labels: Callable[[T | Named], tuple[str, ...]]  # a label in every language, to be heard


def arrive(paths: Paths, standing: Standing, place: Place, moment: Moment, page: int = 0) -> Turn:
    """Come to a place, pass through every step that asks nothing, and rest at the first that does."""
    effects: list[Effect] = []
    while (onward := _onward(paths.steps[place], standing)) is not None:
        standing, done = _pass(paths.steps[place], standing, moment)
        effects += done
        place = paths.follow(place, onward)
    standing = replace(standing, place=place, page=page, misses=0)
    standing, said = _rest(paths.steps[place], standing, moment)
    return Turn(standing, (*effects, *said))


def passing(paths: Paths, standing: Standing, place: Place, moment: Moment) -> Turn:
    """What is done on the way from a place to the first step that asks, without asking it."""
    arrived = arrive(paths, standing, place, moment)
    silent = tuple(effect for effect in arrived.effects if not isinstance(effect, Say | Offer))
    return Turn(replace(standing, slots=arrived.standing.slots), silent)


def offered_at(step: Step, standing: Standing, moment: Moment) -> tuple[Offered, ...]:
    """The numbered choices of a step as they stand now."""
    if isinstance(step, Ask) and isinstance(step.choices, Listing):
        facts = _listed(step.choices, standing, moment)
        page = min(standing.page, max(0, len(facts) - 1) // PAGE)  # it may have become shorter
        return tuple(_listing(n, fact) for n, fact in enumerate(facts[page * PAGE :][:PAGE], 1))
    if isinstance(step, Ask) and isinstance(step.choices, tuple):
        return tuple(Offered(str(n), choice.name, choice.label) for n, choice in enumerate(step.choices, 1))
    if isinstance(step, Collect):
        return tuple(Offered(str(n), code, DISTRICTS[code].name) for n, code in enumerate(standing.offered, 1))
    return ()


def read_at(step: Step, standing: Standing, moment: Moment) -> tuple[Offered, ...]:
    """The numbered choices as she read them last: of a list that is shorter by now, her number means what it meant."""
    if isinstance(step, Ask) and isinstance(step.choices, Listing) and standing.offered:
        return tuple(_listing(n, FACTS.fact(name)) for n, name in enumerate(standing.offered, 1) if name in FACTS)
    return offered_at(step, standing, moment)


def has_more(step: Step, standing: Standing, moment: Moment) -> bool:
    """Whether `8` shows more of this step."""
    if isinstance(step, Ask) and isinstance(step.choices, Listing):
        return len(_listed(step.choices, standing, moment)) > (standing.page + 1) * PAGE
    if isinstance(step, Ask):
        return step.tells is not None and may_be_sent(FACTS.fact(step.tells), moment.checks)
    if isinstance(step, Tell) and step.pages == "fact":
        return not is_held(step, standing, moment) and len(pages(_fact(standing))) > standing.page + 1
    return isinstance(step, Tell) and step.pages is not None


def is_held(step: Step, standing: Standing, moment: Moment) -> bool:
    """Whether the fact that she came to read is held back."""
    return isinstance(step, Tell) and step.pages == "fact" and not may_be_sent(_fact(standing), moment.checks)


def hints_of(step: Step, standing: Standing, moment: Moment) -> tuple[Offered, ...]:
    """The keys that always work, of which this step reminds her."""
    if isinstance(step, Refer | Connect):
        return ()
    return tuple(HINTS[hint] for hint in step.hints if hint != "more" or has_more(step, standing, moment))


def say(sentence: T, standing: Standing, moment: Moment) -> Say:
    """The sentence with the values its {names} ask for."""
    names = [name for _, name, _, _ in Formatter().parse(sentence.text) if name]
    return Say(sentence, {name: _value(name, standing, moment) for name in names})


def _onward(step: Step, standing: Standing) -> str | None:
    if isinstance(step, Refer | Connect) or (isinstance(step, Tell) and step.then):
        return "then"
    if isinstance(step, Collect) and step.unless == "proved" and standing.proved:
        return "collected"
    return None


def _pass(step: Step, standing: Standing, moment: Moment) -> tuple[Standing, tuple[Effect, ...]]:
    match step:
        case Refer():
            slots = {**standing.slots, "kind": step.kind} if step.state == "requested" else standing.slots
            outcome = "told" if step.state == "done" else None
            district = standing.slots.get("district") if standing.slots.get("confirmed") == "yes" else None
            logged = LogReferral(step.kind, step.state, outcome, step.need, district)
            return replace(standing, slots=slots), (logged, *step.does)
        case Connect():
            return standing, (OpenRelay(),)
        case Tell():
            return standing, (*step.does, say(_sentence(step, moment), standing, moment))
    return standing, ()


def _rest(step: Step, standing: Standing, moment: Moment) -> tuple[Standing, tuple[Effect, ...]]:
    match step:
        case Ask():
            return _rest_at_question(step, standing, moment)
        case Collect():
            standing = replace(standing, offered=())
            return standing, (say(step.sentence, standing, moment), Offer(hints=hints_of(step, standing, moment)))
        case Tell():
            return replace(standing, offered=()), (*step.does, *_told(step, standing, moment))
        case End():
            given = any(isinstance(effect, GiveReturnCode) for effect in step.does)
            standing = replace(standing, offered=(), proved=standing.proved or given)
            words = (say(step.sentence, standing, moment),) if step.sentence else ()
            return standing, (*step.does, *words, Offer(hints=hints_of(step, standing, moment)))
    return standing, ()


def _rest_at_question(step: Ask, standing: Standing, moment: Moment) -> tuple[Standing, tuple[Effect, ...]]:
    words = list(_asked(step, standing, moment))
    if step.first_time and standing.channel is Channel.SMS and "told" not in standing.slots:
        words.insert(0, say(step.first_time, standing, moment))
        standing = replace(standing, slots={**standing.slots, "told": "cost"})
    choices = offered_at(step, standing, moment)
    standing = replace(standing, offered=tuple(choice.name for choice in choices))
    return standing, (*words, Offer(choices, hints_of(step, standing, moment)))


def _asked(step: Ask, standing: Standing, moment: Moment) -> tuple[Effect, ...]:
    if step.tells:
        return _fact_page(FACTS.fact(step.tells), 0, moment)
    if isinstance(step.choices, Listing) and not _listed(step.choices, standing, moment):
        return (Say(HELD),)
    return (say(_sentence(step, moment), standing, moment),)


def _told(step: Tell, standing: Standing, moment: Moment) -> tuple[Effect, ...]:
    offer = Offer(hints=hints_of(step, standing, moment))
    match step.pages:
        case "fact":
            return (*_fact_page(_fact(standing), standing.page, moment), offer)
        case "requests":
            return (ShowRequests(standing.page), offer)
        case "collectives":
            return (ShowCollectives(standing.slots["district"], standing.page), offer)
    return (say(_sentence(step, moment), standing, moment), offer)


def _fact_page(fact: Fact, page: int, moment: Moment) -> tuple[Effect, ...]:
    """A page of a fact; the first says so where it is past its re-check, the last when it was checked.

    Of a fact that is held, nothing.
    """
    if not may_be_sent(fact, moment.checks):
        return (Say(HELD),)
    fact, every = as_checked(fact, moment.checks), pages(fact)
    said: list[Effect] = [Say(T(sentence)) for sentence in every[page]]
    if page == 0:
        said.insert(0, LogReferral("information", "done", "told", fact.topic))
        if is_due(fact, moment.now.date()):
            said.append(Say(T("Checked {month}. Ask a person too."), {"month": fact.checked_on}))
    if page == len(every) - 1:
        said.append(Say(T("Checked {month}."), {"month": fact.checked_on}))
    return tuple(said)


def _fact(standing: Standing) -> Fact:
    return FACTS.fact(standing.slots["fact"])


def _listing(number: int, fact: Fact) -> Offered:
    return Offered(str(number), fact.id, T(fact.title))


def _listed(listing: Listing, standing: Standing, moment: Moment) -> tuple[Fact, ...]:
    if listing.of == "matches":
        facts = tuple(FACTS.fact(name) for name in standing.slots["matches"].split(","))
    else:
        facts = FACTS.topic(standing.slots["topic"]).facts
    return tuple(fact for fact in facts if may_be_sent(fact, moment.checks))


def _sentence(step: Ask | Tell, moment: Moment) -> T:
    if step.off_duty and not moment.on_duty:
        return step.off_duty
    if step.sentence is None:
        raise BadFlow(f"step {step.name} has nothing to say")
    return step.sentence


def _value(name: str, standing: Standing, moment: Moment) -> Value:
    match name:
        case "district":
            return DISTRICTS[standing.slots["district"]].name
        case "hour":
            return _hour(moment)
        case "runs" if moment.runs_line:
            return Say(T("{name} runs this line."), {"name": moment.runs_line})
        case "child_person":
            return moment.child_person or T("A person who looks after children")
    return ""


def _hour(moment: Moment) -> Say:
    """When somebody next looks: "9 in the morning", with the day before it unless it is today."""
    hour = moment.opens.hour
    part = (
        T("{clock} in the morning")
        if hour < 12
        else T("{clock} in the afternoon")
        if hour < 17
        else T("{clock} in the evening")
    )
    clock = Say(part, {"clock": (hour - 1) % 12 + 1})
    days = (moment.opens.date() - moment.now.date()).days
    if days == 0:
        return clock
    if days == 1:
        return Say(T("tomorrow, {clock}"), {"clock": clock})
    return Say(T("{weekday}, {clock}"), {"weekday": moment.opens, "clock": clock})


def added(step: Ask, name: str, standing: Standing) -> tuple[Effect, ...]:
    """The coded answer that goes to her open referral, if this question has one."""
    kind = standing.slots.get("kind")
    if step.adds is None or kind is None:
        return ()
    if step.adds == "district":
        return (AddToReferral(kind, "district", standing.slots["district"]),) if name == "yes" else ()
    return (AddToReferral(kind, step.adds, name),)
