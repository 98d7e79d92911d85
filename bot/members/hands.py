"""A member's hands: what she sent, and what it takes to act on it inside one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.codes import ReturnCode
from bot.members import letters, marks, words
from bot.members.bringing import Bringing
from bot.members.giving import Her
from bot.members.letters import Note
from bot.turn import House
from bot.wording import sentence
from flows.model import Inbound, Language, Say, T, Value
from storage import relays
from storage.database import Connection
from storage.members import Member
from storage.relays import Relay
from storage.seal import PersonKey


@dataclass(frozen=True, slots=True)
class Told:
    """What a member is told on the page where she acted, and what she may press under it."""

    what: T
    text: str
    buttons: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class AtDesk:
    """What is other where she acts at the desk: she is told on the page, a note is one from its first letter on.

    `note` writes into the journal what she did. It is called last, since on PostgreSQL whoever writes there waits for
    others, and must hold nothing meanwhile that they wait for.
    """

    language: Language
    note: Callable[[Connection], None]
    is_note: bool = False
    told: list[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Hands:
    """One message of a member while it is acted on; her row is locked."""

    db: Connection
    house: House
    member: Member
    key: PersonKey
    message: Inbound
    spare: ReturnCode
    now: datetime
    desk: AtDesk | None = None

    def bringing(self, her: Her) -> Bringing:
        """What it takes to bring the survivor somewhere."""
        return Bringing(self.house, her, self.spare, self.now)

    def tell(
        self, what: T, relay: Relay | None = None, buttons: Sequence[tuple[str, str]] = (), **values: Value
    ) -> None:
        """Tell the member something in her own language."""
        filled = {"tag": relay.tag or "" if relay else "", **values}
        if self.desk:
            self.desk.told.append(Told(what, self.say(Say(what, filled)), buttons))
            return
        here = relays.in_hands(self.db, relay, self.member.id)
        note = Note(self.say(Say(what, filled)), buttons, relay=here)
        letters.tell(self.db, self.house.store, self.member, note, self.now)

    def say(self, what: Say) -> str:
        """A sentence in her own language, or in that of the page where she acts."""
        return sentence(what, self.desk.language) if self.desk else letters.say(self.member, what)

    def refuse(self) -> Relay | None:
        """Tell her kindly that nothing was sent: what she answered is not in her hands; and so there is no talk."""
        self.tell(words.STALE)
        return None

    def button(self, relay: Relay, act: str, label: T, about: str = "") -> tuple[str, str]:
        """A button that is bound to this talk while it is in these hands."""
        mark = marks.make(self.house.store.sealer, relay, self.member.id, act, about)
        return mark, self.say(Say(label))

    def menu_button(self, relay: Relay) -> tuple[str, str]:
        """The button that every message of a talk carries; an answer to such a message is bound by it."""
        return self.button(relay, "menu", words.MENU)
