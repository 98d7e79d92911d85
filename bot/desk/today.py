"""Today: what needs a person now."""

from starlette.responses import Response

from bot.desk.guard import Door
from bot.desk.roles import OFFICE
from bot.desk.visit import Visit


def show(visit: Visit) -> Response:
    """The page that a day begins with."""
    return visit.page("today.html")


DOORS = (Door("/desk", "GET", show, OFFICE, reads="read today"),)
