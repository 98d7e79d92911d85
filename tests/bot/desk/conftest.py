"""A desk on each of the two databases."""

from pathlib import Path

import pytest

from storage.database import Store
from tests.bot.desk.browsers import Office
from tests.bot.desk.talking import DeskLane


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    """A desk where nobody works yet."""
    return Office(store, tmp_path)


@pytest.fixture
def lane(store: Store, tmp_path: Path) -> DeskLane:
    """A lane with a desk, at half past two in India, on a Monday."""
    return DeskLane(store, tmp_path)
