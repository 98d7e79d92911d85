"""Both databases, for real: every test that asks for a store runs on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage.database import Store, migrate, open_database
from storage.seal import Sealer
from storage.tables import KEYS, MAIN
from tests.peers import need
from tests.storage.builders import MASTER_KEY
from tests.storage.postgres import Postgres, binaries, running


@pytest.fixture(scope="session")
def sealer() -> Sealer:
    """A sealer whose slow hash is cheap, since no thief is here."""
    return Sealer(MASTER_KEY, memory_kib=8, passes=1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run."""
    need(binaries() is not None, "PostgreSQL (Debian's package postgresql)")
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two migrated SQLite files, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    main, keys = folder / "main.db", folder / "keys.db"
    migrate(f"sqlite:///{main}", f"sqlite:///{keys}")
    return main, keys


@pytest.fixture(scope="session")
def postgres_engines(postgres: Postgres) -> Iterator[tuple[Engine, Engine]]:
    """Two migrated PostgreSQL databases."""
    main, keys = postgres.make("main"), postgres.make("keys")
    migrate(main, keys)
    engines = open_database(main), open_database(keys)
    yield engines
    for engine in engines:
        engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.peer)])
def store(request: pytest.FixtureRequest, tmp_path: Path, sealer: Sealer) -> Iterator[Store]:
    """An empty store on each of the two databases."""
    if request.param == "postgresql":
        main, keys = request.getfixturevalue("postgres_engines")
        _empty(main, keys)
        yield Store(main, keys, sealer)
        return
    copies = [shutil.copy(file, tmp_path / file.name) for file in request.getfixturevalue("sqlite_files")]
    made = Store(open_database(f"sqlite:///{copies[0]}"), open_database(f"sqlite:///{copies[1]}"), sealer)
    yield made
    made.close()


def _empty(main: Engine, keys: Engine) -> None:
    for engine, metadata in ((main, MAIN), (keys, KEYS)):
        with engine.begin() as db:
            db.execute(text(f"TRUNCATE {', '.join(metadata.tables)} CASCADE"))
