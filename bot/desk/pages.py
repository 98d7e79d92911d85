"""A page in her language: the templates, and what all of them may use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from bot.desk import words
from bot.desk.languages import NAMES, locale_of, sentences
from flows.model import Language
from storage.ids import INDIA

if TYPE_CHECKING:
    from bot.desk.visit import Visit

HERE = Path(__file__).parent


def draw(visit: Visit, template: str, what: Mapping[str, Any]) -> str:
    """A template filled in; everything that is put into it is escaped."""
    given = {
        "visit": visit,
        "staff": visit.known[0] if visit.known and visit.known[1].whole else None,
        "language": visit.language,
        "languages": NAMES,
        "roles": words.ROLES,
        "here": visit.request.url.path,
        "csrf": visit.csrf,
        "now": visit.now,
        **what,
    }
    return _environment(visit.language).get_template(template).render(given)


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    told = sentences(language)
    environment.install_gettext_callables(told.gettext, told.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["menu"] = words.menu
    environment.filters.update(moment=_moment, day=_day, ago=_ago, number=_number, said=_said)
    return environment


@pass_context
def _moment(context: Context, at: datetime | None) -> str:
    """A moment as India's clock shows it; nothing where there is none."""
    return "" if at is None else _told(context, at, "d MMM y, HH:mm")


@pass_context
def _day(context: Context, at: datetime | date | None) -> str:
    """A day, or the day of a moment in India."""
    if isinstance(at, date) and not isinstance(at, datetime):
        return format_date(at, "d MMM y", locale=locale_of(context["language"]))
    return "" if at is None else _told(context, at, "d MMM y")


def _told(context: Context, at: datetime, form: str) -> str:
    return format_datetime(at.astimezone(INDIA), form, tzinfo=INDIA, locale=locale_of(context["language"]))


@pass_context
def _ago(context: Context, lasted: timedelta) -> str:
    """How long something lasts, roughly."""
    return format_timedelta(lasted, locale=locale_of(context["language"]))


@pass_context
def _number(context: Context, number: float) -> str:
    return format_decimal(number, locale=locale_of(context["language"]))


@pass_context
def _said(context: Context, words_: str) -> str:
    """English words that were marked by D(), in the language of the page."""
    return sentences(context["language"]).gettext(words_) if words_ else ""
