"""Collectives: the groups that may be named to a survivor, edited under the same rules as a file is read."""

from collections.abc import Iterable, Mapping

from starlette.responses import Response

from bot import roster
from bot.desk import content_labels, labels, rows
from bot.desk.guard import Door
from bot.desk.roles import ADMINISTRATORS
from bot.desk.visit import NotThere, Visit
from bot.desk.words import D
from bot.faults import Fault, wrong
from bot.roster_files import COLUMNS, Row
from flows.model import Language
from flows.places import DISTRICTS
from storage import directory, members
from storage.database import Connection, reading, writing
from storage.directory import Collective
from storage.ids import day_of

HAS_MEMBERS = D("Members belong to it. Move or revoke them first.")
ONE = "/desk/directory/one"
_TYPED = ("id", "name", "spoken_name", "contact", "contact_kind", "consented_on")


def show_all(visit: Visit) -> Response:
    """The whole directory."""
    with reading(visit.desk.store.main) as db:
        found, belong = directory.all_of(db), _belong(db)
    return visit.page(
        "directory.html",
        found=found,
        belong=belong,
        labels=content_labels,
        districts=dict(labels.districts(visit.language)),
    )


def begin(visit: Visit) -> Response:
    """An empty form."""
    return _form(visit, {**dict.fromkeys(COLUMNS, ""), "contact_kind": "phone", "show": "no"}, "", ())


def add(visit: Visit) -> Response:
    """A new collective, if nothing is wrong with it and its id is free."""
    row = _row(visit, visit.form.get("id", "").strip())
    with writing(visit.desk.store.main) as db:
        there = directory.find(db, row["id"])
        taken = there is not None and not there.is_sample
        faults = [*_faults(visit, row), *([wrong("id", "the id {id} is taken", id=repr(row["id"]))] if taken else [])]
        if not faults:
            roster.put_one(db, roster.collective_of(row))
            visit.note(db, "add collective", row["id"])
    return _form(visit, row, "", faults) if faults else visit.go("/desk/directory")


def show(visit: Visit) -> Response:
    """One collective as a form."""
    one = _found(visit)
    return _form(visit, roster.row_of(one), one.id, ())


def change(visit: Visit) -> Response:
    """The same collective, changed."""
    row = _row(visit, _found(visit).id)
    return _change(visit, row, "change collective")


def name(visit: Visit) -> Response:
    """Name it to survivors from now on, or no more."""
    wanted = "yes" if visit.form.get("show") == "yes" else "no"
    row = {**roster.row_of(_found(visit)), "show": wanted}
    return _change(visit, row, "show collective" if wanted == "yes" else "hide collective")


def remove(visit: Visit) -> Response:
    """Take a collective out of the directory; one with members stays."""
    with writing(visit.desk.store.main) as db:
        one = directory.find(db, visit.part("id"), lock=True)
        if one is None:
            raise NotThere
        if has_members := not one.is_sample and one.id in _belong(db):
            row = roster.row_of(one)
        else:
            directory.remove(db, one.id)
            visit.note(db, "remove collective", one.id)
    return _form(visit, row, one.id, (), HAS_MEMBERS) if has_members else visit.go("/desk/directory")


DOORS = (
    Door("/desk/directory", "GET", show_all, ADMINISTRATORS, reads="read collectives"),
    Door("/desk/directory/new", "GET", begin, ADMINISTRATORS),
    Door("/desk/directory/new", "POST", add, ADMINISTRATORS),
    Door(ONE + "/{id}", "GET", show, ADMINISTRATORS, reads="read collective"),
    Door(ONE + "/{id}", "POST", change, ADMINISTRATORS),
    Door(ONE + "/{id}/show", "POST", name, ADMINISTRATORS),
    Door(ONE + "/{id}/remove", "POST", remove, ADMINISTRATORS),
)


def _found(visit: Visit) -> Collective:
    """The collective of the path; a sample is none, and cannot be made one."""
    with reading(visit.desk.store.main) as db:
        one = directory.find(db, visit.part("id"))
    if one is None or one.is_sample:
        raise NotThere
    return one


def _belong(db: Connection) -> Mapping[str, int]:
    """How many members each collective has."""
    there = [one.post.collective for one in members.all_of(db) if one.revoked_at is None]
    return {id_: there.count(id_) for id_ in there}


def _row(visit: Visit, id_: str) -> Row:
    return {
        **rows.typed(visit.form, _TYPED),
        "id": id_,
        "districts": rows.ticked(visit.form, "districts", DISTRICTS),
        "languages": rows.ticked(visit.form, "languages", Language),
        "show": "yes" if "show" in visit.form else "no",
    }


def _faults(visit: Visit, row: Row) -> Iterable[Fault]:
    return roster.faults(row, day_of(visit.now))


def _change(visit: Visit, row: Row, action: str) -> Response:
    if faults := list(_faults(visit, row)):
        return _form(visit, row, row["id"], faults)
    with writing(visit.desk.store.main) as db:
        if directory.find(db, row["id"], lock=True) is None:
            raise NotThere
        roster.put_one(db, roster.collective_of(row))
        visit.note(db, action, row["id"])
    return visit.go("/desk/directory")


def _form(visit: Visit, row: Row, id_: str, faults: Iterable[Fault], wrong_: str = "") -> Response:
    found = rows.beside(visit, faults)
    return visit.page(
        "collective.html",
        422 if found or wrong_ else 200,
        row=row,
        id=id_,
        wrong=found,
        refused=wrong_,
        labels=content_labels,
        kinds=roster.CONTACT_KINDS,
        longest=roster.LONGEST,
        districts=labels.districts(visit.language),
    )
