"""Finding her district: by name or town, in five ways of writing, misspelt and in a sentence; never a wrong one."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.hearing.fold import plain
from flows.places import DISTRICTS, Found, district
from flows.places.finding import _NAMES
from flows.places.names import joined

NORTH, SOUTH = "north_24_parganas", "south_24_parganas"
AROUND = {
    "latin": ("{}", "ami {} theke", "I live in {}", "{} jela", "main {} se hoon", "amar bari {} te", "near {}"),
    "bengali": ("{}", "আমি {} থেকে", "{} জেলা", "{}তে থাকি", "আমার বাড়ি {}"),
    "devanagari": ("{}", "मैं {} से हूं", "{} में रहती हूं", "{} जिला"),
}
MISSPELT = (
    *(("sh", "s"), ("s", "sh"), ("i", "ee"), ("u", "oo"), ("a", "o"), ("j", "z"), ("v", "b"), ("kh", "k"), ("w", "o")),
    *(("ি", "ী"), ("ী", "ি"), ("ু", "ূ"), ("ণ", "ন"), ("শ", "স"), ("স", "শ"), ("ড়", "র")),
    *(("ि", "ी"), ("ी", "ि"), ("श", "स"), ("ब", "व"), ("ड़", "र"), ("ण", "न")),
)

UNDERSTOOD = [
    ("I live in canning", SOUTH),
    ("ami basirhat theke", NORTH),
    ("बशीरहाट में रहती हूं", NORTH),
    ("বসিরহাটে থাকি", NORTH),
    ("ক্যানিংয়ে থাকি", SOUTH),
    ("amar bari sandeshkhali te", NORTH),
    ("shandeskhaly", NORTH),
    ("kolkatay thaki", "kolkata"),
    ("কলকাতার মেয়ে", "kolkata"),
    ("মালদায়", "malda"),
    ("siliguri", "darjeeling"),
    ("N24 pgs", NORTH),
    ("২৪ পরগনা দক্ষিণ", SOUTH),
    ("uttor chobbish porgona", NORTH),
    ("दक्षिण चौबीस परगना", SOUTH),
    ("24-Parganas (North)", NORTH),
    ("Kakdwip, 24 parganas", SOUTH),
    ("medinipur purba", "purba_medinipur"),
    ("kashipur purulia", "purulia"),
    ("haora", "howrah"),
    ("haroa", NORTH),
    ("taki", NORTH),
    ("main taki se hoon", NORTH),
    ("dilli te chilam, ekhon canning", SOUTH),
    ("murshidabaad", "murshidabad"),
    ("dimond harbor", SOUTH),
    ("Diamondharbour", SOUTH),
    ("koch bihar", "coochbehar"),
    ("Basanti, Canning", SOUTH),
]
ANNOUNCED = {
    "sundarban": SOUTH,
    "basirhat": NORTH,
    "ichhamati": NORTH,
    "ranaghat": "nadia",
    "bishnupur jela": "bankura",
    "kandi": "murshidabad",
    "berhampore": "murshidabad",
}
SHARED = {
    "24 parganas": {NORTH, SOUTH},
    "২৪ পরগনা": {NORTH, SOUTH},
    "dinajpur": {"uttar_dinajpur", "dakshin_dinajpur"},
    "मेदिनीपुर": {"purba_medinipur", "paschim_medinipur"},
    "burdwan": {"purba_bardhaman", "paschim_bardhaman"},
    "bishnupur": {"bankura", SOUTH},
    "kashipur": {"purulia", "kolkata", SOUTH},
    "joypur": {"bankura", "purulia", "howrah"},
    "islampur": {"uttar_dinajpur", "murshidabad"},
    "kolkata ba canning": {"kolkata", SOUTH},
}
NONE = [
    "",
    "   ",
    "i do not know",
    "jani na",
    "জানি না",
    "पता नहीं",
    "bolbo na",
    "delhi",
    "দিল্লি",
    "bihar",
    "ami bihar e achi",
    "bangladesh",
    "jessore",
    "দিন ১৪",
    "24",
    "7",
    "hello",
    "my name is rina",
    "किसी को मत बताना",
]


def every_name() -> Iterator[tuple[str, str]]:
    """Every code with every name of its district and towns."""
    yield from ((code, name) for code, one in DISTRICTS.items() for name in one.names)


def script_of(name: str) -> str:
    """The script a name is written in."""
    if name.isascii():
        return "latin"
    return "bengali" if any("\u0980" <= letter <= "\u09ff" for letter in name) else "devanagari"


def meant_by(name: str) -> frozenset[str]:
    """The districts that a name may mean."""
    return _NAMES.written[joined(plain(name))]


def misspellings(name: str, chance: Random) -> Iterator[str]:
    """The usual misspellings of a name, and two slips of the finger."""
    yield from (name.replace(right, wrong, 1) for right, wrong in MISSPELT if right in name)
    letters = [at for at, letter in enumerate(name) if letter.isalpha() and at]
    if len(letters) >= 4:
        at = chance.choice(letters[:-1])
        yield name[:at] + name[at] + name[at:]
        yield name[:at] + name[at + 1] + name[at] + name[at + 2 :]


@pytest.mark.parametrize(("text", "code"), UNDERSTOOD)
def test_a_place_is_understood(text: str, code: str) -> None:
    """In her words, with endings, and beside other places."""
    assert district(text) == Found(code)


@pytest.mark.parametrize("name", ANNOUNCED)
def test_an_announced_district_is_its_parent(name: str) -> None:
    """The seven districts that were announced are places in the ones that work."""
    assert district(name).code == ANNOUNCED[name]


@pytest.mark.parametrize("text", SHARED)
def test_what_may_be_several_is_asked(text: str) -> None:
    """A name of two districts, or the names of two, are never taken for one."""
    found = district(text)
    assert (found.code, set(found.among)) == (None, SHARED[text])


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_place_is_none(text: str) -> None:
    """Silence, a refusal, a place outside the state and other words name no district."""
    assert district(text) == Found()


def test_every_name_is_found_in_a_sentence() -> None:
    """Each of the names, with each of the usual words around it, leads to its district, or to the question which."""
    for code, name in every_name():
        right = meant_by(name)
        for around in AROUND[script_of(name)]:
            found = district(around.format(name))
            assert found.code in right if found.code else code in found.among, around.format(name)


def test_misspelt_names_are_found(proof: object) -> None:
    """At least 95 of 100 misspelt names are found or asked about, and hardly one is taken for another place.

    The few that are, are misspelt into the name of another town; she is asked before any of it is kept.
    """
    chance = Random(24)
    texts = [
        (meant_by(name), chance.choice(AROUND[script_of(name)]).format(wrong))
        for _code, name in every_name()
        for wrong in misspellings(name, chance)
    ]
    answers = [(right, district(text)) for right, text in texts]
    found = sum(bool(right & {answer.code, *answer.among}) for right, answer in answers)
    wrong = sum(answer.code is not None and answer.code not in right for right, answer in answers)
    proof(f"misspelt_places={len(texts)} found={found / len(texts):.3f} wrong={wrong / len(texts):.4f}")  # type: ignore[operator]
    assert found / len(texts) >= 0.95
    assert wrong / len(texts) <= 0.002


def test_everyday_words_are_asked_about() -> None:
    """A name that is also a common word is taken only where nothing else is said."""
    assert district("basanti").code == SOUTH
    assert district("basanti bolchi, shunchen") == Found(among=(SOUTH,))
    assert district("ghum hoy na rate") == Found(among=("darjeeling",))


@given(st.text(max_size=400))
@example("\u200d" * 300)
@example("canning " * 5000)
@example("২" * 400)
def test_any_text_has_an_answer(text: str) -> None:
    """Whatever is written, the answer is one known district, some of them, or none."""
    found = district(text)
    assert found.code is None or found.code in DISTRICTS
    assert set(found.among) <= DISTRICTS.keys()
    assert not (found.code and found.among)


@given(st.sampled_from(list(every_name())), st.sampled_from(["", " ", ".", "!", "?", "\n", "\u200c"]))
def test_case_and_marks_change_nothing(named: tuple[str, str], mark: str) -> None:
    """Capitals, punctuation and what cannot be seen around a name make no difference."""
    _code, name = named
    assert district(f"{mark}{name.upper()}{mark}") == district(name)
