"""Copies of a database: consistent, whole, and nothing of a broken one is put in."""

from pathlib import Path

import pytest

from storage import marks, people
from storage.database import Store, migrate, open_database, reading, writing
from storage.dumping import dumped, loading
from storage.errors import NotCopied, StorageError
from tests.storage.builders import meet


def _dump(store: Store) -> bytes:
    with dumped(store.main) as dump:
        content = dump.stream.read()
        assert dump.size in (None, len(content))
    return content


def test_a_copy_brings_everything_back(store: Store) -> None:
    """What was there when the copy was taken is there again, and what came later is not."""
    key = meet(store)
    copy = _dump(store)
    with writing(store.main) as db:
        people.erase_rows(db, key.id, people.read(db, key.id).first_at)  # type: ignore[union-attr]
        marks.set_mark(db, "later", "yes")
    with loading(store.main) as sink:
        sink.write(copy)
    with reading(store.main) as db:
        assert people.read(db, key.id) is not None
        assert marks.mark_of(db, "later") is None


def test_a_copy_is_of_one_moment(store: Store) -> None:
    """A copy taken while somebody writes holds nothing of what was not committed, and does not wait."""
    with writing(store.main) as db:
        marks.set_mark(db, "half", "yes")
        copy = _dump(store)
    with loading(store.main) as sink:
        sink.write(copy)
    with reading(store.main) as db:
        assert marks.mark_of(db, "half") is None


def test_what_is_no_copy_is_refused(store: Store) -> None:
    """Bytes that are no copy are refused, in one line; in a file what was there stays."""
    key = meet(store)
    with pytest.raises(NotCopied) as told, loading(store.main) as sink:
        sink.write(b"nothing of the kind" * 100_000)
    assert "\n" not in str(told.value)
    if store.main.dialect.name == "postgresql":  # its tables were dropped; later tests need them
        migrate(*(engine.url.render_as_string(False) for engine in (store.main, store.keys)))
        return
    with reading(store.main) as db:
        assert people.read(db, key.id) is not None


def test_no_copy_is_left_lying_about(store: Store, tmp_path: Path) -> None:
    """The folder of the database holds no copy afterwards."""
    before = {file.name for file in tmp_path.iterdir()}
    _dump(store)
    assert {name for name in before ^ {file.name for file in tmp_path.iterdir()} if "copying" in name} == set()


@pytest.mark.peer
def test_password_is_on_no_command_line(tmp_path: Path) -> None:
    """A server that cannot be reached is one clear line without the password."""
    engine = open_database(f"postgresql://name:pass%3Aword@/base?host={tmp_path}")
    with pytest.raises(StorageError) as told, dumped(engine) as dump:
        dump.stream.read()
    assert "word" not in str(told.value).replace("password", "")
