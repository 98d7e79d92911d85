"""What a member of staff signs in with: a password and a code from an authenticator, both made here."""

import base64
import secrets
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

ISSUER = "Sathi"
DIGITS = 6
STEP_SECONDS = 30  # RFC 6238, and what every authenticator app counts in
SECRET_BYTES = 20  # RFC 4226, section 4

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when it is read out
_GROUPS, _GROUP = 4, 5  # 20 letters of 31: 99 bits
_HASHER = PasswordHasher()  # Argon2id, with the RFC 9106 low-memory profile
NOBODY = _HASHER.hash(secrets.token_hex(16))  # checked where nobody has the name, so that it takes as long


@dataclass(frozen=True, slots=True)
class Credentials:
    """Shown once; only the hash of the password and the sealed secret are kept."""

    password: str = field(repr=False)
    secret: str = field(repr=False)  # base32
    totp_uri: str = field(repr=False)


def make(name: str) -> Credentials:
    """A new password and a new second factor for somebody."""
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    key = secrets.token_bytes(SECRET_BYTES)
    secret = base64.b32encode(key).decode("ascii")
    return Credentials(password, secret, uri_of(name, secret))


def uri_of(name: str, secret: str) -> str:
    """What an authenticator scans."""
    return _totp(base64.b32decode(secret)).get_provisioning_uri(name, ISSUER)


def recovery_codes(count: int) -> list[str]:
    """Codes for the day that the phone is lost, each good once: 10 letters of 31, 49 bits."""
    return ["-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(2)) for _ in range(count)]


def hashed(password: str) -> str:
    """The password as it is kept."""
    return _HASHER.hash(password)


def is_password(kept: str, given: str) -> bool:
    """Whether what was given is the password; slow on purpose."""
    try:
        return _HASHER.verify(kept, given)
    except VerifyMismatchError:
        return False


def is_code(secret: str, given: str, step: int) -> bool:
    """Whether this is the code of a time step (seconds since 1970, divided by 30)."""
    code = _totp(base64.b32decode(secret)).generate(step * STEP_SECONDS)
    return secrets.compare_digest(code, given.encode("utf-8", "replace"))


def _totp(key: bytes) -> TOTP:
    return TOTP(key, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - the one hash that every authenticator app knows
