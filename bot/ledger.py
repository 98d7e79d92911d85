"""The erasure ledger: who was forgotten, in a file outside the databases, so that a restore forgets them again.

A line is a random id and a moment; nothing in it tells of anybody.
"""

import fcntl
import os
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot.errors import Misconfigured

_LINE = re.compile(r"([0-9a-f]{32}) (\S+)")


def append(path: Path, person_id: str, at: datetime) -> None:
    """Write somebody down as forgotten; on the disk when this returns.

    Call it before her rows go: an erasure that is interrupted is begun again, and then stands here twice.
    """
    _write(path, {person_id: at})


def read(path: Path) -> Mapping[str, datetime]:
    """Who was forgotten, and when first; nobody, if there is no ledger yet.

    A last line that was cut short by a crash is passed over: its erasure did not end, and is begun again.

    Raises:
        Misconfigured: another line is no entry, so the file is not the ledger or was damaged.
    """
    forgotten: dict[str, datetime] = {}
    if not path.is_file():
        return forgotten
    lines = path.read_text(encoding="ascii", errors="replace").split("\n")
    for number, line in enumerate(lines[:-1], start=1):
        if line:
            person_id, at = _entry(path, number, line)
            forgotten.setdefault(person_id, at)
    return forgotten


def add_missing(path: Path, forgotten: Mapping[str, datetime]) -> None:
    """Append whoever the ledger does not name yet, and make the file if there is none.

    Raises:
        Misconfigured: the file is not the ledger, or was damaged.
    """
    there = read(path)
    _write(path, {person_id: at for person_id, at in forgotten.items() if person_id not in there})


def _write(path: Path, forgotten: Mapping[str, datetime]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_new = not path.exists()
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # let go when it is closed
        _take_out_cut_line(handle)
        lines = [f"{person_id} {at.isoformat()}\n" for person_id, at in forgotten.items()]
        if lines:
            os.write(handle, "".join(lines).encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        _sync_folder(path.parent)


def _entry(path: Path, number: int, line: str) -> tuple[str, datetime]:
    matched = _LINE.fullmatch(line)
    try:
        if matched:
            return matched[1], datetime.fromisoformat(matched[2])
    except ValueError:
        pass
    raise Misconfigured(f"{path.name}, line {number}: this is no entry of an erasure ledger")


def _take_out_cut_line(handle: int) -> None:
    """Take out what a crash left of a last line; nobody else is writing, since the file is locked."""
    size = os.fstat(handle).st_size
    whole = os.pread(handle, size, 0).rfind(b"\n") + 1
    if whole < size:
        os.ftruncate(handle, whole)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
