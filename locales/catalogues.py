"""The catalogues as files: drawn afresh from the sources, read and written by Babel."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from flows.model import Language
from locales import DESK, DOMAIN

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent
TRANSLATED = tuple(language for language in Language if language is not Language.EN)
SPOKEN: Mapping[str, Sequence[Language]] = {DOMAIN: TRANSLATED, DESK: (Language.BN, Language.HI)}
DRAFTED = datetime(2026, 11, 24, tzinfo=UTC)  # one day for all, so that a header never differs by the hour it was made
NOTICE = """\
# {language} sentences of Sathi.
# Drafted; awaits native readers. NOT YET CHECKED BY A NATIVE SPEAKER.
# How to write them, and the words never to use: STYLE.md, one folder up.
#"""
UNREAD = "NOT YET CHECKED BY A NATIVE SPEAKER"  # whoever has read a catalogue takes the notice out


@dataclass(frozen=True, slots=True)
class Count:
    """How a catalogue stands: its sentences, how many are missing or fuzzy, and whether a native speaker read it."""

    sentences: int
    missing: int
    fuzzy: int
    is_read: bool


def extract(root: Path = ROOT, domain: str = DOMAIN) -> Catalog:
    """Every English sentence of the sources, in the order of files and lines, where pyproject.toml says to look."""
    every = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    mappings = [mapping for mapping in every if mapping.get("domain", DOMAIN) == domain]
    places = [(pattern, mapping["method"]) for mapping in mappings for pattern in _listed(mapping["pattern"])]
    keywords = parse_keywords([word for mapping in mappings for word in mapping.get("keywords", ())])
    options = {pattern: mapping.get("options", {}) for mapping in mappings for pattern in _listed(mapping["pattern"])}
    template = Catalog(domain=domain)
    for name, line, sentence, comments, context in extract_from_dir(root, places, options, keywords=keywords):
        template.add(sentence, locations=[(name, line)], auto_comments=comments, context=context)
    return template


def path_of(language: Language, folder: Path = FOLDER, domain: str = DOMAIN) -> Path:
    """Where a language's sentences are kept."""
    return folder / language.value / "LC_MESSAGES" / f"{domain}.po"


def read(language: Language, folder: Path = FOLDER, domain: str = DOMAIN) -> Catalog:
    """A language's catalogue as it is written, or an empty one with its notice if there is none."""
    path = path_of(language, folder, domain)
    if not path.is_file():
        return _empty(language, domain)
    with path.open("rb") as stream:
        return read_po(stream, locale=language.value, domain=domain, abort_invalid=True)


def write(language: Language, catalogue: Catalog, folder: Path = FOLDER) -> None:
    """Write a catalogue so that a changed sentence is the only line that differs: no wrapping, no line numbers."""
    path = path_of(language, folder, catalogue.domain or DOMAIN)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, catalogue, width=0, include_lineno=False, include_previous=True, ignore_obsolete=True)
    path.write_bytes(written.getvalue().rstrip() + b"\n")


def compile_into(language: Language, folder: Path = FOLDER, domain: str = DOMAIN) -> Path:
    """Write a language's compiled form beside its catalogue, without the fuzzy sentences, and say where."""
    compiled = path_of(language, folder, domain).with_suffix(".mo")
    written = BytesIO()
    write_mo(written, read(language, folder, domain))
    compiled.parent.mkdir(parents=True, exist_ok=True)
    compiled.write_bytes(written.getvalue())
    return compiled


def sentences(catalogue: Catalog) -> Iterator[Message]:
    """The messages of a catalogue, without its header."""
    return (message for message in catalogue if message.id)


@cache
def counted(language: Language, domain: str = DOMAIN) -> Count:
    """How a language's catalogue stands in this release; read once."""
    catalogue = read(language, domain=domain)
    held = list(sentences(catalogue))
    return Count(
        sentences=len(held),
        missing=sum(not message.string for message in held),
        fuzzy=sum(message.fuzzy for message in held),
        is_read=UNREAD not in catalogue.header_comment,
    )


def _empty(language: Language, domain: str) -> Catalog:
    notice = NOTICE.format(language=language.value)
    return Catalog(
        locale=language.value,
        domain=domain,
        header_comment=notice,
        project="Sathi",
        version="0",
        msgid_bugs_address="the people who run the line",
        creation_date=DRAFTED,
        last_translator="drafted, not yet read by a native speaker",
        language_team="awaits native readers",
        fuzzy=False,
    )


def _listed(pattern: str | list[str]) -> list[str]:
    return [pattern] if isinstance(pattern, str) else pattern
