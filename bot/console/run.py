"""Running Sathi: `demo`, `web`, `worker`, `serve` and `migrate`."""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import structlog
import typer
import uvicorn
from starlette.applications import Starlette

from bot.assemble import assemble
from bot.assembled import Assembled
from bot.errors import Misconfigured
from bot.keys import has_master_key, make_master_key, read_master_key
from bot.settings import Settings, named_channels, read
from bot.taking import mark_real, refuse_real
from bot.worker import work
from flows.errors import BadFlow
from storage.database import is_empty, open_database, open_store
from storage.database import migrate as migrate_databases

log = structlog.get_logger()


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (demo, web, worker, serve, migrate):
        app.command()(command)


def demo() -> None:
    """Web, worker and simulator in one, data in ./data: open /try in a browser."""
    settings = read()
    bring_up_to_date(settings)
    assembled = assemble(settings, simulated=True)
    refuse_real(assembled.house)
    sys.stderr.write(f"Sathi demo: http://{settings.host}:{settings.port}/try\n")
    _run(_serve(assembled, with_web=True, with_worker=True))


def web() -> None:
    """The web process: takes messages in and answers them into the outbox."""
    _run(_serve(_real(), with_web=True, with_worker=False))


def worker() -> None:
    """The worker process: sends what waits in the outbox, and does what is due."""
    _run(_serve(_real(), with_web=False, with_worker=True))


def serve() -> None:
    """Web and worker in one process."""
    _run(_serve(_real(), with_web=True, with_worker=True))


def migrate() -> None:
    """Bring both databases to this release; makes the master key file when both are empty."""
    bring_up_to_date(read())
    sys.stderr.write("the databases are up to date\n")


def bring_up_to_date(settings: Settings) -> None:
    """Make the master key on empty databases, run the migrations, and see that the key is theirs.

    Raises:
        Misconfigured: there is data but no key; nothing was changed.
        WrongKey: the databases were made with another master key.
    """
    if not has_master_key(settings):
        engines = [open_database(url) for url in (settings.database_url, settings.keystore_url)]
        used = [engine for engine in engines if not is_empty(engine)]
        for engine in engines:
            engine.dispose()
        if used:
            raise Misconfigured(
                "the databases are not empty and the master key is missing: find it, nothing was changed"
            )
        make_master_key(settings.master_key_file)
    migrate_databases(settings.database_url, settings.keystore_url)
    open_store(settings.database_url, settings.keystore_url, read_master_key(settings)).close()


def _real() -> Assembled:
    settings = read()
    channels = named_channels(settings)
    if not channels:
        raise Misconfigured("no channel is configured: see README, or run `sathi demo`")
    if settings.staff_alert_chat and "telegram" not in channels:
        raise Misconfigured("STAFF_ALERT_CHAT is set, but alerts go by Telegram: TELEGRAM_BOT_TOKEN is missing")
    assembled = assemble(settings)
    for stranded in assembled.stranded():
        raise BadFlow(stranded)
    if not settings.staff_alert_chat:
        log.warning("STAFF_ALERT_CHAT is not set: nobody is told when somebody needs a person")
    mark_real(assembled.house)
    return assembled


def _run(main: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main)


async def _serve(assembled: Assembled, *, with_web: bool, with_worker: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(assembled.close)
        if with_worker:
            await stack.enter_async_context(_beside(work(assembled.worker, stop), stop))
        if with_web and assembled.polling:
            await stack.enter_async_context(_beside(assembled.poll(stop), stop))
        if with_web:
            await stack.enter_async_context(_beside(assembled.announce(stop), stop))
            await stack.enter_async_context(
                _beside(_listen(assembled.web(stop.is_set), assembled.settings, stop), stop)
            )
        await stop.wait()


@contextlib.asynccontextmanager
async def _beside(work_: Coroutine[Any, Any, None], stop: asyncio.Event) -> AsyncIterator[None]:
    """Run something beside the rest; when it ends, so does everything, and its error is raised."""
    task = asyncio.create_task(work_)
    task.add_done_callback(lambda _done: stop.set())
    try:
        yield
    finally:
        stop.set()
        await task


def _bound(settings: Settings) -> socket.socket:
    """Where the web listens.

    Raises:
        Misconfigured: somebody else listens there, or it may not be used.
    """
    try:
        return socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError as refused:
        raise Misconfigured(f"cannot listen on {settings.host}:{settings.port}: {refused.strerror}") from None


async def _listen(web_: Starlette, settings: Settings, stop: asyncio.Event) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            web_,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
        )
    )
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server.serve(sockets=[_bound(settings)]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving
