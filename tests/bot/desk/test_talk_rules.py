"""The rules of a talk bind a member at the desk as they bind her on her phone, each by the same function."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.desk import talk_words
from bot.members import words
from flows.model import Channel
from storage import members, referrals, relays, safe_contacts
from storage.database import reading, writing
from tests.bot.desk.talking import MARK, DeskLane, Seat, claimed
from tests.bot.members.lane import ASKS, CODE, HER

SECOND = "sms:+915550000002"
MINUTE = timedelta(minutes=1)


def test_a_quarter_of_an_hour(lane: DeskLane) -> None:
    """Within it words are a reply, and the page counts it down; later they wait, and she is told."""
    rina, tag = claimed(lane)
    lane.write(HER, "hello")
    lane.clock.move(4 * MINUTE)
    assert "counted from her last message: 11." in rina.open(tag)
    lane.wait(12 * MINUTE)
    assert "What you write waits until she writes" in rina.open(tag)
    assert "I give it to her when she writes" in rina.write(tag, "are you well?")
    assert "Didi: are you well?" not in lane.read_by(HER)
    assert "waits until she writes" in rina.open(tag)
    lane.wait(25 * MINUTE)
    code = next(found[0].replace(" ", "") for text in lane.read_by(HER) if (found := CODE.search(text)))
    assert "Didi: are you well?" in lane.write(HER, "hello", "1", code)


def test_what_was_not_read_in_time(lane: DeskLane) -> None:
    """Words that wait a day are let go, and the page says so."""
    rina, tag = claimed(lane)
    lane.wait(16 * MINUTE)
    rina.again()
    rina.open(tag)
    rina.write(tag, "are you well?")
    lane.wait(timedelta(hours=25))
    rina.again()
    assert "not read in time, and let go" in rina.open(tag)


def test_safe_contact(lane: DeskLane) -> None:
    """Where she said that she may be written to, the opener alone goes to her in her hours, and the page says it."""
    rina, tag = claimed(lane)
    person = lane.person(HER)
    with writing(lane.store.main) as db:
        safe_contacts.keep(
            db, person.id, channel=Channel.SMS, first_hour=0, last_hour=24, now=lane.clock(),
            expires_at=lane.clock() + timedelta(30),
        )  # fmt: skip
    lane.wait(16 * MINUTE)
    rina.again()
    assert "behind a harmless opener" in rina.open(tag)
    before = len(lane.carrier.took)
    rina.write(tag, "are you well?")
    lane.wait(MINUTE)
    gone = [one.text for _, one in lane.carrier.took[before:]]
    assert gone
    assert not [text for text in gone if "Didi" in text]


def test_numbers_do_not_cross(lane: DeskLane) -> None:
    """Neither of the two reads a number or an account of the other, here as there."""
    rina, tag = claimed(lane)
    lane.write(HER, "call me on +91 5550000001")
    rina.open(tag)
    assert rina.reads == ["call me on ..."]
    assert words.MASKED.text in rina.write(tag, "mine is 5550000002, @canary_rina")
    assert lane.read_by(HER)[-1] == "Didi: mine is ..., ..."
    assert "5550000" not in rina.shown.text


def test_words_of_the_risk_list(lane: DeskLane) -> None:
    """They are refused with the word named, and what she typed is still there to be changed."""
    rina, tag = claimed(lane)
    told = rina.write(tag, "what did the trafficker say")
    assert "must not stand on her phone" in told
    assert ">what did the trafficker say</textarea>" in told
    assert not [text for text in lane.read_by(HER) if "trafficker" in text]


def test_long_words_show_their_cost(lane: DeskLane) -> None:
    """The parts are counted while she types; more than three are sent only when she says so once more."""
    rina, tag = claimed(lane)
    text = "আপনি ঠিক করেছেন। " * 20
    counted = rina.browser.post(f"/desk/relays/{tag}/parts", {"text": "I am here"}).text
    assert "SMS parts: 1." in counted
    assert "₹0.25" in counted
    assert "once more" not in counted
    assert "once more" in rina.browser.post(f"/desk/relays/{tag}/parts", {"text": text}).text
    before = len(lane.carrier.took)
    assert "This takes " in rina.write(tag, text)
    assert len(lane.carrier.took) == before
    rina.press("Send", tag)
    sent = [one.text for _, one in lane.carrier.took[before:]]
    assert len(sent) > 1
    assert " ".join(one.removeprefix("Didi: ") for one in sent).split() == text.split()
    assert "This takes " in rina.write(tag, text)
    assert words.DROPPED.text in rina.press("Do not send", tag)
    assert len(lane.carrier.took) == before + len(sent)


def test_no_more_than_she_can_hold(lane: DeskLane) -> None:
    """Whoever holds as many as she may is told to lay one down first."""
    rina = lane.seat("north-1", capacity=1)
    first = lane.asks()
    lane.write(SECOND, *ASKS)
    lane.wait(timedelta(seconds=1))
    second = lane.relay(SECOND).tag or ""
    rina.open()
    mark = next(one for one in _takes(rina) if second in one)
    rina.press("", first, mark=next(one for one in _takes(rina) if first in one))
    assert words.FULL.text in rina.press("", second, mark=mark)
    assert lane.relay(SECOND).state == "waiting"


def test_nobody_from_her_lane(lane: DeskLane) -> None:
    """A member of her own block who is asked by an old offer is told that others are, and does not hold the talk."""
    rina = lane.seat("north-1", home="north_24_parganas", block=None)
    mina = lane.seat("north-2")
    tag = lane.asks()
    assert tag not in rina.open()
    assert tag in mina.open()
    with writing(lane.store.main) as db:
        relays.offer(db, lane.relay().id, members.of_label(db, "north-1").id, 0, lane.clock())  # type: ignore[union-attr]
    assert "she lives too near to you" in rina.take(tag)
    assert lane.relay().state == "waiting"


def test_a_heavy_message_is_covered(lane: DeskLane) -> None:
    """She chooses when to read it, and what she has not opened is not in the page at all."""
    rina, tag = claimed(lane)
    lane.write(HER, "he is going to kill me tonight")
    assert "kill" not in rina.open(tag)
    rina.press("Open it", tag)
    assert rina.reads == ["he is going to kill me tonight"]


def test_passing_on_asks_her(lane: DeskLane) -> None:
    """The next member reads what was said only where the survivor agreed to it; what is heavy is covered anew."""
    for answer, reads in (("1", ["my words", "mine too"]), ("2", [])):
        rina, mina = lane.seat(f"north-{answer}1"), lane.seat(f"north-{answer}2")
        whom = HER if answer == "1" else SECOND
        lane.write(whom, *ASKS)
        lane.wait(timedelta(seconds=1))
        tag = lane.relay(whom).tag or ""
        rina.take(tag)
        lane.write(whom, "my words", "he is going to kill me tonight", "1")
        rina.open(tag)
        rina.press("Open it", tag)
        rina.write(tag, "mine too")
        assert words.ASKED_HER.text in rina.press("Pass it on", tag)
        assert lane.relay(whom).state == "claimed"
        lane.write(whom, answer)
        lane.wait(timedelta(seconds=1))
        rina.open(tag)
        assert rina.shown.status_code == 404
        mina.take(tag)
        mina.open(tag)
        assert [text for text in mina.reads if text in ("my words", "mine too")] == reads
        assert "kill" not in mina.shown.text
        lane.write(whom, "STOP")


def test_what_was_read_here_is_read(lane: DeskLane) -> None:
    """Given back, the next member gets what nobody has read, and not what was read at this desk."""
    rina, mina = lane.seat("north-1"), lane.seat("north-2")
    tag = lane.asks()
    rina.take(tag)
    lane.write(HER, "read by the first")
    rina.open(tag)
    lane.write(HER, "read by nobody")
    rina.press("Give it back", tag)
    lane.wait(timedelta(seconds=1))
    mina.take(tag)
    mina.open(tag)
    assert mina.reads == ["read by nobody"]


def test_a_note_is_for_members(lane: DeskLane) -> None:
    """A note goes to nobody's phone, and whoever takes over reads it; a note begun on a phone takes no words here."""
    rina, mina = lane.seat("north-1"), lane.seat("north-2")
    tag = lane.asks()
    rina.take(tag)
    rina.open(tag)
    before = len(lane.carrier.took)
    assert words.NOTED.text in rina.write(tag, "ask again in June", door="note")
    assert len(lane.carrier.took) == before
    rina.press("Give it back", tag)
    lane.wait(timedelta(seconds=1))
    mina.take(tag)
    mina.open(tag)
    assert mina.reads == ["ask again in June"]


def test_a_note_begun_on_the_phone(lane: DeskLane) -> None:
    """What she writes here to the survivor is no note, whatever she began there."""
    phone, rina = lane.member("north-1", 1), lane.seat("north-1")
    tag = lane.asks()
    rina.take(tag)
    rina.open(tag)
    phone.press("", mark=rina.mark("Give it back").replace("m:back", "m:note"))
    rina.open(tag)
    rina.write(tag, "for you")
    assert lane.read_by(HER)[-1] == "Didi: for you"


def test_referral_needs_her_yes(lane: DeskLane) -> None:
    """Nothing is written down before she agrees, and the page tells what she said."""
    rina, tag = claimed(lane)
    lane.write(HER, "hello")
    rina.open(tag)
    assert words.ASKED_HER.text in rina.press("A free lawyer", tag)
    with reading(lane.store.main) as db:
        assert "legal_aid" not in [one.kind for one in referrals.of_person(db, lane.person(HER).id)]
    lane.write(HER, "1")
    assert "She agrees that somebody else is asked." in rina.open(tag)
    with reading(lane.store.main) as db:
        assert "legal_aid" in [one.kind for one in referrals.of_person(db, lane.person(HER).id)]


def test_take_back(lane: DeskLane) -> None:
    """What waits is taken back, and the page says so."""
    rina, tag = claimed(lane)
    lane.wait(16 * MINUTE)
    rina.again()
    rina.open(tag)
    rina.write(tag, "no, wait")
    rina.open(tag)
    assert words.TAKEN_BACK.text in rina.press("Take it back", tag)
    assert "taken back" in rina.open(tag)


def _takes(seat: Seat) -> list[str]:
    """The marks of all that she may take."""
    return [mark for mark, label in MARK.findall(seat.shown.text) if label.strip() == "I take it"]


@pytest.mark.parametrize(
    ("rule", "broken", "said", "never"),
    [
        ("is_heavy", lambda _text: False, "he is going to kill me tonight", "kill"),
        ("masked", lambda text: text, "call me on 5550000009", "5550000009"),
    ],
)
def test_a_rule_that_is_off_is_seen(
    lane: DeskLane, monkeypatch: pytest.MonkeyPatch, rule: str, broken: Callable[[str], object], said: str, never: str
) -> None:
    """Sabotage: without the cover, or without the mask, the page holds what it must not."""
    rina, tag = claimed(lane)
    lane.write(HER, said)
    assert never not in rina.open(tag)
    monkeypatch.setattr(talk_words.hers if rule == "is_heavy" else talk_words, rule, broken)
    assert never in rina.open(tag)
