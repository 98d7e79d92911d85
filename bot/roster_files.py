"""A directory of collectives, or a roster of members, as a CSV or TOML file: rows in, with their lines, and out."""

import csv
import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, TypeAlias

from bot.cells import harmless, unquoted
from bot.errors import Misconfigured
from bot.faults import Fault, WrongLines, wrong

COLUMNS = (
    "id", "spoken_name", "name", "districts", "languages", "contact", "contact_kind", "consented_on", "show",
)  # fmt: skip
Row: TypeAlias = Mapping[str, str]
Cell: TypeAlias = "str | bool | int | date | tuple[str, ...] | None"


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
    return list(of_csv(path.name, text, form) if _is_csv(path) else of_toml(path.name, text, form))


def refuse_wrong(name: str, lines: Sequence[Line], key: str, faults: Callable[[Row], Iterable[Fault]]) -> None:
    """See that no row has a fault, and that no two have the same key.

    Raises:
        WrongLines: rows are wrong; every fault stands on a line of its own.
    """
    told: list[tuple[int, Fault]] = []
    first: dict[str, int] = {}
    for line in lines:
        found = list(faults(line.row))
        before = first.setdefault(line.row[key], line.number)
        if before != line.number:
            value = repr(line.row[key])
            found.append(wrong(key, "the {key} {value} is taken by line {line}", key=key, value=value, line=before))
        told += [(line.number, fault) for fault in found]
    if told:
        raise WrongLines(name, told)


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
            file.write(csv_of(rows, form))
    except OSError as refused:
        raise Misconfigured(f"{path.name} cannot be written: {refused.strerror}") from None


def csv_of(rows: Iterable[Mapping[str, Cell]], form: Form = COLLECTIVES) -> str:
    """Rows as the text of a CSV file."""
    file = StringIO(newline="")
    out = csv.DictWriter(file, form.columns)
    out.writeheader()
    out.writerows({name: harmless(cell(one[name])) for name in form.columns} for one in rows)
    return file.getvalue()


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
        yield Line(number, {column: cell(table.get(column)) for column in form.columns})


def of_csv(name: str, text: str, form: Form = COLLECTIVES) -> Iterator[Line]:
    """The rows of a CSV text.

    Raises:
        WrongLines: it is no CSV, or has not the columns.
    """
    rows = csv.DictReader(text.splitlines(keepends=True), strict=True)
    number = 2
    try:
        _need_columns(name, 1, rows.fieldnames or (), form)
        for row in rows:
            if None in row or None in row.values():
                raise WrongLines(name, [(number, wrong("", "it has not {count} cells", count=len(form.columns)))])
            yield Line(number, {column: unquoted(given.strip()) for column, given in row.items()})
            number = rows.line_num + 1
    except csv.Error as broken:
        fault = wrong("", "it is no CSV: {why}", why=str(broken))
        raise WrongLines(name, [(number, fault)]) from None


def _is_csv(path: Path) -> bool:
    if path.suffix not in (".csv", ".toml"):
        raise Misconfigured(f"{path.name} is neither .csv nor .toml")
    return path.suffix == ".csv"


def _need_columns(name: str, number: int, given: Iterable[str], form: Form) -> None:
    named = list(given)
    missing = [column for column in form.columns if column not in named]
    unknown = [column for column in named if column not in form.columns]
    if missing or unknown:
        columns = ", ".join(form.columns)
        fault = (
            wrong(missing[0], "{column} is missing; the columns are {columns}", column=missing[0], columns=columns)
            if missing
            else wrong("", "{column} is no column; the columns are {columns}", column=repr(unknown[0]), columns=columns)
        )
        raise WrongLines(name, [(number, fault)])


def cell(value: Any) -> str:
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
