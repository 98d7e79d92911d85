"""The words of Sathi in each language; English is the source and has no catalogue."""

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from babel import Locale

from flows.model import Language
from locales.style import block, found_in

__all__ = [
    "DESK",
    "DOMAIN",
    "LOCALES",
    "NotCompiled",
    "catalogue",
    "desk_catalogue",
    "familiar_words",
    "risk_words",
    "risks_in",
]

DOMAIN = "sathi"
DESK = "desk"  # the words of the staff's pages, which no phone shows and whose rules are others

LOCALES: Mapping[Language, Locale] = MappingProxyType(
    {
        Language.EN: Locale("en", "IN"),
        Language.BN: Locale("bn", "IN"),
        Language.HI: Locale("hi", "IN"),
        Language.BN_LATN: Locale("en", "IN"),  # CLDR knows no Bengali in Latin letters and would answer in Bengali ones
        Language.HI_LATN: Locale("hi", "IN", script="Latn"),
    }
)


class NotCompiled(Exception):
    """A catalogue has no compiled form: run `python -m locales.compile`, as `make install` does."""


@cache
def catalogue(language: Language) -> NullTranslations:
    """The sentences of a language, read once; a sentence it does not hold comes back in English.

    Raises:
        NotCompiled: `make install` has not compiled the catalogue.
    """
    return NullTranslations() if language is Language.EN else read_compiled(_folder(language))


@cache
def desk_catalogue(language: Language) -> GNUTranslations:
    """The sentences of the desk in a language, read once.

    Raises:
        NotCompiled: `make install` has not compiled the catalogue, or the desk does not speak this language.
    """
    return read_compiled(_folder(language), DESK)


def read_compiled(folder: Traversable, domain: str = DOMAIN) -> GNUTranslations:
    """The compiled catalogue of one language's folder.

    Raises:
        NotCompiled: there is none.
    """
    compiled = folder / "LC_MESSAGES" / f"{domain}.mo"
    if not compiled.is_file():
        raise NotCompiled(f"locales/{folder.name} is not compiled: run `python -m locales.compile`")
    with compiled.open("rb") as stream:
        return GNUTranslations(stream)


@cache
def risk_words(language: Language) -> tuple[str, ...]:
    """The beginnings of words never to be sent to a phone in this language, folded, from its STYLE.md."""
    return block(_style(language), "risk")


@cache
def familiar_words(language: Language) -> tuple[str, ...]:
    """The whole words of a register too familiar for her (tumi, tum), folded, from its STYLE.md."""
    return block(_style(language), "familiar")


def risks_in(text: str, language: Language) -> tuple[str, ...]:
    """The risk words of this language and of English that begin a word of the text, in the order of the lists.

    A word counts from its beginning, so that every ending is caught, while no word is caught for its middle:
    the Bengali word for an arrest holds the letters of a risk word.
    """
    return found_in(text, dict.fromkeys((*risk_words(language), *risk_words(Language.EN))))


def _folder(language: Language) -> Traversable:
    return files(__name__) / language.value


def _style(language: Language) -> str:
    return (_folder(language) / "STYLE.md").read_text(encoding="utf-8")
