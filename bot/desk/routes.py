"""Every door of the desk, and what its pages are drawn with."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.desk import (
    acting,
    directory,
    exports,
    facts,
    figures,
    journal,
    log,
    request,
    reveal,
    roster,
    signing_in,
    talk,
    today,
    wordbook,
)
from bot.desk.guard import HEADERS, Door, route
from bot.desk.pages import HERE
from bot.desk.visit import Desk

STATIC = {
    "pico.min.css": "text/css",
    "desk.css": "text/css",
    "htmx.min.js": "text/javascript",
    "hx-sse.min.js": "text/javascript",
    "desk.js": "text/javascript",
    "bengali.woff2": "font/woff2",
    "bengali-bold.woff2": "font/woff2",
    "devanagari.woff2": "font/woff2",
    "devanagari-bold.woff2": "font/woff2",
}
DOORS: Sequence[Door] = (
    *signing_in.DOORS,
    *today.DOORS,
    *talk.DOORS,
    *figures.DOORS,
    *exports.DOORS,
    *facts.DOORS,
    *wordbook.DOORS,
    *directory.DOORS,
    *roster.DOORS,
    *journal.DOORS,
    *log.DOORS,
    *request.DOORS,
    *acting.DOORS,
    *reveal.DOORS,
)


def routes(desk: Desk) -> Sequence[BaseRoute]:
    """The routes of the desk; what no door names is not there."""
    return (*(route(desk, door) for door in DOORS), Route("/desk/static/{name}", _static, methods=["GET"]))


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        return PlainTextResponse("not found", 404, HEADERS)
    return FileResponse(
        HERE / "static" / name, media_type=STATIC[name], headers=HEADERS | {"cache-control": "max-age=86400"}
    )
