"""A provider on loopback that answers as it is told, and writes down what it was asked."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str


@dataclass(slots=True)
class Loopback:
    """Where it listens, what it answers, and what it was asked."""

    url: str = ""
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    body: str = "{}"
    waits: float = 0  # seconds before the answer
    breaks_off: bool = False  # takes the request and closes the connection without a word
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def loopback() -> Iterator[Loopback]:
    """A provider that listens until the block ends."""
    told = Loopback()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            told.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            time.sleep(told.waits)
            if told.breaks_off:
                return
            self.send_response(told.status)
            for name, value in (told.headers | {"Content-Length": str(len(told.body.encode()))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.body.encode())

        do_POST = do_DELETE = _answer

        def log_message(self, *_given: object) -> None:
            """Silence: a path can name an account."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
