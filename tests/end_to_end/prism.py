"""A provider's own OpenAPI as a server on loopback, by Prism, which checks each request against it."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from tests.end_to_end.ports import free_port
from tests.peers import need

HERE = Path(__file__).parent
ORACLES = HERE.parents[2] / "shared" / "oracles"
PRISM = HERE / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
STARTS_WITHIN = 60.0  # seconds
ENDS_WITHIN = 10.0


@dataclass(frozen=True, slots=True)
class Mock:
    """A running mock, and what it wrote of each request that it checked."""

    url: str
    log: Path

    def forget(self) -> None:
        """Let go of what was written so far, so that a test reads only of its own requests."""
        os.truncate(self.log, 0)

    def passed(self) -> int:
        """How many requests kept every rule."""
        return sum("The request passed the validation rules" in line for line in self._lines())

    def complaints(self) -> Sequence[str]:
        """What it found wrong with the others, each in its own words."""
        found = [line.partition("[VALIDATOR]")[2] for line in self._lines()]
        return [said for said in found if " error " in said and "Violation" not in said]

    def _lines(self) -> Sequence[str]:
        return self.log.read_text(encoding="utf-8").splitlines()


def oracle(name: str) -> Path:
    """A file of the providers' own, which a clone of the project alone does not have."""
    file = ORACLES / name
    need(file.is_file(), f"the providers' own files (../shared/oracles/{name})")
    return file


@contextmanager
def mocking(name: str, folder: Path, *options: str) -> Iterator[Mock]:
    """Prism on a free port with this OpenAPI, until the block ends.

    With `--errors` it also checks its own answers against the description.
    """
    description = oracle(name)
    node = which("node")
    need(node is not None, "node")
    need(PRISM.is_file(), "Prism (npm ci --prefix tests/end_to_end)")
    port, log = free_port(), folder / "prism.log"
    command = [node or "", str(PRISM), "mock", "-p", str(port), "-h", "127.0.0.1", *options, str(description)]
    with log.open("ab") as written, subprocess.Popen(command, stdout=written, stderr=subprocess.STDOUT) as prism:
        try:
            _wait_until_it_listens(prism, port, log)
            yield Mock(f"http://127.0.0.1:{port}", log)
        finally:
            prism.terminate()
            _end(prism)


def segments() -> Sequence[dict[str, object]]:
    """Strings with the encoding and the number of parts that the provider's own calculator gives."""
    counted: list[dict[str, object]] = json.loads(oracle("segments.json").read_text(encoding="utf-8"))
    return counted


def _wait_until_it_listens(prism: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        assert prism.poll() is None, log.read_text(encoding="utf-8")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"Prism does not answer after {STARTS_WITHIN} s")


def _end(prism: "subprocess.Popen[bytes]") -> None:
    try:
        prism.wait(ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        prism.kill()
        raise
