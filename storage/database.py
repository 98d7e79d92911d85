"""The two databases and the master key together: opening them, and bringing their tables up to date."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, func, inspect, literal, select, table

from storage import desk_tables, keystore, marks, talk_tables
from storage.engines import checkpoint, glancing, open_database, reading, writing
from storage.errors import BadUrl, OldDatabase, StorageError, Unreachable
from storage.seal import PersonKey, Sealer
from storage.tables import KEYS, MAIN
from storage.wake import listen, wake_listener

__all__ = [
    "Connection",
    "Engine",
    "Store",
    "Which",
    "check_key",
    "checkpoint",
    "glancing",
    "is_current",
    "is_empty",
    "is_ready",
    "listen",
    "migrate",
    "open_database",
    "open_store",
    "reading",
    "wake_listener",
    "writing",
]

Which: TypeAlias = Literal["main", "keys"]
_CHECK = "key_check"
_VERSIONS = Path(__file__).parent / "migrations" / "versions"
_ADDED = (talk_tables, desk_tables)  # importing them is what adds the tables of the live talk and of the desk
_METADATA: dict[Which, MetaData] = {"main": MAIN, "keys": KEYS}
_MIGRATING = 0x5A7411  # any number, so long as every release asks for the same lock


@dataclass(frozen=True, slots=True)
class Store:
    """What is remembered: the main database, the keystore, and what seals and opens."""

    main: Engine
    keys: Engine
    sealer: Sealer = field(repr=False)

    def key_of(self, key_id: str) -> PersonKey | None:
        """Somebody's key, read also in the middle of what is being written; none if it was dropped."""
        with glancing(self.keys) as db:
            return keystore.fetch(db, self.sealer, key_id)

    def close(self) -> None:
        """Give back every connection."""
        self.main.dispose()
        self.keys.dispose()


def open_store(database_url: str, keystore_url: str, master_key: bytes) -> Store:
    """Both databases, of this release and of this master key; nothing in them is changed but a first key check.

    Raises:
        BadUrl: an address cannot be used, or both are the same.
        Unreachable: a database does not answer.
        OldDatabase: the tables are not of this release.
        WrongKey: the databases were made with another master key.
    """
    engines = _both(database_url, keystore_url)
    store = Store(engines["main"], engines["keys"], Sealer(master_key))
    try:
        if not all(is_current(engine, which) for which, engine in engines.items()):
            raise OldDatabase("the database is not of this release: run `sathi migrate`")
        check_key(store)
    except StorageError:
        store.close()
        raise
    return store


def check_key(store: Store) -> None:
    """Make sure that the master key is the one of both databases; the first that comes to empty ones is written down.

    Raises:
        WrongKey: it is another one.
    """
    with reading(store.keys) as keys_db, reading(store.main) as db:
        in_keys = keystore.check(keys_db, store.sealer)
        in_main = marks.mark_of(db, _CHECK)
    if in_main is not None:
        keystore.pass_check(store.sealer, bytes.fromhex(in_main))
    if in_keys and in_main is not None:
        return
    with writing(store.keys) as keys_db:
        keystore.keep_check(keys_db, store.sealer)
    with writing(store.main) as db:
        marks.set_mark(db, _CHECK, keystore.make_check(store.sealer).hex())


def is_ready(store: Store) -> bool:
    """Whether both databases answer and are of this release."""
    try:
        return is_current(store.main, "main") and is_current(store.keys, "keys")
    except Unreachable:
        return False


def is_empty(engine: Engine) -> bool:
    """Whether nothing was ever kept here: no tables, or no row in any of them."""
    with reading(engine) as db:
        names = [name for name in inspect(db).get_table_names() if name != "alembic_version"]
        return not any(db.execute(select(literal(1)).select_from(table(name)).limit(1)).first() for name in names)


def migrate(database_url: str, keystore_url: str) -> None:
    """Bring the tables of both databases to this release; each one wholly or not at all.

    Raises:
        BadUrl: an address cannot be used, or both are the same.
        Unreachable: a database does not answer.
        OldDatabase: this release is older than the tables.
    """
    engines = _both(database_url, keystore_url)
    try:
        for which, engine in engines.items():
            with writing(engine) as db:
                if db.dialect.name == "postgresql":
                    db.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
                _upgrade(which, db)
    finally:
        for engine in engines.values():
            engine.dispose()


def is_current(engine: Engine, which: Which) -> bool:
    """Whether the tables are those of this release."""
    with reading(engine) as db:
        heads = MigrationContext.configure(db).get_current_heads()
    return set(heads) == set(ScriptDirectory.from_config(_config(which)).get_heads())


def _upgrade(which: Which, db: Connection) -> None:
    try:
        command.upgrade(_config(which, db), "head")
    except CommandError as unknown:
        raise OldDatabase("the database is of a newer release than this one: install that release") from unknown


def _config(which: Which, db: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("version_locations", str(_VERSIONS / which))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=db, metadata=_METADATA[which])
    return config


def _both(database_url: str, keystore_url: str) -> dict[Which, Engine]:
    engines: dict[Which, Engine] = {"main": open_database(database_url), "keys": open_database(keystore_url)}
    if engines["main"].url == engines["keys"].url:
        raise BadUrl("KEYSTORE_URL must be another database than DATABASE_URL")
    return engines
