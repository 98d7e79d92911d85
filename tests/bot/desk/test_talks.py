"""Talks at the desk: a member without Telegram answers here; whoever holds a talk reads it, and nobody else."""

import html
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from bot import members_roster
from bot.console import staff as staff_command
from bot.members import words
from flows.model import Channel, Inbound
from flows.talked import Beside
from storage import journal, members, referrals, relay_words, relays
from storage.database import Engine, reading, writing
from storage.staff import Role
from storage.tables import journal as log
from tests.bot.desk.talking import DeskLane, claimed
from tests.bot.members.lane import HER
from tests.bot.safety.strange import strange


def test_a_member_without_telegram_answers(lane: DeskLane) -> None:
    """From the offer to the outcome by the desk alone, and words travel both ways."""
    rina = lane.seat("north-1")
    assert "Nobody waits for you now" in rina.open()
    tag = lane.asks()
    assert tag in rina.open()
    assert "is yours" in rina.take(tag)
    assert lane.read_by(HER)[-1].startswith("A person is here and reads what you write.")
    lane.write(HER, "the office gave me a form")
    rina.open(tag)
    assert rina.reads == ["the office gave me a form"]
    rina.write(tag, "I read it. Does the paper have a date on it?")
    assert lane.read_by(HER)[-1] == "Didi: I read it. Does the paper have a date on it?"
    assert "sent" in rina.shown.text
    rina.press("Does the paper have a date on it?", tag)
    assert lane.read_by(HER)[-1] == "Didi: Does the paper have a date on it?"
    assert "is closed" in rina.press("She was helped", tag)
    assert lane.read_by(HER)[-1].startswith("The person has closed this talk. May we write to you first?")
    assert "No longer in your hands" in rina.open()
    with reading(lane.store.main) as db:
        (log,) = [one for one in referrals.of_person(db, lane.person(HER).id) if one.kind == "counselling"]
        (talk,) = relays.listed(db)
        told = [one.what for one in relays.happened(db, talk.id)]
    assert (log.state, log.outcome) == ("done", "helped")
    assert told == ["claimed", "said", "said", "closed"]


def test_both_places_work(lane: DeskLane) -> None:
    """Whoever has a phone too reads the survivor in both, and what she wrote here stands there as well."""
    phone = lane.member("north-1", 1)
    rina = lane.seat("north-1")
    tag = lane.asks()
    rina.take(tag)
    lane.write(HER, "are you there")
    assert phone.last == "are you there"
    rina.open(tag)
    rina.write(tag, "I am here")
    assert phone.last == "You wrote at the desk: I am here"
    phone.write("and now from my phone")
    rina.open(tag)
    assert rina.reads == ["are you there", "I am here", "and now from my phone"]
    assert [one for one in lane.read_by(HER) if "Didi" in one][-2:] == [
        "Didi: I am here",
        "Didi: and now from my phone",
    ]


@pytest.mark.parametrize("go", range(3))
def test_desk_and_telegram_race(lane: DeskLane, go: int) -> None:
    """Two members press at the same moment, one here and one on her phone: exactly one holds the talk."""
    phone, desk = lane.member("north-1", 1), lane.seat("north-2")
    tag = lane.asks()
    desk.open()
    taken, mark, ready = phone.button("I take it"), desk.mark("I take it"), threading.Barrier(2)

    def by_phone() -> None:
        ready.wait()
        phone.lane.bring_quietly(_press(phone.address, taken, go))

    def at_desk() -> None:
        ready.wait()
        desk.browser.post(f"/desk/relays/{tag}/do", {"mark": mark, "once": "1"})

    both = [threading.Thread(target=one) for one in (by_phone, at_desk)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    lane.deliver()
    with reading(lane.store.main) as db:
        relay = lane.relay()
        claims = [one.by for one in relays.happened(db, relay.id) if one.what == "claimed"]
        told = sum("is yours" in text for text in phone.reads)
    assert claims == [relay.member_id]
    desk.open(tag)
    assert (told, desk.shown.status_code == 200) in ((1, False), (0, True))


def _press(address: str, mark: str, number: int) -> Inbound:
    return Inbound(
        "telegram", f"race:{number}", Channel.TELEGRAM, address, "bot", "", beside=Beside(mark, is_press=True)
    )


def test_too_late(lane: DeskLane) -> None:
    """Whoever comes second is told so, and the talk is not there for her."""
    rina, mina = lane.seat("north-1"), lane.seat("north-2")
    tag = lane.asks()
    mina.open()
    rina.take(tag)
    assert words.TOO_LATE.text in mina.press("I take it", tag)
    mina.open(tag)
    assert mina.shown.status_code == 404


def test_a_talk_is_only_for_whoever_holds_it(lane: DeskLane) -> None:
    """Another member's talk is not there; the office sees that it is, and not one word of it."""
    rina, tag = claimed(lane)
    other, boss = lane.seat("north-2"), lane.office
    boss.hire("anita", Role.COORDINATOR)
    lane.write(HER, "a word that is mine")
    rina.open(tag)
    for path in (f"/desk/relays/{tag}", f"/desk/relays/{tag}/words", "/desk/relays/ZZZZZZ"):
        assert other.browser.get(path).status_code == 404, path
    for door in ("do", "say", "note", "parts"):
        form = {"mark": rina.mark("Give it back"), "text": "x", "once": "1"}
        assert other.browser.post(f"/desk/relays/{tag}/{door}", form).status_code == 404, door
    anita = boss.signed_in("anita")
    seen = anita.get(f"/desk/relays/{tag}").text
    assert "A member took the talk" in seen
    assert "a word that is mine" not in seen
    assert "north-1" in anita.get("/desk/relays").text
    assert anita.get(f"/desk/relays/{tag}/words").status_code == 404
    assert anita.post(f"/desk/relays/{tag}/say", {"mark": rina.mark("Give it back"), "text": "x"}).status_code == 404
    assert lane.relay().state == "claimed"


def test_staff_who_are_members_answer(lane: DeskLane) -> None:
    """A coordinator who is a member too holds talks as one."""
    rina = lane.seat("north-1", Role.COORDINATOR)
    tag = lane.asks()
    rina.take(tag)
    lane.write(HER, "hello")
    rina.open(tag)
    assert rina.reads == ["hello"]


def test_words_of_an_old_page_go_nowhere(lane: DeskLane) -> None:
    """A mark of before the talk left these hands is refused kindly; one that Sathi never made is not there."""
    rina, tag = claimed(lane)
    rina.open(tag)
    old = rina.mark("Give it back")
    before = len(lane.carrier.took)
    rina.press("Give it back", tag)
    assert words.STALE.text in rina.write(tag, "too late", mark=old.replace("m:back", "m:menu"))
    assert words.STALE.text in rina.press("", tag, mark=old)
    forged = old[:-1] + ("a" if old[-1] != "a" else "b")
    rina.write(tag, "forged", mark=forged)
    assert rina.shown.status_code == 404
    assert not [one.text for _, one in lane.carrier.took[before:] if "Didi" in one.text]


def test_a_form_acts_once(lane: DeskLane) -> None:
    """A form that is sent twice says its words once."""
    rina, tag = claimed(lane)
    form = {"mark": rina.mark("Give it back").replace("m:back", "m:menu"), "text": "once", "once": "the same"}
    for _ in range(2):
        rina.browser.post(f"/desk/relays/{tag}/say", form)
    lane.deliver()
    assert lane.read_by(HER).count("Didi: once") == 1


@pytest.mark.parametrize(
    "payload",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7 * 7 }}", "\u202eevil", '" onfocus="alert(1)'],
)
def test_what_she_writes_is_text(lane: DeskLane, payload: str) -> None:
    """Whatever she writes stands in the page as she typed it, and is nothing else there."""
    rina, tag = claimed(lane)
    lane.write(HER, payload)
    page = rina.open(tag)
    assert [html.unescape(one) for one in rina.reads] == [payload]
    assert "<script>" not in page.replace("<script src=", "")
    assert "<img" not in page


def test_she_ends_it(lane: DeskLane) -> None:
    """STOP and forgetting take the talk from the desk at once; her words are nowhere."""
    rina, tag = claimed(lane)
    lane.write(HER, "my words")
    rina.open(tag)
    lane.write(HER, "forget me", "1")
    rina.open(tag)
    assert rina.shown.status_code == 404
    with reading(lane.store.main) as db:
        assert relay_words.said_before(db, relays.listed(db)[0].id) == []


def test_whoever_is_disabled_holds_nothing(lane: DeskLane, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member who answers only here and may not sign in any more is asked nothing, and her talk waits for others."""
    rina, _ = claimed(lane)

    @contextmanager
    def opened(_settings: object) -> Iterator[Engine]:
        yield lane.store.main

    monkeypatch.setattr(staff_command, "opened", opened)
    monkeypatch.setattr(staff_command, "read", lambda: None)
    monkeypatch.setattr(staff_command, "now", lane.clock)
    staff_command.disable("north-1")
    assert lane.relay().state == "waiting"
    assert rina.browser.get("/desk/relays").status_code == 303
    with reading(lane.store.main) as db:
        assert not members.of_label(db, "north-1").is_active  # type: ignore[union-attr]


def test_a_member_who_was_revoked(lane: DeskLane) -> None:
    """She may still sign in, and finds no talk."""
    rina, tag = claimed(lane)
    with writing(lane.store.main) as db:
        members_roster.revoke_label(db, "north-1", lane.clock())
    assert rina.browser.get(f"/desk/relays/{tag}").status_code == 404
    assert "not a member of a collective here any more" in rina.open()
    assert lane.relay().state == "waiting"


def test_rest(lane: DeskLane) -> None:
    """Away means that nobody is sent to her, and back that they are."""
    rina = lane.seat("north-1")
    rina.browser.post("/desk/relays/rest", {"hours": "2", "once": "a"})
    assert "You are away until" in rina.open()
    lane.asks()
    assert "I take it" not in rina.open()
    rina.browser.post("/desk/relays/rest", {"hours": "", "once": "b"})
    assert "You are away until" not in rina.open()


def test_all_of_it_is_in_the_journal(lane: DeskLane) -> None:
    """Opening, taking, writing, closing: coded, with no word that was said, and the chain holds."""
    rina, tag = claimed(lane)
    rina.open(tag)
    rina.write(tag, "a word of mine")
    rina.press("She was helped", tag)
    with reading(lane.store.main) as db:
        assert journal.verify(db) is None
        said = [(one.action, one.subject) for one in db.execute(select(log))]
    for line in (("talk take", tag), ("talk say", tag), ("talk close", tag), ("read talk", f"relays/{tag}")):
        assert line in said, line
    assert "a word of mine" not in str(said)


def test_strange_words_stand_in_the_page(lane: DeskLane) -> None:
    """Naughty strings, halves of letters, signs of every kind: the page is answered, and has no tag more for them."""
    rina, tag = claimed(lane)
    plain = Tags.of(rina.open(tag))
    person, key = lane.person(HER), lane.store.key_of(lane.person(HER).id)
    relay = lane.relay()
    assert key
    with writing(lane.store.main) as db:
        for number, text in enumerate(strange(400), 1):
            relay_words.keep(
                db, lane.store.sealer, key, relay_id=relay.id, member_id=relay.member_id, direction="hers",
                position=1000 + number, state="given", text=text, now=lane.clock(),
            )  # fmt: skip
    tags = Tags.of(rina.open(tag))
    assert rina.shown.status_code == 200
    told = {name: tags[name] - plain[name] for name in ("script", "img", "form", "a", "button", "style", "svg")}
    assert told == dict.fromkeys(told, 0)
    assert tags["li"] - plain["li"] == 400
    assert person.id not in rina.shown.text


class Tags(HTMLParser):
    """The tags of a page, counted as a browser would find them."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's own
        """One more."""
        self.counted[tag] += 1

    @staticmethod
    def of(page: str) -> "Counter[str]":
        """How often each tag stands in a page."""
        parser = Tags()
        parser.feed(page)
        return parser.counted
