"""Passing a talk on: to anybody, or to a collective where somebody is on duty now who may answer her."""

import base64
from collections.abc import Mapping
from hashlib import sha256

from bot.members import choosing, hers, marks, rings, words
from bot.members.bringing import bring
from bot.members.choosing import Ring
from bot.members.giving import Her
from bot.members.hands import Hands
from bot.members.marks import Mark
from flows.model import Place
from storage import directory
from storage.relays import Relay

KEEP = Place("talk", "keep")
HANDED = Place("talk", "handed")
ANYBODY = "anybody"
_KEY = 10  # letters of a collective's key: an id is longer than a button carries


def pass_over(hands: Hands, relay: Relay, her: Her, mark: Mark) -> None:
    """To another member; she is asked whether what was said goes with it, and where she cannot be, it does not."""
    others = collectives(hands, relay, her)
    if mark.about != ANYBODY and mark.about not in others and (others or mark.about):
        return _ask_whom(hands, relay, others)
    to = others.get(mark.about)
    if bring(hands.db, hands.bringing(her), KEEP, passed_to=to.id if to else ""):
        return hands.tell(words.ASKED_HER, relay)
    release(hands, relay, her, "transferred", to.id if to else None)
    hands.tell(words.KEEPS_NOT, relay)
    return None


def release(hands: Hands, relay: Relay, her: Her, why: str, to: str | None = None) -> None:
    """Out of these hands and back into the line; what was said before goes to nobody."""
    if hers.release(hands.db, relay, hands.now, why=why, by=hands.member.id, keeps=False, to=to):
        bring(hands.db, hands.bringing(her), HANDED)


def collectives(hands: Hands, relay: Relay, her: Her) -> Mapping[str, directory.Collective]:
    """The other collectives where somebody may take the talk now, by a short key, in the order of their names."""
    roster = rings.roster_of(hands.db)
    able = choosing.choose(rings.asked_of(hands.db, relay, her), roster, Ring.EVERYBODY, hands.now)
    there = {member.post.collective for member in able} - {hands.member.post.collective}
    found = [one for one in directory.all_of(hands.db) if one.id in there]
    return {_key(one.id): one for one in sorted(found, key=_shown)}


def _ask_whom(hands: Hands, relay: Relay, others: Mapping[str, directory.Collective]) -> None:
    sealer, member = hands.house.store.sealer, hands.member.id
    named = [(marks.make(sealer, relay, member, "over", key), _shown(one)) for key, one in others.items()]
    hands.tell(words.TO_WHOM, relay, [hands.button(relay, "over", words.ANYBODY, ANYBODY), *named])


def _shown(collective: directory.Collective) -> str:
    """A collective by its neutral name, since others see a member's phone too."""
    return collective.spoken_name or collective.name


def _key(collective_id: str) -> str:
    return base64.b32encode(sha256(collective_id.encode()).digest())[:_KEY].decode().lower()
