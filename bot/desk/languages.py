"""In which language the desk is read, and the sentences of it."""

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations

from babel import Locale, negotiate_locale

from flows.model import Language
from locales import LOCALES, desk_catalogue

COOKIE = "sathi-language"
NAMES: Mapping[Language, str] = {Language.EN: "English", Language.BN: "বাংলা", Language.HI: "हिन्दी"}


def chosen(cookie: str, accepted: str) -> Language:
    """What she chose, else the first of what her browser asks for, else English."""
    if cookie in NAMES:
        return Language(cookie)
    asked = [part.partition(";")[0].strip().replace("-", "_") for part in accepted.split(",")]
    found = negotiate_locale([one for one in asked if one], [one.value for one in NAMES])
    return Language(found) if found else Language.EN


def locale_of(language: Language) -> Locale:
    """How dates and numbers are written in it."""
    return LOCALES[language]


@cache
def sentences(language: Language) -> NullTranslations | GNUTranslations:
    """The catalogue of the desk in this language; English is the source."""
    return NullTranslations() if language is Language.EN else desk_catalogue(language)
