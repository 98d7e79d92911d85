"""Wording: a turn's sentences in her language, as one text for her channel."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from babel.lists import format_list

from flows.model import Language, Named, Offer, Offered, Say, T, Value
from locales import LOCALES, catalogue


@dataclass(frozen=True, slots=True)
class Worded:
    """One message as she will read it, and the choices under it as buttons and for programs."""

    text: str
    language: Language
    choices: tuple[tuple[str, str], ...] = ()  # (key, label), 1 to 7
    hints: tuple[tuple[str, str], ...] = ()  # (key, label), 8, 9, 0 and 00


def word(said: Iterable[Say | Offer], language: Language) -> Worded:
    """All that one turn says, as one message: sentences, then a line a choice, then what always works.

    One message a turn, so that she never reads half an answer and every part counts once.
    """
    said = tuple(said)
    sentences = " ".join(filter(None, (sentence(one, language) for one in said if isinstance(one, Say))))
    offers = [one for one in said if isinstance(one, Offer)]
    choices = tuple((one.key, label(one, language)) for offer in offers for one in offer.choices)
    hints = tuple((one.key, label(one, language)) for offer in offers for one in offer.hints)
    lines = [
        sentences,
        *(f"{key} {words}" for key, words in choices),
        " ".join(f"{key} {words}" for key, words in hints),
    ]
    return Worded(plain("\n".join(filter(None, lines))), language, choices, hints)


def sentence(say: Say, language: Language) -> str:
    """One sentence with its values filled in."""
    values = {name: _filled(value, language) for name, value in say.values.items()}
    return translate(say.sentence, language).format_map(values).strip()


def label(offered: Offered, language: Language) -> str:
    """The words of one choice."""
    if isinstance(offered.label, Named):
        return _named(offered.label.words, language)
    return translate(offered.label, language)


def translate(words: T, language: Language) -> str:
    """The sentence in her language; English is the source."""
    return catalogue(language).gettext(words.text) if words.text else ""


def labels(words: T | Named) -> tuple[str, ...]:
    """A label in every way of writing, so that she is heard in any of them."""
    if isinstance(words, Named):
        return tuple(words.words.values())
    return tuple(dict.fromkeys(translate(words, language) for language in Language))


def plain(text: str) -> str:
    """The text without the spaces and marks that would turn a GSM-7 message into UCS-2."""
    return unicodedata.normalize("NFC", text).replace("\u202f", " ").replace("\u00a0", " ")


def _named(words: Mapping[Language, str], language: Language) -> str:
    return words[language] if language in words else words[Language.EN]


def _filled(value: Value, language: Language) -> str:
    """A value in her language; a day is told as its month and year, an hour of a day as its weekday."""
    match value:
        case T():
            return translate(value, language)
        case Say():
            return sentence(value, language)
        case Named():
            return _named(value.words, language)
        case datetime():
            return format_date(value, "EEEE", locale=LOCALES[language])
        case date():
            return _ascii_digits(format_date(value, "MMMM y", locale=LOCALES[language]))
        case tuple():
            return format_list([_filled(one, language) for one in value], locale=LOCALES[language])
    return str(value)


def _ascii_digits(text: str) -> str:
    """Digits 0-9: every phone shows them, and they are the ones she types."""
    return "".join(str(unicodedata.decimal(char, char)) for char in text)
