"""`sathi referrals`: the log of what was asked for and what came of it; never a number, a name or a text."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.assemble import now
from bot.coded import NAMED, coded
from bot.console import followed
from bot.console.lines import write_object
from bot.console.opening import opened
from bot.console.times import read_moment, told_moment, told_wait, written_moment
from bot.errors import Misconfigured
from bot.settings import read
from bot.telling import HOW, WHAT
from flows.model import Channel, Language
from flows.places import DISTRICTS
from storage import alerts, journal
from storage.alerts import Alert
from storage.database import Engine, reading, writing
from storage.log import Asked, listed
from storage.referrals import OPEN, Referral
from storage.stages import Standing, counted

KINDS = ("information", *WHAT)
STATES = tuple(HOW)


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(referrals)


def referrals(
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    kind: Annotated[str | None, typer.Option(help=", ".join(KINDS))] = None,
    state: Annotated[str | None, typer.Option(help=", ".join(STATES))] = None,
    district: Annotated[str | None, typer.Option(help="The code of a district.")] = None,
    language: Annotated[Language | None, typer.Option()] = None,
    channel: Annotated[Channel | None, typer.Option()] = None,
    collective: Annotated[str | None, typer.Option(help="The id of a collective.")] = None,
    since: Annotated[str | None, typer.Option(help="Opened on this day (of India) or moment, or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Opened on this day, or before; or before a moment.")] = None,
    follow_ups: Annotated[bool, typer.Option("--follow-ups", help="What she said came of it, beside the log.")] = False,
    acknowledge: Annotated[str | None, typer.Option(help="The code or alert that somebody has seen.")] = None,
    stages: Annotated[bool, typer.Option("--stages", help="How many stand at each stage of a guide, instead.")] = False,
) -> None:
    """List the referrals, the unseen alerts first; or say that an alert was seen."""
    _refuse_unknown(("kind", kind, KINDS), ("state", state, STATES), ("district", district, DISTRICTS))
    asked = {
        "kind": kind,
        "state": state,
        "district": district,
        "language": language.value if language else None,
        "channel": channel.value if channel else None,
        "collective": collective,
        "since": read_moment(since) if since else None,
        "until": read_moment(until, end=True) if until else None,
    }
    with opened(read()) as main:
        if acknowledge:
            see(main, acknowledge, now())
        elif stages:
            _print_stages(at_stages(main, now()), now(), json=json)
        elif follow_ups:
            followed.show(main, now(), json=json)
        else:
            _tell(*look(main, asked, now()), json=json)


def _refuse_unknown(*given: tuple[str, str | None, Collection[str]]) -> None:
    for name, value, known in given:
        if value is not None and value not in known:
            raise Misconfigured(f"--{name} {value} is not one of {', '.join(known)}")


def see(main: Engine, name: str, at: datetime) -> None:
    """Somebody has seen the alerts of a referral, or one alert by its id: they are repeated no more.

    Raises:
        Misconfigured: nobody waits to be seen under this name.
    """
    with writing(main) as db:
        seen = next((one for one in (name, name.upper()) if alerts.acknowledge(db, one, at)), None)
        if seen is None:
            raise Misconfigured(f"no open alert of {name}")
        journal.write(db, actor="console", action="acknowledge", subject=seen, now=at)


def look(main: Engine, asked: Mapping[str, Any], at: datetime) -> tuple[Sequence[Referral], Sequence[Alert]]:
    """The referrals that were asked for and all unseen alerts; that somebody looked is written in the journal."""
    subject = " ".join(f"{name}={value}" for name, value in asked.items() if value is not None)
    with writing(main) as db:
        journal.write(db, actor="console", action="read referrals", subject=subject or "all", now=at)
    with reading(main) as db:
        return list(listed(db, Asked(**asked))), alerts.unseen(db)


def at_stages(main: Engine, at: datetime) -> Sequence[Standing]:
    """How many stand at which stage of which guide; that somebody looked is written in the journal."""
    with writing(main) as db:
        journal.write(db, actor="console", action="read stages", subject="all", now=at)
    with reading(main) as db:
        return counted(db)


def _print_stages(standings: Sequence[Standing], at: datetime, *, json: bool) -> None:
    table = Table("guide", "stage", "people", "longest", "middle", title="How far they have come")
    for one in standings:
        if json:
            write_object(
                {
                    "guide": one.guide,
                    "stage": one.stage,
                    "people": one.people,
                    "longest_since": written_moment(one.longest_since),
                    "middle_since": written_moment(one.middle_since),
                }
            )
        table.add_row(
            one.guide, one.stage, str(one.people), told_wait(at - one.longest_since), told_wait(at - one.middle_since)
        )
    if not json:
        Console().print(table if standings else "Nobody has named a stage yet.")


def _tell(found: Sequence[Referral], unseen: Sequence[Alert], *, json: bool) -> None:
    if not json:
        _print(found, unseen, now())
        return
    for referral in found:
        write_object(coded(referral))


def _print(found: Sequence[Referral], unseen: Sequence[Alert], at: datetime) -> None:
    console = Console()
    if unseen:
        console.print(_alerts(unseen, at))
        console.print("Seen by somebody? sathi referrals --acknowledge CODE")
    waiting = [one for one in found if one.state in OPEN and one.kind != "information"]
    if waiting:
        console.print(_log("Waiting, the longest first", waiting, at))
    settled = [one for one in reversed(found) if one not in waiting]
    if settled:
        console.print(_log("Settled, the newest first", settled, at))
    if not found:
        console.print("no referral")


def _alerts(unseen: Sequence[Alert], at: datetime) -> Table:
    table = Table("code or alert", "kind", "raised", "waits", "told", title="Nobody has seen these", style="red")
    for alert in unseen:
        waits = told_wait(at - alert.raised_at)
        told = f"{alert.times} times"
        table.add_row(alert.referral_code or alert.id, alert.kind, told_moment(alert.raised_at), waits, told)
    return table


def _log(title: str, found: Sequence[Referral], at: datetime) -> Table:
    """The log as a table; a column in which nothing stands is left out, so that the rest can be read."""
    rows = [_row(referral, at) for referral in found]
    names = [name for name in rows[0] if any(row[name] for row in rows)]
    table = Table(title=title)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(row[name] or "-" for name in names))
    return table


def _row(referral: Referral, at: datetime) -> Mapping[str, str | None]:
    lasted = (at if referral.state in OPEN else referral.changed_at) - referral.opened_at
    fields = {name: getattr(referral, name) for name in NAMED}
    return fields | {
        "opened": told_moment(referral.opened_at),
        "open for": told_wait(lasted),
        "outcome": referral.outcome,
    }
