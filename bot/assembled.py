"""Everything joined: what one run of Sathi can do."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from bot import metrics
from bot.channels import telegram
from bot.channels.simulator.send import Mailbox
from bot.channels.telegram import poll as telegram_poll
from bot.channels.telegram import webhook as telegram_webhook
from bot.desk.routes import routes as desk_routes
from bot.desk.visit import Desk
from bot.errors import Refused
from bot.phones.routes import routes as phone_routes
from bot.settings import Settings, secret
from bot.taking import Taking, take
from bot.turn import House
from bot.web import Hook, make_web
from bot.worker import Worker
from flows.model import Received
from flows.review import stranded
from storage.conversations import places
from storage.database import reading


@dataclass(frozen=True, slots=True)
class Assembled:
    """Everything that one run of Sathi is made of."""

    settings: Settings
    house: House
    taking: Taking
    worker: Worker
    hooks: Sequence[Hook]
    mailbox: Mailbox | None
    channels: tuple[str, ...]
    telegram_bot: telegram.Account | None

    @property
    def polling(self) -> telegram.Account | None:
        """The bot whose messages are fetched, where they are not brought."""
        return self.telegram_bot if self.settings.telegram_polling else None

    def web(self, stopping: Callable[[], bool] = lambda: False) -> Starlette:
        """The web application of this run; `stopping` says whether what lasts must end."""
        phones = phone_routes(self.mailbox, self.taking, self.settings.sms_part_cost) if self.mailbox else ()
        desk = desk_routes(Desk(self.taking, self.settings, stopping))
        return make_web(self.taking, self.hooks, secret(self.settings.metrics_token), (*phones, *desk))

    def stranded(self) -> Sequence[str]:
        """A line for each place where somebody stands and which the flows do not know."""
        with reading(self.house.store.main) as db:
            stored = [place for place, _count in places(db)]
        return list(stranded(self.house.engine, stored))

    async def poll(self, stop: asyncio.Event) -> None:
        """Fetch what is written to the bot, until `stop` is set."""
        if self.polling:
            await _until(stop, telegram_poll.poll(self.polling, self.accept))

    async def accept(self, received: Received) -> None:
        """Take in what was fetched, as the web takes in what is brought; what is no message of Telegram's is let go."""
        hook = next(hook for hook in self.hooks if hook.provider == "telegram")
        try:
            await run_in_threadpool(take, self.taking, hook.provider, hook.read, received)
        except Refused as refused:
            metrics.REFUSED.labels(hook.provider, type(refused).__name__).inc()
            return
        if hook.after:
            await hook.after(received)

    async def announce(self, stop: asyncio.Event) -> None:
        """Tell Telegram where to bring messages, while the rest already works, and wait for `stop`."""
        if self.telegram_bot and self.settings.public_url and not self.polling:
            await _until(stop, telegram_webhook.announce(self.telegram_bot))
        await stop.wait()

    async def close(self) -> None:
        """Let go of the connections and the databases."""
        for sender in self.worker.post.senders.values():
            await sender.close()
        self.house.store.close()


async def _until(stop: asyncio.Event, work: Coroutine[None, None, None]) -> None:
    """Do something until `stop` is set; where it fails before, so does this."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
