"""Whose key is gone: her row is of before she was erased."""

from pathlib import Path

from bot.forgetting import finish_all
from bot.turn import take_turn
from storage import keystore, people
from storage.database import Store, reading, writing
from tests.bot.channels.house import taking_of
from tests.storage.builders import ADDRESS, NOW, meet, message


def test_a_row_without_its_key_is_left_to_the_sweep(store: Store, tmp_path: Path) -> None:
    """She is answered as a stranger, under a key of her own; the row that nothing opens is swept."""
    house, old = taking_of(store, tmp_path).house, meet(store)
    with writing(store.keys) as keys_db:
        keystore.drop(keys_db, old.id, NOW)
    assert take_turn(house, message(), NOW).outcome == "answered"
    assert finish_all(store, house.erasures, NOW) == 1
    with reading(store.main) as db:
        person = people.find(db, store.sealer.blind(ADDRESS))
        assert person
        assert person.id != old.id
        assert people.read(db, old.id) is None
