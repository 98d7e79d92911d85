"""The directory of collectives: checked row by row before anything of it is kept."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

from bot.errors import Misconfigured
from bot.faults import Fault, wrong
from bot.parts import fit
from bot.roster_files import COLUMNS, Line, Row, cell, listed, of_toml, read_lines, refuse_wrong
from flows.model import Language
from flows.places import DISTRICTS
from locales import risks_in
from storage import directory, marks
from storage.database import Connection
from storage.directory import Collective

CONTACT_KINDS = ("phone", "telegram", "visit")
LONGEST = 24  # letters of a spoken name and of a contact, as `telling.longest_collective` counts on
SAMPLES = "samples.toml"

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
_NATIVE = re.compile(r"[\u0900-\u097f\u0980-\u09ff\u200c\u200d\s.'()-]+")  # Devanagari and Bengali, and their joiners
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0", "")


def read_file(path: Path, today: date) -> list[Collective]:
    """The collectives of a CSV or TOML file.

    Raises:
        Misconfigured: the file cannot be read, or rows of it are wrong: every one is named by its line.
    """
    return checked(path.name, read_lines(path), today)


def samples() -> list[Collective]:
    """The sample collectives, plainly marked as such."""
    text = files("flows.places").joinpath(SAMPLES).read_text(encoding="utf-8")
    return [replace(one, is_sample=True) for one in checked(SAMPLES, list(of_toml(SAMPLES, text)), date.max)]


def put_samples(db: Connection) -> int:
    """Load the sample collectives; how many there are.

    Raises:
        Misconfigured: a real channel has written here, and a survivor would be sent to a group that is none.
    """
    if marks.mark_of(db, marks.REAL_CHANNEL):
        raise Misconfigured("a real channel has written to this database: no sample collective may be in it")
    directory.upsert(db, rows := samples())
    return len(rows)


def put(db: Connection, rows: Sequence[Collective], *, whole: bool) -> None:
    """Write these collectives; samples go, and with `whole` so does every other that is not among them."""
    there = [] if whole else [one for one in directory.all_of(db) if not one.is_sample]
    directory.replace_all(db, {one.id: one for one in (*there, *rows)}.values())


def put_one(db: Connection, collective: Collective) -> None:
    """Write one collective; one of the same id is replaced, and samples go."""
    directory.remove_samples(db)
    directory.upsert(db, [collective])


def checked(name: str, lines: Sequence[Line], today: date) -> list[Collective]:
    """The collectives that these lines name.

    Raises:
        Misconfigured: rows are wrong; every fault stands on a line of its own.
    """
    refuse_wrong(name, lines, "id", lambda row: faults(row, today))
    return [collective_of(line.row) for line in lines]


def faults(row: Row, today: date) -> Iterator[Fault]:
    """What is wrong with a row, in words for whoever keeps the file."""
    if not _ID.fullmatch(row["id"]):
        yield wrong("id", "id must be 2 to 63 small letters, digits and hyphens")
    if not row["name"]:
        yield wrong("name", "name is missing")
    yield from _faults_of_place(row)
    yield from _faults_of_words(row)
    yield from _faults_of_consent(row, today)


def _faults_of_place(row: Row) -> Iterator[Fault]:
    districts, languages = listed(row["districts"]), listed(row["languages"])
    if not districts:
        yield wrong("districts", "districts is missing")
    for code in districts:
        if code not in DISTRICTS:
            yield wrong("districts", "no district has the code {code}", code=repr(code))
    for code in languages:
        if code not in set(Language):
            yield wrong("languages", "no language is called {code}", code=repr(code))


def _faults_of_words(row: Row) -> Iterator[Fault]:
    for column in ("spoken_name", "contact"):
        text = row[column]
        if len(text) > LONGEST:
            yield wrong(column, "{column} is longer than {most} letters", column=column, most=LONGEST)
        if text and fit(text).encoding != "GSM-7" and not _NATIVE.fullmatch(text):
            yield wrong(
                column, "{column} holds letters that are neither plain Latin, Bengali nor Devanagari", column=column
            )
        risks = dict.fromkeys(risk for language in Language for risk in risks_in(text, language))
        if risks:
            yield wrong(
                column,
                "{column} holds a word that must not be on her phone: {risks}",
                column=column,
                risks=", ".join(risks),
            )
    if not row["contact"]:
        yield wrong("contact", "contact is missing")
    if row["contact_kind"] not in CONTACT_KINDS:
        yield wrong("contact_kind", "contact_kind is one of {kinds}", kinds=", ".join(CONTACT_KINDS))


def _faults_of_consent(row: Row, today: date) -> Iterator[Fault]:
    show = row["show"].lower()
    if show not in (*_YES, *_NO):
        yield wrong("show", "show is yes or no")
    if show in _YES and not row["spoken_name"]:
        yield wrong("spoken_name", "without a neutral spoken_name it cannot be shown")
    if not row["consented_on"]:
        if show in _YES:
            yield wrong("consented_on", "it cannot be shown before it agreed: consented_on is missing")
        return
    agreed = _day(row["consented_on"])
    if agreed is None:
        yield wrong("consented_on", "consented_on is no date like 2026-11-24")
    elif agreed > today:
        yield wrong("consented_on", "consented_on is in the future")


def row_of(one: Collective) -> Row:
    """A collective as a row of a file."""
    return {name: cell(getattr(one, name)) for name in COLUMNS}


def collective_of(row: Row) -> Collective:
    """The collective that a row without faults names."""
    return Collective(
        id=row["id"],
        spoken_name=row["spoken_name"],
        name=row["name"],
        districts=listed(row["districts"]),
        languages=listed(row["languages"]),
        contact=row["contact"],
        contact_kind=row["contact_kind"],
        consented_on=_day(row["consented_on"]),
        show=row["show"].lower() in _YES,
    )


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None
