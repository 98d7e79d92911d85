"""Hearing: what was meant by a message, before any flow sees it. Pure, and never at a loss."""

from dataclasses import dataclass
from itertools import chain

from flows.hearing import commands, danger
from flows.hearing.choices import choice
from flows.hearing.commands import Command
from flows.hearing.courtesies import Courtesy, courtesy
from flows.hearing.fold import plain, remember
from flows.hearing.language import LATIN, language, sentences
from flows.hearing.numbers import LONGEST as LONGEST_NUMBER
from flows.hearing.numbers import number
from flows.hearing.phrases import read
from flows.hearing.weighing import scales
from flows.model import Danger, Language

__all__ = ["Command", "Courtesy", "Heard", "choice", "courtesy", "hear", "number"]

UNKNOWN = 1 / len(LATIN)  # the confidence where no letter tells anything
LONGEST = 1600  # letters that are listened to, half from either end; a text message has fewer


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: `sure` is false where Sathi asks before it acts."""

    language: Language | None
    confidence: float
    command: Command | None
    danger: Danger | None
    sure: bool


def hear(text: str) -> Heard:
    """What was meant: the language, a command, a danger, and whether that is sure."""
    if text.isdecimal() and len(text) <= LONGEST_NUMBER:  # most messages: there is nothing else in them to be heard
        return Heard(None, UNKNOWN, commands.RESERVED.get(number(text) or ""), None, sure=True)
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"
    words = read(text)
    spoken, confidence = language(text)
    commanded = _COMMANDS.command(text, words)
    endangered = None if commanded and commanded.whole and commanded.sure else _DANGERS.danger(words)
    if endangered and not endangered.sure and _COMMANDS.is_watched(commanded, words):
        endangered = None  # who is watched must not be asked about danger
    if endangered:
        return Heard(spoken, confidence, _beside(commanded), endangered.kind, endangered.sure)
    if commanded:
        return Heard(spoken, confidence, commanded.command, None, commanded.sure)
    return Heard(spoken, confidence, None, None, sure=True)


def _beside(commanded: commands.Commanded | None) -> Command | None:
    """Of the commands only a sure one is worth hearing beside a danger: it must never hide it."""
    if commanded is None or commanded.command in (Command.STOP, Command.FORGET):
        return None
    return commanded.command


_WEIGHTS = {name: scales(name) for name in ("commands", "dangers")}
_WRITTEN = {word for line in chain.from_iterable(map(sentences, LATIN)) for word in plain(line).split()}
_WRITTEN |= {word for weights in _WEIGHTS.values() for word in weights.words}
remember(" ".join(sorted(_WRITTEN)))
# Latin words that people write are never taken for a misspelling of another.
_KNOWN = read(" ".join(sorted(word for word in _WRITTEN if word.isascii())))
_COMMANDS = commands.Listener(_KNOWN, _WEIGHTS["commands"])
_DANGERS = danger.Listener(_WEIGHTS["dangers"])
