"""Opening the databases for a command, without ever making one by looking."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import Misconfigured
from bot.settings import Settings
from storage.database import Engine, Which, is_current, open_database
from storage.errors import OldDatabase


@contextmanager
def opened(settings: Settings, which: Which = "main") -> Iterator[Engine]:
    """One of the two databases, without the master key.

    Raises:
        Misconfigured: there is none yet.
        StorageError: it is away, or of another release.
    """
    url = settings.database_url if which == "main" else settings.keystore_url
    if url.startswith("sqlite") and not Path(url.partition("///")[2]).is_file():
        raise Misconfigured("there is no database yet: run `sathi migrate`")
    engine = open_database(url)
    try:
        if not is_current(engine, which):
            raise OldDatabase("the database is not of this release: run `sathi migrate`")
        yield engine
    finally:
        engine.dispose()
