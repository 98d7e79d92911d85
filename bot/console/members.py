"""`sathi collective members`, `invite` and `revoke`: who answers survivors, and from which phone."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import members_roster
from bot.assemble import now
from bot.console.lines import write_object
from bot.console.opening import opened
from bot.keys import read_master_key
from bot.roster_files import MEMBERS, write_rows
from bot.settings import read
from storage import journal, members
from storage.database import open_store, reading, writing

room = typer.Typer(help="The members who answer: import, export, list.", no_args_is_help=True)

_Label = Annotated[str, typer.Argument(help="The member's label in the roster.")]


def add_to(directory: typer.Typer) -> None:
    """Add these commands to `sathi collective`."""
    directory.add_typer(room, name="members")
    directory.command()(invite)
    directory.command()(revoke)


@room.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help=f"CSV or TOML with the columns {', '.join(MEMBERS.columns)}.")],
    whole: Annotated[bool, typer.Option(help="The file is the whole roster: revoke who is not in it.")] = False,
) -> None:
    """Take members in, all of the file or nothing; one of the same label is mended and keeps her phone."""
    at, settings = now(), read()
    with opened(settings) as main, reading(main) as db:
        known = members_roster.collective_ids(db)
    posts = members_roster.read_file(file, known)
    store = open_store(settings.database_url, settings.keystore_url, read_master_key(settings))
    try:
        members_roster.put(store, posts, at, whole=whole)
        with writing(store.main) as db:
            journal.write(db, actor="console", action="import members", subject=str(len(posts)), now=at)
    finally:
        store.close()
    Console(stderr=True).print(f"{len(posts)} members taken in")


@room.command()
def export(file: Annotated[Path, typer.Argument(help="A CSV or TOML file that is not there yet.")]) -> None:
    """Write the roster into a file; no phone of anybody is in it."""
    with opened(read()) as main:
        with reading(main) as db:
            rows = [members_roster.row_of(one) for one in members.all_of(db) if one.revoked_at is None]
        write_rows(file, rows, MEMBERS)
        with writing(main) as db:
            journal.write(db, actor="console", action="export members", subject=str(len(rows)), now=now())
    Console(stderr=True).print(f"{len(rows)} members written")


@room.command(name="list")
def list_(json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """Show the roster, and who has joined."""
    with opened(read()) as main, reading(main) as db:
        rows, loads = members.all_of(db), members.loads(db)
    table = Table("label", "collective", "districts", "languages", "duty", "talks", "state")
    for one in rows:
        state = "revoked" if one.revoked_at else "joined" if one.joined_at else "invited or not yet"
        if json:
            write_object({**members_roster.row_of(one), "state": state, "talks": loads.get(one.id, 0)})
            continue
        post = one.post
        lists = (" ".join(post.districts), " ".join(post.languages), members_roster.told_duty(post.duty))
        table.add_row(post.label, post.collective, *lists, f"{loads.get(one.id, 0)} of {post.capacity}", state)
    if not json:
        Console().print(table)


def invite(label: _Label) -> None:
    """Print a link by which one phone may join as this member, once, within three days."""
    at, settings = now(), read()
    with opened(settings) as main, writing(main) as db:
        token = members_roster.invite(db, label, at)
        journal.write(db, actor="console", action="invite member", subject=label, now=at)
    name = settings.telegram_bot_name
    typer.echo(f"https://t.me/{name}?start={token}" if name else f"/start {token}")


def revoke(label: _Label) -> None:
    """She leaves or lost her phone: nothing goes to it any more, and whoever she held waits for another."""
    at = now()
    with opened(read()) as main, writing(main) as db:
        waiting = members_roster.revoke_label(db, label, at)
        journal.write(db, actor="console", action="revoke member", subject=label, now=at)
    Console(stderr=True).print(f"revoked; talks that wait for another member: {waiting}")
