"""Figures: how many, how long, with what success; as plots and as tables, and nothing of anybody."""

from starlette.responses import Response

from bot.desk import counting, plots, tabling
from bot.desk.counting import Counted, Period, Standing
from bot.desk.guard import Door
from bot.desk.roles import READERS
from bot.desk.visit import NotThere, Visit

SVG = "image/svg+xml"


def show(visit: Visit) -> Response:
    """The page: every figure of the months that are asked for."""
    period = _period(visit)
    counted, standing = _counts(visit, period)
    return visit.page(
        "figures.html",
        figures=tabling.figures(visit, period, counted, standing),
        months=[(f"{one:%Y-%m}", tabling.month_name(visit, one)) for one in counting.months_until(visit.now)],
        since=f"{period.since:%Y-%m}",
        until=f"{period.months[-1]:%Y-%m}",
        counted_at=min(counted.at, standing.at),
        shown=lambda cell: tabling.shown(visit, cell),
    )


def plot(visit: Visit) -> Response:
    """One figure as a picture.

    Raises:
        NotThere: there is no figure of this name.
    """
    period = _period(visit)
    known = {one.name: one for one in tabling.figures(visit, period, *_counts(visit, period))}
    figure = known.get(visit.part("name"))
    if figure is None:
        raise NotThere
    rows = [(row, bar, tabling.shown(visit, bar)) for row, bar in zip(figure.rows, figure.bars, strict=True)]
    return Response(plots.draw(rows), media_type=SVG)


def _counts(visit: Visit, period: Period) -> tuple[Counted, Standing]:
    store = visit.desk.store
    return counting.of_period(store, period, visit.now), counting.of_now(store, visit.now)


def _period(visit: Visit) -> Period:
    return counting.read_period(visit.query.get("since", ""), visit.query.get("until", ""), visit.now)


DOORS = (
    Door("/desk/figures", "GET", show, READERS, reads="read figures"),
    Door("/desk/figures/{name}.svg", "GET", plot, READERS, reads="see plot"),
)
