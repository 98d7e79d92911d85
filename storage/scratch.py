"""Databases made for one measurement and removed after it."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.schema import CreateSchema, DropSchema

from storage.database import Store, migrate, open_database, writing
from storage.seal import Sealer


@contextmanager
def scratch_files(folder: Path, sealer: Sealer) -> Iterator[Store]:
    """A store on two new SQLite files in a new folder below this one."""
    home = folder / secrets.token_hex(4)
    with _migrated(f"sqlite:///{home}/main.db", f"sqlite:///{home}/keys.db", sealer) as store:
        yield store


@contextmanager
def scratch_schemas(main_url: str, keys_url: str, sealer: Sealer) -> Iterator[Store]:
    """A store in two new schemas of these PostgreSQL databases; what else is in them is not touched."""
    with ExitStack() as stack:
        inside_main, inside_keys = (stack.enter_context(_schema(url)) for url in (main_url, keys_url))
        yield stack.enter_context(_migrated(inside_main, inside_keys, sealer))


@contextmanager
def _migrated(main_url: str, keys_url: str, sealer: Sealer) -> Iterator[Store]:
    migrate(main_url, keys_url)
    store = Store(open_database(main_url), open_database(keys_url), sealer)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _schema(url: str) -> Iterator[str]:
    """A new schema of a database, and the address under which its tables are found first."""
    name = f"sathi_scratch_{secrets.token_hex(4)}"
    engine = open_database(url)
    try:
        with writing(engine) as db:
            db.execute(CreateSchema(name))
        inside = make_url(url).update_query_dict({"options": f"-csearch_path={name}"})
        yield inside.render_as_string(hide_password=False)
    finally:
        with writing(engine) as db:
            db.execute(DropSchema(name, cascade=True, if_exists=True))
        engine.dispose()
