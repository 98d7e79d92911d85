"""Words: how the translations stand, what each flow says and where it leads, whole talks, and the trial of a text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from bot import talks
from bot.desk import content_labels
from bot.desk.guard import Door
from bot.desk.roles import OFFICE
from bot.desk.visit import NotThere, Visit
from bot.parts import cut, fit, strange
from bot.turn import moment_of
from bot.wording import plain, translate
from flows.engine import leads
from flows.helpline import FLOWS
from flows.model import Language, Place, T
from flows.vocabulary import Ask, Flow, Step
from locales import risks_in
from locales.catalogues import SPOKEN, counted
from storage import fact_states
from storage.database import reading

LONGEST = 4096  # characters of one message on Telegram, and enough to try anything
_SAYINGS = tuple(content_labels.SAYINGS)


@dataclass(frozen=True, slots=True)
class Way:
    """What leads on from a step, and where; `words` are a choice as she reads it, or else `label` says what it is."""

    words: str
    label: str
    to: Place


@dataclass(frozen=True, slots=True)
class Drawn:
    """One step: what kind it is, what it says, what it tells from elsewhere, and where it leads."""

    name: str
    kind: str
    says: Sequence[tuple[str, str]]
    fact: str
    ways: Sequence[Way]


@dataclass(frozen=True, slots=True)
class Tried:
    """A text as it would be sent."""

    text: str
    encoding: str
    parts: Sequence[str]
    strange: Sequence[str]
    risks: Sequence[str]


def show(visit: Visit) -> Response:
    """How each language stands, and the ways to the flows, the talks and the trial."""
    return _page(visit, text="", tried=None)


def try_out(visit: Visit) -> Response:
    """How a text would travel; it is sent to nobody and kept nowhere."""
    text = plain(visit.form.get("text", "").replace("\r\n", "\n").strip()[:LONGEST])
    return _page(visit, text=text, tried=_tried(text) if text else None)


def show_flow(visit: Visit) -> Response:
    """One flow, step by step, in the language that is asked for."""
    flow = next((one for one in FLOWS if one.name == visit.part("flow")), None)
    if flow is None:
        raise NotThere
    language = _asked_language(visit)
    return visit.page(
        "flow.html",
        flow=flow.name,
        flows=[one.name for one in FLOWS],
        steps=[_drawn(flow, step, language) for step in flow.steps],
        spoken=language,
        labels=content_labels,
    )


def show_talks(visit: Visit) -> Response:
    """Whole conversations in the language that is asked for, as they would go now."""
    language = _asked_language(visit)
    with reading(visit.desk.store.main) as db:
        checks = fact_states.checks(db)
    moment = moment_of(visit.desk.house, visit.now, visit.now, checks)
    held = [
        (one.title, list(talks.held(visit.desk.house.engine, one.lines[language], moment))) for one in talks.talks()
    ]
    return visit.page("dialogues.html", talks=held, spoken=language, labels=content_labels)


DOORS = (
    Door("/desk/words", "GET", show, OFFICE, reads="read words"),
    Door("/desk/words", "POST", try_out, OFFICE),
    Door("/desk/words/talks", "GET", show_talks, OFFICE, reads="read words"),
    Door("/desk/words/flows/{flow}", "GET", show_flow, OFFICE, reads="read words"),
)


def _page(visit: Visit, text: str, tried: Tried | None) -> Response:
    counts = [
        (content_labels.DOMAINS[domain], language, counted(language, domain))
        for domain, languages in SPOKEN.items()
        for language in languages
    ]
    return visit.page(
        "words.html",
        counts=counts,
        flows=[one.name for one in FLOWS],
        labels=content_labels,
        text=text,
        tried=tried,
        longest=LONGEST,
    )


def _asked_language(visit: Visit) -> Language:
    code = visit.query.get("language", visit.language.value)
    if code not in set(Language):
        raise NotThere
    return Language(code)


def _tried(text: str) -> Tried:
    risks = dict.fromkeys(risk for language in Language for risk in risks_in(text, language))
    return Tried(text, fit(text).encoding, cut(text), strange(text), list(risks))


def _drawn(flow: Flow, step: Step, language: Language) -> Drawn:
    said = ((name, getattr(step, name, None)) for name in _SAYINGS)
    return Drawn(
        step.name,
        content_labels.STEPS[type(step).__name__],
        [(content_labels.SAYINGS[name], translate(words, language)) for name, words in said if isinstance(words, T)],
        _told(step),
        list(_ways(flow, step, language)),
    )


def _told(step: Step) -> str:
    """The fact that a step tells by name."""
    return step.tells or "" if isinstance(step, Ask) else ""


def _ways(flow: Flow, step: Step, language: Language) -> Iterator[Way]:
    choices = step.choices if isinstance(step, Ask) and isinstance(step.choices, tuple) else ()
    labelled = {
        f"choose {one.name}": f"{number} {translate(one.label, language)}" for number, one in enumerate(choices, 1)
    }
    for trigger, place in leads(Place(flow.name, step.name), step):
        yield Way(labelled.get(trigger, ""), content_labels.TRIGGERS.get(trigger, ""), place)
