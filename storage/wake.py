"""Waiting until there is something to send."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from storage import hot
from storage.errors import Unreachable

_CALL = "NOTIFY sathi_outbox"


def call(db: Connection) -> None:
    """Wake whoever waits, once this transaction is committed; SQLite has no way to call across processes."""
    if db.dialect.name == "postgresql":
        hot.say(db, _CALL)


@contextmanager
def wake_listener(engine: Engine) -> Iterator[Callable[[float], bool]]:
    """A function that waits at most so many seconds, and says whether the outbox woke it.

    On PostgreSQL one connection listens all the while, so that nothing said between two waits is missed.
    SQLite has no way to call across processes: there it sleeps.
    """
    if engine.dialect.name != "postgresql":
        yield _sleep
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        driver = db.connection.driver_connection
        if driver is None:
            raise Unreachable("the database does not answer")
        driver.execute("LISTEN sathi_outbox")
        try:
            yield lambda seconds: any(driver.notifies(timeout=seconds, stop_after=1))
        finally:
            db.invalidate()


def listen(engine: Engine, timeout_s: float) -> bool:
    """Wait once, at most so many seconds; true if the outbox called meanwhile."""
    with wake_listener(engine) as wait:
        return wait(timeout_s)


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False
