"""`sathi collective`: the directory of collectives that survivors may be told of."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.assemble import now
from bot.console import members
from bot.console.lines import write_object
from bot.console.opening import opened
from bot.roster import put, put_samples, read_file
from bot.roster_files import COLUMNS, write_rows
from bot.settings import read
from storage import directory, journal
from storage.database import reading, writing
from storage.directory import Collective
from storage.ids import day_of

room = typer.Typer(help="The directory of collectives that survivors may be told of.", no_args_is_help=True)
members.add_to(room)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(room, name="collective")


@room.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help=f"CSV or TOML with the columns {', '.join(COLUMNS)}.")],
    whole: Annotated[bool, typer.Option(help="The file is the whole directory: drop what is not in it.")] = False,
) -> None:
    """Take collectives in, all of the file or nothing; one of the same id is replaced, samples are dropped."""
    at = now()
    rows = read_file(file, day_of(at))
    with opened(read()) as main, writing(main) as db:
        put(db, rows, whole=whole)
        journal.write(db, actor="console", action="import collectives", subject=str(len(rows)), now=at)
    Console(stderr=True).print(f"{len(rows)} collectives taken in")


@room.command()
def export(file: Annotated[Path, typer.Argument(help="A CSV or TOML file that is not there yet.")]) -> None:
    """Write the directory into a file, without the samples."""
    with opened(read()) as main:
        with reading(main) as db:
            rows = [one for one in directory.all_of(db) if not one.is_sample]
        write_rows(file, [{name: getattr(one, name) for name in COLUMNS} for one in rows])
        with writing(main) as db:
            journal.write(db, actor="console", action="export collectives", subject=str(len(rows)), now=now())
    Console(stderr=True).print(f"{len(rows)} collectives written")


@room.command(name="list")
def list_(json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """Show the directory; a collective is named to a survivor only where the last column says so."""
    with opened(read()) as main, reading(main) as db:
        rows = directory.all_of(db)
    if json:
        for one in rows:
            write_object({**{name: _shown(one, name) for name in COLUMNS}, "sample": one.is_sample})
        return
    table = Table("id", "name", "spoken name", "districts", "languages", "agreed on", "is named")
    for one in rows:
        agreed = one.consented_on.isoformat() if one.consented_on else "-"
        is_named = ("yes" if one.show else "no") + (", SAMPLE" if one.is_sample else "")
        lists = (" ".join(one.districts), " ".join(one.languages))
        table.add_row(one.id, one.name, one.spoken_name or "-", *lists, agreed, is_named)
    Console().print(table)


@room.command()
def samples() -> None:
    """Load sample collectives, for a demonstration; refused where a real channel has ever written."""
    with opened(read()) as main, writing(main) as db:
        count = put_samples(db)
    Console(stderr=True).print(f"{count} sample collectives loaded")


def _shown(one: Collective, name: str) -> object:
    value = getattr(one, name)
    if name == "consented_on":
        return value.isoformat() if value else None
    return list(value) if isinstance(value, tuple) else value
