"""What she can always do, at every step, before any flow sees the words."""

from dataclasses import replace

from flows.answering import Turning, again, arrive_at_fact
from flows.hearing import Command, choice, number
from flows.model import (
    AlertStaff,
    CancelWaiting,
    Language,
    LogReferral,
    OptIn,
    OptOut,
    Place,
    Standing,
    Turn,
)
from flows.paths import arrive, has_more, is_held
from flows.talked import PassOn
from flows.vocabulary import Ask, Collect, Connect, Refer

CLOSED = Place("cover", "closed")
MENU = Place("menu", "list")
PERSON = Place("counselling", "open")
FORGET = Place("forget", "ask")
LEAVING = Place("leaving", "ask")
LANGUAGE = Place("language", "choose")
NO_MORE = Place("menu", "no_more")

PLACES = {
    Command.MENU: MENU,
    Command.PERSON: PERSON,
    Command.HELP: Place("menu", "help"),
    Command.STATUS: Place("my_request", "code"),
    Command.LANGUAGE: LANGUAGE,
}

ANSWERS = (Command.YES, Command.NO, Command.MORE, Command.SKIP)


def opted_out(turning: Turning) -> Turn | None:
    """After STOP nothing is sent; START alone opens again, and danger still alerts staff."""
    standing = turning.standing
    if not standing.opted_out:
        return None
    if turning.heard.command is Command.START and turning.heard.sure:
        standing = replace(cover(standing), opted_out=False)
        turn = arrive(turning.paths, standing, Place("cover", "opener"), turning.moment)
        return replace(turn, effects=(OptIn(), *turn.effects))
    if kind := turning.heard.danger:  # nobody can be asked back, so a doubtful one counts too
        return Turn(standing, (LogReferral("emergency", need=kind.value), AlertStaff(kind.value)))
    return Turn(standing)


def stopping(turning: Turning) -> Turn | None:
    """STOP is obeyed at once and in silence; what only looks like it is asked about."""
    if turning.heard.command is not Command.STOP:
        return None
    if turning.heard.sure:
        return Turn(replace(turning.standing, opted_out=True), (OptOut(),))
    return arrive(turning.paths, turning.standing, LEAVING, turning.moment)


def forgetting(turning: Turning) -> Turn | None:
    """Forget always asks once."""
    if turning.heard.command is not Command.FORGET:
        return None
    return arrive(turning.paths, turning.standing, FORGET, turning.moment)


def endangered(turning: Turning) -> Turn | None:
    """Danger leads to the safety step at once and lifts the cover; a doubtful one is asked about."""
    danger = turning.heard.danger
    if danger is None:
        return None
    if not turning.heard.sure:
        place = Place("safety", f"sure_{danger.value}")
        return _told_too(turning, arrive(turning.paths, turning.standing, place, turning.moment))
    standing = uncover(turning.standing)
    return _told_too(turning, arrive(turning.paths, standing, Place("safety", danger.value), turning.moment))


def _told_too(turning: Turning, turn: Turn) -> Turn:
    """A member who holds her talk reads it as well."""
    return replace(turn, effects=(PassOn(), *turn.effects)) if turning.said.talking else turn


def leaving(turning: Turning) -> Turn | None:
    """`00`: one harmless line, nothing that waits is sent, and the cover is back."""
    if turning.heard.command is not Command.EXIT:
        return None
    turn = arrive(turning.paths, cover(turning.standing), CLOSED, turning.moment)
    turn = replace(turn, effects=(CancelWaiting(), *turn.effects))
    return turn if number(turning.said.text) else _told_too(turning, turn)  # words that say so are for the member, too


def reserved(turning: Turning) -> Turn | None:
    """The commands that lead somewhere else: person, menu, help, language, my request, more, back, repeat."""
    match turning.heard.command:
        case Command.LANGUAGE:
            return _language(turning)
        case Command.MORE | Command.SKIP:
            return _more(turning)
        case Command.BACK:
            back = getattr(turning.step, "back", "menu.list")
            return arrive(turning.paths, turning.standing, Place(*back.split(".")), turning.moment)
        case Command.REPEAT:
            return again(turning)
        case Command() as command if command in PLACES:
            return arrive(turning.paths, turning.standing, PLACES[command], turning.moment)
    return None


def stale_button(turning: Turning) -> Turn | None:
    """A button under an older message counts for nothing: the step she stands at is shown again."""
    pressed = turning.said.pressed_in
    if pressed is None or pressed == turning.standing.turn:
        return None
    return again(turning)


def unread(turning: Turning) -> Turn | None:
    """A number, a yes or a no cannot answer what never left us: the step she stands at is shown again.

    Who hears nothing sends her `1` once more, and would agree to a question that she has not read.
    """
    answers = number(turning.said.text) not in (None, "0", "9") or turning.heard.command in ANSWERS
    return again(turning) if turning.said.unread and answers else None


def cover(standing: Standing) -> Standing:
    """Her standing with the cover back on, remembering the step that it hides."""
    waiting = standing.waiting if standing.covered else standing.place
    if waiting and waiting.flow in ("cover", "menu", "forget", "leaving", "safety"):
        waiting = None
    slots = {key: value for key, value in standing.slots.items() if key != "covered_in"}
    slots["covered_in"] = standing.speaks.value
    return replace(
        standing, place=CLOSED, covered=True, waiting=waiting, slots=slots, question=None, proved=False, misses=0
    )


def uncover(standing: Standing) -> Standing:
    """Her standing past the cover, in her own language or the one she was just heard in."""
    if not standing.covered:
        return standing
    heard = standing.slots.get("covered_in")
    slots = {key: value for key, value in standing.slots.items() if key != "covered_in"}
    language = standing.language
    if heard and (language is None or tongue(language) != tongue(Language(heard))):
        language = Language(heard)
    return replace(standing, covered=False, waiting=None, question=None, slots=slots, language=language)


def tongue(language: Language) -> str:
    """The language itself, however it is written."""
    return language.value.split("_")[0]


def _language(turning: Turning) -> Turn:
    step = turning.paths.steps[LANGUAGE]
    assert isinstance(step, Ask)  # noqa: S101 - the flow is checked at start
    assert isinstance(step.choices, tuple)  # noqa: S101
    words = [(one.name, (*turning.paths.labels(one.label), *one.also)) for one in step.choices]
    named = choice(turning.said.text, words)
    if named is None:
        return arrive(turning.paths, turning.standing, LANGUAGE, turning.moment)
    standing = replace(turning.standing, language=Language(named))
    place = MENU if standing.place == LANGUAGE else standing.place
    return arrive(turning.paths, standing, place, turning.moment)


def _more(turning: Turning) -> Turn | None:
    step, standing = turning.step, turning.standing
    if isinstance(step, Ask) and step.tells:
        return arrive_at_fact(turning, standing, step.tells, page=1)
    if has_more(step, standing, turning.moment):
        return arrive(turning.paths, standing, standing.place, turning.moment, standing.page + 1)
    if isinstance(step, Ask | Collect) and step.skip:
        return arrive(turning.paths, standing, turning.paths.follow(standing.place, "skip"), turning.moment)
    if isinstance(step, Refer | Connect | Ask | Collect) or is_held(step, standing, turning.moment):
        return again(turning)
    return arrive(turning.paths, standing, NO_MORE, turning.moment)
