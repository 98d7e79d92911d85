"""What passes between the parts of Sathi: messages, places, standings and effects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

from flows.sources import NO_CHECKS, Checks
from flows.staged import SetStage
from flows.talked import NOTHING_BESIDE, Beside, Talked


class Channel(StrEnum):
    """How her words travel; the two differ in length, cover and buttons."""

    SMS = "sms"
    TELEGRAM = "telegram"


class Language(StrEnum):
    """The five ways of writing that Sathi hears and answers in."""

    EN = "en"
    BN = "bn"
    HI = "hi"
    BN_LATN = "bn_Latn"
    HI_LATN = "hi_Latn"


class Danger(StrEnum):
    """The three kinds of danger that bring a person."""

    DANGER = "danger"
    SELF_HARM = "self_harm"
    CHILD = "child_danger"


@dataclass(frozen=True, slots=True)
class T:
    """An English sentence that the catalogues translate."""

    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """A name that no catalogue holds (a district, an office), in each way of writing."""

    words: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Received:
    """What an HTTP request brought: header names in lower case, the body as it came."""

    headers: Mapping[str, str]
    body: bytes
    query: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message as a provider delivered it."""

    provider: str
    external_id: str  # equal for a redelivery, different for anything else
    channel: Channel
    address: str  # "sms:<E.164>" or "telegram:<id>"
    line: str  # our own number or bot, to which it was sent
    text: str
    has_media: bool = False
    pressed_in: int | None = None  # the turn under whose message a button was pressed
    beside: Beside = NOTHING_BESIDE


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way to a provider."""

    id: str
    channel: Channel
    address: str
    text: str
    turn: int = 0
    buttons: tuple[tuple[str, str], ...] = ()  # (key, label), for channels that show them
    lifetime: timedelta = timedelta(hours=1)  # how long the provider may go on trying
    topic: int | None = None  # of a group, where the chat is one
    media: str = ""  # as in Beside


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider reported of a message it took earlier."""

    outbox_id: str | None
    external_id: str | None
    state: Literal["sent", "delivered", "failed", "stopped"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A member of staff says that an alert was seen."""

    alert_id: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where she stands: a flow and a step in it, by name."""

    flow: str
    step: str

    def __str__(self) -> str:
        return f"{self.flow}.{self.step}"


@dataclass(frozen=True, slots=True)
class Standing:
    """All that one conversation carries from one turn to the next; coded, but for the question."""

    place: Place
    channel: Channel
    language: Language | None = None
    covered: bool = True
    waiting: Place | None = None  # the step that the cover hides
    offered: tuple[str, ...] = ()  # stable names of the choices last shown, in order
    page: int = 0  # which page of a paged step she last saw
    slots: Mapping[str, str] = field(default_factory=dict)
    misses: int = 0
    question: str | None = None  # asked under the cover, kept 30 minutes
    proved: bool = False  # she gave her return code in this talk
    opted_out: bool = False
    turn: int = 0

    @property
    def speaks(self) -> Language:
        """The language of what she reads now; under the cover it follows only what was just written."""
        heard = self.slots.get("covered_in")
        if self.covered:
            return Language(heard) if heard else Language.EN
        return self.language or Language.EN


@dataclass(frozen=True, slots=True)
class Said:
    """What she sent, with what only the edge can know of it."""

    text: str
    has_media: bool = False
    pressed_in: int | None = None
    code_is_hers: bool | None = None  # None: no return code in the words
    unread: bool = False  # what we last said to her did not leave us
    talking: Literal["", "new", "met"] = ""  # a member holds her talk: she does not know yet, or she does
    has_code: bool = False  # she was given a return code; known only while a member holds her talk


@dataclass(frozen=True, slots=True)
class Moment:
    """The hour she writes in, as the conversation needs it; all times are India's."""

    now: datetime
    cold: bool  # 30 idle minutes or more lie before this message
    on_duty: bool
    opens: datetime  # when somebody will next look, if nobody is on duty
    runs_line: str = ""  # who runs the line; empty where it is not set
    child_person: str = ""  # the named person who decides on a report for a child
    checks: Checks = NO_CHECKS  # what staff said of the facts since this release


@dataclass(frozen=True, slots=True)
class Offered:
    """One numbered choice as it is shown."""

    key: str  # "1" to "7"; "8", "9", "0" and "00" among the hints
    name: str  # stable, stored; never the translated label
    label: T | Named


Value: TypeAlias = "str | int | T | Named | Say | date | datetime | tuple[Value, ...]"


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence for her; the values fill its {names}."""

    sentence: T
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """The numbered choices that stand under what is said, and after them what always works."""

    choices: tuple[Offered, ...] = ()
    hints: tuple[Offered, ...] = ()


@dataclass(frozen=True, slots=True)
class LogReferral:
    """A row of the referral log; a second open one of the same kind is not made."""

    kind: str
    state: str = "requested"
    outcome: str | None = None
    need: str | None = None
    district: str | None = None


@dataclass(frozen=True, slots=True)
class AddToReferral:
    """A coded answer that belongs to her open referral of this kind."""

    kind: str
    name: Literal["district", "age", "need", "contact", "safety", "collective"]
    value: str


@dataclass(frozen=True, slots=True)
class AlertStaff:
    """A content-free alert, repeated until acknowledged."""

    kind: Literal["danger", "self_harm", "child_danger", "person"]


@dataclass(frozen=True, slots=True)
class OpenRelay:
    """A place in the line of survivors who wait for a member."""


@dataclass(frozen=True, slots=True)
class GiveReturnCode:
    """Her eight digits, shown once, in the sentence's {code}."""

    sentence: T


@dataclass(frozen=True, slots=True)
class KeepSafeContact:
    """She allows us to write first, within these hours of India, for 30 days."""

    first_hour: int
    last_hour: int


@dataclass(frozen=True, slots=True)
class DropSafeContact:
    """We may not write first."""


@dataclass(frozen=True, slots=True)
class ShowRequests:
    """How her own requests stand, without their content; page 0 is the newest."""

    page: int


@dataclass(frozen=True, slots=True)
class ShowCollectives:
    """One collective of her district that agreed to be named; page 0 is the first."""

    district: str
    page: int


@dataclass(frozen=True, slots=True)
class CancelWaiting:
    """Nothing that still waits for her is sent."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Erase her now."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """Send her nothing more."""


@dataclass(frozen=True, slots=True)
class OptIn:
    """She wants to hear from us again."""


Logged: TypeAlias = LogReferral | AddToReferral | AlertStaff | OpenRelay
Shown: TypeAlias = GiveReturnCode | ShowRequests | ShowCollectives
Set: TypeAlias = SetStage | KeepSafeContact | DropSafeContact | CancelWaiting | Forget | OptOut | OptIn
Effect: TypeAlias = Say | Offer | Logged | Shown | Set | Talked


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message leads to: where she stands now, and what is to be done."""

    standing: Standing
    effects: tuple[Effect, ...] = ()
