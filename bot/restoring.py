"""Restoring a backup, so that whoever was forgotten stays forgotten."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot import age, backups, ledger
from bot.age import Identity
from bot.backups import Home, Part, Watch
from bot.errors import Misconfigured
from storage import journal, keystore, people, settling
from storage.database import Engine, checkpoint, is_current, is_empty, migrate, open_database, open_store, writing
from storage.dumping import loading
from storage.errors import OldDatabase


@dataclass(frozen=True, slots=True)
class Target:
    """Where a backup goes: both databases, and the master key they are to open with."""

    database_url: str
    keystore_url: str
    master_key: bytes


@dataclass(frozen=True, slots=True)
class Chosen:
    """The two files to restore; the keystore may be newer than the rest, and then knows more of who was forgotten."""

    main: Part
    keystore: Part


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it: which files, and how many are kept forgotten."""

    chosen: Chosen
    forgotten: int


def restore(
    target: Target, home: Home, identity: Identity, now: datetime, watch: Watch, *, replace: bool, at: datetime
) -> Restored:
    """Put the newest backup not younger than `at` back, and forget again everybody who was ever forgotten.

    First the main database and at once the rows of the forgotten, then the keystore and at once their keys: wherever
    this is interrupted, no row of theirs stands beside its key, and it can be begun again.

    Raises:
        Misconfigured: there is no whole backup, it is locked to another key or damaged, or the databases hold
            something and `replace` was not asked for; nothing was changed.
        StorageError: a database is away, or the backup was made with another master key.
    """
    chosen = choose(home.folder, at)
    for part in (chosen.main, chosen.keystore):
        _verify(home.folder, part, identity, watch)
    main, keys = open_database(target.database_url), open_database(target.keystore_url)
    try:
        _check(main, keys, chosen, replace=replace)
        forgotten = _forgotten(home, main, keys, now)
        _load(main, home.folder, chosen.main, identity, watch)
        migrate(target.database_url, target.keystore_url)
        forget_rows(main, forgotten, now)
        _load(keys, home.folder, chosen.keystore, identity, watch)
        migrate(target.database_url, target.keystore_url)
        forget_keys(keys, forgotten, now)
        open_store(target.database_url, target.keystore_url, target.master_key).close()
        with writing(main) as db:
            journal.write(db, actor="console", action="restore", subject=chosen.main.file, now=now)
    finally:
        main.dispose()
        keys.dispose()
    return Restored(chosen, len(forgotten))


def choose(folder: Path, at: datetime) -> Chosen:
    """The newest main file of that moment or before, and the newest keystore of all.

    Raises:
        Misconfigured: one of the two is not there.
    """
    there = backups.manifests(folder)
    main = _newest(folder, [found.main for found in there if found.made_at <= at])
    keys = _newest(folder, [found.keystore for found in there])
    if main is None or keys is None:
        raise Misconfigured(f"{folder.name} holds no backup of {'the main database' if main is None else 'the keys'}")
    return Chosen(main, keys)


def forget_rows(main: Engine, forgotten: Mapping[str, datetime], now: datetime) -> None:
    """Erase the rows of everybody who was forgotten, out of the file as well; nothing old is sent again."""
    with writing(main) as db:
        for person_id in forgotten:
            people.erase_rows(db, person_id, now)
        settling.expire_all(db, now)
    checkpoint(main)


def forget_keys(keys: Engine, forgotten: Mapping[str, datetime], now: datetime) -> None:
    """Drop the key of everybody who was forgotten, out of the file as well."""
    with writing(keys) as db:
        for person_id in forgotten:
            keystore.drop(db, person_id, now)
    checkpoint(keys)


def _newest(folder: Path, parts: list[Part]) -> Part | None:
    return next((part for part in parts if Path(part.file).name == part.file and (folder / part.file).is_file()), None)


def _verify(folder: Path, part: Part, identity: Identity, watch: Watch) -> None:
    """Unlock the whole file to nowhere, before anything is changed."""
    with (folder / part.file).open("rb") as source, Path(os.devnull).open("wb") as nowhere:
        read = age.unlock(source, nowhere, identity, watch(f"checking {part.file}", part.size))
    if read.sha256 != part.sha256:
        raise Misconfigured(f"{part.file} is not the file that its manifest names")


def _check(main: Engine, keys: Engine, chosen: Chosen, *, replace: bool) -> None:
    for engine, part in ((main, chosen.main), (keys, chosen.keystore)):
        if part.database != engine.dialect.name:
            raise Misconfigured(f"{part.file} is of {part.database} and cannot be put into {engine.dialect.name}")
        if not replace and not is_empty(engine):
            raise Misconfigured("the databases are not empty: --replace puts the backup in their place")


def _forgotten(home: Home, main: Engine, keys: Engine, now: datetime) -> Mapping[str, datetime]:
    """Everybody who was ever forgotten, from every place that knows; on the disk before anything is changed."""
    ledger.add_missing(home.ledger, ledger.read(home.folder / backups.LEDGER))
    if not (is_empty(main) and is_empty(keys)):
        if not (is_current(main, "main") and is_current(keys, "keys")):
            raise OldDatabase("who was forgotten cannot be read from the old databases: run `sathi migrate` first")
        backups.keep_ledger(home, main, keys, now)
    return ledger.read(home.ledger)


def _load(engine: Engine, folder: Path, part: Part, identity: Identity, watch: Watch) -> None:
    with (folder / part.file).open("rb") as source, loading(engine) as sink:
        age.unlock(source, sink, identity, watch(f"restoring {part.file}", part.size))
