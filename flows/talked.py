"""What the live talk adds to what passes between the parts: a member's side of a channel, and effects of its own."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Beside:
    """What a channel brings beside the words, of which only a member's side makes use."""

    command: str = ""  # the word of a command, without its slash
    link: str = ""  # what a deep link added
    mark: str = ""  # of the button that was pressed, or of the message that is answered
    is_press: bool = False
    is_reply: bool = False
    is_edit: bool = False
    chat: str = ""  # the group, where it was not written to us alone
    topic: int | None = None
    media: str = ""  # "photo:<file>" or "voice:<file>", by the name under which the channel can send it again


NOTHING_BESIDE = Beside()


_MEDIA = "\x01"  # before the name of a picture or a voice, where words are kept with one


def with_media(text: str, media: str) -> str:
    """Words and what came with them, as they are kept and sent together."""
    return f"{_MEDIA}{media}\n{text}" if media else text


def parted(kept: str) -> tuple[str, str]:
    """The words, and what came with them."""
    if not kept.startswith(_MEDIA):
        return kept, ""
    media, _, text = kept.removeprefix(_MEDIA).partition("\n")
    return text, media


@dataclass(frozen=True, slots=True)
class PassOn:
    """Her words go to the member who holds her talk: these, or else those she just sent."""

    text: str | None = None


@dataclass(frozen=True, slots=True)
class GiveHeld:
    """The member's words that waited are given to her: all, where she proved herself, else only the newest."""

    proved: bool


@dataclass(frozen=True, slots=True)
class Meet:
    """She knows from now on that a member is there."""


@dataclass(frozen=True, slots=True)
class AnotherPerson:
    """She wants somebody else in the place of the member who holds her talk."""


@dataclass(frozen=True, slots=True)
class KeepWords:
    """Whether whoever takes over may read what was said before."""

    keeps: bool


@dataclass(frozen=True, slots=True)
class AgreeNear:
    """Whether somebody who lives near her may answer."""

    agrees: bool


@dataclass(frozen=True, slots=True)
class KeepAnswer:
    """Her own word on what came of her request."""

    answer: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """She takes back her open requests."""


@dataclass(frozen=True, slots=True)
class AgreeReferral:
    """Whether the member may ask somebody else to help her, as she was asked."""

    agrees: bool


Talked: TypeAlias = (
    PassOn | GiveHeld | Meet | AnotherPerson | KeepWords | AgreeNear | KeepAnswer | Withdraw | AgreeReferral
)
