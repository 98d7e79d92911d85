"""What can be wrong with one sentence: each check is a pure function of the English and the translation."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from string import Formatter

from flows.model import Language
from locales import familiar_words, risks_in
from locales.style import found_in

GSM_7 = frozenset(  # 3GPP TS 23.038, 6.2.1: the default alphabet and its extension
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
LATIN = (Language.EN, Language.BN_LATN, Language.HI_LATN)
SCRIPTS = {Language.BN: "BENGALI", Language.HI: "DEVANAGARI"}
MARKS = frozenset("\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026")  # quotes, dashes, ellipsis
SHARED = frozenset("\u0964\u0965")  # the danda is Devanagari to Unicode, and Bengali writes it too


def faults(language: Language, english: str, said: str) -> Iterator[str]:
    """A line for everything that is wrong with a translation; English is checked against itself."""
    for check in CHECKS:
        yield from check(language, english, said)


def placeholders(sentence: str) -> Counter[str]:
    """The {names} of a sentence, each as often as it stands there.

    Raises:
        ValueError: a brace is not closed, or not opened.
    """
    return Counter(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def _placeholders(_: Language, english: str, said: str) -> Iterator[str]:
    try:
        wanted, given = placeholders(english), placeholders(said)
    except ValueError as broken:
        yield f"broken placeholder ({broken})"
        return
    if wanted != given:
        yield f"placeholders differ: English has {_shown(wanted)}, here {_shown(given)}"


def _digits(_: Language, english: str, said: str) -> Iterator[str]:
    if strange := [char for char in said if char.isdecimal() and not char.isascii()]:
        yield f"digits are 0-9 in every language, not {''.join(strange)}"
    wanted, given = _numbers(english), _numbers(said)
    if wanted != given:
        yield f"numbers differ: English has {_shown(wanted)}, here {_shown(given)}"


def _script(language: Language, _: str, said: str) -> Iterator[str]:
    own = SCRIPTS.get(language)
    strange = [char for char in said if (script := _script_of(char)) and script != own]
    if strange:
        yield f"letters of another script: {''.join(strange)}"
    if own and re.search("[a-z]", _bare(said)) and not any(_script_of(char) == own for char in said):
        yield f"not translated: no {own.title()} letter"


def _alphabet(language: Language, _: str, said: str) -> Iterator[str]:
    strange = {char for char in said if char not in GSM_7}
    if language in LATIN and strange:
        yield f"not in GSM-7: {' '.join(f'{char} U+{ord(char):04X}' for char in sorted(strange))}"


def _marks(_language: Language, _: str, said: str) -> Iterator[str]:
    if "!" in said:
        yield "exclamation mark"
    if found := MARKS.intersection(said):
        yield f"curly quote, long dash or ellipsis: {' '.join(sorted(found))}"
    if any(unicodedata.category(char) == "So" or char in "\ufe0f\u20e3" for char in said):
        yield "emoji"
    if said != " ".join(said.split()):
        yield "space at an end, twice, or a line break"


def _risks(language: Language, _: str, said: str) -> Iterator[str]:
    if risks := risks_in(said, language):
        yield f"risk word: {', '.join(risks)}"


def _register(language: Language, _: str, said: str) -> Iterator[str]:
    if found := found_in(said, familiar_words(language), whole=True):
        yield f"too familiar (see STYLE.md): {', '.join(found)}"


CHECKS: tuple[Callable[[Language, str, str], Iterator[str]], ...] = (
    _placeholders, _digits, _script, _alphabet, _marks, _risks, _register,
)  # fmt: skip


def _bare(sentence: str) -> str:
    return re.sub(r"\{[^}]*\}", "", sentence)


def _numbers(sentence: str) -> Counter[str]:
    return Counter(re.findall(r"[0-9](?:[0-9,.:]*[0-9])?", _bare(sentence)))


def _shown(counted: Counter[str]) -> str:
    return ", ".join(sorted(counted.elements())) or "none"


def _script_of(char: str) -> str | None:
    """BENGALI or DEVANAGARI for a letter, sign or digit of it; nothing for the rest."""
    name = unicodedata.name(char, "")
    return next((script for script in SCRIPTS.values() if name.startswith(script) and char not in SHARED), None)
