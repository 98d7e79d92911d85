"""Figures: how many, how long, with what success; as plots and as tables, and nothing of anybody."""

from starlette.responses import Response

from bot.desk import counting, plots, tabling
from bot.desk.guard import Door
from bot.desk.roles import READERS
from bot.desk.tabling import Counts
from bot.desk.visit import NotThere, Visit

SVG = "image/svg+xml"


def show(visit: Visit) -> Response:
    """The page: every figure of the months that are asked for."""
    counts = _counts(visit)
    period = counts.period
    return visit.page(
        "figures.html",
        figures=tabling.figures(visit, counts),
        months=[(f"{one:%Y-%m}", tabling.month_name(visit, one)) for one in counting.months_until(visit.now)],
        since=f"{period.since:%Y-%m}",
        until=f"{period.months[-1]:%Y-%m}",
        counted_at=min(counts.counted.at, counts.standing.at),
        shown=lambda cell: tabling.shown(visit, cell),
    )


def plot(visit: Visit) -> Response:
    """One figure as a picture.

    Raises:
        NotThere: there is no figure of this name.
    """
    figure = tabling.figure(visit, _counts(visit), visit.part("name"))
    if figure is None:
        raise NotThere
    rows = [(row, bar, tabling.shown(visit, bar)) for row, bar in zip(figure.rows, figure.bars, strict=True)]
    return Response(plots.draw(rows), media_type=SVG)


def _counts(visit: Visit) -> Counts:
    store, asked = visit.desk.store, visit.query
    period = counting.read_period(asked.get("since", ""), asked.get("until", ""), visit.now)
    return Counts(period, counting.of_period(store, period, visit.now), counting.of_now(store, visit.now))


DOORS = (
    Door("/desk/figures", "GET", show, READERS, reads="read figures"),
    Door("/desk/figures/{name}.svg", "GET", plot, READERS, reads="see plot"),
)
