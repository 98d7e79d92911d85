"""Claim race: of twenty members in two processes exactly one holds a talk, whoever is killed and whenever.

A few dozen rounds run each time; `RACE_ROUNDS=10000` is for a release.
"""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.database import Store
from tests.bot.members.race import Race

ROUNDS = int(os.environ.get("RACE_ROUNDS", "60"))


@pytest.mark.timeout(3600)
def test_a_talk_is_claimed_once(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """An external ledger and the database agree on one owner in every round."""
    counted = Race(store, tmp_path).run(ROUNDS, random.Random(4))
    proof(f"claim race on {store.main.dialect.name}: {counted}")
    assert (counted.double_owners, counted.lost, counted.stale_relays) == (0, 0, 0)


@pytest.mark.timeout(600)
def test_a_claim_that_does_not_look_is_caught(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """Sabotage: without the condition two members are told that it is theirs, and the count shows it."""
    counted = Race(store, tmp_path, broken=True).run(20, random.Random(4), kills=False)
    assert counted.double_owners > 0
    proof(f"claim race on {store.main.dialect.name}: sabotage caught 1/1")
