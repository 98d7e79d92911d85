"""Folding: one phonetic key for the Bengali, Devanagari and Latin spellings of a word.

Bengali and Devanagari lie on the same grid of Unicode, so that one table romanises both; the rules for Latin letters
then fold what people spell in several ways. A key is made to be compared, never to be read.
"""

import re
import unicodedata
from functools import lru_cache

FIRST_INDIC, LAST_INDIC = 0x0900, 0x09FF  # Devanagari, then Bengali, 128 code points each
GRID = 0x80
WEAK = "A"  # the vowel that is not written: said, or silent
NASAL = "N"  # the dot: said as n, or silent at the end of a word

CONSONANTS = {
    0x15: "k", 0x16: "k", 0x17: "g", 0x18: "g", 0x19: "ng", 0x1A: "ch", 0x1B: "ch", 0x1C: "j", 0x1D: "j", 0x1E: "n",
    0x1F: "t", 0x20: "t", 0x21: "d", 0x22: "d", 0x23: "n", 0x24: "t", 0x25: "t", 0x26: "d", 0x27: "d", 0x28: "n",
    0x29: "n", 0x2A: "p", 0x2B: "p", 0x2C: "b", 0x2D: "b", 0x2E: "m", 0x2F: "y", 0x30: "r", 0x31: "r", 0x32: "l",
    0x33: "l", 0x34: "l", 0x35: "v", 0x36: "s", 0x37: "s", 0x38: "s", 0x39: "h", 0x70: "r", 0x71: "v",
}  # fmt: skip
VOWELS = {
    0x04: "a", 0x05: WEAK, 0x06: "a", 0x07: "i", 0x08: "i", 0x09: "u", 0x0A: "u", 0x0B: "ri", 0x0D: "e", 0x0E: "e",
    0x0F: "e", 0x10: "ai", 0x11: "o", 0x12: "o", 0x13: "o", 0x14: "o", 0x72: "e",
}  # fmt: skip
SIGNS = {
    0x3E: "a", 0x3F: "i", 0x40: "i", 0x41: "u", 0x42: "u", 0x43: "ri", 0x45: "e", 0x46: "e", 0x47: "e", 0x48: "ai",
    0x49: "o", 0x4A: "o", 0x4B: "o", 0x4C: "o", 0x57: "",
}  # fmt: skip
SILENT_END = ("সব", "খুব", "হিসাব", "জবাব", "সাহেব", "স্বভাব", "অভাব")
SAID_END = (
    "ছিল", "গেল", "হল", "দিল", "নিল", "এল", "করল", "বলল", "মারল", "ছোট", "বড়", "এত", "কত", "যত", "তত", "ভাল", "কেন",
    "যেন", "মত", "মতো", "তের", "বার", "এগার", "পনের", "ষোল", "সতের",
)  # fmt: skip
LOANS = ("হেল্প", "ফর্ম", "ব্যাংক", "ব্যাঙ্ক", "ফিল্ম", "প্লিজ")
BENGALI, LAST_BENGALI = "\u0980", "\u09ff"
NUKTA, VIRAMA, DOT, KHANDA_TA = 0x3C, 0x4D, 0x02, 0x4E
DOTTED = {0x21: "r", 0x22: "r", 0x2F: "y", 0x2B: "f", 0x1C: "z", 0x15: "k", 0x16: "k", 0x17: "g"}
HARD = (0x21, 0x22)  # typed r in Bengali and mostly d in Hindi
YA, BA = 0x2F, 0x2C

_SILENT = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
                     "\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]")  # fmt: skip
_ASCII = {code: " " for code in range(128) if not chr(code).isalnum()}
_PARTS = re.compile(r"\d+|[^\W\d_]+(?:[\u0900-\u09ff\u0300-\u036f]|[^\W\d_])*")
_BEFORE_SILENT = re.compile(f"[aeiou{WEAK}][^aeiou{WEAK}]h?$")
_AFTER_SILENT = re.compile(f"[^aeiou{WEAK}{NASAL}]h?[aeiou{WEAK}]|b{WEAK}$")
_SAID_END = re.compile(
    f"[^aeiou{WEAK}][^aeiouh{WEAK}]{WEAK}$|[^aeiou{WEAK}][^aeiou{WEAK}]h{WEAK}$|[aeiou{WEAK}]b{WEAK}$"
)  # bondho, korbo
_RULES: tuple[tuple[frozenset[str], re.Pattern[str], str], ...] = tuple(
    (frozenset(letters), re.compile(pattern), becomes)
    for letters, pattern, becomes in (  # one of the letters is in every word that the rule touches
        ("h", r"^nhi", "nahi"),
        ("fh", r"^f?phone|^fone", "fon"),
        ("m", r"^(?:message|massage|mesage|messege|msg|mssg|mesg)", "mesej"),
        ("l", r"^call(?![aeiou])", "kol"),
        ("p", r"^polic", "pulic"),
        ("e", r"(?<=[flv])ice$", "is"),
        ("d", r"^(?:delet|dilet)e?", "dilit"),
        ("v", r"^video", "vidio"),
        ("s", r"^(?:suicid|sucid|suisid|sueicid)e?", "suisaid"),
        ("k", r"ksh", "k"),
        ("o", r"(?<=[aeiou])o[wy]?a", "wa"),  # jaoa, jaowa, যাওয়া
        ("c", r"[ct]*chh?", "C"),
        ("c", r"ck", "k"),
        ("c", r"c(?=[eiy])", "s"),
        ("cq", r"[cq]", "k"),
        ("h", r"([kgjtdpbrsz])h", r"\1"),
        ("x", r"x", "ks"),
        ("z", r"z", "j"),
        ("f", r"f", "p"),
        ("wv", r"(?<=s)[wv]", ""),  # swami, shami
        ("w", r"ow(?![aeiou])", "o"),
        ("wv", r"[wv]", "b"),
        ("y", r"^y", "j"),
        ("y", r"(?<=[^aeiou])y(?=[aeiou])", ""),  # kya, byatha
        ("n", r"(?<=[ae]i)n$|(?<=hi)n$", ""),  # hain, nahin
        ("m", r"(?<=m)ei$", "e"),  # mein
        ("e", r"ee+", "i"),
        ("o", r"oo+", "u"),
        ("y", r"(?<=[aeiou])y(?=[aeiou])", ""),  # niye, nie
        ("y", r"y", "i"),
        ("a", r"ai(?=[^aeiou])", "e"),  # paisa
        ("u", r"[ao]u", "o"),
        ("g", r"ng(?=[^aeiou]|$)", "n"),
        ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", r"(.)\1+", r"\1"),
        ("h", r"(?<=[aeiou])h$", ""),
    )
)
_WEAK_END = re.compile(r"(?<=[^aeiou][aeiou][^aeiou])a$|(?<=[^aeiou][^aeiou])a$|(?<=^[aeiou][^aeiou])a$")


_ready: dict[str, str] = {}


def plain(text: str) -> str:
    """The text without capitals, punctuation and what cannot be seen, its digits 0-9; each letter in its own script."""
    if text.isascii():
        return " ".join(text.translate(_ASCII).casefold().split())
    text = unicodedata.normalize("NFKC", _SILENT.sub("", text)).casefold()
    seen = (_seen(letter) for letter in _SILENT.sub("", text))
    return " ".join(unicodedata.normalize("NFC", "".join(seen)).split())


def fold(text: str) -> str:
    """The words of a text as phonetic keys with single spaces between them; digits stand by themselves."""
    return " ".join(key for _, strict in words(text) if (key := _loose(strict)))


def words(text: str) -> tuple[tuple[str, str], ...]:
    """Each word of a text twice: as it is plainly written, and as a strict key, which still tells a from o."""
    return tuple((part, _ready.get(part) or _strict(part)) for part in _PARTS.findall(plain(text)))


def remember(text: str) -> None:
    """Keep the keys of these words ready; to be called at start alone, with words that nobody wrote to us."""
    _ready.update(words(text))


@lru_cache(maxsize=1024)  # single letters, of no message
def _seen(letter: str) -> str:
    if letter.isascii():
        return letter if letter.isalnum() else " "
    kind = unicodedata.category(letter)
    if kind == "Nd":
        return str(unicodedata.decimal(letter))
    return letter if kind[0] in "LM" else " "


def _loose(key: str) -> str:
    return _WEAK_END.sub("", re.sub(r"(.)\1+", r"\1", key.replace("o", "a"))) if not key.isdecimal() else key


def _strict(word: str) -> str:
    if word.isdecimal():
        return word
    if not word.isascii():
        word = _romanised(word)
    for letters, pattern, becomes in _RULES:
        if not letters.isdisjoint(word):
            word = pattern.sub(becomes, word)
    return word.lower()


def _romanised(word: str) -> str:
    """The word in Latin letters, as many people would type it."""
    bengali = any(BENGALI <= letter <= LAST_BENGALI for letter in word)
    spelled = "".join(_spelled(unicodedata.normalize("NFC", word)))
    if not (bengali and _ends_said(word, spelled)):
        spelled = re.sub(f"(?<=.){WEAK}$", "", spelled)
    spelled = _without_silent(spelled.removesuffix(NASAL))
    return spelled.replace(WEAK, "o" if bengali else "a").replace(NASAL, "n")


def _ends_said(word: str, spelled: str) -> bool:
    """Whether a Bengali word ends in the weak vowel as it is said: bondho, korbo, koto; loans from English do not."""
    if (
        word in SILENT_END
        or word in LOANS
        or (word.endswith(("ট", "ড")) and not word.endswith("ষ্ট") and "্" in word[-3:])
    ):
        return False
    return bool(_SAID_END.search(spelled)) or word in SAID_END or word.endswith(("ছিল", "গেল", "্য"))


def _without_silent(spelled: str) -> str:
    """The word without the weak vowels that are silent inside it, which are told from its end."""
    for at in range(len(spelled) - 1, 0, -1):
        if spelled[at] != WEAK:
            continue
        if _BEFORE_SILENT.search(spelled[:at]) and _AFTER_SILENT.match(spelled, at + 1):
            spelled = spelled[:at] + spelled[at + 1 :]
    return spelled


def _spelled(word: str) -> list[str]:
    out: list[str] = []
    joined = False  # whether a virama stands before this letter
    for at, letter in enumerate(word):
        code = ord(letter)
        if not FIRST_INDIC <= code <= LAST_INDIC:
            out.append(_without_marks(letter))
            continue
        bengali, point = divmod(code - FIRST_INDIC, GRID)
        if point in CONSONANTS:
            out += _consonant(point, bool(bengali), joined, out, word[at + 1 : at + 2])
        elif point in SIGNS:
            _replace_weak(out, SIGNS[point])
        elif point == VIRAMA:
            _replace_weak(out, "")
        elif point in VOWELS:
            out.append(VOWELS[point])
        elif point == KHANDA_TA and bengali:
            out.append("t")
        elif point == DOT:
            out.append("n" if bengali else NASAL)
        joined = point == VIRAMA
    return out


def _consonant(point: int, bengali: bool, joined: bool, out: list[str], follows: str) -> list[str]:
    if follows and (ord(follows) - FIRST_INDIC) % GRID == NUKTA:
        dotted = "d" if not bengali and point in HARD else DOTTED.get(point, CONSONANTS[point])
        return [dotted, WEAK]
    if bengali and joined and point == YA:
        return [WEAK]
    if bengali and joined and point == BA and _last(out) not in ("m", "r", "b"):
        return [WEAK]
    if joined and point == 0x37 and _last(out) == "k":
        return [WEAK]  # the joint letter said as kh
    if joined and point == 0x1E and _last(out) == "j":
        out[-1 if out[-1] else -2] = "g"
        return [WEAK]
    if bengali and point == YA:
        return ["j", WEAK]
    return [CONSONANTS[point], WEAK]


def _replace_weak(out: list[str], vowel: str) -> None:
    if out and out[-1] == WEAK:
        out[-1] = vowel
    elif vowel:
        out.append(vowel)


def _last(out: list[str]) -> str:
    return next((piece for piece in reversed(out) if piece), "")


def _without_marks(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[:1]
