"""Copies of a database: taken whole while it is in use, and put back whole."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine, MetaData, text

from storage.engines import checkpoint, reading, writing
from storage.errors import Locked, NotCopied

_HOMES = Path("/usr/lib/postgresql")  # where Debian puts the newest tools, one folder a release


@dataclass(frozen=True, slots=True)
class Dump:
    """A copy to be read once; `size` in bytes, where it is known beforehand."""

    stream: IO[bytes]
    size: int | None


@contextmanager
def dumped(engine: Engine) -> Iterator[Dump]:
    """A consistent copy of the database as it stands now; nobody who writes waits for it.

    It counts only once the block has ended without an error.

    Raises:
        NotCopied: pg_dump is missing or failed.
        Unreachable: the database does not answer.
    """
    with (_dumped_file if engine.dialect.name == "sqlite" else _dumped_server)(engine) as dump:
        yield dump


@contextmanager
def loading(engine: Engine) -> Iterator[IO[bytes]]:
    """A place to write a copy to; when the block ends well, the copy has taken the place of the whole database.

    On PostgreSQL the tables are dropped when the block begins, so let the copy be known as good before.

    Raises:
        NotCopied: the copy is broken, or pg_restore is missing or failed.
        Locked: on SQLite, somebody else is writing.
    """
    with (_loading_file if engine.dialect.name == "sqlite" else _loading_server)(engine) as sink:
        yield sink


@contextmanager
def _dumped_file(engine: Engine) -> Iterator[Dump]:
    with _folder_beside(engine) as folder:
        copy = folder / "copy"
        with reading(engine) as db:
            db.execute(text("SELECT count(*) FROM sqlite_master"))  # the snapshot begins with the first reading
            _copy_pages(_driver(db.connection.driver_connection), copy)
        with copy.open("rb") as stream:
            yield Dump(stream, copy.stat().st_size)


@contextmanager
def _loading_file(engine: Engine) -> Iterator[IO[bytes]]:
    with _folder_beside(engine) as folder:
        copy = folder / "copy"
        with copy.open("xb") as sink:
            yield sink
        _put_pages(copy, engine)
    checkpoint(engine)


@contextmanager
def _dumped_server(engine: Engine) -> Iterator[Dump]:
    command = [_tool("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    with _running(command, engine, "stdout") as stream:
        yield Dump(stream, None)


@contextmanager
def _loading_server(engine: Engine) -> Iterator[IO[bytes]]:
    command = [_tool("pg_restore"), "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _drop_tables(engine)
    with _running(command, engine, "stdin") as sink:
        yield sink


def _copy_pages(source: sqlite3.Connection, copy: Path) -> None:
    target = sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        target.close()


def _put_pages(copy: Path, engine: Engine) -> None:
    source = sqlite3.connect(copy)
    try:
        if source.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise NotCopied("the copy is not a sound SQLite database")
        with engine.connect() as db:
            source.backup(_driver(db.connection.driver_connection))
    except sqlite3.OperationalError as busy:
        raise Locked("somebody else is writing to the database: stop Sathi first") from busy
    except sqlite3.DatabaseError as broken:
        raise NotCopied("the copy is not an SQLite database") from broken
    finally:
        source.close()


def _driver(driver: object) -> sqlite3.Connection:
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the engine is SQLite's
    return driver


@contextmanager
def _folder_beside(engine: Engine) -> Iterator[Path]:
    """A folder of our own on the database's disk, so that no copy lies where others read."""
    beside = Path(str(engine.url.database)).parent
    with tempfile.TemporaryDirectory(prefix=".copying-", dir=beside) as folder:
        yield Path(folder)


def _drop_tables(engine: Engine) -> None:
    with writing(engine) as db:
        there = MetaData()
        there.reflect(db)
        there.drop_all(db)


@contextmanager
def _running(command: list[str], engine: Engine, pipe: str) -> Iterator[IO[bytes]]:
    """The one pipe of a tool of PostgreSQL's at work; it must end well, or the block raises."""
    with tempfile.TemporaryDirectory(prefix="sathi-") as folder, tempfile.TemporaryFile() as told:
        whole = [*command, f"--dbname={_conninfo(engine, Path(folder))}"]
        pipes = {pipe: subprocess.PIPE}
        tool = subprocess.Popen(whole, stderr=told, **pipes)  # type: ignore[call-overload]  # noqa: S603 - our own command
        stream: IO[bytes] = getattr(tool, pipe)
        try:
            yield stream
        except BrokenPipeError as broke:  # it stopped reading, and said why
            raise NotCopied(_reason(tool, stream, told)) from broke
        except BaseException:
            tool.kill()
            _reason(tool, stream, told)
            raise
        reason = _reason(tool, stream, told)
        if tool.returncode != 0:
            raise NotCopied(reason)


def _reason(tool: subprocess.Popen[bytes], stream: IO[bytes], told: IO[bytes]) -> str:
    """Wait until the tool has ended; its first line, since further ones can quote rows."""
    with contextlib.suppress(BrokenPipeError):
        stream.close()
    tool.wait()
    told.seek(0)
    return told.readline().decode("utf-8", "replace").strip() or "PostgreSQL's tool failed and did not say why"


def _conninfo(engine: Engine, folder: Path) -> str:
    """How the tools reach the database; the password goes through a file, since all may read a command line."""
    _, given = engine.dialect.create_connect_args(engine.url)
    given.pop("context", None)  # psycopg's own, no part of the address
    password = given.pop("password", None)
    if password:
        passfile = folder / "pass"
        escaped = str(password).replace("\\", "\\\\").replace(":", "\\:")
        handle = os.open(passfile, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"*:*:*:*:{escaped}\n")
        given["passfile"] = str(passfile)
    return make_conninfo(**given)


def _tool(name: str) -> str:
    """Where one of PostgreSQL's tools is; Debian's newest, since an old one refuses a newer server."""
    homes = [home for home in _HOMES.glob("*/bin") if (home / name).exists() and home.parent.name.isdigit()]
    newest = max(homes, key=lambda home: int(home.parent.name), default=None)
    found = str(newest / name) if newest else shutil.which(name)
    if found is None:
        raise NotCopied(f"{name} is not installed: it comes with PostgreSQL's client package")
    return found
