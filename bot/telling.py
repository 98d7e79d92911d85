"""What is told from the database: how her requests stand, and which collectives agreed to be named."""

from collections.abc import Iterable, Mapping, Sequence

from flows.model import Effect, GiveReturnCode, Offer, Say, ShowCollectives, ShowRequests, T
from flows.talking import TAKE_BACK
from storage.directory import Collective
from storage.referrals import OPEN, Referral

WHAT: Mapping[str, T] = {
    "counselling": T("A talk with a person"),
    "legal_aid": T("A free lawyer"),
    "collective": T("A women's group"),
    "emergency": T("Help at once"),
}
HOW: Mapping[str, T] = {
    "requested": T("waiting for a person"),
    "accepted": T("a person has taken it"),
    "in_progress": T("a person is at work on it"),
    "done": T("done"),
    "declined": T("it could not be done, ask a person why"),
    "unreachable": T("we could not reach you, write to us"),
    "withdrawn": T("taken back"),
}
FROM_MEMBER = T("Didi: {words}")
TO_TAKE_BACK = Say(T("To take it back write: {words}."), {"words": TAKE_BACK})
NO_REQUEST = T("Nothing of yours is written down here.")
NO_MORE_REQUESTS = T("That was all.")
NO_GROUP = T("I know of no group there yet. A person can look.")
NO_MORE_GROUPS = T("That was the last group I know of there.")


def requests(referrals: Sequence[Referral], page: int) -> tuple[Say, ...]:
    """One of her requests a page, newest first, without its content."""
    asked = [referral for referral in referrals if referral.kind != "information"]
    if page >= len(asked):
        return (Say(NO_MORE_REQUESTS if asked else NO_REQUEST),)
    referral = asked[page]
    told = _request(WHAT[referral.kind], HOW[referral.state], referral.code)
    return (told, TO_TAKE_BACK) if referral.state in OPEN else (told,)


def longest_request() -> tuple[Say, ...]:
    """What may be told of a request at its longest, for review."""
    return (_request(WHAT["counselling"], HOW["accepted"], "MM-9999"), TO_TAKE_BACK)


def longest_collective() -> tuple[Say, ...]:
    """What may be told of a collective at its longest, for review."""
    return (_collective("W" * 24, "0" * 24),)


def without_database(effects: Iterable[Effect]) -> tuple[Say | Offer, ...]:
    """What a turn says, with the longest that may be told in the place of what the database holds."""
    return tuple(one for effect in effects for one in _instead(effect))


def collectives(known: Sequence[Collective], page: int) -> tuple[Say, ...]:
    """One collective a page, by its neutral spoken name."""
    if page >= len(known):
        return (Say(NO_MORE_GROUPS if known else NO_GROUP),)
    collective = known[page]
    return (_collective(collective.spoken_name, collective.contact),)


def _instead(effect: Effect) -> tuple[Say | Offer, ...]:
    match effect:
        case Say() | Offer():
            return (effect,)
        case GiveReturnCode():
            return (Say(effect.sentence, {"code": "0000 0000"}),)
        case ShowRequests():
            return longest_request()
        case ShowCollectives():
            return longest_collective()
    return ()


def _request(what: T, how: T, code: str) -> Say:
    return Say(T("{what}: {how}. Code {code}."), {"what": what, "how": how, "code": code})


def _collective(name: str, contact: str) -> Say:
    return Say(T("{name}. Contact: {contact}."), {"name": name, "contact": contact})
