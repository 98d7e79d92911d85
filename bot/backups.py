"""Backups: both databases, locked to a public key, the keys apart from what they open."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from bot import age, ledger
from bot.age import Advance, Recipient
from bot.errors import Misconfigured
from storage import journal, keystore, people
from storage.database import Engine, reading, writing
from storage.dumping import dumped

Watch: TypeAlias = Callable[[str, int | None], Advance]  # a step by name, and its size where it is known

KEYSTORE_KEPT = timedelta(days=7)  # after so long nobody who was forgotten is in any backup (docs: promise P6)
LEDGER = "erasures.ledger"
_STAMP = "%Y%m%dT%H%M%SZ"
_KEYSTORE_FILE = re.compile(r"keystore-(\d{8}T\d{6}Z)\.age")


class Part(BaseModel):
    """One locked file of a backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    database: str  # sqlite or postgresql
    size: int
    sha256: str


class Manifest(BaseModel):
    """What one backup consists of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    made_at: datetime
    main: Part
    keystore: Part


@dataclass(frozen=True, slots=True)
class Home:
    """Where backups are kept, and the ledger of who was forgotten."""

    folder: Path
    ledger: Path


def back_up(main: Engine, keys: Engine, home: Home, recipient: Recipient, now: datetime, watch: Watch) -> Manifest:
    """Write one backup, and delete the keystores of this folder that are older than seven days.

    The main database goes first: whoever is forgotten meanwhile has rows in the copy and no key, never the other way.
    """
    home.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    keep_ledger(home, main, keys, now)
    stamp = now.astimezone(UTC).strftime(_STAMP)
    parts = {
        name: _write_part(home.folder / f"{name}-{stamp}.age", engine, recipient, watch(name, None))
        for name, engine in (("main", main), ("keystore", keys))
    }
    manifest = Manifest(made_at=now, **parts)
    _write(home.folder / f"backup-{stamp}.json", (manifest.model_dump_json(indent=1) + "\n").encode())
    with writing(main) as db:
        journal.write(db, actor="console", action="back up", subject=stamp, now=now)
    for old in old_keystores(home.folder, now):
        old.unlink()
    return manifest


def keep_ledger(home: Home, main: Engine, keys: Engine, now: datetime) -> None:
    """Bring the ledger up to date with both databases, and lay a copy of it beside the backups."""
    with reading(main) as db, reading(keys) as keys_db:
        erased = [*people.erased_ids(db), *keystore.erased_ids(keys_db)]
    ledger.add_missing(home.ledger, dict.fromkeys(erased, now))
    ledger.add_missing(home.folder / LEDGER, ledger.read(home.ledger))


def old_keystores(folder: Path, now: datetime) -> Iterator[Path]:
    """The keystore backups that are older than we keep them."""
    for path in sorted(folder.glob("keystore-*.age")):
        matched = _KEYSTORE_FILE.fullmatch(path.name)
        if matched and datetime.strptime(matched[1], _STAMP).replace(tzinfo=UTC) < now - KEYSTORE_KEPT:
            yield path


def manifests(folder: Path) -> list[Manifest]:
    """The backups of a folder, newest first.

    Raises:
        Misconfigured: a manifest cannot be read.
    """
    found = []
    for path in folder.glob("backup-*.json"):
        try:
            found.append(Manifest.model_validate_json(path.read_bytes()))
        except ValidationError:
            raise Misconfigured(f"{path.name} is not the manifest of a backup") from None
    return sorted(found, key=lambda manifest: manifest.made_at, reverse=True)


def _write_part(path: Path, engine: Engine, recipient: Recipient, advance: Advance) -> Part:
    """Lock a copy of one database into a file, which appears under its name only when it is whole."""
    part = path.with_suffix(".part")
    handle = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as target:
        with dumped(engine) as dump:
            locked = age.lock(dump.stream, target, recipient, advance)
        target.flush()
        os.fsync(target.fileno())
    part.rename(path)
    return Part(file=path.name, database=engine.dialect.name, size=locked.size, sha256=locked.sha256)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
