"""Bring the catalogues up to the sources: `python -m locales.update [language ...]`.

What was translated stays; a sentence whose English changed keeps its old translation and is marked fuzzy, with
the old English beside it; a sentence that is gone is dropped and named, for git remembers it.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog

from flows.model import Language
from locales import DOMAIN
from locales.catalogues import FOLDER, SPOKEN, extract, read, sentences, write


def update(language: Language, template: Catalog, folder: Path = FOLDER) -> str:
    """Update one language's catalogue, and tell in lines what stands in it now and what was dropped."""
    catalogue = read(language, folder, template.domain or DOMAIN)
    catalogue.update(template, update_creation_date=False)
    dropped = [message for message in catalogue.obsolete.values() if message.string]
    write(language, catalogue, folder)
    held = list(sentences(catalogue))
    empty = sum(not message.string for message in held)
    fuzzy = sum(message.fuzzy for message in held)
    lines = [f"{language.value}: {len(held)} sentences, {empty} to translate, {fuzzy} fuzzy"]
    return "\n".join([*lines, *(f"{language.value}: dropped {message.id!r}" for message in dropped)])


def main(names: Sequence[str]) -> int:
    """Update the languages named, or all of them."""
    asked = [Language(name) for name in names]
    for domain, languages in SPOKEN.items():
        template = extract(domain=domain)
        for language in languages:
            if language in asked or not asked:
                sys.stdout.write(f"{domain} {update(language, template)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
