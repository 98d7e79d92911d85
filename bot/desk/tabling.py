"""From counts to figures: each with its words, its rows in an order that tells nothing, and what may be shown of it."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

from babel.dates import format_skeleton, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent

from bot.desk import labels
from bot.desk.counting import Counted, Period, Standing, by_month
from bot.desk.languages import locale_of
from bot.desk.plots import height_of
from bot.desk.suppressing import LEAST, Cell, Published, Sign, publish
from bot.desk.visit import Visit
from bot.desk.words import D
from flows.helpline import FLOWS
from flows.places import DISTRICTS
from flows.vocabulary import End

Code = TypeVar("Code", bound=Hashable)
_ENDS = frozenset((flow.name, step.name) for flow in FLOWS for step in flow.steps if isinstance(step, End))


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it counts, and what is shown of it; `costs` stand beside the numbers of each row."""

    name: str
    title: str
    says: str
    head: str
    rows: Sequence[str]
    told: Published
    columns: Sequence[str] = ()
    adds: str = ""
    costs: Sequence[str] = ()

    @property
    def bars(self) -> Sequence[Cell]:
        """One number a row, for the plot."""
        return self.told.rows or [row[0] for row in self.told.cells]

    @property
    def height(self) -> int:
        """How high the plot of it is."""
        return height_of(len(self.rows))


@dataclass(frozen=True, slots=True)
class Counts:
    """What figures are made of."""

    period: Period
    counted: Counted
    standing: Standing


def figures(visit: Visit, counts: Counts) -> Sequence[Figure]:
    """Every figure of the page, in the language of the visit."""
    return [make(visit, counts) for make in _MADE.values()]


def figure(visit: Visit, counts: Counts, name: str) -> Figure | None:
    """The figure of this name; none if there is no such figure."""
    make = _MADE.get(name)
    return make(visit, counts) if make else None


_ANSWER = D(
    "How long it took until a person first did something about a request. What nobody has answered yet is not in."
)
_UNPAID = D(
    "Those who told of an order passed, or how old it is and still unpaid, by when they told it. As it stands now."
)
_CLAIM = D("How long she waited until a member took the talk. Talks that nobody has taken are not in.")


def month_name(visit: Visit, month: date) -> str:
    """A month as it is called in the language of the visit."""
    return str(format_skeleton("yMMM", month, locale=locale_of(visit.language)))


def shown(visit: Visit, cell: Cell) -> str:
    """A number as it is written in the language of the visit, or the sign in its place."""
    return cell.value if isinstance(cell, Sign) else str(format_decimal(cell, locale=locale_of(visit.language)))


def _by_kind(visit: Visit, counts: Counts) -> Figure:
    found = _summed((one.kind, one.count) for one in counts.counted.alike)
    title, says = D("Requests by kind"), D("What was asked for or told in these months, each request once.")
    return _list(visit, "kind", (title, says, D("Kind")), _named(visit, found, labels.KINDS))


def _by_district(visit: Visit, counts: Counts) -> Figure:
    found = _summed((one.district or "", one.count) for one in counts.counted.alike)
    names = {code: labels.district(code, visit.language) for code in DISTRICTS}
    rows = _named(visit, found, {**names, "": D("not told")})
    title, says = D("Requests by district"), D("Where those live who asked in these months, as far as they told.")
    return _list(visit, "district", (title, says, D("District")), rows)


def _by_month(visit: Visit, counts: Counts) -> Figure:
    rows = [(month_name(visit, month), many) for month, many in _monthly(counts.counted.opened, counts.period)]
    title, says = D("Requests by month"), D("How many requests were opened in which month.")
    return _list(visit, "month", (title, says, D("Month")), rows)


def _by_outcome(visit: Visit, counts: Counts) -> Figure:
    found = _summed(((one.state, one.outcome or ""), one.count) for one in counts.counted.alike)
    order = [*labels.STATES, *sorted({state for state, _ in found} - set(labels.STATES))]
    ordered = sorted(found, key=lambda key: (order.index(key[0]), key[1]))
    rows = [(_outcome(visit, *key), found[key]) for key in ordered]
    title = D("Requests by outcome")
    says = D("How the requests of these months stand now, and what came of them.")
    return _list(visit, "outcome", (title, says, D("Outcome")), rows)


def _outcome(visit: Visit, state: str, outcome: str) -> str:
    said = _called(visit, state, labels.STATES)
    return f"{said}: {_called(visit, outcome, labels.OUTCOMES)}" if outcome else said


def _answers(visit: Visit, counts: Counts) -> Figure:
    return _waits(visit, "answer", D("Time to the first answer"), _ANSWER, counts.counted.answered)


def _claims(visit: Visit, counts: Counts) -> Figure:
    return _waits(visit, "claim", D("Time until a member takes a talk"), _CLAIM, counts.counted.claimed)


def _waits(visit: Visit, name: str, title: str, says: str, minutes: Mapping[int, int]) -> Figure:
    bounds = [0, *labels.WAITS, max(minutes, default=0) + 4 * 24 * 60]
    counts = [sum(many for long, many in minutes.items() if first <= long < end) for first, end in pairwise(bounds)]
    rows = [
        (visit.say(label), many) for label, many in zip((*labels.WAITS.values(), labels.LATER), counts, strict=True)
    ]
    half, most = _within(visit, minutes, 0.5), _within(visit, minutes, 0.9)
    adds = [D("Half of them within {half}.")] if half else []
    adds += [D("Nine of ten within {most}.")] if most else []
    told = " ".join(visit.say(one, half=half, most=most) for one in adds)
    return _list(visit, name, (title, says, D("Time")), rows, adds=told)


def _within(visit: Visit, minutes: Mapping[int, int], share: float) -> str:
    """How long the quickest of them took at most, if at least five took longer: else it would tell of one woman."""
    of = sum(minutes.values())
    if of * (1 - share) < LEAST:
        return ""
    counted = 0
    for long in sorted(minutes):
        counted += minutes[long]
        if counted >= of * share:
            return str(format_timedelta(timedelta(minutes=long + 1), locale=locale_of(visit.language)))
    return ""


def _success(visit: Visit, counts: Counts) -> Figure:
    title, head = D("What she says came of it"), D("Her answer")
    says = D(
        "What survivors answered in these months when they were asked some days later. Only her own word counts here."
    )
    figure = _list(visit, "success", (title, says, head), _named(visit, counts.counted.own_words, labels.ANSWERS))
    yes, of = figure.told.cells[list(labels.ANSWERS).index("yes")][0], figure.told.total
    if isinstance(yes, Sign) or isinstance(of, Sign) or not of:
        return figure
    share = format_percent(yes / of, locale=locale_of(visit.language))
    return replace(figure, adds=visit.say(D("By their own word it succeeded in {share}."), share=share))


def _unpaid(visit: Visit, counts: Counts) -> Figure:
    none = (0,) * len(labels.TOLD_AGO)
    return Figure(
        "unpaid",
        visit.say(D("Money awarded and not paid")),
        visit.say(_UNPAID),
        visit.say(D("Stage")),
        [visit.say(label) for label in labels.AWARDED.values()],
        publish([counts.standing.unpaid.get(stage, none) for stage in labels.AWARDED]),
        columns=[visit.say(label) for label in labels.TOLD_AGO],
    )


def _stopped(visit: Visit, counts: Counts) -> Figure:
    left = {place: many for place, many in counts.standing.stopped.items() if place not in _ENDS}
    rows = [(".".join(place), left[place]) for place in sorted(left) if left[place] >= LEAST]
    few = sum(many for many in left.values() if many < LEAST)
    if few:
        rows.append((visit.say(D("other steps, fewer than 5 at each")), few))
    title = D("Where people stop")
    says = D(
        "The step at which those stand who have not written for two days and had not come to an end. As it stands now."
    )
    return _list(visit, "steps", (title, says, D("Step")), rows)


def _parts(visit: Visit, counts: Counts) -> Figure:
    rows = [(month_name(visit, month), many) for month, many in _monthly(counts.counted.parts, counts.period)]
    title, says = (
        D("SMS parts"),
        D("How many parts of SMS left us in which month, and what they cost at the price that is set."),
    )
    figure = _list(visit, "parts", (title, says, D("Month")), rows)
    each = visit.desk.settings.sms_part_cost
    if not each:
        return figure
    cells = (*(row[0] for row in figure.told.cells), figure.told.total)
    return replace(figure, costs=["" if isinstance(cell, Sign) else _rupees(visit, cell * each) for cell in cells])


def _rupees(visit: Visit, cost: float) -> str:
    return str(format_currency(cost, "INR", locale=locale_of(visit.language)))


def _list(
    visit: Visit, name: str, words: tuple[str, str, str], rows: Sequence[tuple[str, int]], adds: str = ""
) -> Figure:
    title, says, head = (visit.say(one) for one in words)
    told = publish([[many] for _label, many in rows])
    return Figure(name, title, says, head, [label for label, _many in rows], told, adds=adds)


def _named(visit: Visit, found: Mapping[str, int], known: Mapping[str, str]) -> list[tuple[str, int]]:
    """Every code that is known, and after these what else was found, by the alphabet."""
    codes = [*known, *sorted(set(found) - set(known))]
    return [(_called(visit, code, known), found.get(code, 0)) for code in codes]


def _called(visit: Visit, code: str, known: Mapping[str, str]) -> str:
    """What a code is called; one that nobody knows is not put through any words."""
    return visit.say(known[code]) if code in known else code


def _summed(found: Iterable[tuple[Code, int]]) -> Counter[Code]:
    summed: Counter[Code] = Counter()
    for code, many in found:
        summed[code] += many
    return summed


def _monthly(days: Mapping[date, int], period: Period) -> Iterable[tuple[date, int]]:
    return zip(period.months, by_month(days, period), strict=True)


_MADE: Mapping[str, Callable[[Visit, Counts], Figure]] = {  # in the order of the page
    "kind": _by_kind,
    "district": _by_district,
    "month": _by_month,
    "outcome": _by_outcome,
    "answer": _answers,
    "claim": _claims,
    "success": _success,
    "unpaid": _unpaid,
    "steps": _stopped,
    "parts": _parts,
}
