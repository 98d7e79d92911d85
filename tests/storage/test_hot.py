"""The statements of a turn: what goes past SQLAlchemy's execution arrives as if it had not."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.exc import IntegrityError

from storage import hot, marks, people
from storage.database import Store, reading, writing
from storage.tables import conversations, outbox
from storage.tables import people as people_table
from tests.storage.builders import keep, meet, put

_TALK = select(conversations).where(conversations.c.person_id == bindparam("who"))
_PERSON = select(people_table).where(people_table.c.id == bindparam("who"))
_PUT = select(outbox).where(outbox.c.person_id == bindparam("who"))


@pytest.mark.parametrize("statement", [_TALK, _PERSON, _PUT])
def test_rows_are_read_as_sqlalchemy_reads_them(store: Store, statement: Any) -> None:
    """Moments, truths, lists and sealed bytes come back as they do from SQLAlchemy, on both databases."""
    key = meet(store)
    with writing(store.main) as db:
        put(db, store, key)
        found = hot.fetch(db, statement, {"who": key.id})
        assert found == dict(db.execute(statement, {"who": key.id}).mappings().one())


def test_nothing_found_is_none(store: Store) -> None:
    """A statement that finds no row says so."""
    with reading(store.main) as db:
        assert hot.fetch(db, _PERSON, {"who": "nobody"}) is None


def test_a_refusal_is_sqlalchemys_and_tells_no_value(store: Store) -> None:
    """What the database refuses is the same error as ever, with none of the values in it."""
    key = meet(store)
    with writing(store.main) as db:
        kept = keep(db, store, key)
        put(db, store, key, inbound_id=kept)
    with pytest.raises(IntegrityError) as refused, writing(store.main) as db:
        put(db, store, key, inbound_id=kept)
    assert refused.value.params is None


def test_what_fails_in_a_savepoint_is_undone_and_the_rest_is_kept(store: Store) -> None:
    """An answer that fails leaves the message that was kept before it, and the transaction can go on."""
    with writing(store.main) as db:
        marks.set_mark(db, "before", "kept")
        with pytest.raises(ZeroDivisionError), hot.savepoint(db):
            _mark_and_fail(db)
        marks.set_mark(db, "after", "kept")
    with reading(store.main) as db:
        assert [marks.mark_of(db, name) for name in ("before", "within", "after")] == ["kept", None, "kept"]


def test_all_that_is_sent_is_heard(store: Store) -> None:
    """Whoever listens hears every statement with its engine, and nothing once the block is over."""
    heard: list[tuple[Engine, str]] = []
    key = meet(store)
    with writing(store.main) as db:
        with hot.heard_by(lambda engine, sql, _parameters: heard.append((engine, sql))):
            people.lock(db, key.id)
        people.lock(db, key.id)
    assert [(engine, sql.split()[0]) for engine, sql in heard] == [(store.main, "SELECT")]


def _mark_and_fail(db: Connection) -> None:
    marks.set_mark(db, "within", "failed")
    raise ZeroDivisionError
