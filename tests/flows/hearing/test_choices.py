"""Choices: a label in any language, or a like word, names one choice or none."""

import pytest

from flows.hearing import choice

MENU = (
    ("money", ("Money", "টাকা", "पैसा", "taka", "paisa")),
    ("lawyer", ("Free lawyer", "উকিল", "वकील", "ukil", "vakil", "lawyer")),
    ("police", ("Police, court", "থানা", "थाना", "police", "court")),
    ("group", ("Women's groups", "দল", "समूह", "mahila samuh")),
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("taka", "money"), ("TAKA", "money"), ("টাকা", "money"), ("पैसा", "money"), ("paysa", "money"), ("okil", "lawyer"),
        ("muje vakil chahiye", "lawyer"), ("উকিল লাগবে", "lawyer"), ("free lawyer", "lawyer"), ("polis", "police"),
        ("womens group", "group"), ("thana", "police"),
    ],
)  # fmt: skip
def test_named(text: str, name: str) -> None:
    """Spellings of a label, and short messages that hold one, choose it."""
    assert choice(text, MENU) == name


@pytest.mark.parametrize("text", ["", "hhh", "taka ar ukil", "basirhat", "x" * 5000, "!"])
def test_not_named(text: str) -> None:
    """Nothing, nonsense and two labels at once choose nothing."""
    assert choice(text, MENU) is None
