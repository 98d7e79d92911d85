"""The master key: from the environment or a file that only we can read, never a default."""

import base64
import binascii
import os
import secrets
from pathlib import Path

from bot.errors import Misconfigured
from bot.settings import Settings, secret
from storage.seal import KEY_BYTES


def read_master_key(settings: Settings) -> bytes:
    """The 32 bytes that wrap everyone's keys.

    Raises:
        Misconfigured: there is none, it is not 32 bytes in base64, or others can read its file.
    """
    if settings.master_key:
        return _decode(secret(settings.master_key), "MASTER_KEY")
    path = settings.master_key_file
    if not path.is_file():
        raise Misconfigured(
            "no master key: set MASTER_KEY or MASTER_KEY_FILE, or run `sathi migrate` on empty databases"
        )
    if path.stat().st_mode & 0o077:
        raise Misconfigured("MASTER_KEY_FILE can be read by others: chmod 600")
    return _decode(path.read_text(encoding="ascii", errors="replace").strip(), "MASTER_KEY_FILE")


def has_master_key(settings: Settings) -> bool:
    """Whether a master key was set or its file is there."""
    return bool(settings.master_key) or settings.master_key_file.is_file()


def make_master_key(path: Path) -> None:
    """Write a new key, readable by us alone; an existing file is never overwritten."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii") + "\n")
        file.flush()
        os.fsync(file.fileno())


def _decode(text: str, name: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise Misconfigured(f"{name} is not {KEY_BYTES} bytes in base64")
    return key
