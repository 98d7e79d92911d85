"""A directory of collectives as a CSV or TOML file: its rows in, with their lines, and its rows out."""

import csv
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from bot.errors import Misconfigured
from storage.directory import Collective

COLUMNS = (
    "id", "spoken_name", "name", "districts", "languages", "contact", "contact_kind", "consented_on", "show",
)  # fmt: skip
Row: TypeAlias = Mapping[str, str]

_OPTIONAL = ("spoken_name", "consented_on")  # TOML has no empty date
_HEAD = "[[collective]]"
_RISKY_CELL = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take such a cell for a formula


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file, each cell as text, and the line it begins on."""

    number: int
    row: Row


def read_lines(path: Path) -> list[Line]:
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
    return list(_of_csv(path.name, text) if _is_csv(path) else of_toml(path.name, text))


def write_rows(path: Path, rows: Iterable[Collective]) -> None:
    """Write the collectives into a file that is not there yet.

    Raises:
        Misconfigured: it is there, or cannot be written.
    """
    is_csv = _is_csv(path)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            if not is_csv:
                file.writelines(_toml(one) for one in rows)
                return
            out = csv.DictWriter(file, COLUMNS)
            out.writeheader()
            out.writerows({name: _harmless(_cell(getattr(one, name))) for name in COLUMNS} for one in rows)
    except OSError as refused:
        raise Misconfigured(f"{path.name} cannot be written: {refused.strerror}") from None


def of_toml(name: str, text: str) -> Iterator[Line]:
    """The rows of a TOML text, one table `[[collective]]` each.

    Raises:
        Misconfigured: it is no TOML, or a table has not the columns.
    """
    try:
        tables = tomllib.loads(text).get("collective", [])
    except tomllib.TOMLDecodeError as broken:
        raise Misconfigured(f"{name}: {broken}") from None
    heads = [number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith(_HEAD)]
    if not isinstance(tables, list) or len(heads) != len(tables):
        raise Misconfigured(f"{name}: each collective stands under a line {_HEAD} of its own")
    for number, table in zip(heads, tables, strict=True):
        _need_columns(name, number, (*table, *(column for column in _OPTIONAL if column not in table)))
        yield Line(number, {column: _cell(table.get(column)) for column in COLUMNS})


def _of_csv(name: str, text: str) -> Iterator[Line]:
    rows = csv.DictReader(text.splitlines(keepends=True), strict=True)
    number = 2
    try:
        _need_columns(name, 1, rows.fieldnames or ())
        for row in rows:
            if None in row or None in row.values():
                raise Misconfigured(f"{name}, line {number}: it has not {len(COLUMNS)} cells")
            yield Line(number, {column: _unquoted(cell.strip()) for column, cell in row.items()})
            number = rows.line_num + 1
    except csv.Error as broken:
        raise Misconfigured(f"{name}, line {number}: {broken}") from None


def _is_csv(path: Path) -> bool:
    if path.suffix not in (".csv", ".toml"):
        raise Misconfigured(f"{path.name} is neither .csv nor .toml")
    return path.suffix == ".csv"


def _need_columns(name: str, number: int, given: Iterable[str]) -> None:
    named = list(given)
    missing = [column for column in COLUMNS if column not in named]
    unknown = [column for column in named if column not in COLUMNS]
    if missing or unknown:
        what = f"{missing[0]} is missing" if missing else f"{unknown[0]!r} is no column"
        raise Misconfigured(f"{name}, line {number}: {what}; the columns are {', '.join(COLUMNS)}")


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


def _toml(one: Collective) -> str:
    lines = (f"{name} = {_value(value)}" for name in COLUMNS if (value := getattr(one, name)) is not None)
    return "\n".join((_HEAD, *lines, "", ""))


def _value(value: str | bool | date | tuple[str, ...]) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY_CELL) else cell


def _unquoted(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY_CELL) else cell
