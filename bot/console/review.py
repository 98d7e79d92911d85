"""`sathi review`: what a release refuses; also draws the flows and writes the conversations down."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from bot import telling
from bot.assemble import now
from bot.console import heard
from bot.console.transcripts import write_transcripts
from bot.duty import read_duty
from bot.errors import Misconfigured
from bot.parts import fit
from bot.settings import Settings, read
from bot.turn import moment_at
from bot.wording import labels, word
from flows.engine import Engine
from flows.helpline import FLOWS
from flows.model import Effect, Language, Moment, Place
from flows.review import Eyes, diagram, overdue, refusals, stranded
from locales import risks_in
from storage.conversations import places
from storage.database import is_current, open_database, reading

UNSEEN = Path("tests/hearing/test")  # in a checkout; never used to build or to tune
RUNS_LINE = "W" * 40  # as long as the setting allows
ON_DUTY = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # a Wednesday, half past eleven in India
OFF_DUTY = datetime(2026, 11, 28, 16, 0, tzinfo=UTC)  # a Saturday night: the longest way to say when


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(review)


def review(
    dates: Annotated[bool, typer.Option(help="Refuse facts past their re-check, too.")] = True,
    write: Annotated[Path | None, typer.Option(help="Write diagrams and conversations into this folder.")] = None,
    hearing: Annotated[bool, typer.Option("--hearing", help="Measure how well is heard, instead.")] = False,
    lines: Annotated[Path, typer.Option(help="The folder of lines to measure on.")] = UNSEEN,
) -> None:
    """Print what a release refuses; exit 1 if there is anything."""
    if hearing:
        shares = heard.measure(lines)
        Console().print(heard.table(shares))
        for line in heard.missed(shares):
            typer.echo(line)
        return
    engine = Engine(labels=labels)
    console = Console(stderr=True)
    eyes = Eyes(_worded, lambda text: fit(text).segments, risks_in)
    found = list(track(refusals(engine, _moments(), eyes), "Reviewing", console=console, transient=True))
    if dates:
        found += overdue(now().date())
    found += stranded(engine, _stored_places(read()))
    for line in dict.fromkeys(found):
        typer.echo(line)
    if write:
        _draw(engine, write)
        write_transcripts(write / "conversations")
    if found:
        raise typer.Exit(1)
    console.print("nothing refused")


def _moments() -> Sequence[Moment]:
    settings = Settings()
    duty = read_duty(settings.duty_days, settings.duty_from, settings.duty_until)
    moments = [moment_at(duty, at) for at in (ON_DUTY, OFF_DUTY)]
    return [replace(moment, runs_line=RUNS_LINE) for moment in moments]


def _worded(effects: Sequence[Effect], language: Language) -> str:
    return word(telling.without_database(effects), language).text


def _stored_places(settings: Settings) -> Iterator[Place]:
    """Where people stand in the live database, if there is one."""
    if settings.database_url.startswith("sqlite") and not Path(settings.database_url.partition("///")[2]).is_file():
        return
    engine = open_database(settings.database_url)
    if not is_current(engine, "main"):
        raise Misconfigured("the database is not of this release: run `sathi migrate`")
    with reading(engine) as db:
        yield from (place for place, _count in places(db))
    engine.dispose()


def _draw(engine: Engine, folder: Path) -> None:
    (folder / "flows").mkdir(parents=True, exist_ok=True)
    for flow in FLOWS:
        drawn = f"# {flow.name}\n\n```mermaid\n{diagram(engine, flow.name)}\n```\n"
        (folder / "flows" / f"{flow.name}.md").write_text(drawn, encoding="utf-8")
