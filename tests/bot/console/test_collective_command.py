"""`sathi collective`: nothing wrong gets in, nothing half gets in, and samples never meet a real survivor."""

from datetime import date
from pathlib import Path

import pytest

from bot import roster
from bot.console import collective as room
from bot.errors import Misconfigured
from bot.roster_files import COLUMNS, Row
from storage import directory, marks
from storage.database import Store, reading, writing
from storage.directory import Collective
from tests.bot.console.running import run

TODAY = date(2026, 3, 2)
GOOD: Row = {
    "id": "asha",
    "spoken_name": "Asha sewing group",
    "name": "Asha Collective",
    "districts": "nadia;kolkata",
    "languages": "bn;hi",
    "contact": "+915550000007",
    "contact_kind": "phone",
    "consented_on": "2026-02-01",
    "show": "yes",
}


def _csv(folder: Path, *rows: Row) -> Path:
    path = folder / "groups.csv"
    lines = [",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _there(store: Store) -> list[Collective]:
    with reading(store.main) as db:
        return directory.all_of(db)


def test_a_good_row_is_taken_in(store: Store, tmp_path: Path) -> None:
    """What stands in the file stands in the directory, and the district finds it."""
    assert run(room, "collective", "import", str(_csv(tmp_path, GOOD)), store=store).code == 0
    with reading(store.main) as db:
        (found,) = directory.in_district(db, "nadia")
    assert (found.name, found.languages, found.is_sample) == ("Asha Collective", ("bn", "hi"), False)
    assert found.consented_on == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("id", "Not An Id", "id must be"),
        ("name", "", "name is missing"),
        ("districts", "nadia;atlantis", "'atlantis'"),
        ("districts", "", "districts is missing"),
        ("languages", "fr", "'fr'"),
        ("spoken_name", "Rescue group", "must not be on her phone: rescue"),
        ("spoken_name", "группа", "neither plain Latin"),
        ("spoken_name", "", "neutral spoken_name"),
        ("spoken_name", "W" * 25, "longer than 24"),
        ("contact", "", "contact is missing"),
        ("contact_kind", "pigeon", "contact_kind is one of"),
        ("consented_on", "", "before it agreed"),
        ("consented_on", "2026-03-03", "in the future"),
        ("consented_on", "yesterday", "no date"),
        ("show", "perhaps", "yes or no"),
    ],
)
def test_a_bad_cell_is_refused(column: str, cell: str, told: str) -> None:
    """Each rule of a row has its own words."""
    assert list(roster.faults(GOOD, TODAY)) == []
    assert any(told in str(fault) for fault in roster.faults({**GOOD, column: cell}, TODAY))


@pytest.mark.parametrize("name", ["আশা দল", "आशा समूह", "Asha dol"])
def test_three_scripts_may_be_spoken(name: str) -> None:
    """A neutral name may be written in Latin, Bengali or Devanagari letters."""
    assert list(roster.faults({**GOOD, "spoken_name": name}, TODAY)) == []


def test_all_bad_rows_are_named_and_none_gets_in(store: Store, tmp_path: Path) -> None:
    """Every fault is told with its line, also a double id, and the good row beside them waits."""
    bad = [{**GOOD, "id": "two", "districts": "atlantis"}, {**GOOD, "id": "three", "show": "perhaps"}, GOOD]
    ended = run(room, "collective", "import", str(_csv(tmp_path, GOOD, *bad)), store=store)
    assert ended.code == 2
    for told in ("line 3: no district", "line 4: show is", "line 5: the id 'asha' is taken by line 2"):
        assert told in ended.err
    assert _there(store) == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "id,name\n", "line 1: spoken_name is missing"),
        ("a.csv", ",".join((*COLUMNS, "secret")) + "\n", "'secret' is no column"),
        ("a.csv", ",".join(COLUMNS) + "\nasha,too,few\n", "line 2: it has not 9 cells"),
        ("a.csv", ",".join(COLUMNS) + '\n"asha\n', "line 2"),
        ("a.toml", "collective = 3\n", "under a line [[collective]]"),
        ("a.toml", "[[collective]]\nid = 'x'\n", "line 1: name is missing"),
        ("a.toml", "nonsense\n", "line 1"),
        ("a.txt", "", "neither .csv nor .toml"),
    ],
)
def test_a_file_that_is_no_directory_is_refused(tmp_path: Path, name: str, content: str, told: str) -> None:
    """A file without the columns is refused by its line."""
    (tmp_path / name).write_text(content)
    with pytest.raises(Misconfigured) as refused:
        roster.read_file(tmp_path / name, TODAY)
    assert told in str(refused.value)


@pytest.mark.parametrize("name", ["out.csv", "out.toml"])
def test_what_is_written_is_read_again(store: Store, tmp_path: Path, name: str) -> None:
    """The directory goes through a file unchanged, also a number that a spreadsheet would take for a formula."""
    rows = roster.read_file(_csv(tmp_path, GOOD, {**GOOD, "id": "two", "show": "no", "consented_on": ""}), TODAY)
    with writing(store.main) as db:
        roster.put(db, rows, whole=True)
    assert run(room, "collective", "export", str(tmp_path / name), store=store).code == 0
    assert sorted(roster.read_file(tmp_path / name, TODAY), key=lambda one: one.id) == _there(store)
    if name == "out.csv":
        assert "'+915550000007" in (tmp_path / name).read_text()
    assert run(room, "collective", "export", str(tmp_path / name), store=store).code == 2


def test_samples_are_marked_and_give_way_to_real_ones(store: Store, tmp_path: Path) -> None:
    """Samples say SAMPLE in every name, are left out of an export, and go when a real directory comes."""
    assert run(room, "collective", "samples", store=store).code == 0
    assert all("SAMPLE" in one.name and "SAMPLE" in one.spoken_name and one.is_sample for one in _there(store))
    assert "SAMPLE" in run(room, "collective", "list", store=store).out
    run(room, "collective", "export", str(tmp_path / "out.csv"), store=store)
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 1
    run(room, "collective", "import", str(_csv(tmp_path, GOOD)), store=store)
    assert [one.id for one in _there(store)] == ["asha"]


def test_no_sample_where_real_survivors_write(store: Store) -> None:
    """Where a real channel has written, nobody may be sent to a group that does not exist."""
    with writing(store.main) as db:
        marks.set_mark(db, marks.REAL_CHANNEL, "yes")
    assert run(room, "collective", "samples", store=store).code == 2
    assert _there(store) == []


def test_import_keeps_the_others_unless_it_is_the_whole(store: Store, tmp_path: Path) -> None:
    """A file adds to the directory or replaces rows of it; only `--whole` drops what is not in it."""
    run(room, "collective", "import", str(_csv(tmp_path, GOOD, {**GOOD, "id": "two"})), store=store)
    run(room, "collective", "import", str(_csv(tmp_path, {**GOOD, "name": "Asha again"})), store=store)
    assert [(one.id, one.name) for one in _there(store)] == [("asha", "Asha again"), ("two", "Asha Collective")]
    run(room, "collective", "import", "--whole", str(_csv(tmp_path, GOOD)), store=store)
    assert [one.id for one in _there(store)] == ["asha"]


def test_list_as_json(store: Store, tmp_path: Path) -> None:
    """A program reads the directory as it stands."""
    run(room, "collective", "import", str(_csv(tmp_path, GOOD)), store=store)
    (told,) = run(room, "collective", "list", "--json", store=store).objects
    assert (told["districts"], told["consented_on"], told["show"]) == (["nadia", "kolkata"], "2026-02-01", True)
    assert told["sample"] is False
