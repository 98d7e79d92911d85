"""The words that a flow is written in; a flow is data, and these are all its forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flows.model import Effect, Language, T

Hint: TypeAlias = Literal["more", "skip", "person", "another", "list", "close"]

RESTING: tuple[Hint, ...] = ("person", "list")


@dataclass(frozen=True, slots=True)
class Choice:
    """One numbered answer: its stable name, what she reads, and where it leads.

    `also` are words she may write for it besides its label in any language; `keeps` is what is known from then on,
    such as the fact that is told where it leads; `speaks` is the language from then on.
    """

    name: str
    label: T
    goto: str
    also: tuple[str, ...] = ()
    does: tuple[Effect, ...] = ()
    keeps: Mapping[str, str] = field(default_factory=dict)
    speaks: Language | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Numbered choices that come from the facts: their names are kept as the answer."""

    of: Literal["facts", "matches"]
    keep_as: str
    goto: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with numbered answers.

    `adds` names the column of her open referral that the answer goes to; `off_duty` is said
    instead when nobody is there to read; `skip` is where `8` leads; `first_time` is said once, on SMS.
    Where it tells a fact, it says that fact's first page in the place of a sentence, and `8` tells the rest.
    Where it `needs_yes`, a nod is no answer: "ok" may be said to anything, and a child may say it too.
    """

    name: str
    sentence: T | None
    choices: tuple[Choice, ...] | Listing
    tells: str | None = None
    off_duty: T | None = None
    skip: str | None = None
    keep_as: str | None = None
    adds: Literal["district", "age", "need", "contact", "safety", "collective"] | None = None
    hints: tuple[Hint, ...] = ()
    back: str = "menu.list"
    first_time: T | None = None
    needs_yes: bool = False


@dataclass(frozen=True, slots=True)
class Collect:
    """A question answered in her own words, of which only a code is kept.

    `again` is said where the words were not understood; `unless` makes it needless once she is proved.
    """

    name: str
    sentence: T
    of: Literal["district", "code"]
    keep_as: str
    goto: str
    again: T
    skip: str | None = None
    unless: Literal["proved"] | None = None
    hints: tuple[Hint, ...] = ()
    back: str = "menu.list"


@dataclass(frozen=True, slots=True)
class Tell:
    """Something said, page by page where `pages` names a source; `then` passes on at once."""

    name: str
    sentence: T | None = None
    pages: Literal["fact", "requests", "collectives"] | None = None
    off_duty: T | None = None
    then: str | None = None
    does: tuple[Effect, ...] = ()
    hints: tuple[Hint, ...] = RESTING
    back: str = "menu.list"


@dataclass(frozen=True, slots=True)
class Refer:
    """A row in the referral log; what she answers next belongs to it."""

    name: str
    kind: Literal["information", "counselling", "collective", "legal_aid", "emergency"]
    then: str
    state: Literal["requested", "done"] = "requested"
    need: str | None = None
    does: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Connect:
    """A place in the line of survivors who wait for a member."""

    name: str
    then: str


@dataclass(frozen=True, slots=True)
class End:
    """The end of a flow; she may write anything next."""

    name: str
    sentence: T | None = None
    does: tuple[Effect, ...] = ()
    hints: tuple[Hint, ...] = RESTING
    back: str = "menu.list"


Step: TypeAlias = Ask | Collect | Tell | Refer | Connect | End


@dataclass(frozen=True, slots=True)
class Flow:
    """A named run of steps; the first is where it begins."""

    name: str
    steps: tuple[Step, ...]
