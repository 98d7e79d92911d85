"""A bare number is heard without listening for anything else, and nothing is lost by it."""

from itertools import product

import pytest

from flows.hearing import hear

DIGITS = ("0123456789", "০১২৩৪৫৬৭৮৯", "०१२३४५६७८९")


@pytest.mark.parametrize("digits", DIGITS)
def test_a_bare_number_is_heard_as_one_that_is_listened_to(digits: str) -> None:
    """Every number of one or two digits means what it means with a space before it, which is listened to in full."""
    numbers = [*digits, *map("".join, product(digits, repeat=2))]
    assert [hear(number) for number in numbers] == [hear(f" {number}") for number in numbers]
