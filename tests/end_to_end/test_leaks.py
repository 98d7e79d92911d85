"""P5: the files of Sathi, all of them, tell a thief nothing about anyone."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.databases import Databases
from tests.end_to_end.canaries import NAME, NUMBER, OTHER, VILLAGE, WORDS, found_in
from tests.peers import need
from tests.storage.postgres import binaries, running

TALK = (
    f"amar nam {NAME} ami {VILLAGE} theke order paisi taka ase nai",
    "1",
    f"{WORDS}",
    f"amar number {NUMBER} ba {OTHER}",
    "9",
    "1",
    "1",
    "basirhat",
    "1",
    "1",
    f"o amake mere felbe aj rate {NAME}",
    "1",
    "00",
    f"{WORDS} {VILLAGE}",
)
SABOTAGE = """
import storage.seal
class Unsealed:
    def __init__(self, key): pass
    def encrypt(self, nonce, plain, where): return plain + bytes(16)
    def decrypt(self, nonce, sealed, where): return sealed[:-16]
storage.seal.AESGCM = Unsealed
"""


@contextmanager
def held(environment: Mapping[str, str], *, forget: bool = False, sabotage: str = "") -> Iterator[str]:
    """Real conversations on the real path by `sathi play`, and what it answered; it still runs within the block.

    So the logs of writes have not been folded into the databases when the files are looked at.
    """
    lines = [
        {"id": f"{sender}-{number}", "channel": channel, "from": sender, "text": text}
        for channel, sender in (("sms", NUMBER), ("telegram", "5550812394"))
        for number, text in enumerate((*TALK, *(("forget me", "1") if forget else ())))
    ]
    program = f"{sabotage}\nfrom bot.__main__ import main\nimport sys\nsys.argv = ['sathi', '--debug', 'play']\nmain()"
    with Path(environment["LOG"]).open("ab") as log:
        playing = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **environment},
        )
    assert playing.stdin
    assert playing.stdout
    try:
        playing.stdin.write("".join(f"{json.dumps(line)}\n" for line in lines).encode())
        playing.stdin.flush()
        yield _answers(playing.stdout, len(lines))
    finally:
        playing.kill()
        playing.communicate()


def _answers(out: IO[bytes], lines: int) -> str:
    said, done = [], 0
    while done < lines and (line := out.readline()):
        said.append(line.decode())
        done += line.startswith(b'{"done"')
    assert done == lines
    return "".join(said)


@pytest.mark.parametrize("forget", [False, True], ids=["remembered", "forgotten"])
def test_files_of_sqlite_hold_nothing_of_hers(
    fresh: Databases, tmp_path: Path, forget: bool, proof: Callable[[str], None]
) -> None:
    """Numbers, names and words of real conversations are in no file: database, log of writes, keystore, logs."""
    environment = {**fresh.settings("sqlite"), "LOG": str(tmp_path / "sathi.log")}
    with held(environment, forget=forget) as answers:
        found = found_in(tmp_path)
        files = len(list(tmp_path.rglob("*")))
    assert '"place": "counselling.' in answers
    proof(f"canaries found={len(found)} in {files} files (sqlite, forget={forget})")
    assert found == []


def test_files_of_postgresql_hold_nothing_of_hers(tmp_path: Path, proof: Callable[[str], None]) -> None:
    """The same for a whole PostgreSQL: its tables, its log of writes, its own log."""
    need(binaries() is not None, "PostgreSQL (Debian's package postgresql)")
    with running(durable=True) as server:
        databases = Databases(tmp_path, lambda _kind: (server.make("main"), server.make("keys")))
        environment = {**databases.settings("postgresql"), "LOG": str(tmp_path / "sathi.log")}
        with held(environment):
            found = found_in(server.folder) + found_in(tmp_path)
    proof(f"canaries found={len(found)} (postgresql)")
    assert found == []


def test_scan_finds_what_is_not_sealed(fresh: Databases, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """With sealing turned off on purpose the scan finds her: it can fail."""
    environment = {**fresh.settings("sqlite"), "LOG": str(tmp_path / "sathi.log")}
    with held(environment, sabotage=SABOTAGE):
        found = found_in(tmp_path)
    proof(f"sabotage sealing off caught: {len(found)} canaries found")
    assert {line.split(" in ")[0] for line in found} >= {"her number", "a name", "her words"}
