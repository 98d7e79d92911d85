"""Every door of the desk against every role: what stands not in this table is not there."""

import re
from collections.abc import Mapping

import pytest
from sqlalchemy import select
from starlette.routing import Route

from bot.desk.guard import HEADERS, Door
from bot.desk.roles import Role
from bot.desk.routes import DOORS
from storage.database import reading
from storage.tables import journal
from tests.bot.desk.browsers import Office

ALL = "administrator coordinator reviewer member"
OFFICE = "administrator coordinator"
ADMINISTRATORS = "administrator"
READERS = "administrator coordinator reviewer"
TALKERS = "administrator coordinator member"
PUBLIC = "public"
HALF = "half"

# method and path -> who may; written by hand, so that a door that opens wider, or is new, fails here.
EXPECTED: Mapping[str, str] = {
    "GET /desk": OFFICE,
    "GET /desk/today": OFFICE,
    "POST /desk/alerts/{alert}/seen": OFFICE,
    "POST /desk/messages/{message}/seen": OFFICE,
    "GET /desk/log": READERS,
    "POST /desk/log/views": READERS,
    "POST /desk/log/views/{view}/delete": READERS,
    "GET /desk/log/{code}": READERS,
    "POST /desk/log/{code}/state": OFFICE,
    "POST /desk/log/{code}/assign": OFFICE,
    "POST /desk/log/{code}/note": OFFICE,
    "POST /desk/log/{code}/follow-up": OFFICE,
    "POST /desk/log/{code}/another": OFFICE,
    "POST /desk/log/{code}/reveal": OFFICE,
    "POST /desk/log/{code}/reveal/{reveal}/agree": OFFICE,
    "POST /desk/log/{code}/reveal/{reveal}/show": OFFICE,
    "GET /desk/sign-in": PUBLIC,
    "POST /desk/sign-in": PUBLIC,
    "GET /desk/code": HALF,
    "POST /desk/code": HALF,
    "POST /desk/sign-out": PUBLIC,
    "POST /desk/leave": PUBLIC,
    "POST /desk/language": PUBLIC,
    "GET /desk/account": ALL,
    "POST /desk/account/revoke": ALL,
    "POST /desk/account/codes": ALL,
    "GET /desk/relays": TALKERS,
    "GET /desk/relays/now": TALKERS,
    "POST /desk/relays/rest": TALKERS,
    "GET /desk/relays/{tag}": TALKERS,
    "GET /desk/relays/{tag}/words": TALKERS,
    "POST /desk/relays/{tag}/do": TALKERS,
    "POST /desk/relays/{tag}/say": TALKERS,
    "POST /desk/relays/{tag}/note": TALKERS,
    "POST /desk/relays/{tag}/parts": TALKERS,
    "GET /desk/figures": READERS,
    "GET /desk/figures/{name}.svg": READERS,
    "GET /desk/exports": READERS,
    "POST /desk/exports": READERS,
    "GET /desk/exports/{id}": READERS,
    "GET /desk/exports/{id}/progress": READERS,
    "POST /desk/exports/{id}/again": READERS,
    "GET /desk/exports/{id}/file": READERS,
    "GET /desk/facts": OFFICE,
    "GET /desk/facts/{fact}": OFFICE,
    "POST /desk/facts/{fact}/hold": OFFICE,
    "POST /desk/facts/{fact}/release": OFFICE,
    "POST /desk/facts/{fact}/check": OFFICE,
    "GET /desk/words": OFFICE,
    "POST /desk/words": OFFICE,
    "GET /desk/words/talks": OFFICE,
    "GET /desk/words/flows/{flow}": OFFICE,
    "GET /desk/directory": ADMINISTRATORS,
    "GET /desk/directory/new": ADMINISTRATORS,
    "POST /desk/directory/new": ADMINISTRATORS,
    "GET /desk/directory/one/{id}": ADMINISTRATORS,
    "POST /desk/directory/one/{id}": ADMINISTRATORS,
    "POST /desk/directory/one/{id}/show": ADMINISTRATORS,
    "POST /desk/directory/one/{id}/remove": ADMINISTRATORS,
    "GET /desk/roster": ADMINISTRATORS,
    "GET /desk/roster/new": ADMINISTRATORS,
    "POST /desk/roster/new": ADMINISTRATORS,
    "GET /desk/roster/file": ADMINISTRATORS,
    "POST /desk/roster/file": ADMINISTRATORS,
    "GET /desk/roster/export": ADMINISTRATORS,
    "GET /desk/roster/one/{label}": ADMINISTRATORS,
    "POST /desk/roster/one/{label}": ADMINISTRATORS,
    "POST /desk/roster/one/{label}/invite": ADMINISTRATORS,
    "POST /desk/roster/one/{label}/revoke": ADMINISTRATORS,
    "GET /desk/journal": ADMINISTRATORS,
    "POST /desk/journal/verify": ADMINISTRATORS,
}
STAFFED = [door for door in DOORS if door.kind in ("staff", "quiet")]


def name_of(door: Door) -> str:
    """How the table calls a door."""
    return f"{door.method} {door.path}"


def path_of(door: Door) -> str:
    """A path that fits the door; what it names is nowhere."""
    return re.sub(r"\{[^}]+\}", "nowhere", door.path)


def test_table_is_whole(office: Office) -> None:
    """Every registered route of the desk is in the table, and nothing else is."""
    served = [
        f"{method} {one.path}"
        for one in office.web.routes
        if isinstance(one, Route)
        for method in sorted((one.methods or set()) - {"HEAD"})
    ]
    assert sorted(served) == sorted([*EXPECTED, "GET /desk/static/{name}"])


@pytest.mark.parametrize("door", DOORS, ids=name_of)
def test_roles_of_the_door(door: Door) -> None:
    """It is open to whom the table says."""
    told = door.kind if door.kind in ("public", "half") else " ".join(role for role in Role if role in door.roles)
    assert told == EXPECTED[name_of(door)]


@pytest.fixture
def staffed(office: Office) -> Office:
    """One of each role."""
    for role in Role:
        office.hire(role.value, role)
    return office


@pytest.mark.parametrize("role", Role)
def test_route_by_role(staffed: Office, role: Role) -> None:
    """Whoever may not come in is told that nothing is there; whoever may is not sent away."""
    browser = staffed.signed_in(role.value)
    for door in STAFFED:
        if "revoke" in door.path or door.kind == "quiet":
            continue
        answered = browser.get(path_of(door)) if door.method == "GET" else browser.post(path_of(door))
        may = role in door.roles
        if not may:
            assert answered.status_code == 404, name_of(door)
        elif "{" not in door.path:
            assert answered.status_code < 500, name_of(door)
            assert answered.status_code != 404, name_of(door)


def test_nobody_by_route(office: Office) -> None:
    """Without signing in every door but the public ones leads to signing in, and does nothing."""
    browser = office.browser()
    for door in DOORS:
        if door.kind == "public":
            continue
        answered = browser.get(path_of(door)) if door.method == "GET" else browser.post(path_of(door))
        assert answered.status_code == 303, name_of(door)
        assert answered.headers["location"].startswith("/desk/sign-in?next="), name_of(door)


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ({"csrf": ""}, {}),
        ({"csrf": "bm90IHRoZSB0b2tlbg=="}, {}),
        ({}, {"origin": "https://evil.example"}),
        ({}, {"origin": "null"}),
        ({}, {"origin": "http://desk.example"}),
    ],
)
def test_forms_are_ours(staffed: Office, form: dict[str, str], headers: dict[str, str]) -> None:
    """A form without this session's token, or from another site, changes nothing, at any door."""
    browser = staffed.signed_in("administrator")
    for door in DOORS:
        if door.method == "POST":
            answered = browser.post(path_of(door), form, headers=headers)
            assert answered.status_code == 403, name_of(door)
    assert browser.get("/desk/account").status_code == 200


def test_journal_holds_no_number(staffed: Office) -> None:
    """What somebody typed into an address is not written down where it could be a number or a name."""
    browser = staffed.signed_in("administrator")
    for path in ("/desk/log/AB-2345", "/desk/log/915550000001", "/desk/log/%E0%A6%B0%E0%A6%BF%E0%A6%A8%E0%A6%BE"):
        assert browser.get(path).status_code == 404
    with reading(staffed.store.main) as db:
        subjects = list(db.scalars(select(journal.c.subject)))
    assert [one for one in subjects if one.startswith("log/")] == ["log/AB-2345", "log/{code}", "log/{code}"]


def test_token_of_another_session(staffed: Office) -> None:
    """A token is good for the session that it was made for."""
    other, hers = staffed.signed_in("coordinator"), staffed.signed_in("administrator")
    assert hers.post("/desk/account/codes", {"csrf": other.csrf}).status_code == 403


def test_every_answer_has_its_headers(staffed: Office) -> None:
    """Nothing is kept by a browser, nothing runs that is not ours, and no other site may frame or read it."""
    browser = staffed.signed_in("administrator")
    for path in ("/desk", "/desk/nowhere", "/desk/account", "/desk/static/desk.css"):
        answered = browser.get(path)
        if answered.status_code == 404 and path == "/desk/nowhere":
            continue  # no route at all
        assert answered.headers["content-security-policy"] == HEADERS["content-security-policy"]
        assert answered.headers["x-content-type-options"] == "nosniff"
    assert browser.get("/desk").headers["cache-control"] == "no-store"
    assert "unsafe" not in HEADERS["content-security-policy"]
