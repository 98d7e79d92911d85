"""Backups: what comes back, what nobody can read, and that a forgotten person does not come back."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import ledger, restoring
from bot.backups import Home
from storage import inbound, journal, keystore, outbox, people
from storage.database import Store, reading, writing
from tests.bot.console.office import DAY, Office, finds, target_of
from tests.storage.builders import ADDRESS, NOW, keep, meet, put

TEXT = "taka kobe pabo bolun didi"
OTHER = "sms:+915550000002"


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
    assert finds(office.store) == ADDRESS


def test_a_forgotten_person_does_not_come_back(office: Office) -> None:
    """She was forgotten after the backup: restored, nothing of hers can be read, and others are as they were."""
    her = meet(office.store)
    meet(office.store, OTHER)
    office.back_up()
    office.forget(her.id)
    assert office.restore().forgotten == 1
    assert finds(office.store) is None
    assert finds(office.store, OTHER) == OTHER
    with reading(office.store.main) as db, reading(office.store.keys) as keys_db:
        assert people.read(db, her.id) is None
        assert her.id not in keystore.ids(keys_db)


def test_ledger_alone_keeps_her_forgotten(office: Office, elsewhere: Store) -> None:
    """On a new machine, where both databases are lost, the ledger is enough."""
    her = meet(office.store)
    office.back_up()
    office.forget(her.id)
    office.restore(target=target_of(elsewhere), replace=False)
    assert finds(elsewhere) is None


def test_sabotage_without_the_ledger_she_is_found(office: Office, elsewhere: Store, tmp_path: Path) -> None:
    """The same restore with an empty ledger brings her back, and the check sees it: it is the ledger that counts."""
    her = meet(office.store)
    office.back_up()
    office.forget(her.id)
    without = Home(office.home.folder, tmp_path / "empty.ledger")
    office.restore(target=target_of(elsewhere), home=without, replace=False)
    assert finds(elsewhere) == ADDRESS


def test_next_backup_carries_the_ledger(office: Office, elsewhere: Store, tmp_path: Path) -> None:
    """Whoever was forgotten before the newest backup stays forgotten, from an older one and without our ledger too."""
    her = meet(office.store)
    office.back_up()
    office.forget(her.id, in_ledger=False)
    office.back_up(NOW + timedelta(hours=1))
    without = Home(office.home.folder, tmp_path / "empty.ledger")
    office.restore(target=target_of(elsewhere), home=without, replace=False, at=NOW)
    assert finds(elsewhere) is None


def test_present_databases_keep_her_forgotten(office: Office) -> None:
    """Even with no ledger at all, what the present databases know is written down before they are replaced."""
    her = meet(office.store)
    office.back_up()
    office.forget(her.id, in_ledger=False)
    office.restore()
    assert finds(office.store) is None
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
        assert finds(office.store) is None
    office.restore()
    assert finds(office.store) is None


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
    assert finds(office.store) == ADDRESS
