"""Courtesies: the whole message is one, or it is none."""

import pytest

from flows.hearing import Courtesy, courtesy


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Thank you!", Courtesy.THANKS),
        ("dhonyobad", Courtesy.THANKS),
        ("धन्यवाद", Courtesy.THANKS),
        ("Who are you?", Courtesy.WHO),
        ("আপনি কে?", Courtesy.WHO),
        ("kya aap machine ho", Courtesy.WHO),
        ("thank you but where do i get the form", None),
        ("who are you to ask", None),
        ("na thank you", None),
        ("", None),
        ("thank you " * 50, None),
    ],
)
def test_a_courtesy_is_the_whole_message(text: str, meant: Courtesy | None) -> None:
    """In any way of writing; a question behind it is a question still."""
    assert courtesy(text) is meant
