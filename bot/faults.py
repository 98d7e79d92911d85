"""What is wrong with what somebody wrote into a file or a form: said in English, and at the desk in its language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the column that it is in, and its words, which the catalogues translate."""

    column: str
    words: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self.words.format_map(self.values)


class WrongLines(Misconfigured):
    """Lines of a file are wrong, and nothing of it was kept; every fault is told with the number of its line."""

    def __init__(self, name: str, faults: Sequence[tuple[int, Fault]]) -> None:
        super().__init__("\n".join(f"{name}, line {number}: {fault}" for number, fault in faults))
        self.faults = faults


class WrongHours(ValueError):
    """What should be hours of duty is none."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def wrong(column: str, words: str, /, **values: object) -> Fault:
    """A fault in a column; its English words stand in the call, where they are found for the catalogues."""
    return Fault(column, words, values)
