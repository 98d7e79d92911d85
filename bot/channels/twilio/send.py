"""Sending by Twilio, with Twilio's own library."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from json import JSONDecodeError
from ssl import SSLCertVerificationError
from typing import TypeVar

from requests import ConnectTimeout, RequestException
from requests.exceptions import ProxyError
from twilio.rest import Client
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, SSLError

from bot.channels.plain import PlainSender
from bot.channels.twilio import Account
from bot.channels.twilio.status import callback
from bot.channels.twilio.wire import AT_ONCE, TIMEOUT, Refusal, Wire
from bot.errors import GiveUp, InDoubt, LineSpent, SendFailed, Stopped, TryLater
from flows.model import Channel, Outgoing

Answer = TypeVar("Answer")

# https://www.twilio.com/docs/api/errors
OPTED_OUT = 21610
DAILY_LIMIT = 63038
NOT_NOW = frozenset((20003, 20429, 20009, 21611, 30001, 30003, 30008))  # 20003: a token that staff must mend
NOT_FOUND, UNAUTHORIZED, TOO_MANY, SERVER = 404, 401, 429, 500
LONGEST_VALIDITY = 14_400  # seconds


class Sender(PlainSender):
    """The way to her phone by Twilio, which takes no key that would make the same message go once."""

    provider = "twilio"
    channel: Channel | None = Channel.SMS
    idempotent = False

    def __init__(self, account: Account, timeout: float = TIMEOUT) -> None:
        self._account = account
        self._wire = Wire(account.api_url, timeout)
        self._client = Client(account.sid, account.token, http_client=self._wire)
        # threads of its own: a slow provider must not hold up the database
        self._threads = ThreadPoolExecutor(AT_ONCE, "twilio")

    async def send(self, outgoing: Outgoing) -> str | None:
        """Hand the message over; Twilio's id for it.

        Raises:
            SendFailed: see bot.errors for what each kind asks of us.
        """
        return await self._in_thread(lambda: self._create(outgoing))

    async def remove(self, address: str, external_id: str) -> bool:  # noqa: ARG002 - the same shape in every channel
        """Delete what Twilio still keeps of a message, either way, and say whether it was there.

        Raises:
            SendFailed: it is not deleted, and may be tried again.
        """
        return await self._in_thread(lambda: self._delete(external_id))

    async def close(self) -> None:
        """Finish what is under way, and close the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        self._wire.close()

    async def _in_thread(self, ask: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _plainly, ask)

    def _create(self, outgoing: Outgoing) -> str | None:
        number = self._account.number
        ours = {"messaging_service_sid": number} if self._account.is_service else {"from_": number}
        message = self._client.messages.create(
            to=outgoing.address.removeprefix("sms:"),
            body=outgoing.text,
            status_callback=callback(self._account, outgoing.id),
            validity_period=max(1, min(LONGEST_VALIDITY, int(outgoing.lifetime.total_seconds()))),
            **ours,
        )
        return message.sid

    def _delete(self, external_id: str) -> bool:
        try:
            return self._client.messages(external_id).delete()
        except Refusal as refusal:
            if refusal.status == NOT_FOUND:
                return False
            raise


def failure_of(refusal: Refusal) -> SendFailed:
    """What Twilio's refusal asks of us; Twilio's own code goes before the status."""
    reason = f"error {refusal.code}" if refusal.code else f"HTTP {refusal.status}"
    if refusal.code == OPTED_OUT:
        return Stopped(reason)
    if refusal.code == DAILY_LIMIT:
        return LineSpent(reason)
    is_busy = refusal.status in (UNAUTHORIZED, TOO_MANY) or refusal.status >= SERVER
    if is_busy or refusal.code in NOT_NOW:
        return TryLater(reason, refusal.after)
    return GiveUp(reason)


def _plainly(ask: Callable[[], Answer]) -> Answer:
    """What Twilio answers, its failures told in our words and without its own, which can hold the number."""
    try:
        return ask()
    except Refusal as refusal:
        raise failure_of(refusal) from None
    except JSONDecodeError:
        raise InDoubt("an answer that cannot be read") from None
    except RequestException as broken:
        kind = type(broken).__name__
        raise (TryLater(kind) if _never_left(broken) else InDoubt(kind)) from None


def _never_left(broken: RequestException) -> bool:
    """Whether the connection broke before anything of the request was written."""
    if isinstance(broken, ConnectTimeout | ProxyError):
        return True
    last = broken.args[0] if broken.args else None
    reason = last.reason if isinstance(last, MaxRetryError) else None
    return isinstance(reason, NewConnectionError) or _is_wrong_certificate(reason)


def _is_wrong_certificate(reason: HTTPError | Exception | None) -> bool:
    return isinstance(reason, SSLError) and any(isinstance(one, SSLCertVerificationError) for one in reason.args)
