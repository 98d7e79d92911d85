"""`sathi staff`: credentials are shown once, work, and are kept in no readable form."""

import base64
import hmac
from hashlib import sha1
from urllib.parse import parse_qs, urlsplit

import pytest

from bot import credentials
from bot.console import staff as room
from storage import journal, staff
from storage.database import Store, reading
from storage.staff import Role
from storage.tables import journal as journal_table
from tests.bot.console.running import Ran, run


def _add(store: Store, name: str = "asha", role: str = "coordinator") -> Ran:
    return run(room, "staff", "add", name, "--role", role, "--json", store=store)


def _secret(uri: str) -> str:
    return parse_qs(urlsplit(uri).query)["secret"][0]


def _code(secret: str, step: int) -> str:
    """RFC 6238 written out, to check the library that we use against."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8), sha1)
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4]) & 0x7FFFFFFF) % 10**6:06d}"


def test_added_staff_can_sign_in(store: Store) -> None:
    """The three fields of the contract come out, and password and code are those that are kept."""
    (told,) = _add(store).objects
    assert list(told) == ["name", "password", "totp_uri"]
    assert told["totp_uri"].startswith("otpauth://totp/Sathi:asha?")
    with reading(store.main) as db:
        member = staff.find(db, "asha")
    assert member is not None
    assert member.role is Role.COORDINATOR
    assert credentials.is_password(member.password_hash, told["password"])
    assert not credentials.is_password(member.password_hash, told["password"] + "x")
    secret = staff.secret_of(store.sealer, member)
    assert secret == _secret(told["totp_uri"])
    for step in (0, 1, 59_000_000):
        assert credentials.is_code(secret, _code(secret, step), step)
        assert not credentials.is_code(secret, _code(secret, step), step + 1)


def test_nothing_readable_is_kept(store: Store) -> None:
    """Neither the password nor the secret stands in the row or in the journal."""
    (told,) = _add(store).objects
    with reading(store.main) as db:
        row = repr([tuple(row) for row in db.exec_driver_sql("SELECT * FROM staff")])
        entry = db.execute(journal_table.select()).one()
        assert journal.verify(db) is None
    assert "$argon2id$" in row
    assert told["password"] not in row
    assert _secret(told["totp_uri"]) not in row
    assert "asha" not in (entry.actor, entry.action, entry.subject)


def test_passwords_differ(store: Store) -> None:
    """Two people never get the same credentials."""
    one, two = _add(store).objects[0], _add(store, "rina").objects[0]
    assert one["password"] != two["password"]
    assert _secret(one["totp_uri"]) != _secret(two["totp_uri"])


@pytest.mark.parametrize("words", [("asha", "--role", "queen"), ("Asha Das", "--role", "member"), ("asha",)])
def test_bad_name_or_role_is_refused(store: Store, words: tuple[str, ...]) -> None:
    """An unknown role, a name that is none and a missing role end with code 2."""
    assert run(room, "staff", "add", *words, "--json", store=store).code == 2
    with reading(store.main) as db:
        assert staff.all_of(db) == []


def test_reset_voids_the_old_credentials(store: Store) -> None:
    """After a reset only the new password and secret count, and somebody disabled is let in again."""
    (old,) = _add(store).objects
    assert _add(store).code == 2
    assert run(room, "staff", "disable", "asha", store=store).code == 0
    assert run(room, "staff", "list", "--json", store=store).objects == [
        {"name": "asha", "role": "coordinator", "disabled": True}
    ]
    (new,) = run(room, "staff", "reset", "asha", "--json", store=store).objects
    with reading(store.main) as db:
        member = staff.find(db, "asha")
    assert member is not None
    assert member.disabled_at is None
    assert not credentials.is_password(member.password_hash, old["password"])
    assert credentials.is_password(member.password_hash, new["password"])
    assert staff.secret_of(store.sealer, member) == _secret(new["totp_uri"])


def test_nobody_is_one_clear_line(store: Store) -> None:
    """A name that nobody has is told so."""
    for command in ("reset", "disable"):
        ended = run(room, "staff", command, "nobody", store=store)
        assert (ended.code, ended.out, ended.err) == (2, "", "sathi: nobody on the staff is called nobody\n")
