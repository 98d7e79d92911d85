"""Backups: what comes back, what nobody can read, and that a forgotten person does not come back."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyrage
import pytest

from bot import age, backups, ledger, restoring
from bot.backups import Home
from bot.errors import Misconfigured
from bot.restoring import Restored, Target
from storage import inbound, journal, keystore, outbox, people
from storage.database import Store, open_database, reading, writing
from storage.errors import NotCopied, WrongKey
from storage.ids import new_id
from tests.storage.builders import ADDRESS, MASTER_KEY, NOW, keep, meet, put

TEXT = "taka kobe pabo bolun didi"
OTHER = "sms:+915550000002"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Office:
    """A running Sathi, the folder of its backups, and the key that opens them."""

    store: Store
    home: Home
    identity: pyrage.x25519.Identity

    @property
    def target(self) -> Target:
        """Its own databases."""
        urls = [engine.url.render_as_string(False) for engine in (self.store.main, self.store.keys)]
        return Target(urls[0], urls[1], MASTER_KEY)

    def back_up(self, now: datetime = NOW) -> backups.Manifest:
        """One backup."""
        recipient = self.identity.to_public()
        return backups.back_up(self.store.main, self.store.keys, self.home, recipient, now, _unwatched)

    def restore(
        self,
        *,
        target: Target | None = None,
        home: Home | None = None,
        replace: bool = True,
        at: datetime | None = None,
    ) -> Restored:
        """Put one back."""
        return restoring.restore(
            target or self.target,
            home or self.home,
            self.identity,
            NOW + DAY,
            _unwatched,
            replace=replace,
            at=at or NOW + DAY,
        )

    def forget(self, person_id: str, *, in_ledger: bool = True) -> None:
        """Erase somebody, in the order of `bot.forgetting`."""
        if in_ledger:
            ledger.append(self.home.ledger, person_id, NOW)
        with writing(self.store.keys) as db:
            keystore.drop(db, person_id, NOW)
        with writing(self.store.main) as db:
            people.erase_rows(db, person_id, NOW)


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    """An office on each of the two databases."""
    identity = pyrage.x25519.Identity.generate()
    return Office(store, Home(tmp_path / "backups", tmp_path / "ledger" / "erasures.ledger"), identity)


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Store]:
    """Another machine: two empty databases of the same kind, where nothing knows of any erasure."""
    if store.main.dialect.name == "postgresql":
        server = request.getfixturevalue("postgres")
        urls = [server.make(f"{name}_{new_id(NOW)}") for name in ("main", "keys")]
    else:
        urls = [f"sqlite:///{tmp_path}/elsewhere/{name}.db" for name in ("main", "keys")]
    found = Store(*map(open_database, urls), store.sealer)
    yield found
    found.close()


def _unwatched(_step: str, _size: int | None) -> age.Advance:
    return lambda _done: None


def _finds(store: Store, address: str = ADDRESS) -> str | None:
    """What a thief with both databases and the master key can read of somebody; none if nothing."""
    with reading(store.main) as db, reading(store.keys) as keys_db:
        person = people.find(db, store.sealer.blind(address))
        key = keystore.fetch(keys_db, store.sealer, person.id) if person else None
        return people.address_of(store.sealer, key, person) if person and key else None


def _url(store: Store) -> Target:
    urls = [engine.url.render_as_string(False) for engine in (store.main, store.keys)]
    return Target(urls[0], urls[1], MASTER_KEY)


def test_what_was_lost_comes_back(office: Office) -> None:
    """After a loss, people and messages open again with the same master key, and the journal tells of both."""
    key = meet(office.store)
    with writing(office.store.main) as db:
        inbound.mark(db, str(keep(db, office.store, key, text=TEXT)), "quarantined")
    office.back_up()
    office.forget(key.id, in_ledger=False)
    with writing(office.store.keys) as db:
        db.exec_driver_sql("DELETE FROM erased")  # a loss, not an erasure
    with writing(office.store.main) as db:
        db.exec_driver_sql("DELETE FROM erasures")
    office.restore()
    with reading(office.store.main) as db:
        (kept,) = inbound.quarantined(db)
        assert inbound.message_of(office.store.sealer, key, kept).text == TEXT
        assert journal.verify(db) is None
    assert _finds(office.store) == ADDRESS


def test_a_forgotten_person_does_not_come_back(office: Office) -> None:
    """She was forgotten after the backup: restored, nothing of hers can be read, and others are as they were."""
    her = meet(office.store)
    meet(office.store, OTHER)
    office.back_up()
    office.forget(her.id)
    assert office.restore().forgotten == 1
    assert _finds(office.store) is None
    assert _finds(office.store, OTHER) == OTHER
    with reading(office.store.main) as db, reading(office.store.keys) as keys_db:
        assert people.read(db, her.id) is None
        assert her.id not in keystore.ids(keys_db)


def test_ledger_alone_keeps_her_forgotten(office: Office, elsewhere: Store) -> None:
    """On a new machine, where both databases are lost, the ledger is enough."""
    her = meet(office.store)
    office.back_up()
    office.forget(her.id)
    office.restore(target=_url(elsewhere), replace=False)
    assert _finds(elsewhere) is None


def test_sabotage_without_the_ledger_she_is_found(office: Office, elsewhere: Store, tmp_path: Path) -> None:
    """The same restore with an empty ledger brings her back, and the check sees it: it is the ledger that counts."""
    her = meet(office.store)
    office.back_up()
    office.forget(her.id)
    without = Home(office.home.folder, tmp_path / "empty.ledger")
    office.restore(target=_url(elsewhere), home=without, replace=False)
    assert _finds(elsewhere) == ADDRESS


def test_next_backup_carries_the_ledger(office: Office, elsewhere: Store, tmp_path: Path) -> None:
    """Whoever was forgotten before the newest backup stays forgotten, from an older one and without our ledger too."""
    her = meet(office.store)
    office.back_up()
    office.forget(her.id, in_ledger=False)
    office.back_up(NOW + timedelta(hours=1))
    without = Home(office.home.folder, tmp_path / "empty.ledger")
    office.restore(target=_url(elsewhere), home=without, replace=False, at=NOW)
    assert _finds(elsewhere) is None


def test_present_databases_keep_her_forgotten(office: Office) -> None:
    """Even with no ledger at all, what the present databases know is written down before they are replaced."""
    her = meet(office.store)
    office.back_up()
    office.forget(her.id, in_ledger=False)
    office.restore()
    assert _finds(office.store) is None
    assert her.id in ledger.read(office.home.ledger)


def test_nothing_old_is_sent_again(office: Office) -> None:
    """What waited when the backup was taken may have been sent since, so that a restore sends none of it."""
    key = meet(office.store)
    with writing(office.store.main) as db:
        put(db, office.store, key, expires_at=NOW + 30 * DAY)
    office.back_up()
    office.restore()
    with reading(office.store.main) as db:
        assert outbox.waiting_count(db) == 0


def test_interrupted_restore_never_holds_row_and_key(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between any two steps, a restore leaves no forgotten row beside its key, and can be begun again."""
    her = meet(office.store)
    office.back_up()
    office.forget(her.id)
    for step in ("forget_rows", "forget_keys", "open_store"):
        with monkeypatch.context() as broken:
            broken.setattr(restoring, step, _interrupted)
            with pytest.raises(KeyboardInterrupt):
                office.restore()
        assert _finds(office.store) is None
    office.restore()
    assert _finds(office.store) is None


def _interrupted(*_given: object, **_named: object) -> None:
    raise KeyboardInterrupt


def test_backup_alone_tells_nothing(office: Office) -> None:
    """No file of the folder holds her address or words in any form that a search finds, and others cannot read it."""
    key = meet(office.store)
    with writing(office.store.main) as db:
        keep(db, office.store, key, text=TEXT)
    office.back_up()
    for file in office.home.folder.iterdir():
        content = file.read_bytes()
        assert TEXT.encode() not in content
        assert ADDRESS.encode() not in content
        assert key.id.encode() not in content
        assert file.stat().st_mode & 0o077 == 0
    assert office.home.folder.stat().st_mode & 0o077 == 0


def test_keystores_older_than_seven_days_are_deleted(office: Office) -> None:
    """A week after she was forgotten no backup holds her key; the main files stay, and open with a newer keystore."""
    meet(office.store)
    first = office.back_up(NOW)
    kept = office.back_up(NOW + 7 * DAY)
    assert (office.home.folder / first.keystore.file).exists()
    office.back_up(NOW + 7 * DAY + timedelta(seconds=1))
    assert not (office.home.folder / first.keystore.file).exists()
    assert (office.home.folder / first.main.file).exists()
    assert (office.home.folder / kept.keystore.file).exists()
    office.restore(at=NOW)
    assert _finds(office.store) == ADDRESS


def test_databases_that_hold_something_are_not_overwritten(office: Office) -> None:
    """Without being told to replace, a restore changes nothing."""
    office.back_up()
    meet(office.store)
    with pytest.raises(Misconfigured, match="--replace"):
        office.restore(replace=False)
    assert _finds(office.store) == ADDRESS


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
    assert _finds(office.store) == ADDRESS


def test_swapped_files_are_refused(office: Office) -> None:
    """Two whole files under each other's name are seen by their digests."""
    made = office.back_up()
    meet(office.store)
    main, keys = (office.home.folder / part.file for part in (made.main, made.keystore))
    shutil.copy(keys, main)
    with pytest.raises(Misconfigured, match="manifest"):
        office.restore()
    assert _finds(office.store) == ADDRESS


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
