"""Files locked to a public key (age, age-encryption.org): who makes them cannot open them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

import pyrage  # type: ignore[import-untyped]  # it ships no types; nothing but this module touches it

from bot.errors import Misconfigured

Advance: TypeAlias = Callable[[int], None]  # so many bytes more are done
Recipient: TypeAlias = pyrage.x25519.Recipient
Identity: TypeAlias = pyrage.x25519.Identity

_SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how every identity begins


@dataclass(frozen=True, slots=True)
class Locked:
    """What was locked: bytes and digest of the file, for whoever keeps it and cannot open it."""

    size: int
    sha256: str


class Passing:
    """A stream that is counted and digested on its way through."""

    def __init__(self, stream: IO[bytes], advance: Advance) -> None:
        self._stream = stream
        self._advance = advance
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        return self._passed(self._stream.read(size))

    def write(self, content: bytes) -> int:
        """Pass these bytes on."""
        self._stream.write(self._passed(bytes(content)))
        return len(content)

    def flush(self) -> None:
        """Pass on what waits."""
        self._stream.flush()

    @property
    def sha256(self) -> str:
        """The digest of all that passed."""
        return self._digest.hexdigest()

    def _passed(self, content: bytes) -> bytes:
        self._digest.update(content)
        self.size += len(content)
        self._advance(len(content))
        return content


def read_recipient(text: str) -> Recipient:
    """The public key that backups are locked to.

    Raises:
        Misconfigured: there is none, or it is none; a secret key is never taken for it.
    """
    if not text:
        raise Misconfigured("no recipient: set BACKUP_RECIPIENT or --to to an age public key (age1...)")
    if text.strip().upper().startswith(_SECRET):
        raise Misconfigured("the recipient is a secret key: give its public key (age1...), and keep the other offline")
    try:
        return Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise Misconfigured("the recipient is not an age public key (age1...)") from None


def read_identity(path: Path) -> Identity:
    """The secret key in a file, such as `age-keygen` writes.

    Raises:
        Misconfigured: the file cannot be read, or holds no secret key.
    """
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError as refused:
        raise Misconfigured(f"the identity file cannot be read: {refused.strerror}") from None
    for line in lines:
        if line.startswith(_SECRET):
            try:
                return Identity.from_str(line.strip())
            except pyrage.IdentityError:
                break
    raise Misconfigured("the identity file holds no age secret key (AGE-SECRET-KEY-...)")


def lock(source: IO[bytes], target: IO[bytes], recipient: Recipient, advance: Advance) -> Locked:
    """Lock all that the source holds into the target."""
    out = Passing(target, lambda _size: None)
    pyrage.encrypt_io(Passing(source, advance), out, [recipient])
    return Locked(out.size, out.sha256)


def unlock(source: IO[bytes], target: IO[bytes], identity: Identity, advance: Advance) -> Locked:
    """Unlock the source into the target; it counts only when this returns, for a cut end shows last.

    Raises:
        Misconfigured: it was locked to another key, or is damaged.
    """
    into = Passing(source, advance)
    try:
        pyrage.decrypt_io(into, Passing(target, lambda _size: None), [identity])
    except pyrage.DecryptError:
        raise Misconfigured("the backup is locked to another key, or damaged") from None
    except OSError as broken:
        if broken.errno is not None:  # the disk's own trouble, not the file's
            raise
        raise Misconfigured("the backup is damaged or cut short") from None
    return Locked(into.size, into.sha256)
