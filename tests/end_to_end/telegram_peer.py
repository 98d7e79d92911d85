"""lo-bot-api-emulator, an independent Bot API server, with a tap on the line to it.

The emulator judges every request, and rejects what it does not know; of what was said it keeps nothing. So the tap
writes the messages down, and takes out the two options that the emulator has not learned yet.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx

from tests.end_to_end.ports import free_port

TOKEN = "123456:TEST"
NOT_LEARNED = {"protect_content": "true", "link_preview_options": '{"is_disabled": true}'}
LONGEST = 120.0  # seconds: what was being sent when the power was cut is in doubt for 50 of them
PROGRAM = str(Path(sys.executable).with_name("lo-bot-api-emulator"))


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as it was accepted for a chat."""

    chat: int
    text: str
    buttons: Mapping[str, str]  # what is written on it, and what it carries

    @property
    def keys(self) -> Sequence[str]:
        """The keys of the buttons, in order."""
        return [mark.rpartition(":")[2] for mark in self.buttons.values()]


@dataclass(slots=True)
class Emulator:
    """The peer as tests use it."""

    url: str  # of the emulator itself
    journal: Path
    tapped: str = ""  # base_url for Sathi, through the tap
    shown: list[Shown] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    is_failing: bool = False  # the way to Telegram is broken: nothing can be sent

    def bring(self, update: Mapping[str, Any]) -> None:
        """Let something happen on a phone."""
        self._control("updates", {"token": TOKEN, "update": dict(update)})

    def bring_again(self) -> None:
        """Try once more to deliver what was not taken; the emulator does so only when it is told."""
        self._control("deliver", {"token": TOKEN})

    def wait_for(self, count: int, chat: int) -> Sequence[Shown]:
        """The messages of a chat, once there are so many."""
        wait_until(lambda: len(self.of(chat)) >= count, lambda: f"{len(self.of(chat))} of {count} messages came")
        return self.of(chat)

    def of(self, chat: int) -> Sequence[Shown]:
        """The messages of a chat, so far."""
        return [shown for shown in self.shown if shown.chat == chat]

    def info(self) -> Mapping[str, Any]:
        """What the emulator knows of the webhook."""
        return dict(httpx.post(f"{self.url}/bot{TOKEN}/getWebhookInfo").json()["result"])

    def verdict(self, *allowed: str) -> str:
        """What the emulator makes of all that it was asked; empty where it has nothing to object."""
        command = [
            PROGRAM,
            "verdict",
            str(self.journal),
            "--require-response",
            "--require-method",
            "answerCallbackQuery",
        ]
        for refusal in allowed:
            command += ["--allow-refusal", refusal]
        judged = subprocess.run(command, capture_output=True, text=True, check=False)
        return "" if judged.returncode == 0 else judged.stdout

    def _control(self, what: str, form: Mapping[str, Any]) -> None:
        httpx.post(f"{self.url}/__fixture/{what}", json=form, timeout=LONGEST).raise_for_status()


def wait_until(is_so: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    """Wait until something is so, and fail with a sentence where it never is."""
    deadline = time.monotonic() + LONGEST
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(otherwise())
        time.sleep(0.02)


@contextmanager
def running_emulator(folder: Path) -> Iterator[Emulator]:
    """The emulator and its tap on free ports of this machine, until the block ends."""
    port = free_port()
    emulator = Emulator(f"http://127.0.0.1:{port}", folder / "lo.jsonl")
    command = [PROGRAM, "--port", str(port), "--enable-control", "--allow-insecure-loopback-webhooks"]
    with (
        (folder / "emulator.log").open("wb") as log,
        subprocess.Popen([*command, "--journal", str(emulator.journal)], stdout=log, stderr=log) as running,
    ):
        try:
            wait_until(lambda: _answers(emulator), lambda: "the emulator did not start")
            with _tap(emulator):
                yield emulator
        finally:
            running.kill()  # asked kindly, it first waits for a fetch that nobody awaits any more
            running.wait(20)


def _answers(emulator: Emulator) -> bool:
    try:
        return bool(emulator.info() is not None)
    except httpx.TransportError:
        return False


@contextmanager
def _tap(emulator: Emulator) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            method = self.path.rpartition("/")[2]
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                raise ConnectionResetError  # it was killed while it wrote
            status, answer = _passed_on(emulator, self.path, method, dict(parse_qsl(body.decode())))
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_given: object) -> None:
            """Silence: a log line would hold a token."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:  # Sathi was killed while it wrote or waited
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    emulator.tapped = f"http://127.0.0.1:{server.server_address[1]}/bot"
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _passed_on(emulator: Emulator, path: str, method: str, given: dict[str, str]) -> tuple[int, bytes]:
    if emulator.is_failing and method == "sendMessage":
        return 502, b'{"ok": false, "error_code": 502, "description": "Bad Gateway"}'
    if method == "sendMessage":
        taken = {name: given.pop(name, None) for name in NOT_LEARNED}
        assert taken == NOT_LEARNED, taken
    body = urlencode(given)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = httpx.post(f"{emulator.url}{path}", content=body, headers=headers, timeout=LONGEST)
    emulator.methods.append(method)
    if method == "sendMessage" and answer.status_code == 200:
        emulator.shown.append(_shown(given))
    return answer.status_code, answer.content


def _shown(given: Mapping[str, str]) -> Shown:
    rows = json.loads(given["reply_markup"])["inline_keyboard"] if "reply_markup" in given else []
    buttons = {button["text"]: button["callback_data"] for row in rows for button in row}
    return Shown(int(given["chat_id"]), given["text"], buttons)
