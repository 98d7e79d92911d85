"""The rules under the cover: whoever holds her phone sees the same as with any other number."""

from dataclasses import replace

from flows.answering import Turning, answer_question, chosen
from flows.commands import CLOSED, MENU, PERSON, cover, tongue, uncover
from flows.hearing import Command, number
from flows.model import Channel, Language, Moment, Place, Say, Standing, T, Turn
from flows.paths import arrive, offered_at, passing
from flows.talking import FOLLOW, resume
from flows.vocabulary import Ask

OPENER = Place("cover", "opener")
WHICH = Place("cover", "which")
LIST = Place("cover", "list")
NOTED = Place("cover", "noted")
OPENED = (OPENER, WHICH, LIST, NOTED)
ASKING = ("forget", "leaving", "safety")  # questions that are asked under the cover too

SOMEBODY_WILL_READ = T("Somebody will read this.")


def settle(standing: Standing, moment: Moment) -> Standing:
    """Put the cover back on an SMS talk that went cold, and forget in any that she proved herself."""
    if not moment.cold:
        return standing
    standing = replace(standing, proved=False)
    if standing.covered and standing.place.flow == "cover":
        return standing
    return cover(standing) if standing.channel is Channel.SMS else standing


def listen(turning: Turning) -> Turning:
    """Under the cover, the language follows what was just written and nothing that is known of her."""
    standing = turning.standing
    if not standing.covered:
        return turning
    slots = dict(standing.slots)
    if standing.place == CLOSED:
        slots.pop("covered_in", None)
    if turning.heard.language:
        slots["covered_in"] = turning.heard.language.value
    return replace(turning, standing=replace(standing, slots=slots))


def covered(turning: Turning) -> Turn | None:
    """All that can happen while the cover is on, past stop, forget, danger and leaving."""
    standing = turning.standing
    if not standing.covered:
        return None
    if standing.place.flow in ASKING and (turn := _asked_under_cover(turning)):
        return turn
    if turning.heard.command is Command.PERSON:
        return _noted(turning)
    if standing.place in OPENED:
        return _at_opener(turning)
    return _open(turning, OPENER)


def _asked_under_cover(turning: Turning) -> Turn | None:
    step = turning.step
    if not isinstance(step, Ask) or not (name := chosen(turning, offered_at(step, turning.standing, turning.moment))):
        return None
    assert isinstance(step.choices, tuple)  # noqa: S101 - these questions are written out in their flows
    taken = next(one for one in step.choices if one.name == name)
    place = turning.paths.follow(turning.standing.place, f"choose {name}")
    if place == MENU:
        return _open(turning, OPENER)
    standing = uncover(turning.standing) if place.flow == "safety" else turning.standing
    turn = arrive(turning.paths, standing, place, turning.moment)
    stopped = replace(turn.standing, opted_out=place == Place("leaving", "stopped"))
    return replace(turn, standing=stopped, effects=(*taken.does, *turn.effects))


def _at_opener(turning: Turning) -> Turn:
    standing, heard = turning.standing, turning.heard
    step = turning.step
    assert isinstance(step, Ask)  # noqa: S101 - every opener is a question
    if heard.command in (Command.MORE, Command.SKIP):
        return _lift(turning, standing.waiting)
    name = chosen(turning, offered_at(step, standing, turning.moment))
    if name == "not_now" or (heard.command is Command.NO and standing.place != WHICH):
        return arrive(turning.paths, standing, CLOSED, turning.moment)
    if name in ("bangla", "hindi", "english"):
        return _lift(replace(turning, standing=_in_language(standing, name)), None)
    if name == "yes" and "covered_in" in standing.slots:
        return _lift(turning, None)
    return _open(turning, LIST)


def _in_language(standing: Standing, name: str) -> Standing:
    latin = standing.channel is Channel.SMS
    picked = {
        "bangla": Language.BN_LATN if latin else Language.BN,
        "hindi": Language.HI_LATN if latin else Language.HI,
        "english": Language.EN,
    }[name]
    known = standing.language
    if known and tongue(known) == tongue(picked):
        picked = known
    return replace(standing, slots={**standing.slots, "covered_in": picked.value})


def _lift(turning: Turning, waiting: Place | None) -> Turn:
    question = turning.standing.question
    standing = uncover(turning.standing)
    if turning.said.talking:
        return resume(turning, standing)
    if "follow" in standing.slots:
        slots = {name: value for name, value in standing.slots.items() if name != "follow"}
        return arrive(turning.paths, replace(standing, slots=slots), FOLLOW, turning.moment)
    if waiting:
        return arrive(turning.paths, standing, waiting, turning.moment, standing.page)
    if question and (turn := answer_question(turning, standing, question)):
        return turn
    return arrive(turning.paths, standing, MENU, turning.moment)


def _open(turning: Turning, place: Place) -> Turn:
    standing = _keep_question(turning)
    if "covered_in" not in standing.slots:
        place = WHICH
    return arrive(turning.paths, standing, place, turning.moment)


def _noted(turning: Turning) -> Turn:
    noted = passing(turning.paths, turning.standing, PERSON, turning.moment)
    if "covered_in" in noted.standing.slots:
        turn = arrive(turning.paths, noted.standing, NOTED, turning.moment)
        return replace(turn, effects=(*noted.effects, *turn.effects))
    turn = arrive(turning.paths, noted.standing, WHICH, turning.moment)
    return replace(turn, effects=(*noted.effects, Say(SOMEBODY_WILL_READ), *turn.effects))


def _keep_question(turning: Turning) -> Standing:
    text = turning.said.text.strip()
    asks = text and turning.heard.command is None and number(text) is None
    if not asks or turning.standing.question:
        return turning.standing
    return replace(turning.standing, question=text)
