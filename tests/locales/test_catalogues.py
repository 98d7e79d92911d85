"""Sentences are drawn from the sources, kept through a change of the English, compiled and read."""

from pathlib import Path

import pytest

from flows.model import Language
from locales import LOCALES, NotCompiled, catalogue, read_compiled, risks_in
from locales.catalogues import NOTICE, TRANSLATED, compile_into, extract, path_of, read, sentences
from locales.style import block, found_in
from locales.update import update
from tests.locales.builders import keep, template

BN = Language.BN
SOURCES = """
[[tool.babel.mappings]]
method = "python"
pattern = ["flows/**.py"]
keywords = ["T"]
"""


def test_extraction_draws_flows_and_telling() -> None:
    """The sentences of the flows and of the edge are drawn, joined where the source breaks a line."""
    drawn = {message.id for message in sentences(extract())}
    assert "What do you need?" in drawn
    assert "Nothing of yours is written down here." in drawn
    assert any(
        str(sentence).startswith("Written down. Your number: {code}. Keep it safe. To see") for sentence in drawn
    )


def test_extraction_only_where_it_is_told(tmp_path: Path) -> None:
    """Only the places that pyproject.toml names are read, and only T()."""
    (tmp_path / "pyproject.toml").write_text(SOURCES, encoding="utf-8")
    for room in ("flows", "tests"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "one.py").write_text(f'T("Said in {room}")\nother("No sentence")\n', encoding="utf-8")
    assert [message.id for message in sentences(extract(tmp_path))] == ["Said in flows"]


def test_update_keeps_marks_and_drops(tmp_path: Path) -> None:
    """What stands stays, what changed is fuzzy with its old English, what is gone is dropped and named."""
    keep(tmp_path, BN, {"Yes": "হ্যাঁ", "In which district are you?": "কোন জেলা?", "Goodbye for ever": "বিদায়"})
    report = update(BN, template("Yes", "In which district is it?"), tmp_path)
    held = read(BN, tmp_path)
    assert held["Yes"].string == "হ্যাঁ"
    assert held["In which district is it?"].fuzzy
    assert '#| msgid "In which district are you?"' in path_of(BN, tmp_path).read_text(encoding="utf-8")
    assert report == "bn: 2 sentences, 0 to translate, 1 fuzzy\nbn: dropped 'Goodbye for ever'"


def test_update_twice_changes_nothing(tmp_path: Path) -> None:
    """A second update writes the same bytes, so that a diff shows only what a person changed."""
    update(BN, template("Yes", "No"), tmp_path)
    first = path_of(BN, tmp_path).read_bytes()
    update(BN, template("Yes", "No"), tmp_path)
    assert path_of(BN, tmp_path).read_bytes() == first


def test_moved_line_changes_nothing(tmp_path: Path) -> None:
    """A sentence that only moved to another line of its file leaves the catalogue as it was."""
    update(BN, template("Yes"), tmp_path)
    first = path_of(BN, tmp_path).read_bytes()
    moved = template()
    moved.add("Yes", locations=[("flows/helpline/menu.py", 99)])
    update(BN, moved, tmp_path)
    assert path_of(BN, tmp_path).read_bytes() == first


@pytest.mark.parametrize("language", TRANSLATED)
def test_header_says_that_it_awaits_readers(tmp_path: Path, language: Language) -> None:
    """A new catalogue, and the one that is kept, say on top that no native speaker has checked them."""
    update(language, template("Yes"), tmp_path)
    for folder in (tmp_path, path_of(language).parent.parent.parent):
        assert path_of(language, folder).read_text(encoding="utf-8").startswith(NOTICE.format(language=language.value))


def test_compiled_catalogue_speaks(tmp_path: Path) -> None:
    """A compiled sentence is read back; a fuzzy one is not sent, English goes in its place."""
    keep(tmp_path, BN, {"Yes": "হ্যাঁ", "No": "না"}, fuzzy=("No",))
    compile_into(BN, tmp_path)
    spoken = read_compiled(tmp_path / "bn")
    assert (spoken.gettext("Yes"), spoken.gettext("No")) == ("হ্যাঁ", "No")


def test_not_compiled_is_said(tmp_path: Path) -> None:
    """A catalogue that was never compiled is an error that says what to run, never silent English."""
    with pytest.raises(NotCompiled, match=r"run `python -m locales\.compile`"):
        read_compiled(tmp_path / "bn")


def test_english_needs_no_catalogue() -> None:
    """English is the source: it comes back as it went in."""
    assert catalogue(Language.EN).gettext("What do you need?") == "What do you need?"


def test_every_language_has_a_locale() -> None:
    """Each of the five ways of writing has a Babel locale, and the Latin ones write months in Latin letters."""
    assert set(LOCALES) == set(Language)
    for language in (Language.EN, Language.BN_LATN, Language.HI_LATN):
        assert LOCALES[language].months["format"]["abbreviated"][11].isascii()
        assert LOCALES[language].days["format"]["wide"][0].isascii()


def test_style_list_that_is_not_there() -> None:
    """A mistyped fence is an error; it never switches a check off."""
    with pytest.raises(ValueError, match="no ```risk list"):
        block("```risks\nword\n```\n", "risk")


def test_style_list_is_folded() -> None:
    """Comments, case, doubles and empty lines fall away."""
    assert block("```risk\n# why\nOne two  # note\n\none  two\nThree\n```\n", "risk") == ("one two", "three")


def test_risk_word_counts_from_its_beginning() -> None:
    """A risk word is found at the beginning of a word, never in the middle of another."""
    assert risks_in("Raped.", Language.EN) == ("rape",)
    assert risks_in("A grape, therapy, gossip", Language.EN) == ()
    assert risks_in("পুলিশ গ্রেপ্তার করে", Language.BN) == ()
    assert risks_in("রেপ কেস", Language.BN) == ("রেপ",)


def test_whole_word() -> None:
    """A word looked for as a whole is not found where a vowel sign or a letter goes on."""
    assert found_in("आप तुम", ["तुम"], whole=True) == ("तुम",)
    assert not found_in("तुमुल", ["तुम"], whole=True)
    assert not found_in("tumblr", ["tum"], whole=True)
