"""A desk on each of the two databases."""

from pathlib import Path

import pytest

from storage.database import Store
from tests.bot.desk.browsers import Office


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    """A desk where nobody works yet."""
    return Office(store, tmp_path)
