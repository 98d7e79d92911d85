"""What a member does with a talk from the desk: the same acts, by the same functions, as from her phone."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot import relay
from bot.desk.visit import NotThere, Visit
from bot.members import marks
from bot.members.hands import AtDesk, Told
from bot.members.marks import Mark
from flows.model import Channel, Inbound
from flows.talked import Beside
from storage import members, relays
from storage.database import Connection, reading
from storage.members import Member

PROVIDER = "desk"


@dataclass(frozen=True, slots=True)
class Button:
    """A button under what she is told: its mark, the talk it is of, and its label."""

    mark: str
    tag: str
    label: str


def member_of(db: Connection, visit: Visit) -> Member | None:
    """The member of a collective that whoever is signed in is, if she is one and was not revoked."""
    member = members.read(db, visit.staff.member_id) if visit.staff.member_id else None
    return member if member and member.is_active else None


def once() -> str:
    """What makes a form act once, however often it is sent."""
    return secrets.token_urlsafe(12)


def bound(visit: Visit) -> tuple[Member, Mark]:
    """Who acts, and the mark that binds her act to the talk of this path.

    Raises:
        NotThere: she is no member, or Sathi made no such mark for her and this talk.
    """
    mark = marks.read(visit.form.get("mark", ""))
    with reading(visit.desk.store.main) as db:
        member, talk = member_of(db, visit), relays.of_tag(db, visit.part("tag"))
    if member is None or talk is None or mark is None or mark.tag != talk.tag:
        raise NotThere
    if not marks.is_genuine(visit.desk.store.sealer, mark, talk, member.id):
        raise NotThere
    return member, mark


def act(
    visit: Visit, member: Member, beside: Beside, text: str, action: str, subject: str, *, is_note: bool = False
) -> Sequence[Told]:
    """Do as if she had pressed or written this on her phone, and say what she is told of it.

    It goes by the name of her form, so that a form which is sent twice acts once.
    """
    name = "\n".join((visit.staff.id, visit.form.get("once") or once(), action, beside.mark, text))
    # A member's side of a talk has but this one channel; nothing is sent by it, since the desk tells her on the page.
    message = Inbound(PROVIDER, name, Channel.TELEGRAM, "", "", text, beside=beside)
    desk = AtDesk(visit.language, lambda db: visit.note(db, action, subject), is_note)
    relay.take_said(visit.desk.house, member, message, visit.now, desk)
    visit.desk.taking.ring()
    return desk.told


def drawn(told: Sequence[Told]) -> list[tuple[str, list[Button]]]:
    """What she is told, each with the buttons under it."""
    return [(one.text, _buttons_of(one)) for one in told]


def _buttons_of(told: Told) -> list[Button]:
    """That of the menu is left out, since all of it stands on the page."""
    read = ((mark, marks.read(mark), label) for mark, label in told.buttons)
    return [Button(mark, found.tag, label) for mark, found, label in read if found and found.act != "menu"]
