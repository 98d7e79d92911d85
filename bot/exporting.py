"""Exporting: a file of coded fields from the log, in slices, so that nobody waits behind it.

Whoever made half a file and died leaves a row that is silent; a minute later somebody else begins it anew.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qs, urlencode

import structlog
import xlsxwriter

from bot.cells import harmless
from bot.coded import FIELDS, coded
from bot.console.times import written_moment
from storage import exports
from storage.database import Store, reading, writing
from storage.exports import Export
from storage.log import Asked, slice_after
from storage.referrals import Referral

SLICE = 2_000
MOST = 200_000  # rows: what a small machine still holds in memory while it makes a sheet of them
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

log = structlog.get_logger()


class Sheet(Protocol):
    """A file in the making."""

    def add(self, row: Sequence[str]) -> None:
        """One more row."""

    def close(self) -> bytes:
        """The whole file; nothing can be added after it."""


class CsvSheet:
    """A file that any program reads; no cell of it is a formula to a spreadsheet."""

    def __init__(self) -> None:
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, quoting=csv.QUOTE_ALL)

    def add(self, row: Sequence[str]) -> None:
        """One more row; what could be taken for a formula gets a quote before it."""
        self._writer.writerow(map(harmless, row))

    def close(self) -> bytes:
        """The whole file, marked as UTF-8, without which Excel misreads it."""
        return self._text.getvalue().encode("utf-8-sig")


class XlsxSheet:
    """A file for Excel and LibreOffice, in which every cell is text; made in memory, so that no disk keeps a piece."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        never = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self._book = xlsxwriter.Workbook(self._bytes, {"in_memory": True, **never})
        self._sheet = self._book.add_worksheet("log")
        self._rows = 0

    def add(self, row: Sequence[str]) -> None:
        """One more row of text."""
        for column, cell in enumerate(row):
            self._sheet.write_string(self._rows, column, cell)
        self._rows += 1

    def close(self) -> bytes:
        """The whole file."""
        self._sheet.freeze_panes(1, 0)
        self._book.close()
        return self._bytes.getvalue()


SHEETS: Mapping[str, Callable[[], Sheet]] = {"csv": CsvSheet, "xlsx": XlsxSheet}


def make_due(store: Store, clock: Callable[[], datetime]) -> bool:
    """Make the copy that waits longest, and drop what was kept an hour; whether there was one."""
    now = clock()
    with reading(store.main) as db:
        export, has_old = exports.due(db, now), exports.has_old(db, now)
    if has_old:
        with writing(store.main) as db:
            exports.sweep(db, now)
    return export is not None and make(store, export, clock)


def make(store: Store, export: Export, clock: Callable[[], datetime]) -> bool:
    """Make a copy that waits, unless somebody else does; whether it was made."""
    with writing(store.main) as db:
        if not exports.take(db, export.id, clock()):
            return False
    try:
        made, rows = _copy(store, export, clock)
    except _NoLongerWanted:
        return False
    except Exception as failure:
        log.error("export failed", failure=type(failure).__name__)
        with writing(store.main) as db:
            exports.fail(db, export.id, clock())
        raise
    with writing(store.main) as db:
        return exports.finish(db, export.id, made, rows, clock())


def written_query(wanted: Asked) -> str:
    """A filter as it is kept beside the copy, and stands in the journal."""
    moments = {"since": wanted.since, "until": wanted.until}
    given = {"kind": wanted.kind, "state": wanted.state, "district": wanted.district}
    given |= {name: written_moment(at) for name, at in moments.items() if at}
    return urlencode({name: value for name, value in given.items() if value})


def read_query(query: str) -> Asked:
    """A filter from what was kept."""
    kept = {name: values[0] for name, values in parse_qs(query).items()}
    since, until = (datetime.fromisoformat(kept[name]) if name in kept else None for name in ("since", "until"))
    return Asked(since, until, kept.get("kind"), kept.get("state"), district=kept.get("district"))


class _NoLongerWanted(Exception):
    """Its hour was over, or somebody else took it, before it was whole."""


def _copy(store: Store, export: Export, clock: Callable[[], datetime]) -> tuple[bytes, int]:
    sheet, rows = SHEETS[export.form](), 0
    sheet.add(FIELDS)
    for part in _slices(store, read_query(export.query)):
        for referral in part:
            sheet.add([field or "" for field in coded(referral).values()])
        rows += len(part)
        with writing(store.main) as db:
            if not exports.advance(db, export.id, rows, clock()):
                raise _NoLongerWanted
    return sheet.close(), rows


def _slices(store: Store, wanted: Asked) -> Iterator[Sequence[Referral]]:
    """The referrals a slice at a time, each read in a transaction of its own."""
    last: Referral | None = None
    while True:
        with reading(store.main) as db:
            part = slice_after(db, wanted, last, SLICE)
        if not part:
            return
        yield part
        last = part[-1]
