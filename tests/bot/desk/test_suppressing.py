"""Small numbers: what is not shown cannot be worked out from what is."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.desk import suppressing
from bot.desk.suppressing import LEAST, Cell, Published, Sign, publish

Table: TypeAlias = Sequence[Sequence[int]]
counts = st.one_of(st.integers(0, 6), st.integers(0, 40))
lists = st.lists(counts.map(lambda one: [one]), min_size=1, max_size=7)
tables = st.integers(2, 3).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=3)
)


def solved(true: Table, told: Published) -> list[tuple[int, int]]:
    """The hidden cells that hold the same number in every table that fits what is shown.

    Fitting tables lie one step from the true one if there are any (the numbers of a table with its totals make a
    network), so each way to add or take one is tried; it knows nothing of how the cells were chosen.
    """
    hidden = [(i, j) for i, row in enumerate(told.cells) for j, cell in enumerate(row) if isinstance(cell, Sign)]
    free = set(hidden)
    for other in _others(true, told, hidden):
        free -= {(i, j) for i, j in free if other[i][j] != true[i][j]}
        if not free:
            break
    return sorted(free)


def _others(true: Table, told: Published, hidden: list[tuple[int, int]]) -> Iterator[list[list[int]]]:
    for steps in product((0, 1, -1), repeat=len(hidden)):
        other = [list(row) for row in true]
        for (i, j), step in zip(hidden, steps, strict=True):
            other[i][j] += step
        if _fits(other, told):
            yield other


def _fits(other: Table, told: Published) -> bool:
    cells = [cell for row in told.cells for cell in row]
    everything = [*cells, *told.rows, *told.columns, told.total]
    is_bare = all(cell is Sign.WITHHELD for cell in everything)
    shows_nought = any(cell == 0 for cell in everything)
    numbers = [many for row in other for many in row]
    if told.rows:
        numbers += [sum(row) for row in other] + [sum(column) for column in zip(*other, strict=True)]
    numbers.append(sum(map(sum, other)))
    return all(
        _may_be(many, cell, 1 if shows_nought else 0, 0 if is_bare else LEAST)
        for many, cell in zip(numbers, everything, strict=True)
    )


def _may_be(many: int, cell: Cell, few: int, withheld: int) -> bool:
    if cell is Sign.FEW:
        return few <= many < LEAST
    return many >= withheld if cell is Sign.WITHHELD else many == cell


@given(st.one_of(lists, tables))
@settings(max_examples=150, deadline=None)
@example([[1], [1], [1], [1]])
@example([[4], [4]])
@example([[3], [5]])
@example([[1], [5]])
@example([[0, 3], [0, 0]])
@example([[1, 1, 1], [1, 1, 1], [1, 1, 1]])
def test_nothing_hidden_can_be_worked_out(table: Table) -> None:
    """For every hidden cell there are two tables or more that fit all the numbers that are shown, totals too."""
    told = publish(table)
    assert solved(table, told) == []


@given(st.one_of(lists, tables))
@settings(max_examples=150, deadline=None)
def test_what_is_shown_is_true_and_never_small(table: Table) -> None:
    """A number that is shown is the true one, and none from 1 to 4 ever is, nor as a total."""
    told = publish(table)
    for row, cells in zip(table, told.cells, strict=True):
        assert all(cell == many or isinstance(cell, Sign) for many, cell in zip(row, cells, strict=True))
    everything = (told.total, *told.rows, *told.columns, *(cell for row in told.cells for cell in row))
    assert not [cell for cell in everything if not isinstance(cell, Sign) and 0 < cell < LEAST]
    assert told.hides == any(isinstance(cell, Sign) for cell in everything)


def test_sabotage_without_the_complement_a_cell_is_solved(
    monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]
) -> None:
    """If only the small numbers themselves are hidden, a total gives them away, and the search notices."""
    monkeypatch.setattr(suppressing, "_certain", lambda *_given: [])
    table = [[3, 20, 11], [30, 40, 12]]
    found = solved(table, publish(table))
    proof(f"sabotage complementary suppression off caught: {len(found)} cell solved")
    assert found == [(0, 0)]


@pytest.mark.parametrize(
    ("table", "cells", "total"),
    [
        ([[12], [7]], [12, 7], 19),
        ([[3], [20], [9]], [Sign.FEW, 20, Sign.WITHHELD], 32),
        ([[3], [2], [20]], [Sign.FEW, Sign.FEW, 20], 25),
        ([[0], [30]], [0, 30], 30),
        ([[3], [0]], [Sign.FEW, 0], Sign.FEW),
        ([[1], [1], [1], [1]], [Sign.FEW] * 4, Sign.FEW),
    ],
)
def test_lists_as_they_are_shown(table: Table, cells: list[Cell], total: Cell) -> None:
    """The next smallest goes with a single small number; two hide each other; a nought stays."""
    told = publish(table)
    assert [row[0] for row in told.cells] == cells
    assert told.total == total


def test_nothing_to_hide() -> None:
    """A table of large numbers is shown as it is, and an empty one too."""
    assert not publish([[10, 20], [30, 40]]).hides
    assert publish([]).total == 0


def test_nothing_is_shown_where_nothing_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    """If no choice of what to hide were enough, the whole table is withheld, its total and its noughts too."""
    monkeypatch.setattr(suppressing, "_could_differ", lambda *_given: False)
    told = publish([[3, 0], [20, 7]])
    everything = {told.total, *told.rows, *told.columns, *(cell for row in told.cells for cell in row)}
    assert everything == {Sign.WITHHELD}
