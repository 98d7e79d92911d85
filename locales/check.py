"""What a release refuses in the catalogues: `python -m locales.check`; a line for each problem, exit 1 if any."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError

from flows.model import Language
from locales import DESK
from locales.catalogues import FOLDER, SPOKEN, TRANSLATED, extract, path_of, read, sentences
from locales.faults import faults

_VALUE = re.compile(r"%\(\w+\)s|\{\w+\}|%%")  # what is filled in


def problems(template: Catalog, folder: Path = FOLDER, languages: Iterable[Language] = TRANSLATED) -> Iterator[str]:
    """A line for each problem of the English sentences, then of each language's catalogue."""
    yield from english_problems(template)
    for language in languages:
        yield from catalogue_problems(language, template, folder)


def english_problems(template: Catalog) -> Iterator[str]:
    """A line for each fault of the English sentences, which bear the same rules."""
    for message in sentences(template):
        for fault in faults(Language.EN, _text(message.id), _text(message.id)):
            yield _line(Language.EN, message, fault)


def catalogue_problems(language: Language, template: Catalog, folder: Path = FOLDER) -> Iterator[str]:
    """A line for each sentence that is missing, fuzzy, stale, obsolete or faulty in one language."""
    if not path_of(language, folder).is_file():
        yield f"{language.value}: no catalogue: run `python -m locales.update {language.value}`"
        return
    try:
        catalogue = read(language, folder)
    except PoFileError as broken:
        yield f"{language.value}: not a catalogue: {broken}"
        return
    for message in sentences(template):
        yield from _untranslated(language, catalogue.get(message.id, message.context), message)
    yield from _left_over(language, template, catalogue)


def desk_problems(template: Catalog, folder: Path = FOLDER) -> Iterator[str]:
    """A line for each sentence of the desk that is missing, fuzzy, stale, or has other values than the English."""
    for language in SPOKEN[DESK]:
        catalogue = read(language, folder, DESK)
        for message in sentences(template):
            held = catalogue.get(message.id, message.context)
            if held is None or not held.string or held.fuzzy:
                yield _line(language, message, "missing, or the English changed")
            elif Counter(_VALUE.findall(_text(message.id))) != Counter(_VALUE.findall(_text(held.string))):
                yield _line(language, message, "its values are not those of the English")
        yield from _left_over(language, template, catalogue)


def _untranslated(language: Language, held: Message | None, wanted: Message) -> Iterator[str]:
    if held is None or not held.string:
        yield _line(language, wanted, "missing")
        return
    if held.fuzzy:
        yield _line(language, wanted, "fuzzy: the English changed, redo it and take the mark away")
    for fault in faults(language, _text(wanted.id), _text(held.string)):
        yield _line(language, wanted, fault)


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
    found = [*problems(extract()), *desk_problems(extract(domain=DESK))]
    sys.stdout.writelines(f"{line}\n" for line in found)
    sys.stderr.write(f"locales: {len(found)} problems\n" if found else "locales: all sentences in all languages\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
