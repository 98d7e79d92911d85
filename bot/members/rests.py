"""Rest: members are survivors too, and whoever has held talks for long is asked to lay them down for a while."""

from datetime import datetime, timedelta

from bot.members import choosing, letters, words
from bot.members.letters import Note
from bot.turn import House
from flows.model import Say
from storage import members
from storage.database import reading, writing

LONG = timedelta(hours=2)


def prompt_due(house: House, now: datetime) -> None:
    """Remind every member to rest who has held a talk for two hours, at most once in two hours."""
    with reading(house.store.main) as db:
        tired = members.busy_since(db, now - LONG)
    for member_id in tired:
        with writing(house.store.main) as db:
            member = members.read(db, member_id, lock=True)
            if member is None or not member.is_active or not choosing.is_on_duty(member, now):
                continue
            if member.prompted_at and now - member.prompted_at < LONG:
                continue
            members.prompted(db, member_id, now)
            letters.tell(db, house.store, member, Note(letters.say(member, Say(words.BREAK))), now)
