"""Today: what needs a person now."""

from starlette.responses import Response

from bot.desk import labels, standing
from bot.desk.guard import Door
from bot.desk.roles import OFFICE
from bot.desk.visit import NotThere, Visit
from storage import alerts, inbound
from storage.database import reading, writing


def show(visit: Visit) -> Response:
    """The page that a day begins with."""
    return _page(visit, "today.html")


def again(visit: Visit) -> Response:
    """The same once more, for a page that stays open; it keeps no session alive and is no look of a person."""
    return _page(visit, "today_part.html")


def see_alert(visit: Visit) -> Response:
    """Somebody has seen an alert: it is repeated no more."""
    alert = visit.part("alert")
    with writing(visit.desk.store.main) as db:
        if not alerts.acknowledge(db, alert, visit.now):
            raise NotThere
        visit.note(db, "acknowledge", alert)
    return visit.go("/desk")


def see_message(visit: Visit) -> Response:
    """Somebody has seen to a message that could not be answered."""
    message = visit.part("message")
    with writing(visit.desk.store.main) as db:
        if not inbound.dealt_with(db, message):
            raise NotThere
        visit.note(db, "deal with message", message)
    return visit.go("/desk")


DOORS = (
    Door("/desk", "GET", show, OFFICE, reads="read today"),
    Door("/desk/today", "GET", again, OFFICE, kind="quiet"),
    Door("/desk/alerts/{alert}/seen", "POST", see_alert, OFFICE),
    Door("/desk/messages/{message}/seen", "POST", see_message, OFFICE),
)


def _page(visit: Visit, template: str) -> Response:
    with reading(visit.desk.store.main) as db:
        stands = standing.look(db, visit)
    return visit.page(template, stands=stands, labels=labels, few=standing.FEW)
