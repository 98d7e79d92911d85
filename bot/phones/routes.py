"""What the demo page asks for: itself, to send, to read what came, to say what it has shown."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeAlias

from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot import metrics
from bot.channels.simulator import Account, is_sample, read_form, receive, status
from bot.channels.simulator.send import Mailbox
from bot.errors import Malformed, Refused
from bot.phones.wire import measured, on_the_wire
from bot.taking import Reader, Taking, take
from bot.web import receive as receive_body
from bot.web import refusal
from flows.model import Channel, Received

HERE = Path(__file__).parent
STATIC = {
    "try.css": "text/css",
    "try.js": "text/javascript",
    "line.js": "text/javascript",
    "phone.js": "text/javascript",
    "examples.js": "text/javascript",
    "mark.svg": "image/svg+xml",
}
HOLD = timedelta(seconds=2)  # how long a reading waits for news; a server that stops waits 3 s for its requests
PHONES = 4  # addresses in one reading; the page has two
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}

Take: TypeAlias = Callable[[Received], Awaitable[None]]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


def routes(mailbox: Mailbox, taking: Taking, part_cost: float = 0.0) -> Sequence[BaseRoute]:
    """The page on the real path: what it sends is taken as any webhook's message is.

    `part_cost` is what one SMS part costs, in rupees; 0 where nobody knows.
    """
    account = Account()

    def through(read: Reader) -> Take:
        async def taken(received: Received) -> None:
            await run_in_threadpool(take, taking, account.provider, read, received)

        return taken

    return page_routes(
        mailbox, through(partial(receive.read, account)), through(partial(status.read, account)), part_cost
    )


def page_routes(mailbox: Mailbox, say: Take, shown: Take, part_cost: float = 0.0) -> Sequence[BaseRoute]:
    """The page with whatever takes what she says, and the news of what was shown.

    Either raises Refused where the request is not in its form, and returns when it is safe to acknowledge.
    """
    page = _page(part_cost)
    return (
        Route("/try", _safely(page), methods=["GET"]),
        Route("/try/static/{name}", _safely(_static), methods=["GET"]),
        Route("/try/messages", _safely(_messages(mailbox)), methods=["GET"]),
        Route("/try/messages", _safely(_say(say)), methods=["POST"]),
        Route("/try/shown", _safely(_shown(shown)), methods=["POST"]),
    )


def _safely(endpoint: Endpoint) -> Endpoint:
    """The same answer, but refusals have their form and every answer its headers."""

    async def answer(request: Request) -> Response:
        try:
            response = await endpoint(request)
        except Refused as refused:
            metrics.REFUSED.labels(Account().provider, type(refused).__name__).inc()
            response = refusal(refused)
        response.headers.update(HEADERS)
        return response

    return answer


def _page(part_cost: float) -> Endpoint:
    environment = Environment(loader=FileSystemLoader(HERE / "pages"), autoescape=True)
    html = environment.get_template("try.html").render(part_cost=part_cost)

    async def answer(_request: Request) -> Response:
        return HTMLResponse(html)

    return answer


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        return PlainTextResponse("not found", 404)
    return FileResponse(HERE / "static" / name, media_type=STATIC[name])


def _messages(mailbox: Mailbox) -> Endpoint:
    async def answer(request: Request) -> Response:
        addresses = request.query_params.getlist("address")
        after = request.query_params.get("after", "0")
        if not 1 <= len(addresses) <= PHONES or not all(map(is_sample, addresses)):
            raise Malformed("address")
        if not (after.isascii() and after.isdigit() and len(after) <= 15):
            raise Malformed("after")
        items = await mailbox.wait(addresses, int(after), HOLD)
        return JSONResponse([on_the_wire(item) for item in items])

    return answer


def _say(say: Take) -> Endpoint:
    async def answer(request: Request) -> Response:
        received = await receive_body(request)
        await say(received)
        form = read_form(received)
        return JSONResponse(measured(Channel(form["channel"]), form["text"]))

    return answer


def _shown(shown: Take) -> Endpoint:
    async def answer(request: Request) -> Response:
        await shown(await receive_body(request))
        return Response(status_code=204)

    return answer
