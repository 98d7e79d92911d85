"""`sathi bench`: what Sathi costs, measured in one run beside what it can be compared with."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.benching.course import Course, Line
from bot.benching.turns import Advance
from bot.settings import Settings, read


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(bench)


def bench(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    count: Annotated[int, typer.Option("--turns", min=1, help="How many turns are timed on each database.")] = 2000,
    postgres: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Two PostgreSQL databases, for data and for keys; it works in new schemas of them."),
    ] = None,
    profiled: Annotated[bool, typer.Option("--profile", help="Print where the time goes, on stderr.")] = False,
) -> None:
    """Measure durable turns beside the bare driver; then hearing, asking, growth, and the start."""
    addresses = _postgres(read(), postgres)
    notes = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="sathi-bench-") as folder, _bar(notes) as bar:

        @contextmanager
        def step(name: str, total: int) -> Iterator[Advance]:
            task = bar.add_task(name, total=total)
            yield lambda done: bar.advance(task, done)
            bar.update(task, completed=total)

        def note(text: str) -> None:
            bar.console.print(text, markup=False, highlight=False, soft_wrap=True)

        for line in Course(Path(folder), count, addresses, profiled, step, note).lines():
            _write(line, as_json=as_json)


def _postgres(settings: Settings, given: tuple[str, str] | None) -> tuple[str, str] | None:
    """The PostgreSQL databases to measure on too: those that are named, or else those that are set up."""
    if given or settings.database_url.startswith("sqlite"):
        return given
    return settings.database_url, settings.keystore_url


def _write(line: Line, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        return
    Console().print("  ".join(f"{name} [bold]{value}[/bold]" for name, value in line.items()), highlight=False)


def _bar(notes: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=notes
    )
