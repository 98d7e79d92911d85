"""A fault put into a catalogue on purpose is caught, by its name; a sound catalogue is left alone."""

from pathlib import Path

import pytest

from flows.model import Language
from locales import DESK, familiar_words, risk_words
from locales.catalogues import TRANSLATED, path_of
from locales.check import problems
from tests.locales.builders import keep, template

BN, HI, BN_LATN, HI_LATN = TRANSLATED
SOUND = [
    (BN, "Yes", "হ্যাঁ"),
    (BN, "A lawyer can be free for you.", "উকিল বিনা পয়সায় পেতে পারেন।"),
    (BN, "Ask at the DLSA.", "DLSA অফিসে চান।"),
    (BN, "The police can arrest.", "পুলিশ গ্রেপ্তার করতে পারে।"),  # it holds the letters of a risk word
    (BN, "{name}. Contact: {contact}.", "{name}। ফোন: {contact}।"),
    (HI, "Call 112, it is free.", "112 पर फ़ोन कीजिए, मुफ़्त है।"),
    (HI, "Two papers.", "दो कागज़।"),
    (BN_LATN, "Rs 1,00,000 in 30 days", "30 dine 1,00,000 taka"),
    (HI_LATN, "Right?", "Thik?"),
    (HI_LATN, "FIR", "FIR"),
]
SABOTAGE = [
    (BN, "Yes", "", "missing"),
    (BN, "{district}. Right?", "ঠিক?", "placeholders differ: English has district, here none"),
    (BN, "{district}. Right?", "{jela}। ঠিক?", "placeholders differ: English has district, here jela"),
    (BN, "{district}. Right?", "{district ঠিক?", "broken placeholder"),
    (BN, "Call 112.", "১১২ নম্বরে ফোন করুন।", "digits are 0-9 in every language, not ১১২"),
    (HI, "Call 112.", "११२ पर फ़ोन कीजिए।", "digits are 0-9 in every language, not ११२"),
    (HI, "Call 1098.", "1089 पर फ़ोन कीजिए।", "numbers differ: English has 1098, here 1089"),
    (HI_LATN, "Rs 1,00,000", "10,000 rupaye", "numbers differ: English has 1,00,000, here 10,000"),
    (HI, "In 30 days", "कुछ दिन में", "numbers differ: English has 30, here none"),
    (BN_LATN, "Yes", "Hya, হ্যাঁ", "letters of another script: হ্যাঁ"),
    (HI_LATN, "Yes", "हाँ", "letters of another script: हाँ"),
    (BN, "Yes", "हाँ", "letters of another script: हाँ"),
    (HI, "Not now", "Not now", "not translated: no Devanagari letter"),
    (BN_LATN, "Court paper", "Court-er kagoj \u0101", "not in GSM-7: \u0101 U+0101"),
    (BN, "Money", "ক্ষতিপূরণ", "risk word: ক্ষতিপূরণ"),
    (BN, "What happened", "পাচারের কথা", "risk word: পাচার"),
    (HI, "A woman", "पी\u0921\u093cिता", "risk word: पी\u0921\u093cित"),
    (HI, "A woman", "पी\u095cिता", "risk word: पी\u0921\u093cित"),
    (BN, "What happened", "পা\u200dচার", "risk word: পাচার"),
    (BN_LATN, "What happened", "PACHARer kotha", "risk word: pachar"),
    (HI_LATN, "Money", "Muavza", "risk word: muavza"),
    (HI_LATN, "A woman", "Ek survivor", "risk word: survivor"),
    (BN, "Yes", "হ্যাঁ!", "exclamation mark"),
    (BN, "Write.", "তুমি লিখুন।", "too familiar (see STYLE.md): তুমি"),
    (BN_LATN, "Write.", "Tumi likhun.", "too familiar (see STYLE.md): tumi"),
    (HI, "Tell us.", "तुम बताओ।", "too familiar (see STYLE.md): तुम, बताओ"),
    (HI_LATN, "Tell us.", "Batao.", "too familiar (see STYLE.md): batao"),
    (BN, "Yes", "হ্যাঁ \U0001f642", "emoji"),
    (HI, "Yes", "\u201cहाँ\u201d", "curly quote"),
    (HI, "Yes", "हाँ ", "space at an end"),
    (HI, "Yes", "हाँ,\nजी", "line break"),
]


@pytest.mark.parametrize(("language", "english", "said"), SOUND)
def test_sound_sentence(tmp_path: Path, language: Language, english: str, said: str) -> None:
    """A sentence that keeps the rules is not complained of."""
    keep(tmp_path, language, {english: said})
    assert list(problems(template(english), tmp_path, (language,))) == []


@pytest.mark.parametrize(("language", "english", "said", "fault"), SABOTAGE)
def test_sabotaged_sentence(tmp_path: Path, language: Language, english: str, said: str, fault: str) -> None:
    """A fault is told in a line that names the language, the English and what is wrong."""
    keep(tmp_path, language, {english: said})
    found = list(problems(template(english), tmp_path, (language,)))
    assert any(line.startswith(f"{language.value}: {english!r}") and fault in line for line in found), found
    assert all("\n" not in line for line in found)


@pytest.mark.parametrize("english", ["For a victim", "Come!", "It\u2019s free", "Call \u20b9", "Yes ", "{half"])
def test_sabotaged_english(tmp_path: Path, english: str) -> None:
    """The English source bears the same rules as its translations."""
    found = list(problems(template(english), tmp_path, ()))
    assert found
    assert all(line.startswith("en: ") for line in found)


def test_sentence_never_written(tmp_path: Path) -> None:
    """A sentence that the catalogue has not got at all is missing."""
    keep(tmp_path, BN, {"Yes": "হ্যাঁ"})
    (line,) = problems(template("Yes", "No"), tmp_path, (BN,))
    assert line == "bn: 'No' (flows/helpline/menu.py): missing"


def test_fuzzy_sentence(tmp_path: Path) -> None:
    """A translation whose English changed is refused until it is redone."""
    keep(tmp_path, BN, {"Yes": "হ্যাঁ"}, fuzzy=("Yes",))
    (line,) = problems(template("Yes"), tmp_path, (BN,))
    assert "fuzzy" in line


@pytest.mark.parametrize(
    ("said", "fuzzy", "fault"),
    [
        ({"For a victim: %(n)s": "পীড়িতের জন্য: %(n)s"}, (), None),  # the desk says what a phone must not
        ({"For a victim: %(n)s": "পীড়িতের জন্য: %(m)s"}, (), "its values"),
        ({"For a victim: %(n)s": "পীড়িতের জন্য: %(n)s"}, ("For a victim: %(n)s",), "fuzzy"),
        ({}, (), "missing"),
        ({"For a victim: %(n)s": "পীড়িতের জন্য: %(n)s", "Gone": "নেই"}, (), "stale"),
    ],
)
def test_desk_sentence(tmp_path: Path, said: dict[str, str], fuzzy: tuple[str, ...], fault: str | None) -> None:
    """The desk's words are in a catalogue of their own: whole and new they must be, but no phone shows them."""
    keep(tmp_path, BN, said, fuzzy, DESK)
    found = list(problems(template("For a victim: %(n)s", domain=DESK), tmp_path, (BN,)))
    assert len(found) == (fault is not None)
    assert all(str(fault) in line for line in found)


def test_stale_sentence(tmp_path: Path) -> None:
    """A translation that no source asks for is refused, so that nobody goes on mending it."""
    keep(tmp_path, BN, {"Yes": "হ্যাঁ", "Gone": "নেই"})
    (line,) = problems(template("Yes"), tmp_path, (BN,))
    assert line.startswith("bn: 'Gone' (catalogue): stale")


def test_obsolete_sentence(tmp_path: Path) -> None:
    """A translation that was set aside as a comment is refused too."""
    keep(tmp_path, BN, {"Yes": "হ্যাঁ"})
    with path_of(BN, tmp_path).open("a", encoding="utf-8") as stream:
        stream.write('\n#~ msgid "Gone"\n#~ msgstr "নেই"\n')
    (line,) = problems(template("Yes"), tmp_path, (BN,))
    assert "obsolete" in line


def test_no_catalogue(tmp_path: Path) -> None:
    """A language without a catalogue is one line, not one a sentence."""
    assert list(problems(template("Yes", "No"), tmp_path, (HI,))) == [
        "hi: no catalogue: run `python -m locales.update hi`"
    ]


def test_broken_catalogue(tmp_path: Path) -> None:
    """A file that is no catalogue is refused, never half read."""
    keep(tmp_path, BN, {"Yes": "হ্যাঁ"})
    path_of(BN, tmp_path).write_text('msgid "Yes"\nmsgstr "হ্যাঁ"\nrubbish\n', encoding="utf-8")
    (line,) = problems(template("Yes"), tmp_path, (BN,))
    assert line.startswith("bn: not a catalogue")


@pytest.mark.parametrize("language", Language)
def test_every_risk_word_is_caught(tmp_path: Path, language: Language) -> None:
    """Each word of a list is found with an ending on it and in any case, so none is listed in vain."""
    said = {word: f"{word.upper()}er" for word in risk_words(language)}
    keep(tmp_path, language, said)
    found = list(problems(template(*said), tmp_path, (language,)))
    for word in said:
        assert any(line.startswith(f"{language.value}: {word!r}") and "risk word" in line for line in found), word


@pytest.mark.parametrize("language", Language)
def test_lists_are_there_and_apart(language: Language) -> None:
    """Every language names words never to use, and no word is in both of its lists."""
    assert len(risk_words(language)) >= 15
    assert not set(risk_words(language)) & set(familiar_words(language))
