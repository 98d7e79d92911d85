"""A row of the directory or the roster as a form: its cells, and its faults beside its fields."""

from collections.abc import Iterable, Mapping

from bot.desk import content_labels
from bot.desk.visit import Visit
from bot.faults import Fault


def ticked(form: Mapping[str, str], column: str, codes: Iterable[str]) -> str:
    """What was ticked of a column, as the cell of a file; each code has a box of its own."""
    return ";".join(code for code in codes if f"{column}.{code}" in form)


def typed(form: Mapping[str, str], columns: Iterable[str]) -> dict[str, str]:
    """What was typed or chosen in these columns."""
    return {column: form.get(column, "").strip() for column in columns}


def told(visit: Visit, fault: Fault) -> str:
    """A fault in the language of the desk, with its column as the form calls it."""
    column = str(fault.values.get("column", ""))
    named = {"column": visit.say(content_labels.COLUMNS[column])} if column in content_labels.COLUMNS else {}
    return visit.say(fault.words, **{**fault.values, **named})


def beside(visit: Visit, faults: Iterable[Fault]) -> Mapping[str, list[str]]:
    """The faults of a row, by the field that each stands beside."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.column, []).append(told(visit, fault))
    return found
