"""`sathi ask`: which checked fact answers a question."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.console.lines import read_objects, read_text, write_object
from bot.errors import Misconfigured
from flows.entitlements.facts import FACTS
from flows.entitlements.search import Asked, reasons
from flows.entitlements.search import ask as search
from flows.hearing import Command, Heard, hear
from flows.model import Language

# The rest of what may be commanded goes before any answer; these three fall through to it (flows.engine.RULES).
_NO_BAR = (None, Command.YES, Command.NO, Command.START)


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(ask)


def ask(
    text: Annotated[str | None, typer.Argument(help="What she asked.")] = None,
    language: Annotated[Language | None, typer.Option(help="The language of the question, if it is known.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each fact was found.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read and write JSON lines.")] = False,
) -> None:
    """Find the facts that answer a question, and say whether Sathi would answer or ask back."""
    if jsonl == (text is not None):
        raise Misconfigured("give either a TEXT or --jsonl")
    if text is not None:
        _print(*_found(text, language), reasons_for=text if explain else None)
        return
    for number, said in read_objects(sys.stdin.buffer):
        write_object(shown(*_found(read_text(number, said), _language(number, said))))


def shown(asked: Asked, heard: Heard) -> Mapping[str, Any]:
    """What was found, as programs read it; a command or danger in the words goes before any answer."""
    return {
        "answer": asked.answer and heard.command in _NO_BAR and heard.danger is None,
        "matches": [
            {"facts": list(match.facts), "topic": match.topic, "score": round(match.score, 4)}
            for match in asked.matches
        ],
        "danger": heard.danger.value if heard.danger else None,
        "person": heard.command is Command.PERSON,
    }


def _found(text: str, language: Language | None) -> tuple[Asked, Heard]:
    heard = hear(text)
    return search(text, language or heard.language), heard


def _language(number: int, said: Mapping[str, Any]) -> Language | None:
    named = said.get("language")
    try:
        return None if named is None else Language(named)
    except ValueError:
        known = ", ".join(language.value for language in Language)
        raise Misconfigured(f"line {number}: language is one of {known}") from None


def _print(asked: Asked, heard: Heard, *, reasons_for: str | None) -> None:
    console = Console()
    table = Table("fact", "topic", "title", "score")
    for match in asked.matches:
        for fact in match.facts:
            table.add_row(fact, match.topic, FACTS.fact(fact).title, f"{match.score:.2f}")
    console.print(table if asked.matches else "no fact answers this")
    told = shown(asked, heard)
    console.print("Sathi answers from the first" if told["answer"] else "Sathi asks back")
    if told["danger"] or told["person"]:
        console.print(f"[yellow]first of all: {told['danger'] or 'a person'}[/yellow]")
    if reasons_for is not None:
        for line in reasons(reasons_for, asked):
            console.print(line, markup=False)
