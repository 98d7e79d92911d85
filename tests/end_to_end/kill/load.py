"""Survivors who write while the server dies under them, and webhooks that come again until acknowledged."""

import http.client
import random
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

SID, TOKEN, LINE, PUBLIC = "AC" + "0" * 32, "kill-test-token", "+15005550006", "https://sathi.invalid"
TALK = ("order paisi 2 bochor age taka ase nai", "1", "8", "9", "1", "1", "basirhat", "1", "1", "0")


@dataclass(frozen=True, slots=True)
class Acked:
    """One message that Sathi acknowledged."""

    sid: str
    sender: str


@dataclass(slots=True)
class Load:
    """A number of writers on one server."""

    port: int
    stop: threading.Event = field(default_factory=threading.Event)
    acked: list[Acked] = field(default_factory=list)
    written: set[tuple[str, str]] = field(default_factory=set)  # (sender, sid) of all that was ever sent
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, writer: int) -> None:
        """Hold one talk after another, each by somebody new, until it is stopped."""
        chance = random.Random(writer)
        talk = 0
        while not self.stop.is_set():
            sender = f"+91555{writer:02d}{talk:05d}"
            for step, text in enumerate(TALK):
                sid = f"SM{writer:04x}{talk:08x}{step:020x}"
                with self.lock:
                    self.written.add((sender, sid))
                if not self._deliver_until_acknowledged(sid, sender, text):
                    return
                with self.lock:
                    self.acked.append(Acked(sid, sender))
                if chance.random() < 0.2:
                    self._deliver(sid, sender, text)  # the gateway did not see our answer
            talk += 1

    def _deliver_until_acknowledged(self, sid: str, sender: str, text: str) -> bool:
        while not self.stop.is_set():
            if self._deliver(sid, sender, text):
                return True
            time.sleep(0.02)
        return False

    def _deliver(self, sid: str, sender: str, text: str) -> bool:
        given = {"MessageSid": sid, "AccountSid": SID, "From": sender, "To": LINE, "Body": text, "NumMedia": "0"}
        signature = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/sms/twilio", given)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("POST", "/sms/twilio", urlencode(given), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        assert status == 200, status
        return True
