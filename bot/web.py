"""The web: every route, and nothing else; what a message means is decided in bot/turn.py."""

import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot import metrics
from bot.errors import Forged, Refused, TooLarge
from bot.taking import Reader, Taking, take
from flows.model import Received
from storage.database import Store, is_ready

BODY_LIMIT = 64 * 1024  # bytes: more than any provider sends
LOOPBACK = ("127.0.0.1", "::1", "testclient")


@dataclass(frozen=True, slots=True)
class Hook:
    """One provider's webhook: where it comes in, who reads it, and what a good answer looks like."""

    path: str
    provider: str
    read: Reader
    answer: str = ""
    media_type: str = "text/plain"
    after: Callable[[Received], Awaitable[None]] | None = None  # once all is safe and answered


def make_web(taking: Taking, hooks: Sequence[Hook], metrics_token: str, more: Sequence[BaseRoute] = ()) -> Starlette:
    """The application with a route a hook, health, metrics, and the routes that are given."""
    routes: list[BaseRoute] = [
        Route("/health/live", _live, methods=["GET"]),
        Route("/health/ready", _ready(taking.house.store), methods=["GET"]),
        Route("/metrics", _metrics(taking.house.store, metrics_token), methods=["GET"]),
        *(Route(hook.path, _hook(taking, hook), methods=["POST"]) for hook in hooks),
        *more,
    ]
    return Starlette(routes=routes)


async def receive(request: Request) -> Received:
    """The request as a channel reads it.

    Raises:
        TooLarge: the body is more than 64 KB; what follows is not read.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise TooLarge("body")
    headers: Mapping[str, str] = {name.lower(): value for name, value in request.headers.items()}
    query: bytes = request.scope["query_string"]
    return Received(headers, bytes(body), query.decode("latin-1"))  # anything may stand there, and is only compared


def refusal(refused: Refused) -> Response:
    """The constant answer to a request that is not what it says it is."""
    status = 403 if isinstance(refused, Forged) else 413 if isinstance(refused, TooLarge) else 400
    return PlainTextResponse("refused", status)


def _hook(taking: Taking, hook: Hook) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            received = await receive(request)
            await run_in_threadpool(take, taking, hook.provider, hook.read, received)
        except Refused as refused:
            metrics.REFUSED.labels(hook.provider, type(refused).__name__).inc()
            return refusal(refused)
        after = BackgroundTask(hook.after, received) if hook.after else None
        return Response(hook.answer, media_type=hook.media_type, background=after)

    return answer


async def _live(_request: Request) -> Response:
    return PlainTextResponse("live")


def _ready(store: Store) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_request: Request) -> Response:
        ready = await run_in_threadpool(is_ready, store)
        return PlainTextResponse("ready" if ready else "not ready", 200 if ready else 503)

    return answer


def _metrics(store: Store, token: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        is_near = request.client is not None and request.client.host in LOOPBACK
        forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
        is_allowed = hmac.compare_digest(given.encode(), token.encode()) if token else is_near and not forwarded
        if not is_allowed:
            return PlainTextResponse("not found", 404)
        await run_in_threadpool(metrics.measure, store)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return answer
