"""A throw-away PostgreSQL from Debian's binaries: made, started, used and removed."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

_HOMES = Path("/usr/lib/postgresql")
_START_SECONDS = 60
_ROLE = "sathi"


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server that listens on a socket in its own folder and nowhere else."""

    folder: Path

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{_ROLE}@/{database}?host={self.folder}"

    def make(self, database: str) -> str:
        """A new empty database, and its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.url(database)


def binaries() -> Path | None:
    """The folder of the newest server that Debian installed here, if any."""
    found = [home for home in _HOMES.glob("*/bin") if (home / "initdb").exists() and (home / "postgres").exists()]
    return max(found, key=lambda home: int(home.parent.name), default=None)


@contextmanager
def running(*, durable: bool = False) -> Iterator[Postgres]:
    """A server for as long as the block lasts; `durable` for tests that kill it or what writes to it."""
    home = binaries()
    if home is None:
        raise FileNotFoundError("no PostgreSQL server is installed")
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="sathi-pg-"))
    try:
        if account is not None:
            os.chown(folder, account, -1)
        _make(home, folder, account)
        with _started(home, folder, account, durable=durable):
            yield Postgres(folder)
    finally:
        shutil.rmtree(folder)


def _account() -> int | None:
    """The ordinary account to run as; the server refuses root."""
    if os.geteuid() != 0:
        return None
    names = [entry.pw_name for entry in pwd.getpwall()]
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody").pw_uid


def _make(home: Path, folder: Path, account: int | None) -> None:
    command = [home / "initdb", "-D", folder / "data", "-A", "trust", "-U", _ROLE, "-E", "UTF8", "--locale=C", "-N"]
    subprocess.run(command, user=account, cwd=folder, check=True, capture_output=True)


@contextmanager
def _started(home: Path, folder: Path, account: int | None, *, durable: bool) -> Iterator[None]:
    settings = ["listen_addresses=", f"unix_socket_directories={folder}", f"fsync={'on' if durable else 'off'}"]
    command = [home / "postgres", "-D", folder / "data", *(word for setting in settings for word in ("-c", setting))]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, user=account, cwd=folder, stdout=log, stderr=log)
    try:
        _wait(folder, server)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # its "fast" shutdown: open sessions are ended
        server.wait(_START_SECONDS)


def _wait(folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while not _answers(folder):
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError((folder / "log").read_text())
        time.sleep(0.05)


def _answers(folder: Path) -> bool:
    try:
        psycopg.connect(Postgres(folder).url("postgres")).close()
    except psycopg.OperationalError:
        return False
    return True
