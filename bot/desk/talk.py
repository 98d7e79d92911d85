"""One talk: its words for the member who holds it and for nobody else; for the office only what happened to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from bot.desk import live, talks
from bot.desk.guard import Door
from bot.desk.labels import CHANNELS, LANGUAGES, TALK_EVENTS, TALK_OUTCOMES, TALK_STATES
from bot.desk.live import Part
from bot.desk.roles import OFFICE, TALKERS
from bot.desk.talk_acts import act, bound, drawn, member_of, once
from bot.desk.talk_words import held, her_of, reach_of
from bot.desk.visit import NotThere, Visit
from bot.members import giving, marks, words
from bot.members.giving import AT_ONCE
from bot.members.hands import Told
from bot.members.masking import masked
from bot.telling import WHAT
from bot.wording import translate
from flows.model import Channel, T
from flows.talked import Beside
from storage import members, relay_reading, relays
from storage.database import Connection, reading
from storage.members import Member
from storage.relays import Relay

LONGEST = 2000  # characters in one message
UNSENT = (words.RISKY, words.COST, words.ONLY_WORDS)  # told of these, she still has her words before her


def show(visit: Visit) -> Response:
    """The talk, as much of it as is open to whoever asks."""
    with reading(visit.desk.store.main) as db:
        member, relay = member_of(db, visit), _relay(db, visit)
        is_asked = member and relays.offered(db, relay.id).get(member.id) == "offered"
        mine = relays.in_hands(db, relay, member.id) if member else None
    if mine and member:
        return page(visit, member, mine)
    if is_asked and relay.state == "waiting":
        return visit.go("/desk/relays")
    if visit.staff.role not in OFFICE:
        raise NotThere
    return _seen(visit, relay)


def page(
    visit: Visit, member: Member, relay: Relay, told: Sequence[Told] = (), typed: str = "", status: int = 200
) -> Response:
    """The page of a talk in this member's hands."""
    return visit.page(
        "talk.html",
        status,
        **_words(visit, member, relay),
        told=drawn(told),
        typed=typed if {one.what for one in told} & set(UNSENT) else "",
        acts=_marks(visit, member, relay, "undo", "back", "over"),
        ready=_labelled(visit, member, relay, "ready", words.READY),
        refers=_labelled(visit, member, relay, "refer", _referable()),
        closes=_labelled(visit, member, relay, "close", words.OUTCOMES),
        longest=LONGEST,
        here=f"/desk/relays/{relay.tag}",
        languages_of=LANGUAGES,
        channels=CHANNELS,
    )


def hear(visit: Visit) -> Response:
    """The words of a talk, as they come; whoever held it once is told that she does not any more."""
    with reading(visit.desk.store.main) as db:
        member, relay = member_of(db, visit), _relay(db, visit)
        took = {one.by for one in relays.happened(db, relay.id) if one.what == "claimed"}
    if member is None or member.id not in took:
        raise NotThere
    return live.stream(visit, _part, "not hers")


def do(visit: Visit) -> Response:
    """A button of hers."""
    member, mark = bound(visit)
    beside = Beside(mark=visit.form["mark"], is_press=True)
    told = act(visit, member, beside, "", f"talk {mark.act}", visit.part("tag"))
    return _after(visit, member, told)


def say(visit: Visit) -> Response:
    """Her words for the survivor."""
    return _write(visit, "talk say", is_note=False)


def note(visit: Visit) -> Response:
    """A note for whoever holds the talk after her."""
    return _write(visit, "talk note", is_note=True)


def count(visit: Visit) -> Response:
    """What the words would take that she is writing: parts, and their cost."""
    with reading(visit.desk.store.main) as db:
        member, relay = member_of(db, visit), _relay(db, visit)
        if member is None or relays.in_hands(db, relay, member.id) is None:
            raise NotThere
        her = her_of(db, visit, relay)
    text = masked(visit.form.get("text", "").strip()[:LONGEST])
    by_sms = her.person.channel is Channel.SMS
    parts = giving.cost(text, her) if text else 0
    price = parts * visit.desk.settings.sms_part_cost
    return visit.page("talk_parts.html", parts=parts, price=price, by_sms=by_sms, most=AT_ONCE)


def _write(visit: Visit, action: str, *, is_note: bool) -> Response:
    member, _ = bound(visit)
    text = visit.form.get("text", "").strip()
    beside = Beside(mark=visit.form["mark"], is_reply=True)
    told = act(visit, member, beside, text, action, visit.part("tag"), is_note=is_note)
    return _after(visit, member, told, text)


def _after(visit: Visit, member: Member, told: Sequence[Told], typed: str = "") -> Response:
    """The talk again while she holds it, else all her talks, with what she is told, if it is anything."""
    with reading(visit.desk.store.main) as db:
        mine = relays.in_hands(db, _relay(db, visit), member.id)
    if mine is None:
        return talks.page(visit, told) if told else visit.go("/desk/relays")
    if told:
        return page(visit, member, mine, told, typed)
    return visit.go(f"/desk/relays/{mine.tag}#newest")


def _part(visit: Visit) -> Part:
    with reading(visit.desk.store.main) as db:
        member, relay = member_of(db, visit), _relay(db, visit)
        mine = relays.in_hands(db, relay, member.id) if member else None
        if mine is None or member is None:
            raise NotThere
        reach = reach_of(db, her_of(db, visit, mine), mine, visit.now)
        pulse = (relay_reading.pulse(db, mine, member.id), reach)

    def draw() -> str:
        return visit.draw("talk_now.html", **_words(visit, member, mine))

    return Part(pulse, draw)


def _words(visit: Visit, member: Member, relay: Relay) -> dict[str, Any]:
    return {
        "talk": held(visit, member, relay),
        "write": marks.make(visit.desk.store.sealer, relay, member.id, "menu"),
        "once": once(),
    }


def _seen(visit: Visit, relay: Relay) -> Response:
    """What happened to a talk, without a word of it."""
    with reading(visit.desk.store.main) as db:
        happened = relays.happened(db, relay.id)
        labels = members.labels(db)
    return visit.page(
        "talk_seen.html", relay=relay, happened=happened, labels=labels, states=TALK_STATES, outcomes=TALK_OUTCOMES,
        events=TALK_EVENTS, languages_of=LANGUAGES, channels=CHANNELS,
    )  # fmt: skip


def _relay(db: Connection, visit: Visit) -> Relay:
    relay = relays.of_tag(db, visit.part("tag"))
    if relay is None:
        raise NotThere
    return relay


def _referable() -> Mapping[str, T]:
    return {kind: label for kind, label in WHAT.items() if kind not in ("collective", "emergency")}


def _marks(visit: Visit, member: Member, relay: Relay, *acts: str) -> Mapping[str, str]:
    return {name: marks.make(visit.desk.store.sealer, relay, member.id, name) for name in acts}


def _labelled(
    visit: Visit, member: Member, relay: Relay, name: str, labels: Mapping[str, T]
) -> Sequence[tuple[str, str]]:
    """(mark, label in the language of the page) for each thing that an act can be about."""
    sealer = visit.desk.store.sealer
    return [
        (marks.make(sealer, relay, member.id, name, about), translate(label, visit.language))
        for about, label in labels.items()
    ]


DOORS = (
    *talks.DOORS,
    Door("/desk/relays/{tag}", "GET", show, TALKERS, reads="read talk"),
    Door("/desk/relays/{tag}/words", "GET", hear, TALKERS, reads="follow talk", kind="quiet"),
    Door("/desk/relays/{tag}/do", "POST", do, TALKERS),
    Door("/desk/relays/{tag}/say", "POST", say, TALKERS),
    Door("/desk/relays/{tag}/note", "POST", note, TALKERS),
    Door("/desk/relays/{tag}/parts", "POST", count, TALKERS),
)
