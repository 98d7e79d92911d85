"""What a release refuses in the catalogues: `python -m locales.check`; a line for each problem, exit 1 if any."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError

from flows.model import Language
from locales import DESK, DOMAIN
from locales.catalogues import FOLDER, SPOKEN, extract, path_of, read, sentences
from locales.faults import faults

Check: TypeAlias = Callable[[Language, str, str], Iterator[str]]
_VALUE = re.compile(r"%\(\w+\)s|\{\w+\}|%%")  # what is filled in


def problems(template: Catalog, folder: Path = FOLDER, languages: Iterable[Language] | None = None) -> Iterator[str]:
    """A line for each problem of the English sentences, then of each language's catalogue.

    What a phone may show is checked by the rules of faults.py; the desk's words only for what is filled into them.
    """
    if template.domain != DESK:
        yield from english_problems(template)
    for language in SPOKEN[template.domain or DOMAIN] if languages is None else languages:
        yield from catalogue_problems(language, template, folder)


def english_problems(template: Catalog) -> Iterator[str]:
    """A line for each fault of the English sentences, which bear the same rules."""
    for message in sentences(template):
        for fault in faults(Language.EN, _text(message.id), _text(message.id)):
            yield _line(Language.EN, message, fault)


def catalogue_problems(language: Language, template: Catalog, folder: Path = FOLDER) -> Iterator[str]:
    """A line for each sentence that is missing, fuzzy, stale, obsolete or faulty in one language."""
    domain = template.domain or DOMAIN
    if not path_of(language, folder, domain).is_file():
        yield f"{language.value}: no catalogue: run `python -m locales.update {language.value}`"
        return
    try:
        catalogue = read(language, folder, domain)
    except PoFileError as broken:
        yield f"{language.value}: not a catalogue: {broken}"
        return
    check = _values if domain == DESK else faults
    for message in sentences(template):
        yield from _untranslated(language, catalogue.get(message.id, message.context), message, check)
    yield from _left_over(language, template, catalogue)


def _untranslated(language: Language, held: Message | None, wanted: Message, check: Check) -> Iterator[str]:
    if held is None or not held.string:
        yield _line(language, wanted, "missing")
        return
    if held.fuzzy:
        yield _line(language, wanted, "fuzzy: the English changed, redo it and take the mark away")
    for fault in check(language, _text(wanted.id), _text(held.string)):
        yield _line(language, wanted, fault)


def _values(_: Language, english: str, said: str) -> Iterator[str]:
    if Counter(_VALUE.findall(english)) != Counter(_VALUE.findall(said)):
        yield "its values are not those of the English"


def _left_over(language: Language, template: Catalog, catalogue: Catalog) -> Iterator[str]:
    for message in sentences(catalogue):
        if template.get(message.id, message.context) is None:
            yield _line(language, message, "stale: no source says it any more, run `python -m locales.update`")
    for message in catalogue.obsolete.values():
        yield _line(language, message, "obsolete: take it out")


def _text(sentence: object) -> str:
    """A sentence that has no plural forms, as all of ours: a number stands in its own placeholder.

    Raises:
        TypeError: it has plural forms.
    """
    if not isinstance(sentence, str):
        raise TypeError(f"a sentence with plural forms: {sentence!r}")
    return sentence


def _line(language: Language, message: Message, fault: str) -> str:
    where = message.locations[0][0] if message.locations else "catalogue"
    return f"{language.value}: {_text(message.id)!r} ({where}): {fault}"


def main() -> int:
    """Check everything, print what is wrong, and say how much."""
    found = [fault for domain in SPOKEN for fault in problems(extract(domain=domain))]
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.stderr.write(f"locales: {len(found)} problems\n" if found else "locales: all sentences in all languages\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
