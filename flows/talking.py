"""The rules while a member holds her talk: Sathi is silent, but for what she can always do."""

from dataclasses import replace

from flows.answering import Turning, chosen
from flows.commands import CLOSED, PERSON
from flows.hearing import number
from flows.hearing.fold import fold
from flows.model import Place, Standing, T, Turn
from flows.paths import arrive, read_at
from flows.talked import AnotherPerson, GiveHeld, PassOn, Withdraw
from flows.vocabulary import Ask

MET = Place("talk", "met")
MET_AGAIN = Place("talk", "met_again")
CODE = Place("talk", "code")
OPEN = Place("talk", "open")
ANOTHER = Place("talk", "another")
FOLLOW = Place("talk", "follow")
WITHDRAWN = Place("talk", "withdrawn")
CODES = (Place("my_request", "code"), CODE)  # where eight digits are looked at

TAKE_BACK = T("Take back my request")


def talking(turning: Turning) -> Turn | None:
    """Her words go to the member; an answer to a question of Sathi's own, and `9 another person`, do not."""
    standing, said = turning.standing, turning.said
    if not said.talking:
        return None
    if said.talking == "new":
        return _met(turning, standing, said.text)
    if number(said.text) == "9":
        return _another(turning)
    if standing.place == CODE:
        return _at_code(turning)
    if turning.moment.cold:
        return resume(turning, standing)
    if _answers(turning):
        return None
    silent = replace(standing, place=OPEN, offered=(), page=0, misses=0)
    return Turn(silent, (PassOn(), GiveHeld(proved=False)))


def resume(turning: Turning, standing: Standing) -> Turn:
    """Past the cover, or after a silence, with a talk that is still open: her own number first."""
    if turning.said.talking == "new" and not turning.said.has_code:
        return _met(turning, standing, turning.standing.question)
    kept = turning.standing.question or _words(turning)
    turn = arrive(turning.paths, replace(standing, question=kept), CODE, turning.moment)
    return replace(turn, standing=replace(turn.standing, question=kept))


def withdrawing(turning: Turning) -> Turn | None:
    """One message takes back what she asked for, in any way of writing."""
    said = fold(turning.said.text)
    if not said or said not in {fold(label) for label in turning.paths.labels(TAKE_BACK)}:
        return None
    turn = arrive(turning.paths, turning.standing, WITHDRAWN, turning.moment)
    return replace(turn, effects=(Withdraw(), *turn.effects))


def _met(turning: Turning, standing: Standing, text: str | None) -> Turn:
    place = MET_AGAIN if turning.said.has_code else MET
    turn = arrive(turning.paths, standing, place, turning.moment)
    words = (PassOn(text),) if text and number(text) is None else ()
    return replace(turn, effects=(*words, *turn.effects, GiveHeld(proved=False)))


def _at_code(turning: Turning) -> Turn | None:
    if not turning.said.code_is_hers:
        return None
    question = turning.standing.question
    turn = arrive(turning.paths, replace(turning.standing, proved=True, question=None), OPEN, turning.moment)
    words = (PassOn(question),) if question else ()
    return replace(turn, effects=(*words, *turn.effects, GiveHeld(proved=True)))


def _another(turning: Turning) -> Turn:
    turn = arrive(turning.paths, turning.standing, ANOTHER, turning.moment)
    return replace(turn, effects=(AnotherPerson(), *turn.effects))


def _answers(turning: Turning) -> bool:
    """Whether she answers a question that Sathi itself asked her, or pressed a button."""
    if turning.said.pressed_in is not None:
        return True
    step = turning.step
    return isinstance(step, Ask) and chosen(turning, read_at(step, turning.standing, turning.moment)) is not None


def _words(turning: Turning) -> str | None:
    """What she just sent, where it is words and not a command or a number."""
    text = turning.said.text.strip()
    is_words = text and turning.heard.command is None and number(text) is None
    return text if is_words and turning.standing.place not in (CLOSED, PERSON) else None
