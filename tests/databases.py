"""Two fresh databases for a Sathi that runs as a program of its own, on SQLite or on PostgreSQL."""

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.database import migrate
from tests.peers import need
from tests.storage.builders import MASTER_KEY
from tests.storage.postgres import binaries, running


@dataclass(frozen=True, slots=True)
class Databases:
    """Makes databases of a kind, and says how a program is told of them."""

    folder: Path
    make: Callable[[str], tuple[str, str]]

    def settings(self, kind: str) -> Mapping[str, str]:
        """The environment of a program that works on two new, migrated databases of this kind."""
        main, keys = self.make(kind)
        migrate(main, keys)
        return {
            "DATABASE_URL": main,
            "KEYSTORE_URL": keys,
            "MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
            "ERASURE_LEDGER": str(self.folder / "erasures.ledger"),
        }


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Databases]:
    """Databases for one test; a PostgreSQL that keeps what it committed is started when one is asked for."""
    with ExitStack() as stack:

        def make(kind: str) -> tuple[str, str]:
            if kind == "sqlite":
                return f"sqlite:///{tmp_path}/main.db", f"sqlite:///{tmp_path}/keys.db"
            need(binaries() is not None, "PostgreSQL (Debian's package postgresql)")
            server = stack.enter_context(running(durable=True))
            return server.make("main"), server.make("keys")

        yield Databases(tmp_path, make)
