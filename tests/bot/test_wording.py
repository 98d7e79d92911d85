"""Wording: one message a turn, in her language, in letters her phone can show."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.parts import fit
from bot.wording import labels, word
from flows.model import Language, Named, Offer, Offered, Say, T

MENU = T("Money")
YES = Offered("1", "yes", T("Yes"))
CLOSE = Offered("00", "close", T("close"))


def test_a_turn_is_one_message() -> None:
    """Sentences first, then a line a choice, then what always works."""
    worded = word((Say(T("All right.")), Say(T("Write at any time.")), Offer((YES,), (CLOSE,))), Language.EN)
    assert worded.text == "All right. Write at any time.\n1 Yes\n00 close"
    assert (worded.choices, worded.hints) == ((("1", "Yes"),), (("00", "close"),))


@pytest.mark.parametrize("language", [one for one in Language if one is not Language.EN])
def test_every_language_has_its_own_words(language: Language) -> None:
    """A label is not the English one in any other way of writing."""
    assert word((Offer((Offered("1", "money", MENU),)),), language).text != "1 Money"


@pytest.mark.parametrize("language", [Language.EN, Language.BN_LATN, Language.HI_LATN])
def test_latin_messages_stay_cheap(language: Language) -> None:
    """Months and weekdays of a Latin language hold no letter that would make the message UCS-2."""
    for month in range(1, 13):
        for value in (date(2026, month, 1), datetime(2026, month, month, tzinfo=UTC)):
            text = word((Say(T("{at}"), {"at": value}),), language).text
            assert fit(text).encoding == "GSM-7", text


@pytest.mark.parametrize("language", list(Language))
def test_digits_are_the_ones_she_types(language: Language) -> None:
    """A year is told in 0-9 in every language."""
    assert "2026" in word((Say(T("{at}"), {"at": date(2026, 11, 1)}),), language).text


def test_a_name_without_this_language_is_told_in_english() -> None:
    """A place that nobody has written in her language is told rather than left out."""
    name = Named({Language.EN: "Canning"})
    assert word((Say(T("{district}. Right?"), {"district": name}),), Language.HI).text.startswith("Canning")
    assert labels(name) == ("Canning",)


def test_lists_are_joined_as_the_language_joins_them() -> None:
    """Babel joins lists; nothing is glued with commas of ours."""
    assert word((Say(T("{all}"), {"all": ("a", "b", "c")}),), Language.EN).text == "a, b and c"


@given(some.text(max_size=300))
def test_parts_hold_what_they_say(text: str) -> None:
    """A text fits in the parts it is counted at, and never in fewer."""
    fitted = fit(text)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if fitted.encoding == "UCS-2":
        assert (fitted.segments == 1) == (units <= 70)
        assert fitted.segments >= -(-units // 67) or fitted.segments == 1
    else:
        assert (fitted.segments == 1) == (units + sum(char in "\f^{}\\[~]|€" for char in text) <= 160)
