"""Members: who answers survivors, from which phone, when; invited by a link that is shown once, and revoked at once."""

from collections.abc import Iterable
from datetime import datetime

from starlette.responses import Response

from bot import members_roster
from bot.desk import content_labels, labels, rows
from bot.desk.guard import Door
from bot.desk.languages import locale_of
from bot.desk.roles import ADMINISTRATORS
from bot.desk.visit import NotThere, Visit
from bot.desk.words import D
from bot.duty import DAYS
from bot.faults import Fault, WrongLines, wrong
from bot.roster_files import MEMBERS, Row, cell, csv_of, of_csv
from flows.model import Language
from flows.places import DISTRICTS
from storage import directory, members
from storage.database import reading, writing
from storage.members import Member

NO_ROWS = D("There is no member in it.")
NOT_TEXT = D("This is no text file in UTF-8. Save the table as CSV, UTF-8.")
ONE = "/desk/roster/one"
_NAME = "roster.csv"
_TYPED = ("collective", "home", "block", "capacity", "language")
_NEW = {"capacity": "3", "language": "bn"}


def show_all(visit: Visit) -> Response:
    """Every member, those who were revoked last."""
    with reading(visit.desk.store.main) as db:
        found, loads = members.all_of(db), members.loads(db)
    found.sort(key=lambda one: (one.revoked_at is not None, one.post.label))
    return visit.page(
        "roster.html",
        found=[(one, state_of(one, visit.now), loads.get(one.id, 0)) for one in found],
        told_duty=members_roster.told_duty,
        labels=content_labels,
    )


def begin(visit: Visit) -> Response:
    """An empty form."""
    return _form(visit, {**dict.fromkeys(MEMBERS.columns, ""), **_NEW}, None, ())


def add(visit: Visit) -> Response:
    """A new member, if nothing is wrong with her row and the label is free; she joins by an invitation."""
    row = _row(visit, visit.form.get("label", "").strip())
    faults = list(_faults(visit, row))
    with reading(visit.desk.store.main) as db:
        if members.of_label(db, row["label"]):
            faults.append(wrong("label", "the label {label} is taken", label=repr(row["label"])))
    return _form(visit, row, None, faults) if faults else _write(visit, row, "add member")


def show(visit: Visit) -> Response:
    """One member: her row, and what can be done."""
    one = _found(visit)
    return _form(visit, _row_of(one), one, ())


def change(visit: Visit) -> Response:
    """The same member, changed; she keeps her phone."""
    one = _found(visit)
    row = _row(visit, one.post.label)
    faults = list(_faults(visit, row))
    return _form(visit, row, one, faults) if faults else _write(visit, row, "change member")


def invite(visit: Visit) -> Response:
    """A link by which one phone may join as this member, shown on this page and never again."""
    one = _found(visit)
    with writing(visit.desk.store.main) as db:
        token = members_roster.invite(db, one.post.label, visit.now)
        visit.note(db, "invite member", one.post.label)
    name = visit.desk.settings.telegram_bot_name
    link = f"https://t.me/{name}?start={token}" if name else f"/start {token}"
    return _form(visit, _row_of(one), one, (), link)


def revoke(visit: Visit) -> Response:
    """Nothing goes to her phone or comes from it any more, and whom she held waits for another."""
    label = _found(visit).post.label
    with writing(visit.desk.store.main) as db:
        members_roster.revoke_label(db, label, visit.now)
        visit.note(db, "revoke member", label)
    return visit.go(f"{ONE}/{label}")


def ask_file(visit: Visit) -> Response:
    """Where a whole roster is pasted or uploaded."""
    return _file(visit, "")


def take_file(visit: Visit) -> Response:
    """Take a roster in, all of it or nothing; every fault is told with its line."""
    text = (visit.form.get("file", "").strip() or visit.form.get("pasted", "").strip()).removeprefix("\ufeff")
    if "\ufffd" in text or "\0" in text:
        return _file(visit, "", NOT_TEXT)
    with reading(visit.desk.store.main) as db:
        collectives = members_roster.collective_ids(db)
    try:
        posts = members_roster.checked(_NAME, list(of_csv(_NAME, text, MEMBERS)), collectives)
    except WrongLines as refused:
        return _file(visit, text, faults=refused.faults)
    if not posts:
        return _file(visit, text, NO_ROWS)
    made = members_roster.make_keys(visit.desk.store, posts, visit.now)
    with writing(visit.desk.store.main) as db:
        members_roster.write(db, made, posts, visit.now, whole="whole" in visit.form)
        visit.note(db, "import members", str(len(posts)))
    return visit.go("/desk/roster")


def export(visit: Visit) -> Response:
    """The roster as a file; no phone of anybody is in it."""
    with reading(visit.desk.store.main) as db:
        found = [members_roster.row_of(one) for one in members.all_of(db) if one.revoked_at is None]
    headers = {"content-disposition": f'attachment; filename="{_NAME}"'}
    return Response("\ufeff" + csv_of(found, MEMBERS), 200, headers, "text/csv; charset=utf-8")


DOORS = (
    Door("/desk/roster", "GET", show_all, ADMINISTRATORS, reads="read members"),
    Door("/desk/roster/new", "GET", begin, ADMINISTRATORS),
    Door("/desk/roster/new", "POST", add, ADMINISTRATORS),
    Door("/desk/roster/file", "GET", ask_file, ADMINISTRATORS),
    Door("/desk/roster/file", "POST", take_file, ADMINISTRATORS),
    Door("/desk/roster/export", "GET", export, ADMINISTRATORS, reads="export members"),
    Door(ONE + "/{label}", "GET", show, ADMINISTRATORS, reads="read member"),
    Door(ONE + "/{label}", "POST", change, ADMINISTRATORS),
    Door(ONE + "/{label}/invite", "POST", invite, ADMINISTRATORS),
    Door(ONE + "/{label}/revoke", "POST", revoke, ADMINISTRATORS),
)


def state_of(member: Member, now: datetime) -> str:
    """How it stands with a member, in one word."""
    if member.revoked_at is not None:
        return "revoked"
    if member.joined_at is None:
        return "new"
    return "away" if member.away_until is not None and member.away_until > now else "joined"


def _found(visit: Visit) -> Member:
    with reading(visit.desk.store.main) as db:
        one = members.of_label(db, visit.part("label"))
    if one is None:
        raise NotThere
    return one


def _row_of(member: Member) -> Row:
    return {name: cell(value) for name, value in members_roster.row_of(member).items()}


def _row(visit: Visit, label: str) -> Row:
    """What the form says, as a row of a file: the hours of each day are one field."""
    hours = {day: visit.form.get(f"duty.{day}", "").strip() for day in DAYS}
    return {
        **rows.typed(visit.form, _TYPED),
        "label": label,
        "districts": rows.ticked(visit.form, "districts", DISTRICTS),
        "languages": rows.ticked(visit.form, "languages", Language),
        "needs": rows.ticked(visit.form, "needs", members_roster.NEEDS),
        "duty": "; ".join(f"{day} {spans}" for day, spans in hours.items() if spans),
        "holidays": ";".join(visit.form.get("holidays", "").replace(",", " ").replace(";", " ").split()),
    }


def _faults(visit: Visit, row: Row) -> Iterable[Fault]:
    with reading(visit.desk.store.main) as db:
        return list(members_roster.faults(row, members_roster.collective_ids(db)))


def _write(visit: Visit, row: Row, action: str) -> Response:
    posts = [members_roster.post_of(row)]
    made = members_roster.make_keys(visit.desk.store, posts, visit.now)
    with writing(visit.desk.store.main) as db:
        members_roster.write(db, made, posts, visit.now)
        visit.note(db, action, row["label"])
    return visit.go(f"{ONE}/{row['label']}")


def _hours(row: Row) -> dict[str, str]:
    """The hours of each day, as they were written."""
    parts = (part.strip().partition(" ") for part in row["duty"].split(";"))
    return {day: spans.strip() for day, _, spans in parts}


def _form(visit: Visit, row: Row, member: Member | None, faults: Iterable[Fault], link: str = "") -> Response:
    found = rows.beside(visit, faults)
    names = locale_of(visit.language).days["stand-alone"]["wide"]
    hours = _hours(row)
    with reading(visit.desk.store.main) as db:
        collectives = directory.all_of(db)
    return visit.page(
        "member.html",
        422 if found else 200,
        row=row,
        member=member,
        state=state_of(member, visit.now) if member else "",
        wrong=found,
        link=link,
        invited_days=members_roster.INVITED.days,
        labels=content_labels,
        days=[(day, names[number], hours.get(day, "")) for number, day in enumerate(DAYS)],
        most=members_roster.MOST,
        collectives=collectives,
        districts=labels.districts(visit.language),
    )


def _file(visit: Visit, text: str, refused: str = "", faults: Iterable[tuple[int, Fault]] = ()) -> Response:
    told = [(number, rows.told(visit, fault)) for number, fault in faults]
    return visit.page(
        "roster_file.html",
        422 if refused or told else 200,
        text=text,
        refused=refused,
        wrong=told,
        columns=MEMBERS.columns,
    )
