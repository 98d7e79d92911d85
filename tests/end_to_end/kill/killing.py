"""The killing itself, and the count of what it cost."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import func, select

from storage.database import open_database, reading
from storage.tables import conversations, inbound, outbox, people, referrals
from tests.end_to_end.kill.load import LINE, PUBLIC, SID, TOKEN, Load
from tests.end_to_end.kill.provider import Ledger, provider

WRITERS = 4
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Count:
    """What an outside ledger and the database say after it all."""

    kills: int
    acked: int
    lost: int
    double: int
    orphans: int
    in_doubt: int

    def __str__(self) -> str:
        return (
            f"kills={self.kills} acked={self.acked} lost={self.lost} double={self.double} "
            f"orphans={self.orphans} in_doubt={self.in_doubt}"
        )

    @property
    def is_clean(self) -> bool:
        """Whether every promise held."""
        return self.acked > 0 and not (self.lost or self.double or self.orphans)


def kill_many(settings: Mapping[str, str], kills: int, sabotage: str | None = None) -> Count:
    """Kill the server so many times under load, let it finish its work, and count."""
    ledger = Ledger()
    with provider(ledger) as address, _free_port() as port:
        environment = {**os.environ, **settings, **_channel(address), "PORT": str(port)}
        zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.end_to_end.kill.zygote", *([sabotage] if sabotage else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment, cwd=ROOT,
        )  # fmt: skip
        load = Load(port)
        writers = [threading.Thread(target=load.write, args=(number,)) for number in range(WRITERS)]
        try:
            child = _start(zygote, port)
            for writer in writers:
                writer.start()
            chance = random.Random(kills)
            for _ in range(kills):
                time.sleep(chance.uniform(0.02, 0.4))
                os.kill(child, signal.SIGKILL)
                child = _start(zygote, port)
            load.stop.set()
            for writer in writers:
                writer.join()
            _let_it_finish(settings["DATABASE_URL"])
            os.kill(child, signal.SIGTERM)
        finally:
            load.stop.set()
            zygote.stdin.close() if zygote.stdin else None
            zygote.kill()
            zygote.wait()
    return _count(settings["DATABASE_URL"], settings["KEYSTORE_URL"], kills, load, ledger)


def _channel(address: str) -> Mapping[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_NUMBER": LINE,
        "TWILIO_API_URL": address,
        "PUBLIC_URL": PUBLIC,
        "PARTS_PER_PERSON_DAY": "100000",
    }


class _free_port:
    """A port that is free now."""

    def __enter__(self) -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    def __exit__(self, *_given: object) -> None:
        """Nothing is held."""


def _start(zygote: "subprocess.Popen[str]", port: int) -> int:
    assert zygote.stdin and zygote.stdout
    zygote.stdin.write("start\n")
    zygote.stdin.flush()
    child = int(zygote.stdout.readline())
    for _ in range(1000):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=2).status_code == 200:
                return child
        except httpx.TransportError:
            time.sleep(0.01)
    raise AssertionError("the server did not come back")


def _let_it_finish(url: str) -> None:
    """Wait until nothing is left to be sent, at most half a minute."""
    engine = open_database(url)
    busy = select(func.count()).select_from(outbox).where(outbox.c.state.in_(("waiting", "sending", "in_doubt")))
    for _ in range(60):
        with reading(engine) as db:
            if db.execute(busy).scalar_one() == 0:
                break
        time.sleep(0.5)
    engine.dispose()


def _count(url: str, keys_url: str, kills: int, load: Load, ledger: Ledger) -> Count:
    engine = open_database(url)
    with reading(engine) as db:
        rows = db.execute(select(outbox.c.id, outbox.c.inbound_id, outbox.c.doubts)).all()
        kept = db.execute(select(func.count()).select_from(inbound)).scalar_one()
        turns = db.execute(select(func.sum(conversations.c.turn))).scalar_one() or 0
        met = db.execute(select(func.count()).select_from(people)).scalar_one()
        asked = db.execute(select(func.count()).where(referrals.c.kind == "counselling")).scalar_one()
        askers = db.execute(
            select(func.count(referrals.c.person_id.distinct())).where(referrals.c.kind == "counselling")
        ).scalar_one()
    engine.dispose()
    sent = Counter(accepted.outbox_id for accepted in ledger.accepted)
    answered = {row.inbound_id for row in rows if row.id in sent}
    doubts = {row.id: row.doubts for row in rows}
    sent_twice = sum(1 for name, times in sent.items() if times > 1 + doubts.get(name, 0))
    acked = len(load.acked)
    unanswered = max(acked - len(answered), 0)
    return Count(
        kills=kills,
        acked=acked,
        lost=max(acked - kept, 0) + unanswered,
        double=sent_twice + max(turns - kept, 0) + max(asked - askers, 0) + max(kept - acked - WRITERS, 0),
        orphans=abs(len({one.sender for one in load.acked}) - met)
        if met < len({one.sender for one in load.acked})
        else 0,
        in_doubt=sum(1 for row in rows if row.doubts),
    )
