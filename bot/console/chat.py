"""`sathi chat`: talk to Sathi in a terminal, as a survivor would."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.panel import Panel

from bot.assemble import now
from bot.console.play import PROVIDER, Line, scratch_player
from flows.model import Channel, Inbound, Language

ADDRESS = "sms:+915550000001"  # no Indian number begins with 5


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(chat)


def chat(
    language: Annotated[Language | None, typer.Option(help="Begin past the cover, in this language.")] = None,
    telegram: Annotated[bool, typer.Option(help="As on Telegram, without the SMS cover and parts.")] = False,
) -> None:
    """Talk in the terminal; nothing is kept when it ends (Ctrl-D)."""
    console = Console()
    channel = Channel.TELEGRAM if telegram else Channel.SMS
    with scratch_player() as player:
        for number, text in enumerate(_lines(console, language), 1):
            message = Inbound(PROVIDER, str(number), channel, ADDRESS.replace("sms", channel.value), PROVIDER, text)
            for shown in player.answer(Line(str(number), now(), message)):
                _show(console, shown)


OPENINGS = {
    Language.EN: ("namaskar, please tell me about the papers", "1"),
    Language.BN: ("নমস্কার দিদি", "1"),
    Language.HI: ("नमस्ते दीदी", "1"),
    Language.BN_LATN: ("ami taka kobe pabo bolun", "1"),
    Language.HI_LATN: ("mujhe paisa kab milega bataiye", "1"),
}


def _lines(console: Console, language: Language | None) -> Iterator[str]:
    if language:
        for text in OPENINGS[language]:
            console.print(f"[dim]> {text}[/dim]")
            yield text
    while True:
        if sys.stdin.isatty():
            console.print("> ", end="")
        line = sys.stdin.readline()
        if not line:
            return
        yield line.rstrip("\n")


def _show(console: Console, shown: Mapping[str, Any]) -> None:
    if "event" in shown:
        fields = {key: value for key, value in shown.items() if key != "event" and value}
        console.print(f"[yellow]! {shown['event']}[/yellow] {json.dumps(fields, ensure_ascii=False)}")
    elif "text" in shown:
        parts = f"{shown['encoding']}, {shown['segments']} part(s)" if shown["encoding"] else "telegram"
        console.print(Panel(shown["text"], title=f"{shown['place']} ({shown['language']})", subtitle=parts, width=60))
