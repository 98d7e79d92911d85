"""Small numbers are not told: who knows a district may know the one woman that a 1 stands for.

A number from 1 to 4 is shown as "<5". What it could be worked out from is withheld too, until no number that is not
shown can be told from those that are. A 0 is shown: it speaks of nobody. Only where the zeros themselves would give
a number away (1, 1, 1, 1 and a total of less than five) are they "<5" as well; if even that is not enough, the whole
table is withheld. The order of rows must not depend on the numbers, or it would tell what they hide.

A table is seen as pipes between its rows, its columns and its totals: what flows in flows out. A number can be
worked out exactly if no other flow is possible, which is if no circle through its pipe has room all the way round.

What this does not do: two tables of different months may be compared with each other. So figures are of whole months
only, and the page says that one period alone should be passed on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

LEAST = 5


class Sign(StrEnum):
    """What stands in the place of a number."""

    FEW = "<5"
    WITHHELD = "–"


Cell: TypeAlias = int | Sign
Key: TypeAlias = tuple[int | None, int | None]  # row and column; none of one: a total


@dataclass(frozen=True, slots=True)
class Published:
    """A table as it may be shown; a list has one column, and no totals of its rows."""

    cells: tuple[tuple[Cell, ...], ...]
    rows: tuple[Cell, ...]
    columns: tuple[Cell, ...]
    total: Cell

    @property
    def hides(self) -> bool:
        """Whether anything in it is not shown."""
        shown = (self.total, *self.rows, *self.columns, *(cell for row in self.cells for cell in row))
        return any(isinstance(cell, Sign) for cell in shown)


@dataclass(frozen=True, slots=True)
class _Pipe:
    tail: str
    head: str
    count: int


_Pipes: TypeAlias = Mapping[Key, _Pipe]


def publish(counts: Sequence[Sequence[int]]) -> Published:
    """What may be shown of a table, whose rows are equally long."""
    pipes = _pipes(counts)
    for least in (1, 0):
        few = range(least, LEAST)
        hidden = _hide(pipes, few)
        if hidden is not None:
            return _shown(counts, {key: _told(pipe, key in hidden, few) for key, pipe in pipes.items()})
    return _shown(counts, dict.fromkeys(pipes, Sign.WITHHELD))


def _pipes(counts: Sequence[Sequence[int]]) -> _Pipes:
    if all(len(row) == 1 for row in counts):
        of_list: dict[Key, _Pipe] = {(at, 0): _Pipe("rows", "columns", row[0]) for at, row in enumerate(counts)}
        return {**of_list, (None, None): _Pipe("columns", "rows", sum(row[0] for row in counts))}
    columns = list(zip(*counts, strict=True))
    return {
        **{(i, j): _Pipe(f"r{i}", f"c{j}", many) for i, row in enumerate(counts) for j, many in enumerate(row)},
        **{(i, None): _Pipe("columns", f"r{i}", sum(row)) for i, row in enumerate(counts)},
        **{(None, j): _Pipe(f"c{j}", "rows", sum(column)) for j, column in enumerate(columns)},
        (None, None): _Pipe("rows", "columns", sum(map(sum, counts))),
    }


def _hide(pipes: _Pipes, few: range) -> set[Key] | None:
    """Which numbers must not be shown; none if it is not enough to hide everything that is not nought."""
    hidden = {key for key, pipe in pipes.items() if pipe.count in few}
    while certain := _certain(pipes, hidden, few):
        more = _next(pipes, hidden, certain)
        if more is None:
            return None
        hidden.add(more)
    return hidden


def _certain(pipes: _Pipes, hidden: set[Key], few: range) -> list[Key]:
    """Those among the hidden that can be worked out exactly."""
    return [key for key in hidden if not _could_differ(pipes, hidden, key, few)]


def _could_differ(pipes: _Pipes, hidden: set[Key], key: Key, few: range) -> bool:
    """Whether the number could be one more or one less, with everything that is shown as it is."""
    others = [pipes[one] for one in hidden if one != key]
    room: dict[str, set[str]] = {}
    for tail, head in _with_room(others, few):
        room.setdefault(tail, set()).add(head)
    return any(_leads(room, head, tail) for tail, head in _with_room([pipes[key]], few))


def _with_room(pipes: Iterable[_Pipe], few: range) -> Iterator[tuple[str, str]]:
    """The ways along which one more could flow, or one less, which is one more the other way."""
    for pipe in pipes:
        is_few = pipe.count in few
        if not is_few or pipe.count < few[-1]:
            yield pipe.tail, pipe.head
        if pipe.count > (few[0] if is_few else LEAST):
            yield pipe.head, pipe.tail


def _leads(room: Mapping[str, set[str]], start: str, goal: str) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        reached = room.get(ahead.pop(), set()) - seen
        seen |= reached
        ahead += reached
    return goal in seen


def _next(pipes: _Pipes, hidden: set[Key], certain: Sequence[Key]) -> Key | None:
    """What is hidden next: the smallest beside a number that can be worked out, and a total only if nothing else is."""
    ends = {end for key in certain for end in (pipes[key].tail, pipes[key].head)}
    free = [(key, pipe) for key, pipe in pipes.items() if key not in hidden and pipe.count]
    beside = [(key, pipe) for key, pipe in free if pipe.tail in ends or pipe.head in ends]
    ranked = sorted(beside or free, key=lambda one: (one[0].count(None), one[1].count, str(one[0])))
    return ranked[0][0] if ranked else None


def _told(pipe: _Pipe, is_hidden: bool, few: range) -> Cell:
    if not is_hidden:
        return pipe.count
    return Sign.FEW if pipe.count in few else Sign.WITHHELD


def _shown(counts: Sequence[Sequence[int]], told: Mapping[Key, Cell]) -> Published:
    width = len(counts[0]) if counts else 0
    is_list = width == 1
    return Published(
        cells=tuple(tuple(told[i, j] for j in range(width)) for i in range(len(counts))),
        rows=() if is_list else tuple(told[i, None] for i in range(len(counts))),
        columns=() if is_list else tuple(told[None, j] for j in range(width)),
        total=told[None, None],
    )
