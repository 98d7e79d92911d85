"""The conversations that are written down for readers: the same talks in every language."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

from bot import telling
from bot.wording import word
from flows.engine import Engine, newcomer
from flows.model import Channel, Language, Moment, Said


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation to be held: what she sends, in each way of writing."""

    title: str
    lines: Mapping[Language, Sequence[str]]


def talks() -> Sequence[Talk]:
    """The conversations that are written down."""
    held = tomllib.loads(files("bot").joinpath("talks.toml").read_text(encoding="utf-8"))
    lines = [{Language(code): lines for code, lines in talk["lines"].items()} for talk in held["talk"]]
    return [Talk(talk["title"], said) for talk, said in zip(held["talk"], lines, strict=True)]


def held(engine: Engine, lines: Sequence[str], moment: Moment) -> Iterator[tuple[str, str]]:
    """What somebody new sends by SMS, and what she reads, message by message; nothing of it is kept anywhere."""
    standing = newcomer(Channel.SMS)
    for text in lines:
        turn = engine.advance(standing, Said(text), replace(moment, cold=standing.turn == 0))
        standing = turn.standing
        yield text, word(telling.without_database(turn.effects), standing.speaks).text
