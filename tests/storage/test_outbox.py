"""The outbox: each message leaves once, in order, in time, and what is in doubt is never guessed at twice."""

import threading
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from flows.model import Channel
from storage import outbox, people
from storage.database import Connection, Store, reading, writing
from storage.outbox import Claimed
from storage.seal import PersonKey
from storage.settling import DEATHS
from storage.tables import outbox as rows
from tests.storage.builders import ADDRESS, HOUR, NOW, SECOND, keep, meet, put

LEASE = 20 * SECOND
NUMBERS = count()


def _take(db: Connection, now: datetime = NOW, limit: int = 99, by: str = "worker") -> list[Claimed]:
    return outbox.take(db, providers=["simulator"], now=now, lease=LEASE, limit=limit, by=by)


def _state(db: Connection, outbox_id: str) -> str:
    return db.execute(select(rows.c.state).where(rows.c.id == outbox_id)).scalar_one()


def _sending(store: Store, **given_: datetime) -> tuple[PersonKey, str]:
    """A message of hers that a worker has in its hands."""
    key = meet(store)
    with writing(store.main) as db:
        outbox_id = put(db, store, key, **given_)  # type: ignore[arg-type]  # only moments are given
        assert [one.id for one in _take(db)] == [outbox_id]
    return key, outbox_id


def test_message_opens_for_sending(store: Store) -> None:
    """What was put is what is sent: her address, the words, the buttons, the time it may take."""
    key = meet(store)
    with writing(store.main) as db:
        outbox_id = put(db, store, key, turn=4, body="Namaskar.")
        (claimed,) = _take(db)
        outgoing = outbox.open_claimed(store.sealer, key, claimed, people.read(db, key.id))
    assert (outgoing.id, outgoing.channel, outgoing.address) == (outbox_id, Channel.SMS, ADDRESS)
    assert (outgoing.text, outgoing.turn, outgoing.lifetime) == ("Namaskar.", 4, HOUR)
    assert outgoing.buttons == (("1", "Yes"), ("2", "Not now"))
    assert (claimed.attempts, claimed.is_farewell, claimed.claimed_until) == (1, False, NOW + LEASE)
    assert "Namaskar" not in repr(claimed)


def test_farewell_stands_alone(store: Store) -> None:
    """A farewell opens with its own key after every row of hers is gone, and is put once an erasure."""
    key = meet(store)
    with writing(store.main) as db:
        put(db, store, key, alone_at=ADDRESS)
        assert outbox.has_farewell(db, key.id)
        people.erase_rows(db, key.id, NOW)
        (claimed,) = _take(db)
    assert claimed.is_farewell
    assert outbox.open_claimed(store.sealer, key, claimed, None).address == ADDRESS
    with pytest.raises(IntegrityError), writing(store.main) as db:
        put(db, store, key, alone_at=ADDRESS)


def test_message_of_a_person_needs_her_row(store: Store) -> None:
    """A message without an address of its own is not sent to nowhere."""
    key = meet(store)
    with writing(store.main) as db:
        put(db, store, key)
        (claimed,) = _take(db)
    with pytest.raises(ValueError, match="needs its person"):
        outbox.open_claimed(store.sealer, key, claimed, None)


def test_one_message_has_one_answer(store: Store) -> None:
    """The database itself refuses a second answer to the same message."""
    key = meet(store)
    with writing(store.main) as db:
        kept_id = keep(db, store, key)
        put(db, store, key, inbound_id=kept_id)
    with pytest.raises(IntegrityError), writing(store.main) as db:
        put(db, store, key, inbound_id=kept_id)


def test_only_what_is_due_and_has_a_sender_is_taken(store: Store) -> None:
    """Nothing leaves before its hour, nor by a provider that is not there."""
    key, other = meet(store), meet(store, "sms:+915550000002")
    with writing(store.main) as db:
        put(db, store, key, due_at=NOW + SECOND)
        put(db, store, other, provider="twilio")
        assert _take(db) == []
        assert len(_take(db, NOW + SECOND)) == 1


def test_oldest_leaves_first(store: Store) -> None:
    """Among different people, who waits longest is served first."""
    keys = [meet(store, f"sms:{number}") for number in range(3)]
    with writing(store.main) as db:
        ids = [put(db, store, key, due_at=NOW - number * SECOND) for number, key in enumerate(keys)]
        assert [one.id for one in _take(db, limit=2)] == [ids[2], ids[1]]
        assert [one.id for one in _take(db)] == [ids[0]]


def test_her_messages_leave_one_by_one_in_order(store: Store) -> None:
    """The answer of a later turn waits until the earlier one was settled."""
    key = meet(store)
    with writing(store.main) as db:
        second, first = (put(db, store, key, turn=turn) for turn in (2, 1))
        assert [one.id for one in _take(db)] == [first]
        assert _take(db) == []
        outbox.settle(db, first, state="sent", now=NOW)
        assert [one.id for one in _take(db)] == [second]


def test_later_message_passes_one_that_waits_for_another_try(store: Store) -> None:
    """A message that must wait does not hold up what she is told next; when due, it still goes one at a time."""
    key = meet(store)
    with writing(store.main) as db:
        first = put(db, store, key, turn=1)
        _take(db)
        outbox.settle(db, first, state="waiting", reason="HTTP 503", due_at=NOW + 9 * SECOND, now=NOW)
        second = put(db, store, key, turn=2)
        assert [one.id for one in _take(db, NOW + SECOND)] == [second]
        assert _take(db, NOW + 9 * SECOND) == []
        outbox.settle(db, second, state="sent", now=NOW)
        assert [(one.id, one.attempts) for one in _take(db, NOW + 9 * SECOND)] == [(first, 2)]


def test_no_two_workers_take_the_same(store: Store) -> None:
    """Five workers that take at once share the messages out, none twice and none left."""
    keys = [meet(store, f"sms:{number}") for number in range(20)]
    with writing(store.main) as db:
        ids = {put(db, store, key) for key in keys}
    taken: list[str] = []
    threads = [threading.Thread(target=_take_all, args=(store, f"worker-{number}", taken)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(ids)


def _take_all(store: Store, by: str, taken: list[str]) -> None:
    while True:
        with writing(store.main) as db:
            claimed = _take(db, limit=3, by=by)
            left = outbox.waiting_count(db)
        taken.extend(one.id for one in claimed)
        if not claimed and not left:
            return


def test_settling_twice_changes_nothing(store: Store) -> None:
    """What was settled stays so."""
    _, outbox_id = _sending(store)
    with writing(store.main) as db:
        assert outbox.settle(db, outbox_id, state="failed", reason="error 30006", now=NOW)
        assert not outbox.settle(db, outbox_id, state="sent", now=NOW)
        assert _state(db, outbox_id) == "failed"


def test_dead_workers_message_goes_again_and_not_for_ever(store: Store) -> None:
    """Nobody knows whether a dead worker's message left: it goes again, but not for ever."""
    _, outbox_id = _sending(store, expires_at=NOW + 24 * HOUR)
    now = NOW
    with writing(store.main) as db:
        assert outbox.recover(db, now + LEASE - SECOND) == 0
        for deaths in range(1, DEATHS + 1):
            assert outbox.recover(db, now + LEASE) == 1
            assert _state(db, outbox_id) == "in_doubt"
            now += LEASE + outbox.DOUBT
            outbox.recover(db, now)
            assert [one.doubts for one in _take(db, now)] == [deaths]
        assert outbox.recover(db, now + LEASE) == 1
        outbox.recover(db, now + LEASE + outbox.DOUBT)
        assert _state(db, outbox_id) == "in_doubt"


def test_what_a_provider_does_not_answer_goes_once_more_and_then_never(store: Store) -> None:
    """A provider that may have taken it twice already is not asked a third time."""
    _, outbox_id = _sending(store, expires_at=NOW + HOUR)
    now = NOW
    with writing(store.main) as db:
        for doubts in (1, 2):
            assert outbox.settle(db, outbox_id, state="in_doubt", reason="timeout", due_at=now + outbox.DOUBT, now=now)
            now += outbox.DOUBT
            outbox.recover(db, now)
            assert [one.doubts for one in _take(db, now)] == [1][: 2 - doubts]
        assert _state(db, outbox_id) == "in_doubt"


def test_provider_that_takes_an_id_once_just_gets_it_again(store: Store) -> None:
    """Where the same id cannot be sent twice there is no doubt: the message simply goes again."""
    _, outbox_id = _sending(store)
    with writing(store.main) as db:
        for attempt in range(2, 5):
            now = NOW + attempt * LEASE
            outbox.recover(db, now, idempotent=["simulator"])
            assert [(one.id, one.attempts) for one in _take(db, now)] == [(outbox_id, attempt)]


def test_doubt_that_a_status_settles_is_not_sent_again(store: Store) -> None:
    """A status that comes during the pause says that the message left, and it does not leave again."""
    key, outbox_id = _sending(store)
    with writing(store.main) as db:
        outbox.settle(db, outbox_id, state="in_doubt", due_at=NOW + SECOND, now=NOW)
        moved = outbox.advance_state(db, provider="simulator", outbox_id=outbox_id, state="delivered", now=NOW)
        assert moved == key.id
        outbox.recover(db, NOW + SECOND)
        assert _state(db, outbox_id) == "delivered"


def test_late_word_that_it_was_sent_is_believed(store: Store) -> None:
    """A slow worker whose lease ended still saves her the second message."""
    _, outbox_id = _sending(store)
    with writing(store.main) as db:
        outbox.recover(db, NOW + LEASE)
        assert outbox.settle(db, outbox_id, state="sent", external_id="SM1", now=NOW + LEASE)
        outbox.recover(db, NOW + HOUR)
        assert _state(db, outbox_id) == "sent"


RANK = {"sending": 0, "sent": 1, "delivered": 2, "failed": 2, "stopped": 2}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports=some.lists(some.sampled_from(["sent", "delivered", "failed", "stopped"]), max_size=6))
def test_reports_in_any_order_only_move_forward(store: Store, reports: list[outbox.Reported]) -> None:
    """However status reports are shuffled or repeated, a message never goes back, and its end is its end."""
    key = meet(store, f"sms:{next(NUMBERS)}")
    with writing(store.main) as db:
        outbox_id = put(db, store, key)
        _take(db)
        before = "sending"
        for report in reports:
            moved = outbox.advance_state(db, provider="simulator", outbox_id=outbox_id, state=report, now=NOW)
            after = _state(db, outbox_id)
            assert (RANK[after] > RANK[before], after) == ((True, report) if moved else (False, before))
            before = after


def test_report_is_found_by_the_providers_id(store: Store) -> None:
    """A status that knows only the provider's own id finds the message, and no other provider's."""
    key, outbox_id = _sending(store)
    with writing(store.main) as db:
        outbox.settle(db, outbox_id, state="sent", external_id="SM1", now=NOW)
        assert outbox.advance_state(db, provider="twilio", external_id="SM1", state="delivered", now=NOW) is None
        assert outbox.advance_state(db, provider="simulator", external_id="SM1", state="stopped", now=NOW) == key.id
        assert _state(db, outbox_id) == "stopped"


def test_report_on_a_message_that_never_left_is_not_believed(store: Store) -> None:
    """A forged or confused status does not take a waiting message out of the line."""
    key = meet(store)
    with writing(store.main) as db:
        outbox_id = put(db, store, key)
        assert outbox.advance_state(db, provider="simulator", outbox_id=outbox_id, state="failed", now=NOW) is None
        assert len(_take(db)) == 1


def test_leaving_cancels_what_waits_and_what_would_be_tried_again(store: Store) -> None:
    """After she leaves nothing earlier reaches her, not even what was being sent and must be tried again."""
    key, under_way = _sending(store)
    with writing(store.main) as db:
        waits = put(db, store, key, turn=2)
        assert outbox.cancel_waiting(db, key.id) == 1
        outbox.settle(db, under_way, state="waiting", due_at=NOW, now=NOW)
        assert outbox.expire(db, NOW) == 1
        assert (_state(db, waits), _state(db, under_way)) == ("cancelled", "expired")
        assert _take(db) == []


def test_doubtful_message_is_not_sent_again_after_she_left(store: Store) -> None:
    """What is in doubt when she leaves stays in doubt."""
    key, outbox_id = _sending(store)
    with writing(store.main) as db:
        outbox.recover(db, NOW + LEASE)
        outbox.cancel_waiting(db, key.id)
        outbox.recover(db, NOW + HOUR / 2)
        assert _state(db, outbox_id) == "in_doubt"


def test_late_answer_expires(store: Store) -> None:
    """An answer that waited past its time is given up, since the wrong person could read it."""
    key = meet(store)
    with writing(store.main) as db:
        put(db, store, key, expires_at=NOW + SECOND)
        assert outbox.expire(db, NOW) == 0
        assert outbox.expire(db, NOW + SECOND) == 1
        assert outbox.waiting_count(db) == 0


def test_what_reached_her_can_be_taken_back(store: Store) -> None:
    """The provider's ids of what she was sent since a moment are known, for a wipe at her end."""
    key, outbox_id = _sending(store)
    with writing(store.main) as db:
        outbox.settle(db, outbox_id, state="sent", external_id="77", now=NOW)
        assert outbox.sent_ids(db, key.id, NOW - timedelta(hours=48)) == [("simulator", "77")]
        assert outbox.sent_ids(db, key.id, NOW + SECOND) == []


def test_program_is_told_no_words(store: Store) -> None:
    """What a program may know of a message is where she stands and how it was counted."""
    key = meet(store)
    with writing(store.main) as db:
        outbox_id = put(db, store, key)
    with reading(store.main) as db:
        told = outbox.described(db, outbox_id)
    assert told == outbox.Described("reply", None, 1, "en", "menu.list", 2)
