"""`sathi backup` and `sathi restore` as they are typed."""

from pathlib import Path

import pyrage
import pytest

from bot.console import backup as room
from storage import people
from storage.database import Store, reading
from tests.bot.console.running import Ran, run
from tests.storage.builders import meet


@pytest.fixture
def identity(tmp_path: Path) -> pyrage.x25519.Identity:
    """A key pair, its secret half in key.txt."""
    made = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(f"{made}\n")
    return made


def _restore(store: Store, tmp_path: Path, *words: str) -> Ran:
    given = (str(tmp_path / "backups"), "--identity", str(tmp_path / "key.txt"), *words)
    return run(room, "restore", *given, store=store, folder=tmp_path)


def test_there_and_back(store: Store, tmp_path: Path, identity: pyrage.x25519.Identity) -> None:
    """A backup names its two files, and a restore puts them back and says so."""
    key = meet(store)
    to = str(identity.to_public())
    made = run(room, "backup", str(tmp_path / "backups"), "--to", to, store=store, folder=tmp_path)
    assert made.code == 0
    main, keys = made.out.splitlines()
    assert {main, keys} < {file.name for file in (tmp_path / "backups").iterdir()}
    refused = _restore(store, tmp_path)
    assert (refused.code, "--replace" in refused.err) == (2, True)
    assert _restore(store, tmp_path, "--replace").out.splitlines() == [main, keys]
    with reading(store.main) as db:
        assert people.read(db, key.id) is not None


def test_lost_ledger_is_refused(store: Store, tmp_path: Path, identity: pyrage.x25519.Identity) -> None:
    """Without the erasure ledger nothing is restored, unless one says that it is lost."""
    to = str(identity.to_public())
    run(room, "backup", str(tmp_path / "backups"), "--to", to, store=store, folder=tmp_path)
    (tmp_path / "erasures.ledger").unlink()
    refused = _restore(store, tmp_path, "--replace")
    assert (refused.code, "ERASURE_LEDGER" in refused.err) == (2, True)
    assert _restore(store, tmp_path, "--replace", "--without-ledger").code == 0


def test_no_recipient_is_one_clear_line(store: Store, tmp_path: Path) -> None:
    """Nothing is written where nobody could open it."""
    ended = run(room, "backup", str(tmp_path / "backups"), store=store, folder=tmp_path)
    assert (ended.code, ended.err.count("\n"), "BACKUP_RECIPIENT" in ended.err) == (2, 1, True)
    assert not (tmp_path / "backups").exists()


def test_day_before_any_backup_finds_none(store: Store, tmp_path: Path, identity: pyrage.x25519.Identity) -> None:
    """`--at` a day on which there was no backup yet is an error, not the newest one."""
    to = str(identity.to_public())
    run(room, "backup", str(tmp_path / "backups"), "--to", to, store=store, folder=tmp_path)
    ended = _restore(store, tmp_path, "--replace", "--at", "2020-01-01")
    assert (ended.code, "no backup" in ended.err) == (2, True)
