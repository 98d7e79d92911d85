"""Districts: those of the source, each found by every one of its names and its towns' names."""

import re
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest
import yaml

from flows.errors import BadFlow
from flows.hearing.fold import plain
from flows.model import Language
from flows.places import DISTRICTS, district
from flows.places.districts import GAZETTEER, read_gazetteer
from tests.peers import need

SHARED = Path(__file__).parents[4] / "shared" / "facts" / "directory.yaml"
WRITTEN = files("flows.places").joinpath("districts.toml").read_text(encoding="utf-8")
SCRIPTS = {"latin": r"[a-z0-9 ]+", "bengali": "[\u0980-\u09ff ]+", "devanagari": "[\u0900-\u097f0-9 ]+"}


def test_districts_are_those_of_the_source() -> None:
    """Codes, native names, region and seat are the source's, and each of its names leads to its district."""
    need(SHARED.is_file(), "the source of the facts (directory.yaml)")
    source = {one["code"]: one for one in yaml.safe_load(SHARED.read_text(encoding="utf-8"))["districts"]}
    assert DISTRICTS.keys() == source.keys()
    for code, one in source.items():
        held = DISTRICTS[code]
        names = [held.name.words[language] for language in (Language.EN, Language.BN, Language.HI)]
        assert names == [one["name_en"], one["name_bn"], one["name_hi"]]
        assert (held.region, held.seat, held.seat_confidence) == (
            one["region"],
            one["dlsa_seat_town"],
            one["dlsa_seat_confidence"],
        )
        for alias in one["aliases"]:
            found = district(alias)
            assert code == (found.code or found.among[0]), alias


def test_there_are_twenty_three() -> None:
    """The seven that were announced are none of them."""
    assert len(DISTRICTS) == 23
    assert not {"sundarban", "basirhat", "ichhamati", "ranaghat", "bishnupur", "kandi", "berhampore"} & DISTRICTS.keys()


@pytest.mark.parametrize("code", DISTRICTS)
def test_each_has_names_and_towns_in_three_scripts(code: str) -> None:
    """No Latin name holds a native letter, and towns are known in each script."""
    held = DISTRICTS[code]
    assert len(held.towns) >= 10
    for language in (Language.EN, Language.BN_LATN, Language.HI_LATN):
        assert re.fullmatch(SCRIPTS["latin"], held.name.words[language].lower())
    for town, script in product(held.towns, SCRIPTS.values()):
        assert any(re.fullmatch(script, plain(name)) for name in town), town


def test_no_name_is_also_elsewhere() -> None:
    """A name stands either for one of ours or for a place outside."""
    ours = {plain(name) for one in DISTRICTS.values() for name in one.names}
    assert not ours & {plain(name) for name in GAZETTEER.elsewhere}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('code = "nadia"', 'code = "malda"'),
        ('code = "nadia"', ""),
        ("everyday = [", "every = ["),
        ('hi_Latn = "Nadia"', 'hi = "Nadia"'),
        ("[[district]]", "[district]"),
    ],
)
def test_a_bad_file_is_refused(old: str, new: str) -> None:
    """A code taken twice, a missing field or broken TOML stops the start."""
    with pytest.raises(BadFlow):
        read_gazetteer(WRITTEN.replace(old, new))
