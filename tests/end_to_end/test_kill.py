"""P1: an acknowledged message is never lost and never acts twice, whatever is killed and whenever."""

from collections.abc import Callable

import pytest

from tests.databases import Databases
from tests.end_to_end.kill.killing import kill_many

KILLS = 100
SABOTAGED_KILLS = 12


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_hundred_kills_lose_and_double_nothing(kind: str, fresh: Databases, proof: Callable[[str], None]) -> None:
    """Killed with -9 a hundred times under load, every acknowledged message was answered exactly once."""
    count = kill_many(fresh.settings(kind), KILLS)
    proof(f"{kind}: {count}")
    assert count.is_clean, str(count)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("sabotage", ["acknowledge_before_commit", "dedupe_off", "forget_to_settle", "drop_the_answer"])
def test_the_count_notices_a_broken_promise(sabotage: str, fresh: Databases, proof: Callable[[str], None]) -> None:
    """A server that breaks a promise on purpose does not pass: the test can fail."""
    count = kill_many(fresh.settings("sqlite"), SABOTAGED_KILLS, sabotage)
    proof(f"sabotage {sabotage} caught: {count}")
    assert not count.is_clean, str(count)
