"""Sending through the phone."""

import asyncio
import re
from datetime import timedelta

import httpx

from bot.channels.android_sms import Account
from bot.channels.plain import PlainSender
from bot.errors import GiveUp, SendFailed, TryLater
from flows.model import Channel, Outgoing

TIMEOUT = 12.0  # seconds for all of it, so that it ends before a claim in the outbox does
CONNECT_TIMEOUT = 4.0
SHORTEST_LIFE = 5  # seconds; the gateway takes no less
KNOWN = 409  # it has this id: we asked before, and did not see its answer
REFUSED = (400, 413, 422)
_SECONDS = re.compile(r"[0-9]{1,6}", re.ASCII)


class Sender(PlainSender):
    """The way to her phone by another phone, which takes the same id twice and sends once."""

    provider = "android_sms"
    channel: Channel | None = Channel.SMS
    idempotent = True

    def __init__(self, account: Account) -> None:
        self._url = account.url.rstrip("/") + "/messages"
        self._http = httpx.AsyncClient(
            auth=httpx.BasicAuth(account.user, account.password),
            timeout=httpx.Timeout(TIMEOUT, connect=CONNECT_TIMEOUT),
        )

    async def send(self, outgoing: Outgoing) -> str | None:
        """Hand the message over; its own id is also the phone's.

        Raises:
            SendFailed: see bot.errors for what each kind asks of us.
        """
        try:
            async with asyncio.timeout(TIMEOUT):
                answer = await self._http.post(self._url, json=_message(outgoing))
        except (httpx.TransportError, TimeoutError) as broken:  # the same id may go again, so nothing is in doubt
            raise TryLater(type(broken).__name__) from None
        if not answer.is_success and answer.status_code != KNOWN:
            raise failure_of(answer)
        return outgoing.id

    async def remove(self, address: str, external_id: str) -> bool:  # noqa: ARG002 - the same shape in every channel
        """The gateway deletes nothing when asked; the phone's own settings say how long it keeps what it carried."""
        return False

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def failure_of(answer: httpx.Response) -> SendFailed:
    """What the gateway's refusal asks of us; a wrong address or password is for staff to mend, not hers to lose."""
    reason = f"HTTP {answer.status_code}"
    if answer.status_code in REFUSED:
        return GiveUp(reason)
    given = answer.headers.get("Retry-After", "")
    return TryLater(reason, timedelta(seconds=int(given)) if _SECONDS.fullmatch(given) else None)


def _message(outgoing: Outgoing) -> dict[str, object]:
    """The gateway's form of a message; without `priority`, which would pass over the phone's own limits."""
    return {
        "id": outgoing.id,
        "textMessage": {"text": outgoing.text},
        "phoneNumbers": [outgoing.address.removeprefix("sms:")],
        "ttl": max(SHORTEST_LIFE, int(outgoing.lifetime.total_seconds())),
        "withDeliveryReport": True,
    }
