"""What is refused of a backup, a key or a recipient, before anything is changed."""

import shutil
from pathlib import Path

import pyrage
import pytest

from bot import age
from bot.errors import Misconfigured
from bot.restoring import Target
from storage.errors import NotCopied, WrongKey
from tests.bot.console.office import Office, finds
from tests.storage.builders import ADDRESS, meet


def test_databases_that_hold_something_are_not_overwritten(office: Office) -> None:
    """Without being told to replace, a restore changes nothing."""
    office.back_up()
    meet(office.store)
    with pytest.raises(Misconfigured, match="--replace"):
        office.restore(replace=False)
    assert finds(office.store) == ADDRESS


@pytest.mark.parametrize("harm", ["cut", "changed", "other key", "missing", "manifest"])
def test_a_bad_backup_changes_nothing(office: Office, harm: str) -> None:
    """A file that is cut short, changed, locked to another key or lost is refused before anything is touched."""
    made = office.back_up()
    meet(office.store)
    file = office.home.folder / made.keystore.file
    opened_by = office
    match harm:
        case "cut":
            file.write_bytes(file.read_bytes()[:-10])
        case "changed":
            file.write_bytes(file.read_bytes()[:-10] + b"0123456789")
        case "other key":
            opened_by = Office(office.store, office.home, pyrage.x25519.Identity.generate())
        case "missing":
            file.unlink()
        case "manifest":
            next(office.home.folder.glob("*.json")).write_text("{}")
    with pytest.raises(Misconfigured):
        opened_by.restore()
    assert finds(office.store) == ADDRESS


def test_swapped_files_are_refused(office: Office) -> None:
    """Two whole files under each other's name are seen by their digests."""
    made = office.back_up()
    meet(office.store)
    main, keys = (office.home.folder / part.file for part in (made.main, made.keystore))
    shutil.copy(keys, main)
    with pytest.raises(Misconfigured, match="manifest"):
        office.restore()
    assert finds(office.store) == ADDRESS


def test_wrong_master_key_is_said_so(office: Office) -> None:
    """A backup that was made with another master key is restored and not passed off as good."""
    meet(office.store)
    office.back_up()
    target = Target(office.target.database_url, office.target.keystore_url, bytes(32))
    with pytest.raises(WrongKey):
        office.restore(target=target)


def test_missing_tool_is_one_clear_line(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pg_dump is not installed, the line says so; a file needs no tool."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("storage.dumping._HOMES", Path("nowhere"))
    if office.store.main.dialect.name == "sqlite":
        office.back_up()
        return
    with pytest.raises(NotCopied, match="pg_dump is not installed"):
        office.back_up()
    assert not list(office.home.folder.glob("*.age"))


@pytest.mark.parametrize("text", ["", "age1nonsense", "AGE-SECRET-KEY-1QQQ", "somebody"])
def test_recipient_must_be_a_public_key(text: str) -> None:
    """A recipient that is none, or a secret key, is refused, and a secret is never repeated."""
    with pytest.raises(Misconfigured) as told:
        age.read_recipient(text)
    assert "QQQ" not in str(told.value)


def test_identity_is_read_from_a_file(tmp_path: Path) -> None:
    """A file as age-keygen writes it is read; one without a secret key is refused."""
    identity = pyrage.x25519.Identity.generate()
    path = tmp_path / "key.txt"
    path.write_text(f"# created: today\n# public key: {identity.to_public()}\n{identity}\n")
    assert str(age.read_identity(path)) == str(identity)
    path.write_text("AGE-SECRET-KEY-1NONSENSE\n")
    for wrong in (path, tmp_path / "none"):
        with pytest.raises(Misconfigured):
            age.read_identity(wrong)
