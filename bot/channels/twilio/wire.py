"""How Twilio's library reaches Twilio, and what a refusal holds."""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests import Response as RawResponse
from requests import Session
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

TIMEOUT = 6.0  # seconds to connect, and again to answer; both together end before a claim in the outbox does
AT_ONCE = 16
REFUSED = 400
_SECONDS = re.compile(r"[0-9]{1,6}")


class Refusal(Exception):
    """Twilio's refusal without its words, which can hold the number."""

    def __init__(self, status: int, code: int, after: timedelta | None) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.after = after


class Wire(TwilioHttpClient):
    """Twilio's own client, on another host where one is set; it logs nothing and keeps no message."""

    def __init__(self, api_url: str = "", timeout: float = TIMEOUT) -> None:
        super().__init__(pool_connections=False, timeout=timeout)
        self._moved_to = urlsplit(api_url) if api_url else None
        self._connections = Session()
        for scheme in ("https://", "http://"):
            self._connections.mount(scheme, HTTPAdapter(pool_maxsize=AT_ONCE))
        self.session = self._connections

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Make the request.

        Raises:
            Refusal: the answer is an error.
        """
        try:
            answer = super().request(method, self._moved(url), params, data, headers, auth, timeout, allow_redirects)
        finally:
            self._test_only_last_request = self._test_only_last_response = None  # the library keeps the message here
        if answer.status_code >= REFUSED:
            raise Refusal(answer.status_code, _code_in(answer), _after(answer))
        return answer

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Silence: the parameters hold a number."""

    def log_response(self, status_code: int, response: RawResponse) -> None:
        """Silence: so does the answer."""

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()

    def _moved(self, url: str) -> str:
        if self._moved_to is None:
            return url
        return urlunsplit(urlsplit(url)._replace(scheme=self._moved_to.scheme, netloc=self._moved_to.netloc))


def _code_in(answer: Response) -> int:
    """Twilio's own code, or 0."""
    try:
        said = json.loads(answer.text)
    except ValueError:
        return 0
    code = said.get("code") if isinstance(said, dict) else None
    return code if isinstance(code, int) else 0


def _after(answer: Response) -> timedelta | None:
    given = (answer.headers or {}).get("Retry-After", "")
    return timedelta(seconds=int(given)) if _SECONDS.fullmatch(given) else None
