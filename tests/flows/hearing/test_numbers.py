"""Numbers: the digits by which a message chooses."""

import pytest

from flows.hearing import number


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1", "1"), ("১", "1"), ("१", "1"), ("1.", "1"), ("(2)", "2"), ("2nd", "2"), ("number 2", "2"), ("no 2", "2"),
        ("ek", "1"), ("এক", "1"), ("एक", "1"), ("dui", "2"), ("do", "2"), ("0", "0"), ("00", "00"), ("০০", "00"),
        ("००", "00"), ("8", "8"), ("২ নম্বর", "2"), ("1️⃣", "1"), ("  3  ", "3"), ("১।", "1"), ("१।", "1"),
        ("4 please", "4"),
        ("\u200b9\u200d", "9"), ("９", "9"),
    ],
)  # fmt: skip
def test_choice_by_number(text: str, digits: str) -> None:
    """Digits of any script, written any way, are 0-9."""
    assert number(text) == digits


@pytest.mark.parametrize(
    "text", ["", "na", "no", "4729 8106", "12345678", "1 2", "১৪ বছর", "2 bochor age taka", "yes", "i am 15"]
)
def test_no_choice(text: str) -> None:
    """A code, an age, two numbers or words are no choice."""
    assert number(text) is None
