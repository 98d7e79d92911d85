"""Helplines, offices and organisations: word for word those of the source, and nothing on hold is ever said."""

import re
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.entitlements.facts import FACTS, sentences
from flows.errors import BadFlow
from flows.helpline import FLOWS
from flows.model import T
from flows.places import DISTRICTS
from flows.places.records import HELPLINES, OFFICES, ORGANISATIONS, Helpline, read_helplines, read_organisations
from tests.peers import need

SHARED = Path(__file__).parents[4] / "shared" / "facts"
KINDS = [
    ("helplines.yaml", "helplines", HELPLINES),
    ("directory.yaml", "offices", OFFICES),
    ("directory.yaml", "organisations", ORGANISATIONS),
]
CALLED = re.compile(r"(?<![\d-])\d{3,}(?![\d-])")
LAW_AND_YEARS = re.compile(r"(?:19|20)\d\d|(?:section|sections|Article|BNSS?|IPC|CrPC|s\.)\s?\d+\S*")

ONE = """
compiled = 2026-11-23
[[helpline]]
number = "112"
name = "Emergency"
run_by = "Police"
hours = "24 hours"
use_for = "Danger"
sources = [{ title = "A page", how = "read in a stored copy" }]
confidence = "verified"
show = "ok"
"""


def plain(value: Any) -> Any:
    """A record as the source holds it: lists for tuples, what is missing left out."""
    if isinstance(value, dict):
        return {"seen" if name == "how" else name: plain(held) for name, held in value.items() if held is not None}
    return [plain(held) for held in value] if isinstance(value, list | tuple) else value


def numbers_in(helpline: Helpline) -> set[str]:
    """The numbers of a helpline, without what groups their digits."""
    return {re.sub(r"\D", "", part) for part in helpline.number.split("/")}


def flow_sentences() -> list[str]:
    """Every English sentence of the flows."""
    steps = [step for flow in FLOWS for step in flow.steps]
    held = [getattr(step, field.name) for step in steps for field in fields(step)]
    return [one.text for one in held if isinstance(one, T)]


@pytest.mark.parametrize(("file", "name", "held"), KINDS, ids=[name for _file, name, _held in KINDS])
def test_each_record_is_that_of_the_source(file: str, name: str, held: tuple[Any, ...]) -> None:
    """Nothing is left out, added or reworded."""
    need((SHARED / file).is_file(), f"the source of the facts ({file})")
    source = yaml.safe_load((SHARED / file).read_text(encoding="utf-8"))[name]
    assert [plain(asdict(record)) for record in held] == plain(source)


def test_every_number_of_the_safety_flow_may_be_sent() -> None:
    """What she is told to call in danger is a helpline of the list, and none that is on hold."""
    sendable = {number for helpline in HELPLINES if helpline.is_sendable for number in numbers_in(helpline)}
    safety = next(flow for flow in FLOWS if flow.name == "safety")
    said = [getattr(step, name, None) for step in safety.steps for name in ("sentence", "off_duty")]
    called = {number for one in said if isinstance(one, T) for number in CALLED.findall(one.text)}
    assert {"112", "1098", "14416"} <= called <= sendable


def test_no_number_on_hold_is_said_anywhere() -> None:
    """No flow and no fact that can reach a phone holds a number that is on hold."""
    held = {number for helpline in HELPLINES if not helpline.is_sendable for number in numbers_in(helpline)}
    texts = [*flow_sentences(), *(sentence for fact in FACTS.sendable() for sentence in sentences(fact))]
    said = {number for text in texts for number in CALLED.findall(LAW_AND_YEARS.sub("", text))}
    assert not held & said


def test_organisations_are_of_districts_that_are_there() -> None:
    """A district of an organisation is one of the 23, or all of them."""
    assert {code for one in ORGANISATIONS for code in one.districts} <= {*DISTRICTS, "all"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('show = "ok"', 'show = "yes"'),
        ('confidence = "verified"', 'confidence = "sure"'),
        ('run_by = "Police"', ""),
        ("hours =", "hour ="),
        ('[{ title = "A page", how = "read in a stored copy" }]', "[]"),
        ("compiled = 2026-11-23", 'compiled = "lately"'),
        ("compiled = 2026-11-23", ""),
        ("[[helpline]]", "[helpline]"),
        ("= 2026", "= ="),
    ],
)
def test_a_bad_record_is_refused(old: str, new: str) -> None:
    """A missing, unknown or senseless field stops the start; so does a record without a source."""
    assert read_helplines(ONE)[0].number == "112"
    with pytest.raises(BadFlow):
        read_helplines(ONE.replace(old, new))


def test_a_number_stands_once() -> None:
    """Two records of one number would leave open which of them holds."""
    with pytest.raises(BadFlow, match="twice"):
        read_helplines(ONE + ONE.partition("2026-11-23")[2])


def test_organisations_need_their_list() -> None:
    """A file of another kind is refused."""
    with pytest.raises(BadFlow):
        read_organisations(ONE)
