"""The erasure ledger: what was written stays written, and a crash takes nothing but the entry it cut."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import ledger
from bot.errors import Misconfigured
from storage.ids import new_id
from tests.storage.builders import NOW

HER, OTHER = new_id(NOW), new_id(NOW)


def test_who_was_forgotten_is_read_back(tmp_path: Path) -> None:
    """Ids and moments come back; of two entries for one person the first counts."""
    path = tmp_path / "kept" / "erasures.ledger"
    assert ledger.read(path) == {}
    for person_id, at in ((HER, NOW), (OTHER, NOW), (HER, NOW + timedelta(days=1))):
        ledger.append(path, person_id, at)
    assert ledger.read(path) == {HER: NOW, OTHER: NOW}
    assert path.stat().st_mode & 0o777 == 0o600


def test_only_the_missing_are_added(tmp_path: Path) -> None:
    """Merging a ledger into another writes nobody twice."""
    path = tmp_path / "erasures.ledger"
    ledger.append(path, HER, NOW)
    ledger.add_missing(path, {HER: NOW, OTHER: NOW})
    assert path.read_text().count("\n") == 2


@pytest.mark.parametrize("cut", [1, 20, 40, 50])
def test_a_cut_last_line_is_no_entry(tmp_path: Path, cut: int) -> None:
    """A crash in the middle of an entry loses that entry alone, and the next one is whole."""
    path = tmp_path / "erasures.ledger"
    ledger.append(path, HER, NOW)
    with path.open("a") as file:
        file.write(f"{OTHER} {NOW.isoformat()}"[:cut])
    assert ledger.read(path) == {HER: NOW}
    ledger.append(path, OTHER, NOW)
    assert ledger.read(path) == {HER: NOW, OTHER: NOW}


@pytest.mark.parametrize(
    "line",
    ["nonsense", f"{HER} yesterday", "sms:+915550000001 2026-03-02T09:00:00+00:00"],
    ids=["nonsense", "no moment", "a number"],
)
def test_what_is_no_ledger_is_refused_by_its_line(tmp_path: Path, line: str) -> None:
    """A damaged ledger is never taken for a short one: the line that is wrong is named."""
    path = tmp_path / "erasures.ledger"
    ledger.append(path, HER, NOW)
    with path.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(Misconfigured, match="line 2"):
        ledger.read(path)
