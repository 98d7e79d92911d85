"""`sathi collective members`, `invite`, `revoke`: nothing wrong or half gets in, and a lost phone is shut out."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.console import collective as room
from bot.roster_files import MEMBERS, Row
from storage import directory, members
from storage.database import Store, reading, writing
from storage.directory import Collective
from tests.bot.console.running import run

GOOD: Row = {
    "label": "north-1",
    "collective": "asha",
    "districts": "nadia;kolkata",
    "languages": "bn;hi",
    "needs": "",
    "home": "nadia",
    "block": "Ranaghat",
    "capacity": "3",
    "duty": "mon 09:00-13:00 15:00-18:00; sat 10:00-12:00",
    "holidays": "2026-10-20",
    "language": "bn",
}


@pytest.fixture
def asha(store: Store) -> Store:
    """A store with one collective."""
    with writing(store.main) as db:
        directory.upsert(db, [Collective("asha", "Asha", districts=("nadia",))])
    return store


def _csv(folder: Path, *rows: Row) -> str:
    path = folder / "members.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, MEMBERS.columns)
        out.writeheader()
        out.writerows(rows)
    return str(path)


def test_a_good_row_is_taken_in_and_comes_out_again(asha: Store, tmp_path: Path) -> None:
    """Several spans a day, holidays and a block survive the way in and out, as CSV and as TOML."""
    assert run(room, "collective", "members", "import", _csv(tmp_path, GOOD), store=asha).code == 0
    for name in ("out.csv", "out.toml"):
        assert run(room, "collective", "members", "export", str(tmp_path / name), store=asha).code == 0
        ran = run(room, "collective", "members", "import", str(tmp_path / name), store=asha)
        assert (ran.code, ran.err.strip()) == (0, "1 members taken in")
    with reading(asha.main) as db:
        (one,) = members.all_of(db)
    assert one.post.duty == {"mon": (("09:00", "13:00"), ("15:00", "18:00")), "sat": (("10:00", "12:00"),)}
    assert (one.post.block, one.post.holidays, one.joined_at) == ("ranaghat", ("2026-10-20",), None)


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("label", "Rina Das", "label must be"),
        ("collective", "none", "no collective has the id 'none'"),
        ("districts", "atlantis", "'atlantis'"),
        ("languages", "fr", "'fr'"),
        ("capacity", "0", "capacity is a number"),
        ("duty", "mon 18:00-09:00", "ends before it begins"),
        ("duty", "someday 09:00-10:00", "no day with hours"),
        ("holidays", "yesterday", "no date"),
        ("needs", "gold", "'gold'"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_nothing_is_kept(
    asha: Store, tmp_path: Path, column: str, cell: str, told: str
) -> None:
    """The good row before it is not taken in either."""
    path = _csv(tmp_path, GOOD, {**GOOD, "label": "north-2", column: cell})
    ran = run(room, "collective", "members", "import", path, store=asha)
    assert ran.code == 2
    assert "line 3" in ran.err
    assert told in ran.err
    with reading(asha.main) as db:
        assert members.all_of(db) == []


def test_an_invitation_is_printed_once_and_a_new_one_replaces_it(asha: Store, tmp_path: Path) -> None:
    """Only the hash is kept; the older link opens nothing."""
    run(room, "collective", "members", "import", _csv(tmp_path, GOOD), store=asha)
    first, second = (run(room, "collective", "invite", "north-1", store=asha).out.split()[-1] for _ in range(2))
    with reading(asha.main) as db:
        opened = [members.open_invitation(db, token, datetime.now(UTC)) is not None for token in (first, second)]
    assert opened == [False, True]
    assert run(room, "collective", "invite", "nobody", store=asha).code == 2
    assert run(room, "collective", "revoke", "north-1", store=asha).code == 0
