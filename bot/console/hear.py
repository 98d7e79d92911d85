"""`sathi hear`: what was meant by a message, before any flow sees it."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.console.lines import read_objects, read_text, write_object
from bot.errors import Misconfigured
from flows.hearing import Heard
from flows.hearing import hear as listen


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(hear)


def hear(
    text: Annotated[str | None, typer.Argument(help="What she wrote.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read and write JSON lines.")] = False,
) -> None:
    """Say what is heard in a message: language, command, danger, and whether Sathi is sure."""
    if jsonl == (text is not None):
        raise Misconfigured("give either a TEXT or --jsonl")
    if text is not None:
        Console().print(_table(listen(text)))
        return
    for number, said in read_objects(sys.stdin.buffer):
        write_object(shown(listen(read_text(number, said))))


def shown(heard: Heard) -> Mapping[str, Any]:
    """What was heard, as programs read it."""
    return {
        "language": heard.language.value if heard.language else None,
        "confidence": round(heard.confidence, 3),
        "command": heard.command.value if heard.command else None,
        "danger": heard.danger.value if heard.danger else None,
        "sure": heard.sure,
    }


def _table(heard: Heard) -> Table:
    table = Table(show_header=False)
    for name, value in shown(heard).items():
        table.add_row(name, "-" if value is None else str(value))
    if not heard.sure:
        table.add_row("", "Sathi asks before it acts")
    return table
