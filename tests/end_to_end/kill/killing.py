"""The killing itself: a server under load, killed at random, begun again, and let finish its work."""

import base64
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import httpx
from sqlalchemy import func, select

from storage.database import Store, open_store, reading
from storage.tables import outbox
from tests.end_to_end.kill.counting import Count, count
from tests.end_to_end.kill.load import LINE, PUBLIC, SID, TOKEN, Load
from tests.end_to_end.kill.provider import Ledger, provider
from tests.end_to_end.ports import free_port

WRITERS = 4
ROOT = Path(__file__).parents[3]


def kill_many(settings: Mapping[str, str], kills: int, sabotage: str | None = None) -> Count:
    """Kill the server so many times under load, let it finish its work, and count."""
    ledger = Ledger()
    store = open_store(settings["DATABASE_URL"], settings["KEYSTORE_URL"], base64.b64decode(settings["MASTER_KEY"]))
    with provider(ledger) as address:
        port = free_port()
        environment = {**os.environ, **settings, **_channel(address), "PORT": str(port)}
        load = Load(port)
        with tempfile.TemporaryFile() as errors, _zygote(environment, sabotage, errors) as zygote:
            try:
                _kill_under_load(zygote, load, kills)
            except AssertionError as failed:
                errors.seek(0)
                failed.add_note(errors.read()[-3000:].decode(errors="replace"))
                raise
            _let_it_finish(store)
    try:
        return count(store, kills, load, ledger)
    finally:
        store.close()


def _kill_under_load(zygote: "subprocess.Popen[str]", load: Load, kills: int) -> None:
    child = _start(zygote, load.port)
    writers = [threading.Thread(target=load.write, args=(number,)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    chance = random.Random(kills)
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 0.6))
            os.kill(child, signal.SIGKILL)
            _wait_until_dead(child)
            child = _start(zygote, load.port)
    finally:
        load.stop.set()
        for writer in writers:
            writer.join()


def _wait_until_dead(child: int) -> None:
    """A process that waits for the disk outlives its death by a moment, and holds its port that long."""
    with suppress(ProcessLookupError):
        while True:
            os.kill(child, 0)
            time.sleep(0.005)


def _channel(address: str) -> Mapping[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_NUMBER": LINE,
        "TWILIO_API_URL": address,
        "PUBLIC_URL": PUBLIC,
        "PARTS_PER_PERSON_DAY": "100000",
        "TWILIO_DAILY_PARTS": "1000000",
    }


@contextmanager
def _zygote(
    environment: Mapping[str, str], sabotage: str | None, errors: IO[bytes]
) -> Iterator["subprocess.Popen[str]"]:
    named = [sabotage] if sabotage else []
    zygote = subprocess.Popen(
        [sys.executable, "-m", "tests.end_to_end.kill.zygote", *named],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        env=environment,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield zygote
    finally:
        os.killpg(zygote.pid, signal.SIGKILL)
        zygote.communicate()


def _start(zygote: "subprocess.Popen[str]", port: int) -> int:
    assert zygote.stdin
    assert zygote.stdout
    zygote.stdin.write("start\n")
    zygote.stdin.flush()
    child = int(zygote.stdout.readline())
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=2).status_code == 200:
                return child
        except httpx.TransportError:
            time.sleep(0.01)
    raise AssertionError("the server did not come back")


def _let_it_finish(store: Store) -> None:
    """Wait until nothing is left to be sent, at most half a minute."""
    busy = select(func.count()).select_from(outbox).where(outbox.c.state.in_(("waiting", "sending")))
    doubted = select(func.count()).select_from(outbox).where(outbox.c.state == "in_doubt", outbox.c.doubts <= 1)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with reading(store.main) as db:
            if db.execute(busy).scalar_one() == 0 and db.execute(doubted).scalar_one() == 0:
                return
        time.sleep(0.25)
