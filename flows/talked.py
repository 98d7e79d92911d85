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
    moved_to: str = ""  # the new number of that group


NOTHING_BESIDE = Beside()


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
