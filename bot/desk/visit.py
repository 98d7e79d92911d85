"""One request of the desk: who came, what was asked, and what may be answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.desk import pages
from bot.desk.languages import sentences
from bot.settings import Settings
from bot.taking import Taking
from bot.turn import House
from flows.model import Language
from storage import journal
from storage.database import Connection, Store
from storage.sessions import Session
from storage.staff import Staff

Known: TypeAlias = tuple[Staff, Session]


class NotThere(Exception):
    """There is no such thing, or not for this person; the answer is the same either way: 404."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page works on."""

    taking: Taking
    settings: Settings
    stopping: Callable[[], bool] = lambda: False  # whether the server is about to stop; whatever lasts ends then

    @property
    def house(self) -> House:
        """The house of a turn."""
        return self.taking.house

    @property
    def store(self) -> Store:
        """Both databases."""
        return self.taking.house.store


@dataclass(frozen=True, slots=True)
class Visit:
    """One request; `staff` is whoever was let in, nobody before signing in."""

    desk: Desk
    request: Request
    now: datetime
    language: Language
    form: Mapping[str, str]
    known: Known | None = field(default=None, repr=False)
    csrf: str = field(default="", repr=False)

    @property
    def staff(self) -> Staff:
        """Who is signed in.

        Raises:
            NotThere: nobody is; a door that is open to the public must not ask.
        """
        if self.known is None:
            raise NotThere
        return self.known[0]

    @property
    def actor(self) -> str:
        """How the journal calls whoever is signed in: never by name."""
        return self.staff.actor

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark, without what was left empty."""
        return {name: value for name, value in self.request.query_params.items() if value}

    @property
    def is_part(self) -> bool:
        """Whether only a piece of the page is asked for, by htmx."""
        return self.request.headers.get("hx-request") == "true"

    def part(self, name: str) -> str:
        """A part of the path, such as the code of a request."""
        return str(self.request.path_params[name])

    def say(self, words: str, **values: object) -> str:
        """Words of the desk in her language, with their values."""
        return sentences(self.language).gettext(words).format_map(values)

    def page(self, template: str, status: int = 200, **what: Any) -> Response:
        """A page in her language."""
        return HTMLResponse(self.draw(template, **what), status)

    def draw(self, template: str, **what: Any) -> str:
        """A page, or a piece of one, as HTML."""
        return pages.draw(self, template, what)

    def go(self, path: str) -> Response:
        """On to another page, after something was done."""
        return RedirectResponse(path, 303)

    def note(self, db: Connection, action: str, subject: str) -> None:
        """Write into the journal what is done, in the transaction that does it."""
        journal.write(db, actor=self.actor, action=action, subject=subject, now=self.now)
