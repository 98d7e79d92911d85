"""A part of a page that stays as things are: sent anew, by server-sent events, whenever it would look otherwise."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Hashable
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from bot.desk.guard import holder, is_signed_in
from bot.desk.visit import NotThere, Visit
from storage.errors import StorageError

EVERY = 1.0  # seconds between two looks
LASTS = timedelta(minutes=5)  # then the browser comes again, which also makes the journal tell of it again
BREATH = timedelta(seconds=15)  # so often something is sent, so that a browser that has gone is noticed
MEDIA = "text/event-stream"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Part:
    """What a look found: `draw` makes the HTML of it, and is asked only where `pulse` is another than before."""

    pulse: Hashable
    draw: Callable[[], str]


Look = Callable[[Visit], Part]


def stream(visit: Visit, look: Look, gone: str) -> Response:
    """Send the part now and whenever it changes.

    It ends with the session, with `gone` in its place once `look` raises NotThere, when the server stops, and after
    some minutes anyhow. Each look is a short reading of its own; between two nothing is held.
    """
    return StreamingResponse(_events(visit, look, gone), media_type=MEDIA)


async def _events(visit: Visit, look: Look, gone: str) -> AsyncIterator[str]:
    last: Hashable = None
    spoke, ends = visit.now, visit.now + LASTS
    while not visit.desk.stopping():
        here = replace(visit, now=visit.desk.taking.clock())
        if here.now >= ends:
            return
        try:
            found = await run_in_threadpool(_look, here, look, last, gone)
        except StorageError as failed:
            log.warning("desk", failed=type(failed).__name__, door=visit.request.url.path)
            return  # the browser comes again, later and later
        if found.text:
            yield found.text
            spoke = here.now
        elif here.now - spoke >= BREATH:
            yield ": here\n\n"
            spoke = here.now
        if found.is_end:
            return
        last = found.pulse
        await asyncio.sleep(EVERY)


@dataclass(frozen=True, slots=True)
class _Found:
    text: str
    pulse: Hashable
    is_end: bool = False


def _look(visit: Visit, look: Look, last: Hashable, gone: str) -> _Found:
    if not is_signed_in(holder(visit.desk, visit.request), visit.now):
        return _over(visit, "signed out")
    try:
        part = look(visit)
        if part.pulse == last:
            return _Found("", last)
        return _Found(_event(part.draw()), part.pulse)
    except NotThere:
        return _over(visit, gone)


def _over(visit: Visit, why: str) -> _Found:
    return _Found(_event(visit.draw("live_over.html", why=why)) + _END, None, is_end=True)


def _event(html: str) -> str:
    """As it travels: whatever she wrote, each line of it is a line of data, so that none can be an event of its own."""
    return "".join(f"data: {line}\n" for line in _LINES.split(html)) + "\n"


_LINES = re.compile(r"\r\n|\r|\n")
_END = "event: over\ndata:\n\n"
