"""A small house of sentences: English in a template, catalogues in a folder of their own."""

from pathlib import Path

from babel.messages.catalog import Catalog

from flows.model import Language
from locales import DOMAIN
from locales.catalogues import read, write


def template(*sentences: str, domain: str = DOMAIN) -> Catalog:
    """What extraction would draw from sources that say these sentences."""
    drawn = Catalog(domain=domain)
    for line, sentence in enumerate(sentences, start=1):
        drawn.add(sentence, locations=[("flows/helpline/menu.py", line)])
    return drawn


def keep(
    folder: Path, language: Language, said: dict[str, str], fuzzy: tuple[str, ...] = (), domain: str = DOMAIN
) -> None:
    """Write a catalogue that says these translations, some of them marked fuzzy."""
    catalogue = read(language, folder, domain)
    for english, translation in said.items():
        catalogue.add(english, translation, flags={"fuzzy"} if english in fuzzy else ())
    write(language, catalogue, folder)
