"""Signing in: password and code, what was used is used, and whoever tries cannot shut the person herself out."""

from datetime import timedelta

import pytest

from bot import credentials
from bot.desk.guard import COOKIE
from storage import sessions, staff
from storage.database import reading, writing
from storage.staff import Role
from tests.bot.desk.browsers import ADDRESS, Office

MINUTE = timedelta(minutes=1)


@pytest.fixture
def anita(office: Office) -> str:
    """An administrator."""
    office.hire("anita", Role.ADMINISTRATOR)
    return "anita"


def test_nobody_is_sent_to_sign_in(office: Office) -> None:
    """Every page but that of signing in sends a stranger there, and back after."""
    answered = office.browser().get("/desk")
    assert (answered.status_code, answered.headers["location"]) == (303, "/desk/sign-in?next=/desk")


def test_first_time(office: Office, anita: str) -> None:
    """The password leads to a picture to scan; the code to ten recovery codes, which are not shown again."""
    browser = office.browser()
    half = browser.post("/desk/sign-in", {"name": anita, "password": office.held[anita].password, "code": ""})
    assert half.headers["location"] == "/desk/code"
    page = browser.get("/desk/code").text
    assert "<svg" in page
    assert office.held[anita].secret in page
    first = browser.post("/desk/code", {"code": office.code(anita)})
    assert first.text.count("<li><code>") == 10
    assert browser.get("/desk").status_code == 200
    assert "<li><code>" not in browser.get("/desk/account").text


def test_later_times_show_no_picture(office: Office, anita: str) -> None:
    """Once the authenticator was used, its secret is shown to nobody."""
    office.signed_in(anita)
    browser = office.browser()
    browser.post("/desk/sign-in", {"name": anita, "password": office.held[anita].password})
    page = browser.get("/desk/code").text
    assert "<svg" not in page
    assert office.held[anita].secret not in page


def test_all_at_once(office: Office, anita: str) -> None:
    """Name, password and code on one page are enough."""
    office.signed_in(anita)
    office.clock.at += MINUTE
    answered = office.browser().sign_in(anita)
    assert answered.headers["location"] == "/desk"


def test_code_is_good_once(office: Office, anita: str) -> None:
    """A code that was used, or is older than the one that was, lets nobody in."""
    office.signed_in(anita)
    assert office.browser().sign_in(anita).status_code == 403
    assert office.browser().sign_in(anita, code=office.code(anita, -1)).status_code == 403
    assert office.browser().sign_in(anita, code=office.code(anita, 1)).status_code == 303


def test_recovery_code_is_good_once(office: Office, anita: str) -> None:
    """Each recovery code lets in once, however it is written."""
    office.signed_in(anita)
    browser = office.browser()
    browser.sign_in(anita, code=office.code(anita, 1))
    codes = browser.post("/desk/account/codes").text
    code = codes.split("<li><code>")[1].split("</code>")[0]
    assert office.browser().sign_in(anita, code=code.upper().replace("-", " ")).status_code == 303
    assert office.browser().sign_in(anita, code=code).status_code == 403


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"code": "000000"}, {"name": "nobody"}, {"code": "٣٤٥"}])
def test_what_is_wrong_is_not_told(office: Office, anita: str, wrong: dict[str, str]) -> None:
    """The answer is the same whichever it was."""
    answered = office.browser().sign_in(anita, **wrong)
    told = office.browser().sign_in(anita, password="also wrong")
    assert answered.status_code == told.status_code == 403
    assert answered.text == told.text
    assert COOKIE not in answered.cookies


def test_tries_are_counted_by_where_they_come_from(office: Office, anita: str) -> None:
    """Five wrong tries stop one address; the person herself comes in from hers, and from the same one later."""
    attacker = office.browser("203.0.113.9")
    stopped = [attacker.sign_in(anita, password="guess").status_code for _ in range(7)]
    assert stopped == [403] * 5 + [429] * 2
    assert office.browser("203.0.113.10").sign_in(anita).status_code == 200
    office.clock.at += sessions.TRIES_FORGOTTEN
    assert attacker.sign_in(anita).status_code == 303


def test_known_browser_is_not_shut_out(office: Office, anita: str) -> None:
    """Behind one address with the attacker, the browser that she signed in from before is counted by itself."""
    hers = office.signed_in(anita)
    hers.post("/desk/sign-out")
    attacker = office.browser()
    for _ in range(6):
        attacker.sign_in(anita, password="guess")
    assert attacker.sign_in(anita).status_code == 429
    office.clock.at += MINUTE
    assert hers.sign_in(anita).status_code == 303


def test_codes_cannot_be_tried_for_ever(office: Office, anita: str) -> None:
    """With the password alone five codes may be tried; then the half session is over."""
    browser = office.browser()
    browser.post("/desk/sign-in", {"name": anita, "password": office.held[anita].password})
    browser.get("/desk/code")
    tried = [browser.post("/desk/code", {"code": f"00000{digit}"}).status_code for digit in range(6)]
    assert tried == [403] * 5 + [429]
    assert browser.get("/desk/code").headers["location"].startswith("/desk/sign-in")


def test_half_a_session_opens_nothing(office: Office, anita: str) -> None:
    """The password alone shows no page."""
    browser = office.browser()
    browser.post("/desk/sign-in", {"name": anita, "password": office.held[anita].password})
    assert browser.get("/desk").headers["location"] == "/desk/code"
    assert browser.get("/desk/account").headers["location"] == "/desk/code"
    office.clock.at += sessions.HALF
    assert browser.get("/desk/code").headers["location"].startswith("/desk/sign-in")


def test_session_is_not_taken_from_outside(office: Office, anita: str) -> None:
    """Fixation: a token that was there before signing in is another one after."""
    browser = office.browser()
    browser.post("/desk/sign-in", {"name": anita, "password": office.held[anita].password})
    before = browser.client.cookies[COOKIE]
    browser.get("/desk/code")
    browser.post("/desk/code", {"code": office.code(anita)})
    assert browser.client.cookies[COOKIE] != before
    planted = office.browser()
    planted.client.cookies.set(COOKIE, before, domain="desk.example")
    assert planted.get("/desk").headers["location"].startswith("/desk/sign-in")


def test_session_ends_when_left_alone(office: Office, anita: str) -> None:
    """A quarter of an hour without a page, or eight hours in all."""
    browser = office.signed_in(anita)
    office.clock.at += sessions.IDLE - MINUTE
    assert browser.get("/desk").status_code == 200
    office.clock.at += sessions.IDLE
    assert browser.get("/desk").status_code == 303


def test_session_ends_after_eight_hours(office: Office, anita: str) -> None:
    """However busy she is."""
    browser = office.signed_in(anita)
    answered = []
    for _ in range(49):
        office.clock.at += timedelta(minutes=10)
        answered.append(browser.get("/desk").status_code)
    assert answered == [200] * 47 + [303] * 2


def test_signing_out_ends_it_on_the_server(office: Office, anita: str) -> None:
    """The cookie that somebody copied is worth nothing afterwards."""
    browser = office.signed_in(anita)
    copied = browser.client.cookies[COOKIE]
    browser.post("/desk/sign-out")
    thief = office.browser()
    thief.client.cookies.set(COOKIE, copied, domain="desk.example")
    assert thief.get("/desk").status_code == 303


def test_revoke_everywhere(office: Office, anita: str) -> None:
    """One button ends every session, that of the stolen laptop too."""
    stolen, hers = office.signed_in(anita), office.browser()
    hers.sign_in(anita, code=office.code(anita, 1))
    hers.post("/desk/account/revoke")
    assert [one.get("/desk").status_code for one in (stolen, hers)] == [303, 303]


def test_disabled_is_out_at_once(office: Office, anita: str) -> None:
    """Whoever is disabled is out with the next page."""
    browser = office.signed_in(anita)
    with writing(office.store.main) as db:
        staff.disable(db, staff.find(db, anita).id, office.clock())  # type: ignore[union-attr]
    assert browser.get("/desk").status_code == 303
    assert office.browser().sign_in(anita, code=office.code(anita, 1)).status_code == 403


def test_leaving_at_once(office: Office, anita: str) -> None:
    """It works without a script, names nothing of ours, ends the session and goes to a page anybody might read."""
    browser = office.signed_in(anita)
    answered = browser.post("/desk/leave")
    assert "Sathi" not in answered.text
    assert answered.headers["refresh"].startswith("0; url=https://")
    assert browser.get("/desk").status_code == 303


@pytest.mark.parametrize(
    "going", ["https://evil.example/", "//evil.example", "/\\evil.example", "/try", "javascript:1"]
)
def test_going_on_stays_at_the_desk(office: Office, anita: str, going: str) -> None:
    """Nobody is sent elsewhere after signing in."""
    office.signed_in(anita)
    office.clock.at += MINUTE
    assert office.browser().sign_in(anita, next=going).headers["location"] == "/desk"


def test_only_hashes_are_kept(office: Office, anita: str) -> None:
    """The token of a session is nowhere in the database."""
    browser = office.signed_in(anita)
    token = browser.client.cookies[COOKIE]
    with reading(office.store.main) as db:
        assert sessions.find(db, token) is not None
        (kept,) = sessions.of_staff(db, staff.find(db, anita).id)  # type: ignore[union-attr]
    assert token.encode() not in kept.hash


def test_language_of_the_desk(office: Office) -> None:
    """The browser's own first; what she picks stays."""
    browser = office.browser()
    assert '<html lang="hi">' in browser.get("/desk/sign-in", headers={"accept-language": "hi-IN,en;q=0.5"}).text
    browser.post("/desk/language", {"language": "bn", "here": "/desk/sign-in"})
    assert '<html lang="bn">' in browser.get("/desk/sign-in", headers={"accept-language": "hi"}).text


def test_password_of_nobody_takes_as_long() -> None:
    """A name that nobody has is checked against a hash of the same strength."""
    made = credentials.hashed("x").split("$")[:4]
    assert credentials.NOBODY.split("$")[:4] == made


def test_sign_in_is_refused_from_another_site(office: Office, anita: str) -> None:
    """Another site's form signs nobody in."""
    form = {"name": anita, "password": office.held[anita].password, "code": office.code(anita)}
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    answered = office.browser().post("/desk/sign-in", form, headers=headers)
    assert answered.status_code == 403
    assert ADDRESS != "https://evil.example"
