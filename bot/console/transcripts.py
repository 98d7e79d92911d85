"""Conversations written down for readers: the same talks in every language, taken on the real path."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.console.play import PROVIDER, Line, Player, scratch_player
from bot.talks import talks
from flows.model import Channel, Inbound, Language

AT = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # a Wednesday, half past eleven in India


def write_transcripts(folder: Path) -> None:
    """Hold every talk in every language on a new database, and write one file a language."""
    folder.mkdir(parents=True, exist_ok=True)
    with scratch_player() as player:
        for number, language in enumerate(Language):
            text = "\n".join(_written(player, language, number))
            (folder / f"{language.value}.md").write_text(text, encoding="utf-8")


def _written(player: Player, language: Language, number: int) -> Iterator[str]:
    yield f"# Conversations, {language.value}\n"
    yield "Drafted; awaits native readers. `>` she writes, `<` Sathi answers, `!` what was logged.\n"
    for turn, talk in enumerate(talks()):
        yield f"## {talk.title}\n\n```"
        address = f"sms:+91555{number:03d}{turn:04d}"
        for step, text in enumerate(talk.lines[language]):
            yield f"> {text}"
            message = Inbound(PROVIDER, f"{address}:{step}", Channel.SMS, address, PROVIDER, text)
            line = Line(str(step), AT + timedelta(minutes=step), message)
            yield from _shown(player.answer(line))
        yield "```\n"


def _shown(answers: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    for answer in answers:
        if "text" in answer:
            first, *rest = answer["text"].split("\n")
            yield f"< {first}"
            yield from (f"    {line}" for line in rest)
        elif "event" in answer:
            yield f"! {answer['event']} {answer.get('kind', '')} {answer.get('state', '')}".rstrip()
