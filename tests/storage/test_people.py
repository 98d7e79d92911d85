"""People: one row an address, two messages never cross, and erased is erased."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from flows.model import Channel, Place
from storage import conversations, keystore, log, outbox, people, referrals, return_codes, safe_contacts, stages, timers
from storage.database import Store, checkpoint, reading, writing
from storage.tables import MAIN
from tests.storage.builders import ADDRESS, HOUR, NOW, SECOND, keep, meet, message, put


def test_she_is_found_by_her_address(store: Store) -> None:
    """The blind index of her address finds her, and her key opens the address."""
    key = meet(store)
    with reading(store.main) as db:
        person = people.find(db, store.sealer.blind(ADDRESS))
        assert people.find(db, store.sealer.blind("sms:+915550000002")) is None
    assert person is not None
    assert (person.id, person.known, person.opted_out_at, person.last_at) == (key.id, False, None, NOW)
    assert people.address_of(store.sealer, key, person) == ADDRESS
    assert ADDRESS not in repr(person)


def test_two_sessions_that_meet_her_make_one_person(store: Store) -> None:
    """Of ten first messages at the same moment, one makes the person and the others are told so."""
    made: list[bool] = []
    threads = [threading.Thread(target=_meet, args=(store, made)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False] * 9 + [True]


def _meet(store: Store, made: list[bool]) -> None:
    with writing(store.keys) as keys_db:
        key = keystore.make(keys_db, store.sealer, NOW)
    index = store.sealer.blind(ADDRESS)
    with writing(store.main) as db:
        made.append(people.add(db, store.sealer, key, message(), index=index, now=NOW))


def test_two_messages_never_cross(store: Store) -> None:
    """Ten sessions that each take one step in the same conversation all see the step before theirs."""
    key = meet(store)
    threads = [threading.Thread(target=_step, args=(store, key.id)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with writing(store.main) as db:
        record = people.lock(db, key.id)
    assert record is not None
    assert record.conversation.turn == 10


def _step(store: Store, person_id: str) -> None:
    with reading(store.keys) as keys_db:
        key = keystore.fetch(keys_db, store.sealer, person_id)
    assert key is not None
    with writing(store.main) as db:
        record = people.lock(db, person_id)
        assert record is not None
        standing = conversations.standing_of(record, store.sealer, key, NOW)
        conversations.store(db, store.sealer, key, person_id, replace(standing, turn=standing.turn + 1), NOW)


def test_new_person_stands_at_the_opener(store: Store) -> None:
    """Somebody new is covered, unknown, and has said nothing yet."""
    key = meet(store)
    with writing(store.main) as db:
        record = people.lock(db, key.id)
    assert record is not None
    assert record.conversation.place == Place("cover", "opener")
    assert record.conversation.covered


def test_line_moves_with_her(store: Store) -> None:
    """When she writes to another of our numbers, answers go out by that one."""
    key = meet(store)
    with writing(store.main) as db:
        people.move(db, key.id, provider="twilio", line="line-2")
        person = people.read(db, key.id)
    assert person is not None
    assert (person.provider, person.line) == ("twilio", "line-2")


def test_first_opt_out_is_kept_until_she_is_back(store: Store) -> None:
    """Asking twice to be left alone changes nothing; asking to hear from us again undoes it."""
    key = meet(store)
    with writing(store.main) as db:
        people.opt_out(db, key.id, NOW)
        people.opt_out(db, key.id, NOW + HOUR)
        assert _opted_out(people.read(db, key.id)) == NOW
        people.opt_in(db, key.id)
        assert _opted_out(people.read(db, key.id)) is None


def _opted_out(person: people.Person | None) -> object:
    assert person is not None
    return person.opted_out_at


def test_marked_to_be_erased_she_is_a_stranger_at_once(store: Store) -> None:
    """From the mark on her address finds nobody, and writing again makes her somebody new."""
    key = meet(store)
    with writing(store.main) as db:
        people.mark_erasing(db, key.id)
        assert people.find(db, store.sealer.blind(ADDRESS)) is None
        assert people.lock(db, key.id) is None
        assert people.erasing_ids(db) == [key.id]
        assert people.find_erasing(db, key.id) is not None
    assert meet(store).id != key.id


def test_erasing_leaves_no_row_of_hers(store: Store) -> None:
    """Every table that named her is empty of her; her referral stays, coded, and is nobody's."""
    key = meet(store)
    with writing(store.main) as db:
        kept_id = keep(db, store, key)
        put(db, store, key, inbound_id=kept_id)
        timers.set_timer(db, kind="follow_up", due_at=NOW, person_id=key.id)
        safe_contacts.keep(db, key.id, channel=Channel.SMS, first_hour=10, last_hour=12, now=NOW, expires_at=NOW + HOUR)
        return_codes.give_code(db, key.id, b"c" * 32, NOW)
        stages.set_one(db, key.id, "money", "fir", NOW)
        referrals.open_one(db, kind="counselling", person_id=key.id, channel=Channel.SMS, now=NOW)
        people.mark_erasing(db, key.id)
        people.erase_rows(db, key.id, NOW + SECOND)
        people.erase_rows(db, key.id, NOW + HOUR)
        naming = [table for table in MAIN.tables.values() if "person_id" in table.c and table.name != "erasures"]
        assert [t.name for t in naming if db.execute(select(t).where(t.c.person_id == key.id)).first()] == []
        assert [one.person_id for one in log.listed(db)] == [None]
        assert people.erased_ids(db) == [key.id]
        assert people.find_erasing(db, key.id) is None


def test_idle_people_are_named(store: Store) -> None:
    """Who has not written for long is named, who has is not."""
    idle, busy = meet(store), meet(store, "sms:+915550000002", NOW + HOUR)
    with reading(store.main) as db:
        assert people.idle_since(db, NOW + SECOND) == [idle.id]
        assert people.idle_since(db, NOW + 2 * HOUR) == [idle.id, busy.id]


def test_needed_keys_are_of_people_and_unsent_messages(store: Store) -> None:
    """The key of a farewell is needed until it is sent, and no longer: its address must not be read again."""
    key = meet(store)
    with writing(store.keys) as keys_db:
        own = keystore.make(keys_db, store.sealer, NOW)
    with writing(store.main) as db:
        put(db, store, own, alone_at=ADDRESS)
        assert people.key_ids(db) == {key.id, own.id}
        (claimed,) = outbox.take(db, providers=["simulator"], now=NOW, lease=HOUR, limit=9, by="w")
        outbox.settle(db, claimed.id, state="sent", now=NOW)
        assert people.key_ids(db) == {key.id}


def test_stolen_files_hold_no_plain_word(store: Store, tmp_path: Path) -> None:
    """Her number, her words and our answer are in no file of either database, in any encoding of ours."""
    key = meet(store, "sms:+915559876543")
    secret = "mor lukano kotha"
    with writing(store.main) as db:
        keep(db, store, key, text=secret)
        put(db, store, key, body="an answer that is hers")
        record = people.lock(db, key.id)
        assert record is not None
        standing = conversations.standing_of(record, store.sealer, key, NOW)
        conversations.store(db, store.sealer, key, key.id, replace(standing, question=secret), NOW)
    if store.main.dialect.name == "postgresql":
        with writing(store.main) as db:
            held = "".join(str(row) for table in MAIN.tables.values() for row in db.execute(select(table)))
        files = [held.encode()]
    else:
        files = [file.read_bytes() for file in tmp_path.iterdir()]
        checkpoint(store.main)
        files += [file.read_bytes() for file in tmp_path.iterdir()]
    for word in ("5559876543", secret, "an answer that is hers"):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert not any(word.encode(encoding) in file or word.encode().hex().encode() in file for file in files)


def test_last_seen_moves_with_the_conversation(store: Store) -> None:
    """A person's last message is when her conversation was last kept, and past the cover she is known for good."""
    key = meet(store)
    later = NOW + timedelta(days=1)
    with writing(store.main) as db:
        record = people.lock(db, key.id)
        assert record is not None
        standing = conversations.standing_of(record, store.sealer, key, NOW)
        for covered in (False, True):
            conversations.store(db, store.sealer, key, key.id, replace(standing, covered=covered), later)
        person = people.read(db, key.id)
    assert person is not None
    assert (person.last_at, person.known) == (later, True)
