"""The worker: sends what waits, does what is due, alerts staff and makes their copies, until it is asked to stop."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.alerting import Alerting, alert_staff
from bot.chores import Chores, do_due, plan
from bot.delivery import Post, deliver
from bot.exporting import make_due
from bot.tidying import tidy
from storage.wake import wake_listener

REST = timedelta(seconds=1)  # on SQLite, across processes; on PostgreSQL a commit wakes at once
CHORES_EVERY = timedelta(seconds=1)
TIDY_EVERY = timedelta(seconds=10)
AFTER_FAILURE = timedelta(seconds=2)

log = structlog.get_logger()


class Bell:
    """Wakes the worker in the same process as soon as a turn is committed; safe from any thread."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def ring(self) -> None:
        """Say that something waits in the outbox."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, limit: timedelta) -> None:
        """Wait until it rings, at most so long."""
        self._loop = asyncio.get_running_loop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), limit.total_seconds())
        self._rung.clear()


@dataclass(frozen=True, slots=True)
class Worker:
    """What the worker works with."""

    post: Post
    chores: Chores
    alerting: Alerting
    bell: Bell


async def work(worker: Worker, stop: asyncio.Event) -> None:
    """Work until `stop` is set; a failing part is logged and begun again, the others go on."""
    await asyncio.to_thread(plan, worker.post.store, worker.post.clock())
    parts: Sequence[Callable[[], Awaitable[object]]] = (
        lambda: _send(worker),
        lambda: _do_chores(worker),
        lambda: _alert(worker),
        lambda: _tidy(worker),
        lambda: _copy_out(worker),
        lambda: _listen(worker, stop),
    )
    tasks = [asyncio.create_task(_for_ever(part, stop)) for part in parts]
    await stop.wait()
    worker.bell.ring()
    await asyncio.wait(tasks, timeout=5)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _for_ever(part: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await part()
        except Exception as failure:  # noqa: BLE001 - the worker must outlive a database or network that is away
            log.error("worker part failed", failure=type(failure).__name__)
            await asyncio.sleep(AFTER_FAILURE.total_seconds())


async def _send(worker: Worker) -> None:
    if await deliver(worker.post) == 0:
        await worker.bell.wait(REST)


async def _do_chores(worker: Worker) -> None:
    await asyncio.to_thread(do_due, worker.chores, worker.post.clock())
    await asyncio.sleep(CHORES_EVERY.total_seconds())


async def _alert(worker: Worker) -> None:
    await alert_staff(worker.alerting)
    await asyncio.sleep(CHORES_EVERY.total_seconds())


async def _tidy(worker: Worker) -> None:
    tried = await tidy(worker.post)
    await asyncio.sleep((REST if tried else TIDY_EVERY).total_seconds())


async def _copy_out(worker: Worker) -> None:
    """Make the copies of the log that staff asked for."""
    made = await asyncio.to_thread(make_due, worker.post.store, worker.post.clock)
    await asyncio.sleep(0 if made else REST.total_seconds())


async def _listen(worker: Worker, stop: asyncio.Event) -> None:
    """Ring the bell whenever another process puts something in the outbox."""
    await asyncio.to_thread(_ring_when_called, worker, stop)


def _ring_when_called(worker: Worker, stop: asyncio.Event) -> None:
    with wake_listener(worker.post.store.main) as wait:
        while not stop.is_set():
            if wait(REST.total_seconds()):
                worker.bell.ring()
