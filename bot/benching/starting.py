"""The web process: how long until it answers, and how much memory it holds then."""

import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.errors import Misconfigured

PATIENCE = 60  # seconds
_STATUS = "VmRSS:"  # proc(5), in KiB


@dataclass(frozen=True, slots=True)
class Started:
    """What a start took; the memory is unknown where there is no /proc."""

    seconds: float
    rss_mb: float | None


def start_web(folder: Path) -> Started:
    """Start `sathi web` on new databases in this folder with a channel of its own, and stop it again.

    Raises:
        Misconfigured: it did not answer in time.
    """
    port = _free_port()
    environment = {
        "DATABASE_URL": f"sqlite:///{folder}/main.db",
        "MASTER_KEY_FILE": str(folder / "master.key"),
        "ERASURE_LEDGER": str(folder / "erasures.ledger"),
        "PORT": str(port),
        "ANDROID_SMS_URL": "http://127.0.0.1:9",  # the discard port: nothing is sent there
        "ANDROID_SMS_USER": "bench",
        "ANDROID_SMS_PASSWORD": "bench",
        "ANDROID_SMS_SIGNING_KEY": "bench",
    }
    sathi = [sys.executable, "-m", "bot"]
    subprocess.run([*sathi, "migrate"], env=environment, check=True, capture_output=True)  # noqa: S603 - our own program
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*sathi, "web"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process, port)
        return Started(time.perf_counter() - began, _memory(process.pid))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + PATIENCE
    while not _is_ready(port):
        if process.poll() is not None or time.monotonic() > until:
            raise Misconfigured("the web process did not start")
        time.sleep(0.01)


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready", trust_env=False).is_success
    except httpx.TransportError:
        return False


def _memory(process_id: int) -> float | None:
    status = Path(f"/proc/{process_id}/status")
    if not status.is_file():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith(_STATUS))
    return int(line.split()[1]) / 1024


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
