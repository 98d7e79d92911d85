"""The guard: who comes in at a door. Nobody does, and nothing is changed, unless everything here agrees."""

import base64
import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import quote, urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.desk import languages
from bot.desk.roles import Role
from bot.desk.visit import Desk, Known, NotThere, Visit
from storage import journal, sessions, staff
from storage.database import reading, writing
from storage.errors import StorageError

COOKIE = "__Host-sathi"
SIGN_IN = "/desk/sign-in"
CODE = "/desk/code"
FORM_LIMIT = 256 * 1024  # bytes: a roster of some hundred members
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer a form would name no origin, which is checked
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), clipboard-read=()",
    "cache-control": "no-store",
}
_CODED = re.compile(r"[A-Za-z0-9._-]{0,64}")  # codes and ids
_CODE_DIGITS = 6  # a code may be as many digits; a phone number has more
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Door:
    """One page or act: open to these roles and to nobody else.

    `reads` is what the journal calls a look at it. A `public` door is open before signing in; the door of the code
    is open to a `half` session. A `quiet` door, which a page asks of its own accord, keeps no session alive.
    """

    path: str
    method: Literal["GET", "POST"]
    serve: Callable[[Visit], Response]
    roles: frozenset[Role] = frozenset()
    reads: str = ""
    kind: Literal["staff", "public", "half", "quiet"] = "staff"


def route(desk: Desk, door: Door) -> BaseRoute:
    """The route of a door, guarded."""

    async def answer(request: Request) -> Response:
        form = await _form(request) if door.method == "POST" else {}
        response = await run_in_threadpool(_serve, desk, door, request, form)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    endpoint: Callable[[Request], Awaitable[Response]] = answer
    return Route(door.path, endpoint, methods=[door.method])


def token_of(request: Request) -> str:
    """The token that the browser keeps of its session."""
    return request.cookies.get(COOKIE, "")


def csrf_of(token: str) -> str:
    """What a form of this session must hold: it cannot be made without the cookie, nor the cookie from it."""
    return base64.urlsafe_b64encode(hmac.digest(token.encode(), b"form", "sha256")).decode() if token else ""


def is_from_here(request: Request, public_url: str) -> bool:
    """Whether a form was sent from a page of ours.

    Browsers name the origin of every form. What names none is no browser, and holds no cookie by accident.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    ours = urlsplit(public_url or str(request.base_url))
    theirs = urlsplit(origin)
    return (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc)


def holder(desk: Desk, request: Request) -> Known | None:
    """Who holds the session of this browser, and the session, over or not."""
    token = token_of(request)
    if not token:
        return None
    with reading(desk.store.main) as db:
        session = sessions.find(db, token)
        member = staff.of_id(db, session.staff_id) if session else None
    return (member, session) if session and member else None


def is_signed_in(known: Known | None, now: datetime) -> bool:
    """Whether somebody is known by a session that is not over, and may still come in."""
    return known is not None and known[0].disabled_at is None and not known[1].is_over(now)


def _serve(desk: Desk, door: Door, request: Request, form: dict[str, str]) -> Response:
    spoken = languages.chosen(request.cookies.get(languages.COOKIE, ""), request.headers.get("accept-language", ""))
    visit = Visit(desk, request, desk.taking.clock(), spoken, form)
    try:
        if known := _known(door, visit):
            visit = replace(visit, known=known, csrf=csrf_of(token_of(request)))
        return _refused(door, visit) or _let_in(door, visit)
    except NotThere:
        return visit.page("refused.html", 404, why="not there")
    except StorageError as failed:
        log.warning("desk", failed=type(failed).__name__, door=door.path)
        return visit.page("refused.html", 503, why="busy")


def _known(door: Door, visit: Visit) -> Known | None:
    """Who is signed in; a session that is over ends, one that is used goes on."""
    known, store = holder(visit.desk, visit.request), visit.desk.store
    if known is None:
        return None
    session = known[1]
    if not is_signed_in(known, visit.now):
        with writing(store.main) as db:
            sessions.end(db, session)
        return None
    if door.kind != "quiet" and visit.now - session.seen_at >= sessions.SEEN_AGAIN:
        with writing(store.main) as db:
            sessions.touch(db, session, visit.now)
    return known


def _refused(door: Door, visit: Visit) -> Response | None:
    """The refusal at this door, or nothing."""
    if door.method == "POST" and not _is_genuine(visit):
        return visit.page("refused.html", 403, why="form")
    if door.kind == "public":
        return None
    if visit.known is None and visit.is_part:
        return Response(status_code=204, headers={"hx-redirect": SIGN_IN})  # the whole page goes, not a piece of it
    if visit.known is None:
        if "text/event-stream" in visit.request.headers.get("accept", ""):
            return Response(status_code=401)  # what listens cannot be sent to a page, and would come back at once
        here = visit.request.url.path if door.method == "GET" else "/desk"
        return RedirectResponse(f"{SIGN_IN}?next={quote(here)}", 303)
    if not visit.known[1].whole:
        return None if door.kind == "half" else RedirectResponse(CODE, 303)
    if door.kind == "half":
        return RedirectResponse("/desk", 303)
    if visit.staff.role not in door.roles:
        raise NotThere
    return None


def _is_genuine(visit: Visit) -> bool:
    if not is_from_here(visit.request, visit.desk.settings.public_url):
        return False
    if visit.known is None:
        return True  # nothing is known of whom it could be forged for; it is sent to sign in
    return hmac.compare_digest(visit.form.get("csrf", "").encode(), visit.csrf.encode())


def _let_in(door: Door, visit: Visit) -> Response:
    if door.reads:
        subject = _subject(door, visit.request.url.path)
        with writing(visit.desk.store.main) as db:
            journal.write(db, actor=visit.actor, action=door.reads, subject=subject, now=visit.now)
    return door.serve(visit)


def _subject(door: Door, path: str) -> str:
    """What was looked at, as the journal may hold it: a path that names anything but codes is told as its door."""
    parts = path.removeprefix("/desk").strip("/").split("/")
    coded = all(_CODED.fullmatch(part) and not (part.isdigit() and len(part) > _CODE_DIGITS) for part in parts)
    told = path if coded else door.path
    return told.removeprefix("/desk").strip("/") or "desk"


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, as text; one that is too large, or is no form, has none, and so not its token either."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > FORM_LIMIT:
        return {}
    async with request.form(max_files=1, max_fields=200, max_part_size=FORM_LIMIT) as form:
        return {
            name: value if isinstance(value, str) else (await value.read()).decode("utf-8", "replace")
            for name, value in form.items()
        }
