"""Strange text: what people, phones, networks and attackers may send, made anew from a seed."""

import random
from collections.abc import Callable, Iterator, Mapping

HUGE = 64 * 1024
WORDS = (
    "taka kobe pabo", "1", "২", "३", "0", "00", "9", "help", "STOP", "forget me", "ক্ষতিপূরণ", "मुआवजा",
    "basirhat", "yes",
    "o amake mere felbe aj rate", "ar bachte ichche kore na", "my request", "4729 8106", "কলকাতা", "hello didi",
)  # fmt: skip
NAUGHTY = (
    "", " ", "\n\n\n", "\t", "\0", "1\0", "\0\0STOP", "a\0b", "\x1b[31m1", "\x7f", "\x00\x01\x02\x03",
    "undefined", "null",
    "NaN", "true", "-1", "1e309", "0x01", "1.0", "1,000", "01", "001", "٣", "１", "①", "²", "Ⅷ", "½", "9" * 400,
    "1" * 3,
    "'; DROP TABLE people; --", "1' OR '1'='1", "$(reboot)", "`id`", "{{7*7}}", "${jndi:ldap://x/a}", "%s%s%n", "{0}",
    "{code}", "{runs}", "%(name)s", "<script>alert(1)</script>", "<!--#exec cmd=x -->", "../../etc/passwd", "C:\\CON",
    '{"text": "1"}', "[]", "key=value&key=2", "\r\nX-Header: 1", "\ufeff1", "\ufffe", "\uffff", "\U0010ffff",
    "\ue000",
    "ﷺ" * 70, "﷽", "ǅ", "İ", "ß", "ﬁ", "Å", "A\u030a", "ক\u09bc", "\u09dc", "\u0958", "क\u093c", "র\u200d্য",
    "অ\u200c্যা", "श\u200dर",
    "\u200b1\u200b", "1\ufe0f\u20e3", "👩‍👩‍👧‍👦", "🇮🇳🇮", "👍🏿" * 50, "☎️ 9", "\u202e1\u202c",
    "\u2066STOP\u2069", "שלום 1", "مرحبا ٢", "\u061c9",
    "ｆｕｌｌｗｉｄｔｈ", "𝓱𝓮𝓵𝓹", "ⓗⓔⓛⓟ", "h̷e̸l̶p̴",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘", "\ud800", "\udfff", "a\ud83d", "\udc00\ud800",
    "1\ud800",
    "\udcff\udcfe", "मैं\ud83d", "STOP\udfff", "\u2028", "\u2029", "\x85", "\u180e", "\u3164", "\u115f" * 40,
    "\U000e0031", "\U000e0001STOP",
)  # fmt: skip
RANGES = (
    (0x0, 0x7F), (0x80, 0x24F), (0x300, 0x36F), (0x590, 0x6FF), (0x900, 0x97F), (0x980, 0x9FF), (0x1F300, 0x1FAFF),
    (0x200B, 0x206F), (0xD800, 0xDFFF), (0xE000, 0xE0FF), (0xFB50, 0xFDFF), (0xFE00, 0xFE0F), (0xE0000, 0xE007F),
    (0x10FF00, 0x10FFFF), (0x1AB0, 0x1AFF), (0x2460, 0x24FF), (0x1D400, 0x1D7FF),
)  # fmt: skip
MARKS = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202d\u202e\u2066"
    "\u2067\u2069\ufeff\u00ad\u0300\u0301\u0338\u034f\u09bc\u09cd\u094d\ufe0f\0\ud83d"
)


def strange(count: int, seed: int = 13) -> Iterator[str]:
    """So many texts: every naughty string first, then the kinds by turns."""
    yield from NAUGHTY[:count]
    chance = random.Random(seed)
    kinds = tuple(KINDS.values())
    for number in range(count - len(NAUGHTY)):
        yield kinds[number % len(kinds)](chance)


def huge(count: int, seed: int = 14) -> Iterator[str]:
    """So many texts of 64 KB, the longest that a provider may bring."""
    chance = random.Random(seed)
    for number in range(count):
        unit = (NAUGHTY[number % len(NAUGHTY)] or "a") if number % 2 else _random(chance) or "a"
        yield (unit * (HUGE // len(unit) + 1))[:HUGE]


def _random(chance: random.Random) -> str:
    first, last = chance.choice(RANGES)
    return "".join(chr(chance.randint(first, last)) for _ in range(chance.randint(0, 40)))


def _mixed(chance: random.Random) -> str:
    return "".join(chr(chance.randint(*chance.choice(RANGES))) for _ in range(chance.randint(0, 160)))


def _marked(chance: random.Random) -> str:
    """Words that mean something, with unseen marks among their letters."""
    return "".join(letter + chance.choice(MARKS) * chance.choice((0, 0, 1, 3)) for letter in chance.choice(WORDS))


def _flooded(chance: random.Random) -> str:
    """A letter under a heap of signs, as often as one likes."""
    signs = "".join(chr(chance.randint(0x300, 0x36F)) for _ in range(chance.randint(1, 60)))
    return (chance.choice("aZ1ক्म") + signs) * chance.randint(1, 20)


def _broken(chance: random.Random) -> str:
    """Bytes cut in the middle of a letter, as a careless gateway would pass them on."""
    whole = chance.choice(WORDS).encode()
    cut = whole[chance.randint(0, len(whole)) :] + chance.randbytes(chance.randint(0, 8))
    return cut.decode("utf-8", chance.choice(("replace", "surrogateescape", "ignore", "backslashreplace")))


def _joined(chance: random.Random) -> str:
    """Naughty strings and meaning side by side."""
    return " ".join(chance.choice(NAUGHTY + WORDS) for _ in range(chance.randint(2, 6)))


def _repeated(chance: random.Random) -> str:
    return chance.choice(WORDS + NAUGHTY) * chance.randint(2, 60)


def _misread(chance: random.Random) -> str:
    """Words in the letters of another table, as phones of different makers show each other."""
    return chance.choice(WORDS).encode().decode(chance.choice(("latin-1", "cp437", "cp1251")))


KINDS: Mapping[str, Callable[[random.Random], str]] = {
    "random": _random,
    "mixed": _mixed,
    "marked": _marked,
    "flooded": _flooded,
    "broken": _broken,
    "joined": _joined,
    "repeated": _repeated,
    "misread": _misread,
}
