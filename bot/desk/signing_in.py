"""Signing in: the password, then the code; recovery codes once; and signing out, from here or everywhere."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import BoundedSemaphore
from urllib.parse import urlsplit

import segno
from starlette.responses import Response

from bot import credentials
from bot.desk import languages
from bot.desk.guard import CODE, COOKIE, SIGN_IN, Door
from bot.desk.roles import EVERYBODY
from bot.desk.visit import NotThere, Visit
from storage import journal, sessions, staff
from storage.database import Connection, reading, writing
from storage.seal import Sealer
from storage.staff import Role, Staff

DEVICE = "__Host-sathi-device"
DEVICE_DAYS = 180
RECOVERY_CODES = 10
AWAY = "https://www.wikipedia.org/"  # where she is taken when she must leave at once: a page that anybody might read
HOMES = {Role.MEMBER: "/desk/relays", Role.REVIEWER: "/desk/log"}
_SLOTS = BoundedSemaphore(2)  # passwords that are checked at once: each takes 64 MB for a moment


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody whose password was right, and where it was tried."""

    member: Staff
    source: str


def ask(visit: Visit) -> Response:
    """The page that asks for name, password and code."""
    if visit.known and visit.known[1].whole:
        return visit.go(home_of(visit.staff))
    return visit.page("sign_in.html", next=_next(visit.query.get("next", "")), wrong="")


def sign_in(visit: Visit) -> Response:
    """Name and password, and the code where it is given at once."""
    came = _came(visit)
    if isinstance(came, Response):
        return came
    code = visit.form.get("code", "").strip()
    if not code:
        return _begin_half(visit, came)
    with writing(visit.desk.store.main) as db:
        if _is_code(db, visit, came.member, code):
            sessions.forget_tries(db, came.source)
            return _let_in(db, visit, came.member)
        sessions.count_try(db, came.source, visit.now)
    return _wrong(visit)


def ask_code(visit: Visit) -> Response:
    """The page that asks for the code, with what an authenticator scans where that was not done yet."""
    return _code_page(visit, 200, visit.query)


def give_code(visit: Visit) -> Response:
    """The code: of the authenticator, or a recovery code."""
    member, session = visit.known or (None, None)
    if member is None or session is None:
        raise NotThere
    source = f"code {member.id}"
    with writing(visit.desk.store.main) as db:
        if not sessions.may_try(db, source, visit.now):
            sessions.end(db, session)
            return visit.page("sign_in.html", 429, next="", wrong="often")
        if _is_code(db, visit, member, visit.form.get("code", "").strip()):
            sessions.forget_tries(db, source)
            return _let_in(db, visit, member)
        sessions.count_try(db, source, visit.now)
    return _code_page(visit, 403, visit.form)


def sign_out(visit: Visit) -> Response:
    """End this session."""
    _end(visit)
    return _without_cookie(visit.go(SIGN_IN))


def leave(visit: Visit) -> Response:
    """End this session and be somewhere harmless at once; a browser is asked to forget what it kept of us."""
    _end(visit)
    response = visit.page("away.html", away=AWAY)
    response.headers["refresh"] = f"0; url={AWAY}"
    response.headers["clear-site-data"] = '"cache", "storage"'
    return _without_cookie(response)


def account(visit: Visit) -> Response:
    """Where she is signed in, and how many recovery codes are left."""
    with reading(visit.desk.store.main) as db:
        found = [one for one in sessions.of_staff(db, visit.staff.id) if not one.is_over(visit.now)]
    return visit.page("account.html", sessions=found, left=len(visit.staff.recovery), codes=())


def revoke(visit: Visit) -> Response:
    """End every session of hers, this one too."""
    with writing(visit.desk.store.main) as db:
        sessions.end_all(db, visit.staff.id)
        visit.note(db, "revoke sessions", visit.staff.id)
    return _without_cookie(visit.go(SIGN_IN))


def new_codes(visit: Visit) -> Response:
    """New recovery codes, shown this once; the old ones are void."""
    with writing(visit.desk.store.main) as db:
        codes = _give_codes(db, visit, visit.staff)
        visit.note(db, "new recovery codes", visit.staff.id)
        found = sessions.of_staff(db, visit.staff.id)
    return visit.page("account.html", sessions=found, left=len(codes), codes=codes)


def speak(visit: Visit) -> Response:
    """Another language of the desk."""
    response = visit.go(_next(visit.form.get("here", "")) or "/desk")
    if (code := visit.form.get("language", "")) in languages.NAMES:
        response.set_cookie(
            languages.COOKIE, code, max_age=int(timedelta(days=365).total_seconds()), path="/desk", secure=True,
            httponly=True, samesite="strict",
        )  # fmt: skip
    return response


def home_of(member: Staff) -> str:
    """Where somebody of this role begins."""
    return HOMES.get(member.role, "/desk")


DOORS = (
    Door(SIGN_IN, "GET", ask, kind="public"),
    Door(SIGN_IN, "POST", sign_in, kind="public"),
    Door(CODE, "GET", ask_code, kind="half"),
    Door(CODE, "POST", give_code, kind="half"),
    Door("/desk/sign-out", "POST", sign_out, kind="public"),
    Door("/desk/leave", "POST", leave, kind="public"),
    Door("/desk/language", "POST", speak, kind="public"),
    Door("/desk/account", "GET", account, EVERYBODY),
    Door("/desk/account/revoke", "POST", revoke, EVERYBODY),
    Door("/desk/account/codes", "POST", new_codes, EVERYBODY),
)


def _came(visit: Visit) -> Came | Response:
    name = visit.form.get("name", "").strip().lower()[:32]
    with reading(visit.desk.store.main) as db:
        member = staff.find(db, name)
        source = _source(db, visit, name, member)
        may = sessions.may_try(db, source, visit.now)
    if not may:
        return visit.page("sign_in.html", 429, next=_next(visit.form.get("next", "")), wrong="often")
    with _SLOTS:
        is_right = credentials.is_password(
            member.password_hash if member else credentials.NOBODY, visit.form.get("password", "")[:200]
        )
    if member and is_right and member.disabled_at is None:
        return Came(member, source)
    with writing(visit.desk.store.main) as db:
        sessions.count_try(db, source, visit.now)
    return _wrong(visit)


def _source(db: Connection, visit: Visit, name: str, member: Staff | None) -> str:
    """Who is trying, so that nobody else's tries count against the person herself."""
    device = visit.request.cookies.get(DEVICE, "")
    if member and device and sessions.knows_device(db, device, member.id):
        where = f"device {sessions.hash_of(device).hex()}"
    else:
        where = f"address {visit.request.client.host if visit.request.client else ''}"
    return visit.desk.store.sealer.dedupe("sign-in", f"{name} {where}", b"").hex()


def _is_code(db: Connection, visit: Visit, member: Staff, given: str) -> bool:
    """Whether the code is right and was not used before; it is used up."""
    sealer = visit.desk.store.sealer
    secret = staff.secret_of(sealer, member)
    step = int(visit.now.timestamp()) // credentials.STEP_SECONDS
    plain = given.replace(" ", "")
    for near in (step, step - 1, step + 1):
        if credentials.is_code(secret, plain, near):
            return staff.use_step(db, member.id, near, visit.now)
    return staff.use_recovery(db, member.id, _recovery_hash(sealer, member, given))


def _let_in(db: Connection, visit: Visit, member: Staff) -> Response:
    """A new session under a new token; the half one ends, so that nobody can have planted it."""
    if visit.known:
        sessions.end(db, visit.known[1])
    token = secrets.token_urlsafe(32)
    sessions.begin(db, token, member.id, visit.now, whole=True)
    journal.write(db, actor=member.actor, action="sign in", subject=member.id, now=visit.now)
    if member.enrolled_at is None:
        codes = _give_codes(db, visit, member)
        response = visit.page("first_codes.html", codes=codes, home=home_of(member))
    else:
        response = visit.go(_next(visit.form.get("next", "")) or home_of(member))
    _know_device(db, visit, member, response)
    return _with_cookie(response, token)


def _begin_half(visit: Visit, came: Came) -> Response:
    token = secrets.token_urlsafe(32)
    with writing(visit.desk.store.main) as db:
        sessions.sweep(db, visit.now)
        sessions.begin(db, token, came.member.id, visit.now, whole=False)
    going = _next(visit.form.get("next", ""))
    return _with_cookie(visit.go(f"{CODE}?next={going}" if going else CODE), token)


def _know_device(db: Connection, visit: Visit, member: Staff, response: Response) -> None:
    device = visit.request.cookies.get(DEVICE, "")
    if device and sessions.knows_device(db, device, member.id):
        return
    device = secrets.token_urlsafe(32)
    sessions.remember_device(db, device, member.id, visit.now)
    _set_cookie(response, DEVICE, device, max_age=int(timedelta(days=DEVICE_DAYS).total_seconds()))


def _give_codes(db: Connection, visit: Visit, member: Staff) -> list[str]:
    codes = credentials.recovery_codes(RECOVERY_CODES)
    staff.give_recovery(db, member.id, [_recovery_hash(visit.desk.store.sealer, member, code) for code in codes])
    return codes


def _recovery_hash(sealer: Sealer, member: Staff, code: str) -> str:
    return sealer.dedupe("recovery", f"{member.id} {''.join(filter(str.isalnum, code.lower()))}", b"").hex()


def _code_page(visit: Visit, status: int, asked: Mapping[str, str]) -> Response:
    """The page for the code; with the secret, to be scanned or typed, until the second factor was first used."""
    member = visit.staff
    secret = "" if member.enrolled_at else staff.secret_of(visit.desk.store.sealer, member)
    qr = _qr(credentials.uri_of(member.name, secret)) if secret else ""
    wrong = status != 200
    return visit.page("code.html", status, qr=qr, secret=secret, wrong=wrong, next=_next(asked.get("next", "")))


def _qr(uri: str) -> str:
    return segno.make(uri, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")


def _wrong(visit: Visit) -> Response:
    """The same answer whatever it was that was wrong."""
    return visit.page("sign_in.html", 403, next=_next(visit.form.get("next", "")), wrong="wrong")


def _next(path: str) -> str:
    """A page of the desk to go on to, or nothing; not `/desk` itself, since each role begins at a page of its own."""
    parts = urlsplit(path)
    is_ours = not parts.scheme and not parts.netloc and path.startswith("/desk/")
    return parts.path if is_ours and "\\" not in path else ""


def _end(visit: Visit) -> None:
    if visit.known:
        with writing(visit.desk.store.main) as db:
            sessions.end(db, visit.known[1])


def _with_cookie(response: Response, token: str) -> Response:
    _set_cookie(response, COOKIE, token)
    return response


def _without_cookie(response: Response) -> Response:
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return response


def _set_cookie(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    response.set_cookie(name, value, max_age=max_age, path="/", secure=True, httponly=True, samesite="strict")
