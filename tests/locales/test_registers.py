"""One register: the two catalogues of a language say the same words, in the one form of address."""

import pytest
from rapidfuzz import fuzz

from flows.hearing.fold import fold
from flows.model import Language
from locales.catalogues import read, sentences

ALIKE = 50  # of 100: the least two spellings of one sentence are alike, by the sound of their words
FEWEST = 3  # words; of a label the two letters may differ more: a language is called by its own name


@pytest.mark.parametrize(
    ("native", "latin"), [(Language.BN, Language.BN_LATN), (Language.HI, Language.HI_LATN)], ids=["bn", "hi"]
)
def test_native_and_latin_letters_say_the_same(native: Language, latin: Language) -> None:
    """No sentence is told in other words to who reads the other letters."""
    told = {message.id: message.string for message in sentences(read(latin))}
    apart = [
        (message.string, told[message.id])
        for message in sentences(read(native))
        if len(message.string.split()) >= FEWEST
        and fuzz.token_sort_ratio(fold(message.string), fold(told[message.id])) < ALIKE
    ]
    assert apart == []
