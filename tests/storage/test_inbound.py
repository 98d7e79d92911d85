"""Messages that came in: kept once, for ever recognised, tried again only while it makes sense."""

import threading
from dataclasses import replace
from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import delete

from storage import inbound
from storage.database import Store, reading, writing
from storage.seal import PersonKey
from storage.tables import inbound as rows
from tests.storage.builders import ADDRESS, HOUR, NOW, SECOND, keep, meet, message

RUNS = count()
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_second_delivery_changes_nothing(store: Store) -> None:
    """The same external id is kept once, also long after its text was cleared."""
    key = meet(store)
    with writing(store.main) as db:
        assert keep(db, store, key) is not None
    with writing(store.main) as db:
        assert keep(db, store, key, now=NOW + HOUR) is None
        db.execute(delete(rows))
        assert keep(db, store, key, now=NOW + timedelta(days=400)) is None


def test_seen_is_told_before_anything_is_kept(store: Store) -> None:
    """A redelivery from somebody who was erased is recognised without making her a person again."""
    key = meet(store)
    dedupe = store.sealer.dedupe("simulator", "m1", store.sealer.blind(ADDRESS))
    with writing(store.main) as db:
        assert not inbound.was_seen(db, dedupe)
        keep(db, store, key)
        assert inbound.was_seen(db, dedupe)


@FEW
@given(delivered=some.lists(some.text(max_size=3), max_size=12))
def test_any_order_of_redeliveries_keeps_each_once(store: Store, delivered: list[str]) -> None:
    """However a gateway repeats and shuffles, as many messages are kept as there were."""
    run = next(RUNS)
    key = meet(store, f"sms:{run}")
    with writing(store.main) as db:
        kept = [one for one in delivered if keep(db, store, key, f"{run} {one}")]
    assert sorted(kept) == sorted(set(delivered))


def test_two_sessions_racing_keep_one(store: Store) -> None:
    """Of ten deliveries of one message at the same moment, one is kept."""
    key = meet(store)
    kept: list[str | None] = []
    threads = [threading.Thread(target=_race, args=(store, key, kept)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 10
    assert len([one for one in kept if one]) == 1


def _race(store: Store, key: PersonKey, kept: list[str | None]) -> None:
    with writing(store.main) as db:
        kept.append(keep(db, store, key))


def test_text_opens_with_her_key(store: Store) -> None:
    """A kept message comes back as it came, but for its address and the provider's id."""
    key = meet(store)
    written = replace(message("ক্ষতিপূরণ \x00 \ud800"), has_media=True, pressed_in=7)
    with writing(store.main) as db:
        dedupe = store.sealer.dedupe("simulator", "m1", store.sealer.blind(ADDRESS))
        kept_id = inbound.keep(
            db, store.sealer, key, written, id="a" * 32, dedupe=dedupe, turn=3, now=NOW, state="kept"
        )
        kept = inbound.find_kept(db, kept_id or "")
    assert kept is not None
    assert (kept.person_id, kept.turn, kept.tries, kept.state) == (key.id, 3, 0, "kept")
    assert inbound.message_of(store.sealer, key, kept) == replace(written, address="", external_id="")


def test_kept_message_is_due_at_its_hour(store: Store) -> None:
    """A message that failed is tried again when its time has come, and not once it was answered."""
    key = meet(store)
    with writing(store.main) as db:
        kept_id = keep(db, store, key)
        assert kept_id
        inbound.mark(db, kept_id, "kept", tries=1, next_try_at=NOW + SECOND)
        assert inbound.due(db, NOW) == []
        assert [(one.id, one.tries) for one in inbound.due(db, NOW + SECOND)] == [(kept_id, 1)]
        inbound.mark(db, kept_id, "answered")
        assert inbound.due(db, NOW + HOUR) == []
        assert inbound.find_kept(db, kept_id) is None


def test_quarantined_messages_wait_for_a_person(store: Store) -> None:
    """A message that could not be answered is listed for staff, its text still sealed, its tries still counted."""
    key = meet(store)
    with writing(store.main) as db:
        kept_id = keep(db, store, key, text="a secret")
        inbound.mark(db, kept_id or "", "kept", tries=4)
        inbound.mark(db, kept_id or "", "quarantined")
        held = inbound.quarantined(db)
    assert [(one.id, one.state, one.tries) for one in held] == [(kept_id, "quarantined", 4)]
    assert "a secret" not in repr(held)


def test_only_the_newest_is_newest(store: Store) -> None:
    """A message is her newest while nothing else came since; of two at once, neither is."""
    key = meet(store)
    with writing(store.main) as db:
        first = keep(db, store, key, "m1") or ""
        assert inbound.is_newest(db, first, key.id)
        second = keep(db, store, key, "m2", now=NOW + SECOND) or ""
        assert not inbound.is_newest(db, first, key.id)
        assert inbound.is_newest(db, second, key.id)
        keep(db, store, key, "m3", now=NOW + SECOND)
        assert not inbound.is_newest(db, second, key.id)


def test_another_person_does_not_make_it_older(store: Store) -> None:
    """What somebody else writes does not matter to whether hers is the newest."""
    key, other = meet(store), meet(store, "sms:+915550000002")
    with writing(store.main) as db:
        hers = keep(db, store, key, "m1") or ""
        keep(db, store, other, "m2", now=NOW + SECOND)
    with reading(store.main) as db:
        assert inbound.is_newest(db, hers, key.id)
