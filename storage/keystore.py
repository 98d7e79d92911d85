"""The separate database of the people's keys: deleting a key erases her from everything sealed with it.

Two databases cannot commit as one. So a key is committed before the row that needs it, and is dropped before
the rows that it opens; what falls between is swept.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select

from storage import hot
from storage.errors import WrongKey
from storage.ids import new_id
from storage.seal import PersonKey, Sealer
from storage.tables import erased, key_check, person_keys
from storage.upsert import insert_once

ORPHANED_AFTER = timedelta(hours=1)
_CHECK = "key_check"
_CHECKED = b"this master key opens these databases"
_WRAPPED = select(person_keys.c.wrapped).where(person_keys.c.id == bindparam("key_id"))


def make(keys_db: Connection, sealer: Sealer, now: datetime) -> PersonKey:
    """A new key under a new id, which becomes the id of the person it is made for."""
    key = PersonKey(new_id(now), sealer.new_key())
    keys_db.execute(insert(person_keys), {"id": key.id, "wrapped": sealer.wrap(key.id, key.key), "made_at": now})
    return key


def fetch(keys_db: Connection, sealer: Sealer, key_id: str) -> PersonKey | None:
    """The key of this id; none if it was dropped, and then what it sealed reads as erased.

    Raises:
        WrongKey: it was sealed by another master key.
        Tampered: it was changed.
    """
    held = hot.fetch(keys_db, _WRAPPED, {"key_id": key_id})
    return None if held is None else sealer.unwrap(key_id, held["wrapped"])


def drop(keys_db: Connection, key_id: str, now: datetime) -> None:
    """Delete the key, and write the id down as erased, so that a restored backup does not bring her back."""
    keys_db.execute(delete(person_keys).where(person_keys.c.id == key_id))
    insert_once(keys_db, erased, {"person_id": key_id, "at": now})


def sweep_orphans(keys_db: Connection, main_db_ids: Collection[str], now: datetime) -> int:
    """Delete the keys older than an hour that no row of the main database needs; how many there were.

    `main_db_ids` are `people.ids` and `outbox.key_ids`, read before this transaction began.
    """
    old = select(person_keys.c.id).where(person_keys.c.made_at < now - ORPHANED_AFTER)
    orphans = set(keys_db.scalars(old)) - set(main_db_ids)
    for orphan in orphans:
        keys_db.execute(delete(person_keys).where(person_keys.c.id == orphan))
    return len(orphans)


def ids(keys_db: Connection) -> set[str]:
    """The ids of all keys; a person whose id is not among them reads as erased."""
    return set(keys_db.scalars(select(person_keys.c.id)))


def erased_ids(keys_db: Connection) -> list[str]:
    """Everybody who was ever erased, oldest first; a restore erases them again."""
    return list(keys_db.scalars(select(erased.c.person_id).order_by(erased.c.at)))


def check(keys_db: Connection, sealer: Sealer) -> bool:
    """Whether a key check is written here; if one is, the master key has passed it.

    Raises:
        WrongKey: the keystore was made with another master key.
    """
    held = keys_db.execute(select(key_check.c.sealed)).scalar_one_or_none()
    if held is not None:
        pass_check(sealer, held)
        return True
    someone = keys_db.execute(select(person_keys).limit(1)).first()
    if someone is not None:
        sealer.unwrap(someone.id, someone.wrapped)
    return False


def keep_check(keys_db: Connection, sealer: Sealer) -> None:
    """Write the key check, if none is there."""
    insert_once(keys_db, key_check, {"id": _CHECK, "sealed": make_check(sealer)})


def make_check(sealer: Sealer) -> bytes:
    """A constant, sealed by the master key."""
    return sealer.wrap(_CHECK, _CHECKED)


def pass_check(sealer: Sealer, held: bytes) -> None:
    """Open the sealed constant.

    Raises:
        WrongKey: it was sealed by another master key.
        Tampered: it was changed.
    """
    if sealer.unwrap_bytes(_CHECK, held) != _CHECKED:
        raise WrongKey("the master key is not the one that these databases were made with")
