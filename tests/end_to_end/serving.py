"""Sathi as a program of its own: started, asked whether it is ready, stopped or killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

STARTS_WITHIN = 90.0  # seconds


def own_environment(folder: Path, port: int, **more: str) -> Mapping[str, str]:
    """What a Sathi with a data folder and a port of its own is told, and nothing of ours."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return kept | {
        "DATABASE_URL": f"sqlite:///{folder}/sathi.db",
        "KEYSTORE_URL": f"sqlite:///{folder}/keys.db",
        "MASTER_KEY_FILE": f"{folder}/master.key",
        "ERASURE_LEDGER": f"{folder}/erasures.ledger",
        "PORT": str(port),
        **more,
    }


def migrate(environment: Mapping[str, str]) -> None:
    """`sathi migrate`: new databases, and the key to them."""
    subprocess.run([sys.executable, "-m", "bot", "migrate"], env=environment, check=True, capture_output=True)


class Program:
    """`sathi serve` in a state of its own: running or dead."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._environment['PORT']}"

    @property
    def written(self) -> str:
        """All that it wrote to its log."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        with self._log.open("ab") as out:
            command = [sys.executable, "-m", "bot", "serve"]
            self._running = subprocess.Popen(command, env=self._environment, stdout=out, stderr=out)
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline and self._running.poll() is None:
            if _is_ready(self.address):
                return
            time.sleep(0.1)
        self.kill()
        pytest.fail(f"it did not start:\n{self.written[-3000:]}")

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._running:
            self._running.kill()
            self._running.wait(20)
            self._running = None

    def stop(self) -> int:
        """Ask it to end, and say how it ended."""
        if self._running is None:
            return 0
        self._running.send_signal(signal.SIGTERM)
        status = self._running.wait(30)
        self._running = None
        return status


@contextmanager
def serving(environment: Mapping[str, str], log: Path) -> Iterator[Program]:
    """A running `sathi serve`, ended with the block however that ends."""
    program = Program(environment, log)
    try:
        program.start()
        yield program
    finally:
        program.kill()


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", timeout=2).status_code == 200
    except httpx.TransportError:
        return False
