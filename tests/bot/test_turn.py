"""One turn on the real databases: kept once, answered once, whatever happens around it."""

import asyncio
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.budget import Budget
from bot.chores import Chores, clear, do_due
from bot.delivery import Post, deliver
from bot.turn import House, take_turn
from flows.engine import Engine
from flows.model import Channel, Inbound, Place
from storage import alerts, inbound, log, people
from storage.database import Store, reading, writing
from storage.retention import Keep
from storage.tables import inbound as inbound_table
from storage.tables import outbox, referral_changes
from storage.tables import people as people_table
from storage.tables import referrals as referral_table
from tests.bot.channels.house import rows, taking_of
from tests.fakes import Clock, FakeSender
from tests.storage.builders import ADDRESS, NOW

MINUTE = timedelta(minutes=1)
TALK = ("order paisi 2 bochor age taka ase nai", "1", "9", "1", "1", "basirhat", "1", "1")


class Line:
    """Somebody who writes, the house she writes to, and the phone on which she reads."""

    def __init__(self, store: Store, folder: Path, address: str = ADDRESS) -> None:
        self.house: House = taking_of(store, folder).house
        self.clock = Clock(NOW)
        self.sender = FakeSender()
        self.chores = Chores(self.house, Keep())
        self.address = address
        self._post = Post(store, {"simulator": self.sender}, {}, Budget(1000), self.clock, "worker")
        self._sent = 0

    def message(self, text: str, external_id: str | None = None) -> Inbound:
        """What she writes next."""
        self._sent += 1
        channel = Channel(self.address.partition(":")[0])
        return Inbound("simulator", external_id or f"m{self._sent}", channel, self.address, "simulator", text)

    def write(self, *texts: str) -> str:
        """She writes, one after another; what her phone shows after the last."""
        for text in texts:
            take_turn(self.house, self.message(text), self.clock())
            self.read()
            self.clock.move(timedelta(seconds=20))
        return self.sender.texts[-1]

    def read(self) -> int:
        """Everything that waits is sent; how many messages she has now."""
        while asyncio.run(deliver(self._post)):
            pass
        return len(self.sender.took)


@pytest.fixture
def line(store: Store, tmp_path: Path) -> Line:
    """A line on each of the two databases."""
    return Line(store, tmp_path)


def place_of(store: Store, address: str = ADDRESS) -> Place:
    """Where somebody stands."""
    with writing(store.main) as db:
        person = people.find(db, store.sealer.blind(address))
        assert person
        record = people.lock(db, person.id)
        assert record
        return record.conversation.place


def count(store: Store, what: object) -> int:
    """How many rows there are."""
    with reading(store.main) as db:
        return db.execute(select(func.count()).select_from(what)).scalar_one()  # type: ignore[arg-type]


def counselling() -> object:
    """The requests for a counsellor."""
    return select(referral_table).where(referral_table.c.kind == "counselling").subquery()


def test_a_redelivery_gets_no_second_effect_and_its_first_answer_still_goes_out(line: Line, store: Store) -> None:
    """Redelivered before the answer left: nothing is done twice, nothing is lost."""
    line.write(*TALK[:2])
    asks = line.message("9")
    taken = [take_turn(line.house, asks, line.clock()).outcome for _ in range(3)]
    assert taken == ["answered", "repeated", "repeated"]
    assert (count(store, counselling()), line.read()) == (1, 3)


def test_a_redelivery_is_recognised_after_everything_else_is_gone(line: Line, store: Store) -> None:
    """Thirty and more days later, when the message itself was cleared, it still acts on nothing."""
    first = line.message("9", "same")
    take_turn(line.house, first, line.clock())
    line.clock.move(timedelta(days=45))
    clear(line.chores, line.clock())
    assert count(store, inbound_table) == 0
    before = rows(store)
    assert take_turn(line.house, first, line.clock()).outcome == "repeated"
    assert rows(store) == before


def test_two_sessions_that_race_over_one_message_answer_it_once(line: Line, store: Store) -> None:
    """Twenty deliveries at once of one message of somebody new: one person, one message, one answer."""
    first = line.message("namaskar", "race")
    outcomes: list[str] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(take_turn(line.house, first, NOW).outcome)) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["answered", *["repeated"] * 19]
    assert (count(store, people_table), count(store, inbound_table), count(store, outbox)) == (1, 1, 1)


def test_messages_of_one_person_never_cross(line: Line, store: Store) -> None:
    """Eight messages at once are eight turns, each on the place that the last one left."""
    line.write("namaskar amar taka lagbe", "1")
    written = [line.message("0") for _ in range(8)]
    threads = [threading.Thread(target=take_turn, args=(line.house, one, line.clock())) for one in written]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(store.main) as db:
        turns = list(db.scalars(select(outbox.c.turn).order_by(outbox.c.turn)))
    assert turns == list(range(1, 11))


def test_a_bug_keeps_the_message_and_does_not_block_the_next(
    line: Line, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that fails twice leaves the message kept; her next one is answered; staff read the first."""
    line.write("namaskar amar taka lagbe", "1")
    with monkeypatch.context() as broken:
        broken.setattr(Engine, "advance", _fails)
        assert take_turn(line.house, line.message("2"), line.clock()).outcome == "kept"
    line.write("0")
    line.clock.move(MINUTE)
    events = do_due(line.chores, line.clock())
    assert [event.fields["kind"] for event in events if event.name == "alert"] == ["quarantine"]
    assert line.read() == 4  # the three that were answered, and one neutral sentence
    assert place_of(store) == Place("menu", "list")
    with reading(store.main) as db:
        assert len(inbound.quarantined(db)) == 1


def test_a_bug_that_passes_is_made_good(line: Line, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kept message that is still her newest is answered by the worker, once."""
    line.write("namaskar amar taka lagbe", "1")
    with monkeypatch.context() as broken:
        broken.setattr(Engine, "advance", _fails)
        take_turn(line.house, line.message("9"), line.clock())
    line.clock.move(MINUTE)
    do_due(line.chores, line.clock())
    do_due(line.chores, line.clock())
    assert (place_of(store), line.read()) == (Place("counselling", "age"), 3)


def _fails(*_given: object) -> None:
    raise RuntimeError("a bug")


def test_asking_for_a_person_opens_a_referral_and_alerts_staff(line: Line, store: Store) -> None:
    """`9`: a row in state requested, with what she chose to say, and a content-free alert."""
    line.write(*TALK)
    with reading(store.main) as db:
        asked = next(one for one in log.listed(db) if one.kind == "counselling")
        alert = next(one for one in alerts.unseen(db) if one.kind == "person")
    assert (asked.state, asked.district, asked.contact) == ("requested", "north_24_parganas", "no")
    assert alert.referral_code == asked.code
    assert count(store, referral_changes) >= 1


def test_her_request_opens_with_her_own_code_only(line: Line, store: Store) -> None:
    """The digits she was shown open her request; they stand nowhere in the clear; wrong ones open nothing."""
    said = line.write(*TALK)
    code = "".join(char for char in said if char.isdigit())[:8]
    line.clock.move(timedelta(hours=1))
    line.write("namaskar kemon achen", "1", "7")
    assert "12345679" not in line.write("12345679")
    assert place_of(store) == Place("my_request", "code")
    line.write(code)
    assert place_of(store) == Place("my_request", "show")


def test_five_wrong_codes_a_day_close_the_door(line: Line, store: Store) -> None:
    """After five wrong tries even the right code opens nothing that day, and the answer looks the same."""
    code = "".join(char for char in line.write(*TALK) if char.isdigit())[:8]
    line.clock.move(timedelta(hours=1))
    line.write("namaskar kemon achen", "1", "7")
    wrong = {line.write(f"1234567{number}") for number in range(5)}
    assert {line.write(code)} == wrong
    assert place_of(store) == Place("my_request", "code")


def test_forgetting_erases_her_at_once(line: Line, store: Store, tmp_path: Path) -> None:
    """One word and a yes: no row, no key, her number a stranger's; the coded referral is nobody's; one farewell."""
    line.write(*TALK)
    line.write("sob muche din", "1")
    with reading(store.main) as db:
        assert people.find(db, store.sealer.blind(ADDRESS)) is None
        assert {one.person_id for one in log.listed(db)} == {None}
    assert (count(store, people_table), count(store, inbound_table), rows(store)["person_keys"]) == (0, 0, 0)
    assert (tmp_path / "erasures.ledger").read_text().count("\n") == 1
    assert len(line.sender.removed) == 2 * len(TALK) + 3  # hers and ours, but for the farewell
    assert line.write("namaskar amar taka lagbe").startswith("Nomoskar")


@pytest.mark.parametrize("stop", ["STOP", "unsubscribe"])
def test_stop_is_obeyed_and_start_alone_opens_again(line: Line, store: Store, stop: str) -> None:
    """After STOP nothing is sent, inbound is kept, danger still alerts staff; YES opens nothing, START does."""
    line.write("namaskar amar taka lagbe", "1")
    before = line.read()
    line.write(stop, "hello", "YES", "he is going to kill me tonight")
    assert line.read() == before
    with reading(store.main) as db:
        assert [alert.kind for alert in alerts.unseen(db)] == ["danger"]
    line.write("START")
    assert line.read() == before + 1


def test_a_talk_gone_cold_meets_the_cover_again(line: Line) -> None:
    """After thirty idle minutes on SMS, her number answers as a stranger's does."""
    opener = line.write("namaskar amar taka lagbe")
    line.write("1", "2")
    line.clock.move(timedelta(minutes=31))
    assert line.write("namaskar amar taka lagbe") == opener


def test_a_number_silent_for_sixty_days_is_a_strangers(line: Line, store: Store) -> None:
    """Whoever has the number now is told nothing: no step waits behind the cover."""
    line.write(*TALK[:5])
    line.clock.move(timedelta(days=61))
    line.write("namaskar kemon achen")
    assert line.write("8").endswith(line.write("0"))
    assert place_of(store) == Place("menu", "list")


def test_what_was_kept_long_enough_goes_by_the_timer(line: Line, store: Store) -> None:
    """Texts after 30 days, an idle person after 90, coded rows after three years; hashes stay."""
    line.write(*TALK)
    do_due(line.chores, line.clock())
    seen, coded = rows(store)["seen"], count(store, referral_table)
    for days, left in ((31, (0, 1, coded)), (91, (0, 0, coded)), (3 * 365 + 2, (0, 0, 0))):
        line.clock.at = NOW + timedelta(days=days)
        clear(line.chores, line.clock())
        found = count(store, inbound_table), count(store, people_table), count(store, referral_table)
        assert found == left, days
    assert rows(store)["seen"] == seen


def test_leaving_cancels_what_waits(line: Line, store: Store) -> None:
    """`00`: what was on its way to her is not sent; one harmless line is."""
    line.write("namaskar amar taka lagbe", "1")
    for text in ("2", "00"):
        take_turn(line.house, line.message(text), line.clock())
    assert line.read() == 3
    with reading(store.main) as db:
        assert db.execute(select(func.count()).where(outbox.c.state == "cancelled")).scalar_one() == 1


def test_every_hour_is_told_honestly(line: Line) -> None:
    """On duty a person was told; off duty she hears from when somebody reads, and 112 where it is danger."""
    line.write("namaskar please tell me about papers", "1")
    assert "left word" in line.write("9")
    line.clock.at = NOW.replace(hour=18)  # half past eleven at night in India
    line.write("namaskar please tell me about papers", "1")
    assert "9 in the morning" in line.write("9")
    told = line.write("he is going to kill me tonight")
    assert "112" in told
    assert "Do not wait for us" in told
