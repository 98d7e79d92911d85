"""Facts: what is told, where it comes from, when it was checked; hold one at once, release it, confirm a re-check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from starlette.responses import Response

from bot.desk import content_labels
from bot.desk.guard import Door
from bot.desk.roles import OFFICE
from bot.desk.visit import NotThere, Visit
from bot.desk.words import D
from bot.parts import Fit, fit
from bot.turn import moment_of
from bot.wording import Worded, translate, word
from flows.answering import FACT
from flows.entitlements.facts import FACTS, Fact, as_checked, is_due, pages
from flows.model import Channel, Language, Offer, Say, Standing, T
from flows.paths import arrive
from flows.review import FACT_PARTS
from flows.sources import Checks
from storage import fact_states, staff
from storage.database import reading, writing
from storage.ids import day_of

HELD_BY_FILE = D("Its file holds this fact back. Only a new release of Sathi can send it.")
NO_REASON = D("Choose a reason.")
NO_DAY = D("Give the day as a date, such as 2026-11-24.")
TOO_LATE = D("That day is still to come.")
TOO_EARLY = D("It was checked after that day already.")


@dataclass(frozen=True, slots=True)
class Row:
    """A fact in the list: as of its newest check, its name in the language of the desk, and its states, worst first."""

    fact: Fact
    title: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a fact as her phone shows it, and how it travels by SMS."""

    text: str
    fit: Fit


def overdue(checks: Checks, today: date) -> list[Fact]:
    """The facts that are sent and past their re-check, the longest overdue first."""
    every = (as_checked(fact, checks) for fact in FACTS.sendable() if fact.id not in checks.held)
    return sorted((fact for fact in every if is_due(fact, today)), key=lambda fact: fact.recheck_by)


def states_of(fact: Fact, checks: Checks, today: date) -> tuple[str, ...]:
    """In which states a fact is, what is worst first; of one that is not sent, only why not."""
    if not fact.is_sendable:
        return ("held_by_file",)
    if fact.id in checks.held:
        return ("held",)
    due = ("overdue",) if is_due(as_checked(fact, checks), today) else ()
    return (*due, "with_caveat" if fact.caveat else "sent")


def show_all(visit: Visit) -> Response:
    """The facts of every topic, or those that are looked for."""
    with reading(visit.desk.store.main) as db:
        checks = fact_states.checks(db)
    found = [(topic.code, list(_rows(visit, topic.facts, checks))) for topic in FACTS.topics]
    return visit.page(
        "facts.html",
        topics=[(code, rows) for code, rows in found if rows],
        count=sum(len(rows) for _, rows in found),
        names=content_labels.TOPICS,
        states=content_labels.FACT_STATES,
        asked=visit.query,
    )


def show(visit: Visit) -> Response:
    """One fact: its words in every language, its source, and what can be done."""
    return _page(visit, _fact(visit))


def hold(visit: Visit) -> Response:
    """Hold a fact back, from the next message that anybody sends."""
    fact, reason = _fact(visit), visit.form.get("reason", "")
    if not fact.is_sendable:
        return _page(visit, fact, hold=HELD_BY_FILE)
    if reason not in content_labels.HOLD_REASONS:
        return _page(visit, fact, hold=NO_REASON)
    with writing(visit.desk.store.main) as db:
        fact_states.hold(db, fact.id, reason=reason, by=visit.actor, now=visit.now)
        visit.note(db, "hold fact", f"{fact.id} {reason}")
    return visit.go(_path(fact))


def release(visit: Visit) -> Response:
    """Let a fact be sent again at once, if it was held here."""
    fact = _fact(visit)
    if not fact.is_sendable:
        return _page(visit, fact, hold=HELD_BY_FILE)
    with writing(visit.desk.store.main) as db:
        if fact.id in fact_states.held(db):
            fact_states.release(db, fact.id, by=visit.actor, now=visit.now)
            visit.note(db, "release fact", fact.id)
    return visit.go(_path(fact))


def confirm(visit: Visit) -> Response:
    """Somebody has read the source again, and it still says so."""
    fact = _fact(visit)
    try:
        day = date.fromisoformat(visit.form.get("day", ""))
    except ValueError:
        return _page(visit, fact, check=NO_DAY)
    if day > _today(visit):
        return _page(visit, fact, check=TOO_LATE)
    with writing(visit.desk.store.main) as db:
        now = as_checked(fact, fact_states.checks(db))
        if is_late_enough := day >= now.recheck_by - now.lasts:
            fact_states.confirm(db, fact.id, day, by=visit.actor, now=visit.now)
            visit.note(db, "confirm check of fact", f"{fact.id} {day}")
    return visit.go(_path(fact)) if is_late_enough else _page(visit, fact, check=TOO_EARLY)


DOORS = (
    Door("/desk/facts", "GET", show_all, OFFICE, reads="read facts"),
    Door("/desk/facts/{fact}", "GET", show, OFFICE, reads="read fact"),
    Door("/desk/facts/{fact}/hold", "POST", hold, OFFICE),
    Door("/desk/facts/{fact}/release", "POST", release, OFFICE),
    Door("/desk/facts/{fact}/check", "POST", confirm, OFFICE),
)


def _fact(visit: Visit) -> Fact:
    name = visit.part("fact")
    if name not in FACTS:
        raise NotThere
    return FACTS.fact(name)


def _path(fact: Fact) -> str:
    return f"/desk/facts/{fact.id}"


def _today(visit: Visit) -> date:
    return day_of(visit.now)


def _rows(visit: Visit, facts: Sequence[Fact], checks: Checks) -> Iterator[Row]:
    topic, state, words = (visit.query.get(name, "") for name in ("topic", "state", "words"))
    for fact in facts:
        row = Row(as_checked(fact, checks), _title(visit, fact), states_of(fact, checks, _today(visit)))
        told = f"{fact.id} {fact.title} {row.title} {fact.source.statement}".casefold()
        if topic in ("", fact.topic) and (not state or state in row.states) and words.strip().casefold() in told:
            yield row


def _title(visit: Visit, fact: Fact) -> str:
    return translate(T(fact.title), visit.language)


def _page(visit: Visit, fact: Fact, **wrong: str) -> Response:
    with reading(visit.desk.store.main) as db:
        checks, state = fact_states.checks(db), fact_states.all_of(db).get(fact.id)
        names = staff.names(db)
    return visit.page(
        "fact.html",
        422 if wrong else 200,
        fact=as_checked(fact, checks),
        title=_title(visit, fact),
        topic=content_labels.TOPICS[fact.topic],
        states=states_of(fact, checks, _today(visit)),
        labels=content_labels,
        state=state,
        who=names,
        words=list(_words(visit, fact, checks)),
        limit=FACT_PARTS,
        today=_today(visit),
        wrong=wrong,
    )


def _words(visit: Visit, fact: Fact, checks: Checks) -> Iterator[tuple[Language, list[Page]]]:
    """Every page in every language, as it would be sent if nobody held it; the language of the desk first."""
    if not fact.is_sendable:
        return
    moment = moment_of(visit.desk.house, visit.now, visit.now, replace(checks, held=frozenset()))
    slots = {"fact": fact.id, "topic": fact.topic}
    for language in sorted(Language, key=lambda one: one is not visit.language):
        standing = Standing(FACT, Channel.SMS, language, covered=False, slots=slots)
        turns = (
            arrive(visit.desk.house.engine.paths, standing, FACT, moment, number) for number in range(len(pages(fact)))
        )
        worded = (word([one for one in turn.effects if isinstance(one, Say | Offer)], language) for turn in turns)
        yield language, [_fitted(one) for one in worded]


def _fitted(worded: Worded) -> Page:
    return Page(worded.text, fit(worded.text))
