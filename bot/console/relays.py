"""`sathi relays`: who waits for a member, who is talked with, and how it ended; never a number, a name or a word."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.assemble import now
from bot.console.lines import write_object
from bot.console.opening import opened
from bot.console.times import told_moment, told_wait, written_moment
from bot.errors import Misconfigured
from bot.settings import read
from storage import journal, members, relays
from storage.database import reading, writing
from storage.relays import Happened, Relay

STATES = ("waiting", "claimed", "closed")


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command(name="relays")(show)


def show(
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    state: Annotated[str | None, typer.Option(help=", ".join(STATES))] = None,
    code: Annotated[str | None, typer.Option(help="The code of one talk: what happened to it.")] = None,
) -> None:
    """List the talks: unclaimed ones first and longest waiting on top, then those that are held, then the closed."""
    if state is not None and state not in STATES:
        raise Misconfigured(f"--state {state} is not one of {', '.join(STATES)}")
    at = now()
    with opened(read()) as main:
        with writing(main) as db:
            journal.write(db, actor="console", action="read relays", subject=code or state or "all", now=at)
        with reading(main) as db:
            found = sorted(relays.listed(db, state), key=_rank)
            labels = members.labels(db)
            told = (
                [one for relay in found if relay.tag == code for one in relays.happened(db, relay.id)] if code else []
            )
    if code:
        return _print_story(told, labels, json=json)
    rows = [row_of(relay, labels, at) for relay in found]
    if json:
        for row in rows:
            write_object(row)
        return None
    return _print(rows)


def row_of(relay: Relay, labels: Mapping[str, str], at: datetime) -> Mapping[str, Any]:
    """One talk as programs read it."""
    until = relay.claimed_at or relay.closed_at or at
    return {
        "code": relay.tag,
        "referral": relay.referral_code,
        "state": relay.state,
        "language": relay.language,
        "channel": relay.channel,
        "collective": relay.collective,
        "member": labels.get(relay.member_id or ""),
        "opened_at": written_moment(relay.opened_at),
        "waited_seconds": int((until - relay.opened_at).total_seconds()),
        "outcome": relay.outcome,
    }


def _rank(relay: Relay) -> tuple[int, float]:
    age = relay.opened_at.timestamp()
    return STATES.index(relay.state), age if relay.state != "closed" else -age


def _print(rows: list[Mapping[str, Any]]) -> None:
    if not rows:
        Console().print("no talk")
        return
    table = Table("code", "referral", "state", "language", "member", "opened", "waited", "outcome")
    for row in rows:
        opened_at = datetime.fromisoformat(row["opened_at"])
        waited = told_wait(timedelta(seconds=row["waited_seconds"]))
        cells = (row["code"], row["referral"], row["state"], row["language"], row["member"])
        table.add_row(*(cell or "-" for cell in cells), told_moment(opened_at), waited, row["outcome"] or "-")
    Console().print(table)


def _print_story(told: list[Happened], labels: Mapping[str, str], *, json: bool) -> None:
    for one in told:
        line = {"at": written_moment(one.at), "what": one.what, "by": labels.get(one.by, one.by), "detail": one.detail}
        if json:
            write_object(line)
        else:
            Console().print(f"{told_moment(one.at)}  {line['what']}  {line['by']}  {line['detail']}")
