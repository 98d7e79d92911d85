"""Export: a copy of the log, coded fields only; who asked for it, why, and each download stand in the journal."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.responses import Response

from bot import coded, exporting
from bot.desk import labels
from bot.desk.guard import Door
from bot.desk.roles import READERS
from bot.desk.visit import NotThere, Visit
from bot.desk.words import D
from flows.places import DISTRICTS
from storage import exports
from storage.database import reading, writing
from storage.exports import Export
from storage.ids import day_of, midnight
from storage.log import Asked, count

AT_ONCE = 5_000  # rows: more are made by the worker, and the page shows how far it is
FIELDS = ("form", "reason", "kind", "state", "district", "since", "until")


class _Refused(Exception):
    """What was filled in cannot be used; it holds the words that say why."""


@dataclass(frozen=True, slots=True)
class _Wish:
    form: str
    reason: str
    wanted: Asked


def show(visit: Visit) -> Response:
    """The form, and what was asked for within the hour."""
    return _page(visit, dict.fromkeys(FIELDS, ""))


def ask(visit: Visit) -> Response:
    """A copy is asked for: a short one is made at once, a long one by the worker."""
    try:
        wish = _read(visit)
        export = _put(visit, wish)
    except _Refused as refused:
        return _page(visit, {name: visit.form.get(name, "") for name in FIELDS}, str(refused), 400)
    if export.rows_all <= AT_ONCE:
        exporting.make(visit.desk.store, export, visit.desk.taking.clock)
    return visit.go(f"/desk/exports/{export.id}")


def look(visit: Visit) -> Response:
    """One copy: how far it is, or where to download it."""
    return visit.page("export.html", **_told(visit, _own(visit)))


def progress(visit: Visit) -> Response:
    """How far it is, for the page that asks of its own accord."""
    return visit.page("export_progress.html", **_told(visit, _own(visit)))


def again(visit: Visit) -> Response:
    """What failed or was left is wanted again."""
    export = _own(visit)
    with writing(visit.desk.store.main) as db:
        visit.note(db, "ask export again", export.id)
        exports.again(db, export.id, visit.now)
    if export.rows_all <= AT_ONCE:
        exporting.make(visit.desk.store, export, visit.desk.taking.clock)
    return visit.go(f"/desk/exports/{export.id}")


def download(visit: Visit) -> Response:
    """The file itself, for whoever asked for it.

    Raises:
        NotThere: it is somebody else's, not ready, or its hour is over.
    """
    export = _own(visit)
    with writing(visit.desk.store.main) as db:
        content = exports.content(db, export.id, visit.now)
        if content is None:
            raise NotThere
        visit.note(db, "download export", export.id)
    name = f"log-{day_of(export.made_at):%Y-%m-%d}.{export.form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=exporting.MEDIA[export.form], headers=headers)


def _own(visit: Visit) -> Export:
    with reading(visit.desk.store.main) as db:
        export = exports.read(db, visit.part("id"), visit.now)
    if export is None or export.staff_id != visit.staff.id:
        raise NotThere
    return export


def _put(visit: Visit, wish: _Wish) -> Export:
    query = exporting.written_query(wish.wanted)
    with reading(visit.desk.store.main) as db:
        rows = count(db, wish.wanted)
    if rows > exporting.MOST:
        raise _Refused(D("That is too much for one file. Please choose fewer months, or one district."))
    with writing(visit.desk.store.main) as db:
        export = exports.ask(
            db,
            staff_id=visit.staff.id,
            form=wish.form,
            reason=wish.reason,
            query=query,
            rows_all=rows,
            now=visit.now,
        )
        visit.note(db, "ask export", f"{export.id} {wish.form}, {wish.reason}, {query or 'all'}")
    return export


def _read(visit: Visit) -> _Wish:
    """What was filled in, all of it from lists and dates.

    Raises:
        _Refused: the form of file or the reason is missing, or something is none of those it can be.
    """
    given = {name: visit.form.get(name, "").strip() for name in FIELDS}
    if given["form"] not in labels.FORMS or given["reason"] not in labels.EXPORT_REASONS:
        raise _Refused(D("Please say what the copy is for, and which kind of file you need."))
    for name, known in (("kind", labels.KINDS), ("state", labels.STATES), ("district", DISTRICTS)):
        if given[name] and given[name] not in known:
            raise _Refused(D("Please choose from the lists."))
    since, until = _begins(given["since"]), _begins(given["until"])
    wanted = Asked(
        kind=given["kind"] or None,
        state=given["state"] or None,
        district=given["district"] or None,
        since=since,
        until=until + timedelta(days=1) if until else None,
    )
    return _Wish(given["form"], given["reason"], wanted)


def _begins(day: str) -> datetime | None:
    """When a day of India begins."""
    try:
        return midnight(date.fromisoformat(day)).astimezone(UTC) if day else None
    except (ValueError, OverflowError):
        raise _Refused(D("Please write a day like 2026-11-24.")) from None


def _page(visit: Visit, filled: object, refused: str = "", status: int = 200) -> Response:
    with reading(visit.desk.store.main) as db:
        own = exports.of_staff(db, visit.staff.id, visit.now)
    return visit.page(
        "exports.html",
        status,
        own=own,
        filled=filled,
        refused=refused,
        forms=labels.FORMS,
        reasons=labels.EXPORT_REASONS,
        kinds=labels.KINDS,
        states=labels.STATES,
        districts={code: labels.district(code, visit.language) for code in DISTRICTS},
        columns=coded.FIELDS,
    )


def _told(visit: Visit, export: Export) -> dict[str, Any]:
    return {
        "export": export,
        "is_stuck": export.is_stuck(visit.now),
        "until": export.made_at + exports.KEPT,
        "form_name": labels.FORMS[export.form],
        "reason_name": labels.EXPORT_REASONS[export.reason],
    }


DOORS = (
    Door("/desk/exports", "GET", show, READERS),
    Door("/desk/exports", "POST", ask, READERS),
    Door("/desk/exports/{id}", "GET", look, READERS),
    Door("/desk/exports/{id}/progress", "GET", progress, READERS, kind="quiet"),
    Door("/desk/exports/{id}/again", "POST", again, READERS),
    Door("/desk/exports/{id}/file", "GET", download, READERS),
)
