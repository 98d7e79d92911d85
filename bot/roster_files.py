"""A directory of collectives, or a roster of members, as a CSV or TOML file: rows in, with their lines, and out."""

import csv
import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from bot.errors import Misconfigured

COLUMNS = (
    "id", "spoken_name", "name", "districts", "languages", "contact", "contact_kind", "consented_on", "show",
)  # fmt: skip
Row: TypeAlias = Mapping[str, str]
Cell: TypeAlias = "str | bool | int | date | tuple[str, ...] | None"

_RISKY_CELL = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such a cell for a formula


@dataclass(frozen=True, slots=True)
class Form:
    """What a row holds, which cells may be left out of a TOML table, and what such a table is called."""

    columns: tuple[str, ...]
    optional: tuple[str, ...]
    table: str

    @property
    def head(self) -> str:
        """The line that a table begins with."""
        return f"[[{self.table}]]"


COLLECTIVES = Form(COLUMNS, ("spoken_name", "consented_on"), "collective")  # TOML has no empty date
MEMBERS = Form(
    (
        "label",
        "collective",
        "districts",
        "languages",
        "needs",
        "home",
        "block",
        "capacity",
        "duty",
        "holidays",
        "language",
    ),
    ("needs", "home", "block", "holidays"),
    "member",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file, each cell as text, and the line it begins on."""

    number: int
    row: Row


def read_lines(path: Path, form: Form = COLLECTIVES) -> list[Line]:
    """The rows of a file.

    Raises:
        Misconfigured: it cannot be read, or has not the columns of a directory; the line is named.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as refused:
        raise Misconfigured(f"{path.name} cannot be read: {refused.strerror}") from None
    except UnicodeDecodeError:
        raise Misconfigured(f"{path.name} is not UTF-8") from None
    return list(_of_csv(path.name, text, form) if _is_csv(path) else of_toml(path.name, text, form))


def refuse_wrong(name: str, lines: Sequence[Line], key: str, faults: Callable[[Row], Iterable[str]]) -> None:
    """See that no row has a fault, and that no two have the same key.

    Raises:
        Misconfigured: rows are wrong; every fault stands on a line of its own.
    """
    wrong: list[str] = []
    first: dict[str, int] = {}
    for line in lines:
        found = list(faults(line.row))
        before = first.setdefault(line.row[key], line.number)
        if before != line.number:
            found.append(f"the {key} {line.row[key]!r} is taken by line {before}")
        wrong += [f"{name}, line {line.number}: {fault}" for fault in found]
    if wrong:
        raise Misconfigured("\n".join(wrong))


def listed(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds several, each once."""
    return tuple(dict.fromkeys(part.strip() for part in cell.split(";") if part.strip()))


def write_rows(path: Path, rows: Iterable[Mapping[str, Cell]], form: Form = COLLECTIVES) -> None:
    """Write rows into a file that is not there yet.

    Raises:
        Misconfigured: it is there, or cannot be written.
    """
    is_csv = _is_csv(path)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            if not is_csv:
                file.writelines(_toml(one, form) for one in rows)
                return
            out = csv.DictWriter(file, form.columns)
            out.writeheader()
            out.writerows({name: _harmless(_cell(one[name])) for name in form.columns} for one in rows)
    except OSError as refused:
        raise Misconfigured(f"{path.name} cannot be written: {refused.strerror}") from None


def of_toml(name: str, text: str, form: Form = COLLECTIVES) -> Iterator[Line]:
    """The rows of a TOML text, one table each.

    Raises:
        Misconfigured: it is no TOML, or a table has not the columns.
    """
    try:
        tables = tomllib.loads(text).get(form.table, [])
    except tomllib.TOMLDecodeError as broken:
        raise Misconfigured(f"{name}: {broken}") from None
    heads = [number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith(form.head)]
    if not isinstance(tables, list) or len(heads) != len(tables):
        raise Misconfigured(f"{name}: each {form.table} stands under a line {form.head} of its own")
    for number, table in zip(heads, tables, strict=True):
        _need_columns(name, number, (*table, *(column for column in form.optional if column not in table)), form)
        yield Line(number, {column: _cell(table.get(column)) for column in form.columns})


def _of_csv(name: str, text: str, form: Form) -> Iterator[Line]:
    rows = csv.DictReader(text.splitlines(keepends=True), strict=True)
    number = 2
    try:
        _need_columns(name, 1, rows.fieldnames or (), form)
        for row in rows:
            if None in row or None in row.values():
                raise Misconfigured(f"{name}, line {number}: it has not {len(form.columns)} cells")
            yield Line(number, {column: _unquoted(cell.strip()) for column, cell in row.items()})
            number = rows.line_num + 1
    except csv.Error as broken:
        raise Misconfigured(f"{name}, line {number}: {broken}") from None


def _is_csv(path: Path) -> bool:
    if path.suffix not in (".csv", ".toml"):
        raise Misconfigured(f"{path.name} is neither .csv nor .toml")
    return path.suffix == ".csv"


def _need_columns(name: str, number: int, given: Iterable[str], form: Form) -> None:
    named = list(given)
    missing = [column for column in form.columns if column not in named]
    unknown = [column for column in named if column not in form.columns]
    if missing or unknown:
        what = f"{missing[0]} is missing" if missing else f"{unknown[0]!r} is no column"
        raise Misconfigured(f"{name}, line {number}: {what}; the columns are {', '.join(form.columns)}")


def _cell(value: Any) -> str:
    """A value as the cell it is in a CSV file."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ";".join(map(str, value))
    return str(value).strip()


def _toml(one: Mapping[str, Cell], form: Form) -> str:
    lines = (f"{name} = {_value(value)}" for name in form.columns if (value := one[name]) is not None)
    return "\n".join((form.head, *lines, "", ""))


def _value(value: Cell) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY_CELL) else cell


def _unquoted(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY_CELL) else cell
