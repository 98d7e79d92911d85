"""The log of requests: narrowed, sorted, by the page; and the views of it that somebody keeps."""

from collections.abc import Mapping
from typing import TypeAlias

from starlette.responses import Response

from bot.desk import labels, narrowing
from bot.desk.guard import Door
from bot.desk.narrowing import Narrowing
from bot.desk.roles import READERS
from bot.desk.visit import NotThere, Visit
from bot.desk.words import D
from storage import directory, log, staff, views
from storage.database import reading, writing

Choice: TypeAlias = tuple[str, str, list[tuple[str, str]]]

LOG = "/desk/log"
NAME_LETTERS = 40
COLUMNS = (
    ("code", D("Code")),
    ("opened_at", D("Opened")),
    ("kind", D("What")),
    ("state", D("State")),
    ("outcome", D("Why")),
    ("district", D("District")),
    ("collective", D("Collective")),
    ("language", D("Language")),
    ("channel", D("Channel")),
    ("changed_at", D("Changed")),
)
READY = (
    ("kind=requests&state=open&sort=changed_at", D("Open requests")),
    ("kind=requests&state=open&assigned=me", D("Mine")),
    ("kind=requests&state=open&assigned=nobody", D("With nobody")),
    ("kind=requests", D("All requests")),
    ("", D("Everything")),
)
NO_NAME = D("Please give the view a name of at most 40 letters.")
TOO_MANY = D("You keep twenty views already. Please delete one first.")


def show(visit: Visit) -> Response:
    """One page of the log."""
    return _page(visit, visit.query)


def keep_view(visit: Visit) -> Response:
    """Keep what the log is narrowed to under a name."""
    name = " ".join(visit.form.get("name", "").split())
    asked = {name: value for name, value in visit.form.items() if value and name not in ("csrf", "name")}
    if not 0 < len(name) <= NAME_LETTERS:
        return _page(visit, asked, NO_NAME, 422)
    with writing(visit.desk.store.main) as db:
        understood = _understood(directory.all_of(db), asked)
        is_kept = views.keep(db, visit.staff.id, name, understood.query, visit.now)
        visit.note(db, "keep view", visit.staff.id)
    return visit.go(f"{LOG}?{understood.query}") if is_kept else _page(visit, asked, TOO_MANY, 422)


def drop_view(visit: Visit) -> Response:
    """Let a view of one's own go."""
    with writing(visit.desk.store.main) as db:
        if not views.drop(db, visit.staff.id, visit.part("view")):
            raise NotThere
        visit.note(db, "drop view", visit.staff.id)
    return visit.go(LOG)


DOORS = (
    Door(LOG, "GET", show, READERS, reads="read log"),
    Door("/desk/log/views", "POST", keep_view, READERS),
    Door("/desk/log/views/{view}/delete", "POST", drop_view, READERS),
)


def _page(visit: Visit, query: Mapping[str, str], wrong: str = "", status: int = 200) -> Response:
    with reading(visit.desk.store.main) as db:
        collectives = directory.all_of(db)
        understood = _understood(collectives, query)
        asked = understood.asked(visit.staff.id)
        count = log.count(db, asked)
        pages = max(1, -(-count // log.PAGE))
        number = min(understood.page, pages)
        rows = log.page(db, asked, understood.sort, descending=understood.descending, number=number)
        kept = views.of_staff(db, visit.staff.id)
        names = {one.id: one.name for one in staff.all_of(db)}
    chosen = {one.id: one.name for one in collectives}
    choices = _choices(visit, chosen)
    return visit.page(
        "log.html",
        status,
        columns=COLUMNS,
        ready=READY,
        choices=choices,
        narrowed=_narrowed(visit, understood, choices),
        asked=understood,
        count=count,
        number=number,
        pages=pages,
        rows=rows,
        views=kept,
        names=names,
        collectives=chosen,
        labels=labels,
        wrong=wrong,
    )


def _understood(collectives: list[directory.Collective], query: Mapping[str, str]) -> Narrowing:
    return narrowing.read(query, frozenset(one.id for one in collectives))


def _narrowed(visit: Visit, asked: Narrowing, choices: list[Choice]) -> list[tuple[str, str]]:
    """What the list is narrowed to, in words."""
    days = [(D("Opened from"), asked.given.get("since")), (D("Opened until"), asked.given.get("until"))]
    told = [(visit.say(name), day) for name, day in days if day]
    for field, name, options in choices:
        told += [(name, words) for code, words in options if code == asked.given.get(field)]
    return told


def _choices(visit: Visit, collectives: Mapping[str, str]) -> list[Choice]:
    """Each list of the form: its field, its name, and what may be chosen of it."""

    def said(given: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(code, visit.say(words)) for code, words in given.items()]

    kinds = {log.REQUESTS: D("All requests"), **labels.KINDS}
    states = {log.OPEN_ONES: D("All open ones"), **labels.STATES}
    assigned = {narrowing.MINE: D("me"), log.NOBODY: D("nobody")}
    lists = (
        ("kind", D("What"), said(kinds)),
        ("state", D("State"), said(states)),
        ("outcome", D("Why"), said(labels.OUTCOMES)),
        ("district", D("District"), labels.districts(visit.language)),
        ("collective", D("Collective"), sorted(collectives.items(), key=lambda one: one[1])),
        ("language", D("Language"), said(labels.LANGUAGES)),
        ("channel", D("Channel"), said(labels.CHANNELS)),
        ("assigned", D("Staff"), said(assigned)),
    )
    return [(field, visit.say(name), options) for field, name, options in lists]
