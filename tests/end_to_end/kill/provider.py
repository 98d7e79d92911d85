"""A fake Twilio with a ledger of its own: what is in it was accepted, whatever Sathi believes."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Accepted:
    """One message that the provider took."""

    outbox_id: str
    to: str


@dataclass(slots=True)
class Ledger:
    """Append-only; the oracle of the kill test."""

    accepted: list[Accepted] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def append(self, body: str) -> int:
        """Write a message down and give it a number."""
        said = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        outbox_id = next(iter(parse_qs(urlsplit(said["StatusCallback"]).query).values()))[0]
        with self.lock:
            self.accepted.append(Accepted(outbox_id, said["To"]))
            return len(self.accepted)


class Provider(ThreadingHTTPServer):
    """A server that does not mind a connection whose other end was killed."""

    daemon_threads = True

    def handle_error(self, *_given: object) -> None:
        """Only what was killed breaks off here; what was taken is in the ledger."""


@contextmanager
def provider(ledger: Ledger) -> Iterator[str]:
    """The provider on loopback; its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # whoever was sending died in the middle of it
            number = ledger.append(body.decode())
            answer = json.dumps({"sid": f"SM{number:032x}", "status": "queued"}).encode()
            self.send_response(201)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_DELETE(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            """Silence: a log line would hold a path with numbers in it."""

    server = Provider(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
