"""How her words are heard at the step where she stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flows import paths
from flows.entitlements.facts import FACTS, may_be_sent, pages
from flows.entitlements.search import Match, ask
from flows.hearing import Command, Courtesy, Heard, choice, courtesy, number
from flows.helpline.entitlements import WHERE_FROM
from flows.helpline.menu import ABOUT
from flows.model import Moment, Offer, Offered, Place, Said, Say, Standing, T, Turn
from flows.paths import HINTS, Paths, arrive
from flows.places import district, town_in
from flows.vocabulary import Ask, Collect, Listing, Step

FACT = Place("entitlements", "fact")
MEANT = Place("entitlements", "meant")

WELCOME = T("All right. Write at any time.")
NOT_UNDERSTOOD = T("I did not understand. Write it in other words, or 0 for the list.")
ONLY_WORDS = T("I can read only words.")
PERSON_CAN_READ = T("A person can read this if you want.")
NO_CHECKED_ANSWER = T("I have no checked answer for this. A person can find out.")
DO_YOU_MEAN = T("Do you mean:")

QUESTION_WORDS = 4  # from so many words on, what was not found is called a question without an answer


@dataclass(frozen=True, slots=True)
class Turning:
    """One message on its way through the rules: where she stands, what she sent, what was heard."""

    paths: Paths
    standing: Standing
    said: Said
    moment: Moment
    heard: Heard

    @property
    def step(self) -> Step:
        """The step at which she stands."""
        return self.paths.steps[self.standing.place]


def answered(turning: Turning) -> Turn | None:
    """Her answer to the step, if it is one."""
    step = turning.step
    if isinstance(step, Ask) and (name := chosen(turning, paths.read_at(step, turning.standing, turning.moment))):
        return choose(turning, step, name)
    if isinstance(step, Ask) and step.needs_yes and turning.heard.command is Command.YES:
        return missed(turning)
    if isinstance(step, Collect):
        return _collected(turning, step)
    return None


def where_from(turning: Turning) -> Turn | None:
    """Where a fact comes from, if she asks: its last page."""
    step, standing = turning.step, turning.standing
    told = step.tells if isinstance(step, Ask) else standing.slots.get("fact") if standing.place == FACT else None
    if not told or not choice(turning.said.text, [("where from", WHERE_FROM)]):
        return None
    return arrive_at_fact(turning, standing, told, len(pages(FACTS.fact(told))) - 1)


def choose(turning: Turning, step: Ask, name: str) -> Turn:
    """Take a choice: keep its stable name, do what it does, go where it leads."""
    standing, place = turning.standing, turning.standing.place
    if step.keep_as:
        standing = replace(standing, slots={**standing.slots, step.keep_as: name})
    if isinstance(step.choices, Listing):
        return arrive_at_fact(turning, standing, name)
    taken = next(one for one in step.choices if one.name == name)
    standing = replace(standing, slots={**standing.slots, **taken.keeps}, language=taken.speaks or standing.language)
    turn = arrive(turning.paths, standing, turning.paths.follow(place, f"choose {name}"), turning.moment)
    return Turn(turn.standing, (*paths.added(step, name, standing), *taken.does, *turn.effects))


def chosen(turning: Turning, offered: tuple[Offered, ...]) -> str | None:
    """The stable name of the choice she made, by number, by label in any language, or by a like word."""
    by_key = {one.key: one.name for one in offered}
    needs_yes = isinstance(turning.step, Ask) and turning.step.needs_yes
    digit, command = number(turning.said.text), turning.heard.command
    if digit in by_key or (digit and not needs_yes):
        return by_key.get(digit)
    if command in by_key.values() and (command is Command.NO or (command is Command.YES and not needs_yes)):
        return str(command)
    also = _also(turning.step)
    words = [(one.name, (*turning.paths.labels(one.label), *also.get(one.name, ()))) for one in offered]
    return choice(digit or turning.said.text, words)


def asked(turning: Turning) -> Turn | None:
    """A question in her own words: answered from a checked fact, or asked back."""
    if number(turning.said.text) is not None or not turning.said.text.strip():
        return None
    return answer_question(turning, turning.standing, turning.said.text)


def answer_question(turning: Turning, standing: Standing, question: str) -> Turn | None:
    """The fact that answers a question, or a short question back; None where nothing fits."""
    found = ask(question, turning.heard.language or standing.language)
    if not found.matches:
        return None
    best, *others = (_told_of(turning, match) for match in found.matches)
    if found.answer:
        return arrive_at_fact(turning, standing, best)
    slots = {**standing.slots, "matches": ",".join(dict.fromkeys((best, *others)))}
    return arrive(turning.paths, replace(standing, slots=slots), MEANT, turning.moment)


def polite(turning: Turning) -> Turn | None:
    """Thanks, and who is there: answered in a sentence; what she was asked last can still be answered."""
    heard, standing = courtesy(turning.said.text), turning.standing
    if heard is None:
        return None
    said = WELCOME if heard is Courtesy.THANKS else ABOUT
    return Turn(standing, (paths.say(said, standing, turning.moment), Offer(hints=(HINTS["person"], HINTS["list"]))))


def missed(turning: Turning) -> Turn:
    """Nothing was understood: say so, offer the step again; the second time, offer a person."""
    standing = replace(turning.standing, misses=turning.standing.misses + 1)
    step = turning.step
    if standing.misses > 1:
        return Turn(standing, (Say(PERSON_CAN_READ), Offer(hints=(HINTS["person"], HINTS["list"]))))
    if isinstance(step, Collect):
        again = paths.say(step.again, standing, turning.moment)
        return Turn(standing, (again, Offer(hints=paths.hints_of(step, standing, turning.moment))))
    if turning.said.has_media and not turning.said.text.strip():
        standing, offered = _offered_again(turning, step, standing)
        return Turn(standing, (Say(ONLY_WORDS), Offer(offered, (HINTS["list"],))))
    if len(turning.said.text.split()) >= QUESTION_WORDS:
        return Turn(standing, (Say(NO_CHECKED_ANSWER), Offer(hints=(HINTS["person"], HINTS["list"]))))
    standing, offered = _offered_again(turning, step, standing)
    return Turn(standing, (Say(NOT_UNDERSTOOD), Offer(offered, () if offered else (HINTS["person"], HINTS["list"]))))


def again(turning: Turning) -> Turn:
    """The step where she stands, once more."""
    return arrive(turning.paths, turning.standing, turning.standing.place, turning.moment, turning.standing.page)


def arrive_at_fact(turning: Turning, standing: Standing, fact: str, page: int = 0) -> Turn:
    """Come to a page of a fact."""
    slots = {**standing.slots, "fact": fact, "topic": FACTS.fact(fact).topic}
    return arrive(turning.paths, replace(standing, slots=slots), FACT, turning.moment, page)


def _told_of(turning: Turning, match: Match) -> str:
    """Of two facts that say one thing, the better fitting that nobody holds."""
    free = (name for name in match.facts if may_be_sent(FACTS.fact(name), turning.moment.checks))
    return next(free, match.facts[0])


def _offered_again(turning: Turning, step: Step, standing: Standing) -> tuple[Standing, tuple[Offered, ...]]:
    """The choices of her step once more, as they stand now, and kept as those she read last."""
    offered = paths.offered_at(step, standing, turning.moment)
    return replace(standing, offered=tuple(one.name for one in offered)), offered


def _collected(turning: Turning, step: Collect) -> Turn | None:
    if step.of == "code":
        return _code_collected(turning, step)
    if (digit := number(turning.said.text)) is not None:
        among = turning.standing.offered
        code = among[int(digit) - 1] if digit.isdecimal() and 0 < int(digit) <= len(among) else None
        return _district_collected(turning, step, code) if code else None
    found = district(turning.said.text)
    if found.code:
        return _district_collected(turning, step, found.code)
    if found.among:
        standing = replace(turning.standing, offered=tuple(found.among[:5]))
        return Turn(standing, (Say(DO_YOU_MEAN), Offer(paths.offered_at(step, standing, turning.moment))))
    return None


def _district_collected(turning: Turning, step: Collect, code: str) -> Turn:
    slots = {**turning.standing.slots, step.keep_as: code, "area": town_in(code, turning.said.text) or ""}
    standing = replace(turning.standing, slots=slots)
    place = turning.paths.follow(turning.standing.place, "collected")
    return arrive(turning.paths, standing, place, turning.moment)


def _code_collected(turning: Turning, step: Collect) -> Turn | None:
    if turning.said.code_is_hers is None:
        return None
    if turning.said.code_is_hers:
        standing = replace(turning.standing, proved=True)
        place = turning.paths.follow(turning.standing.place, "collected")
        return arrive(turning.paths, standing, place, turning.moment)
    again_ = paths.say(step.again, turning.standing, turning.moment)
    return Turn(turning.standing, (again_, Offer(hints=paths.hints_of(step, turning.standing, turning.moment))))


def _also(step: Step) -> Mapping[str, tuple[str, ...]]:
    if isinstance(step, Ask) and not isinstance(step.choices, Listing):
        return {one.name: one.also for one in step.choices}
    return {}
