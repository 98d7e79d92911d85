"""The stores of the storage tests, for what stands on top of them."""

from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

from bot.backups import Home
from storage.database import Store, open_database
from storage.ids import new_id
from tests.bot.console.office import Office
from tests.storage.builders import NOW
from tests.storage.conftest import (  # noqa: F401  fixtures are found by their names
    postgres,
    postgres_engines,
    sealer,
    sqlite_files,
    store,
)


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:  # noqa: F811  the fixture above
    """An office on each of the two databases."""
    identity = pyrage.x25519.Identity.generate()
    return Office(store, Home(tmp_path / "backups", tmp_path / "ledger" / "erasures.ledger"), identity)


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Store]:  # noqa: F811
    """Another machine: two empty databases of the same kind, where nothing knows of any erasure."""
    if store.main.dialect.name == "postgresql":
        server = request.getfixturevalue("postgres")
        urls = [server.make(f"{name}_{new_id(NOW)}") for name in ("main", "keys")]
    else:
        urls = [f"sqlite:///{tmp_path}/elsewhere/{name}.db" for name in ("main", "keys")]
    found = Store(*map(open_database, urls), store.sealer)
    yield found
    found.close()
