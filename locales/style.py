"""What a STYLE.md says to machines: its fenced lists, and how a listed word is found in a text."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache


def block(style: str, name: str) -> tuple[str, ...]:
    """The words of the fenced list ```name of a STYLE.md: one a line, `#` begins a comment; folded, none twice.

    Raises:
        ValueError: the list is not there, so that a mistyped fence never switches a check off.
    """
    fenced = re.search(rf"^```{re.escape(name)}\n(.*?)^```$", style, flags=re.MULTILINE | re.DOTALL)
    if fenced is None:
        raise ValueError(f"STYLE.md has no ```{name} list")
    lines = (line.partition("#")[0].strip() for line in fenced[1].splitlines())
    return tuple(dict.fromkeys(folded(line) for line in lines if line))


def folded(text: str) -> str:
    """The text in one form: composed letters, no invisible joiners, no case, single spaces.

    A Bengali or Hindi letter with a dot below may be typed as one code point or two.
    """
    visible = (char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Cf")
    return " ".join("".join(visible).casefold().split())


def found_in(text: str, words: Iterable[str], *, whole: bool = False) -> tuple[str, ...]:
    """Those of the folded words that begin a word of the text, or, if `whole`, that are one; in their own order."""
    plain = folded(text)
    return tuple(word for word in words if _pattern(word, whole).search(plain))


@cache  # one a listed word
def _pattern(word: str, whole: bool) -> re.Pattern[str]:
    """Vowel signs and the virama are no `\\w` to Python, so they are named: they too are inside a word."""
    inside = r"[\w\u0900-\u0903\u093a-\u094f\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u09d7\u09e2\u09e3]"
    return re.compile(rf"(?<!{inside}){re.escape(word)}" + (rf"(?!{inside})" if whole else ""))
