"""Commands: the words that work at every step, and whether Sathi may act on them without asking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flows.hearing.numbers import number
from flows.hearing.phrases import Phrases, Text, lists, read
from flows.hearing.weighing import Scales, features


class Command(StrEnum):
    """What she can always say, whatever step she stands at."""

    MENU = "menu"
    PERSON = "person"
    MORE = "more"
    EXIT = "exit"
    STOP = "stop"
    START = "start"
    FORGET = "forget"
    LANGUAGE = "language"
    HELP = "help"
    BACK = "back"
    STATUS = "status"
    REPEAT = "repeat"
    YES = "yes"
    NO = "no"
    SKIP = "skip"


RESERVED = {"0": Command.MENU, "00": Command.EXIT, "8": Command.MORE, "9": Command.PERSON}
SURELY = 50  # how much more must speak for a command than for anything else; weighing.MARGIN is quite sure
ALONE = 500  # ... and for a single word
ASKED_BACK = (Command.STOP, Command.FORGET)  # never acted on where they are only alike
SHORT = 9  # words a message may have that only holds a command
ORDER = (
    "stop", "forget", "status", "repeat", "language", "person", "help", "menu", "more", "back", "skip", "exit", "start",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command that was heard; `whole` where the message is nothing else."""

    command: Command
    sure: bool
    whole: bool


class Cores:
    """What remains of each phrase without the words that only carry it, in any order."""

    def __init__(self, named: Mapping[str, Sequence[str]], fillers: Sequence[str], *, spelled: bool) -> None:
        self._at = 0 if spelled else 1
        self._fillers = {word[self._at] for filler in fillers for word in read(filler)}
        self._names: dict[frozenset[str], str] = {}
        for name in sorted(named, key=_rank):
            for phrase in named[name]:
                if "=" not in phrase and (core := self._core(read(phrase))):
                    self._names.setdefault(core, name)

    def name(self, text: Text) -> str | None:
        """The name of the phrase that says the same with the same words."""
        return self._names.get(self._core(text)) if len(text) <= SHORT else None

    def _core(self, text: Text) -> frozenset[str]:
        return frozenset(word[self._at] for word in text) - self._fillers


class Listener:
    """The words of commands.toml, compiled once."""

    def __init__(self, known: Text, scales: Scales) -> None:
        self._scales = scales
        written = lists("commands.toml")
        self._polite = Phrases({"polite": written["polite"]["words"]}, {})
        self._people = Phrases({"people": written["polite"]["people"]}, {})
        self._watched = Phrases({"watched": written["watched"]["words"]}, {})
        self._cores = (
            Cores(written["whole"], written["fillers"]["words"], spelled=False),
            Cores(written["english"], written["fillers"]["english"], spelled=True),
        )
        self._whole = Phrases(written["whole"], written["english"], known)
        self._within = Phrases(written["within"], written["within_english"], known)
        self._unless = Phrases(written["unless"], written["unless_english"])

    def command(self, spoken: str, text: Text) -> Commanded | None:
        """The command that a message is or, if it is short, holds."""
        if reserved := RESERVED.get(number(spoken) or ""):
            return Commanded(reserved, sure=True, whole=True)
        if len(text) > SHORT + 6:
            return None
        bare = self._without_politeness(text)
        if not bare:
            return self._only_polite(text)
        return self._is(text, bare) or self._holds(text, bare) or self._likely(text)

    def is_watched(self, commanded: Commanded | None, text: Text) -> bool:
        """Whether she leaves because somebody looks at her phone."""
        return commanded is not None and commanded.command is Command.EXIT and bool(self._watched.found(text))

    def _is(self, text: Text, bare: Text) -> Commanded | None:
        for words in (text, bare):
            if name := _first(self._whole.whole(words)):
                return Commanded(Command(name), sure=True, whole=True)
        for words in (text, bare):
            if name := _first(self._whole.whole(self._whole.mended(words))):
                return Commanded(Command(name), sure=Command(name) not in ASKED_BACK, whole=True)
        return None

    def _holds(self, text: Text, bare: Text) -> Commanded | None:
        forbidden = self._unless.found(text)
        for cores in self._cores:
            if (name := cores.name(text)) and name not in forbidden:
                return Commanded(Command(name), sure=Command(name) not in ASKED_BACK, whole=False)
        if len(bare) > SHORT:
            return None
        mended = self._within.mended(text)
        for words in (text,) if mended == text else (text, mended):
            name = _first([name for name in self._within.found(words) if name not in forbidden])
            if name:
                return Commanded(Command(name), sure=Command(name) not in ASKED_BACK, whole=False)
        return None

    def _likely(self, text: Text) -> Commanded | None:
        """The command that the words are likest to be, if by enough."""
        if any(key.isdecimal() for _, key in text):
            return None
        told = self._scales.weigh(features(text))
        most, second = sorted(told, key=told.__getitem__, reverse=True)[:2]
        enough = SURELY if len(text) > 1 else ALONE
        if most == "none" or told[most] - max(told[second], told["none"]) < enough:
            return None
        return Commanded(Command(most), sure=Command(most) not in ASKED_BACK, whole=False)

    def _without_politeness(self, text: Text) -> Text:
        return [word for word in text if not self._polite.whole([word])]

    def _only_polite(self, text: Text) -> Commanded | None:
        if name := _first(self._whole.whole(text)):
            return Commanded(Command(name), sure=True, whole=True)
        called = len(text) == 1 and self._people.whole(text)
        agreed = [word for word in text if self._whole.whole([word]) == ["yes"]]
        if called or (self._people.found(text) and len(text) == 2 and not agreed and text[0][0] in _CALLS):
            return Commanded(Command.PERSON, sure=True, whole=True)
        return Commanded(Command.YES, sure=True, whole=True) if agreed else None


_CALLS = ("o", "oh", "hey", "please", "plz", "pls", "didi")


def _first(names: Sequence[str]) -> str | None:
    """The name that goes first where a text could be several."""
    return min(names, key=_rank, default=None)


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)
