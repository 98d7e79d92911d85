"""A Bot API server on loopback for what the emulator cannot do: it refuses as it is told to, in Telegram's own words.

Its answers are those of https://core.telegram.org/bots/api#making-requests; the library's own parsing is the judge.
"""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any
from urllib.parse import parse_qsl

from bot.channels.telegram import Account

SECRET = "sample-secret_1"

BLOCKED = (403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"})
BUSY = (
    429,
    {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    },
)
MOVED = (
    400,
    {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": -5550000010},
    },
)
NOT_FOUND = (400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"})
UNPROTECTED = (
    400,
    {"ok": False, "error_code": 400, "description": "Bad Request: protect_content is not supported yet"},
)
UNKNOWN_BOT = (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
POLLED_TWICE = (409, {"ok": False, "error_code": 409, "description": "Conflict: webhook is active"})
FAILING = (502, {"ok": False, "error_code": 502, "description": "Bad Gateway"})
NO_API = (200, "<html>sign in to this network</html>")
NO_RESULT = (200, {"ok": True})
NO_MESSAGE = (200, {"ok": True, "result": 7})
NO_OBJECT: tuple[int, Any] = (200, [])
TRUE = (200, {"ok": True, "result": True})
NOTHING = (200, {"ok": True, "result": []})
HANGS_UP = (0, None)  # takes the request, and breaks the connection


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the server saw it."""

    method: str
    given: Mapping[str, str]


@dataclass(slots=True)
class Telegram:
    """What the server was asked, and how it is to answer next; when nothing is left to refuse it accepts."""

    url: str = ""
    answers: list[tuple[int, Any]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    slow: float = 0.0  # seconds before an answer

    def named(self, method: str) -> Sequence[Call]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method == method]

    def answer(self, call: Call) -> tuple[int, Any]:
        """Write a call down, and say how it is answered."""
        self.calls.append(call)
        if self.answers:
            return self.answers.pop(0)
        if call.method == "getUpdates":
            return NOTHING
        if call.method == "createForumTopic":
            topic = {"message_thread_id": len(self.calls), "name": call.given["name"], "icon_color": 7322096}
            return 200, {"ok": True, "result": topic}
        if call.method not in ("sendMessage", "sendPhoto", "sendVoice"):
            return TRUE
        chat = {"id": int(call.given["chat_id"]), "type": "private", "first_name": "Sample"}
        message = {"message_id": len(self.calls), "date": 1764054000, "chat": chat, "text": call.given.get("text", "")}
        return 200, {"ok": True, "result": message}


def account(telegram: Telegram, **more: str) -> Account:
    """An account of that server."""
    return Account("555000:SAMPLE", SECRET, api_url=telegram.url, **more)


@contextmanager
def telegram_server() -> Iterator[Telegram]:
    """The server, until the block ends."""
    telegram = Telegram()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            call = Call(self.path.rpartition("/")[2], dict(parse_qsl(body, keep_blank_values=True)))
            status, form = telegram.answer(call)
            sleep(telegram.slow)
            if not status:
                self.close_connection = True
                return
            answer = (form if isinstance(form, str) else json.dumps(form)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_given: object) -> None:
            """Silence: a log line would hold a token."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True)
    thread.start()
    telegram.url = f"http://127.0.0.1:{server.server_address[1]}/bot"
    try:
        yield telegram
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
