"""Canaries: numbers, names and words planted in real conversations, and the search for them in every file."""

import base64
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

NUMBER = "+915550812394"
OTHER = "+915550776615"
NAME = "Zubeidakhatunxq"
VILLAGE = "ঝুমুরডাঙা"
WORDS = "chhaya dekhe voy pai"
NUMERALS = ("0123456789", "০১২৩৪৫৬৭৮৯", "०१२३४५६७८९")


def canaries() -> Mapping[str, str]:
    """Each planted thing by what it is."""
    return {"her number": NUMBER, "another number": OTHER, "a name": NAME, "a place": VILLAGE, "her words": WORDS}


def shapes(text: str) -> Iterator[bytes]:
    """A text in every encoding in which a file may hold it."""
    bare = text.removeprefix("+91").removeprefix("+")
    for said in {text, bare, text.lower(), text.upper(), text[::-1], *_numerals(bare)}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield said.encode(encoding)
        yield quote(said).encode()
        yield said.encode("unicode_escape")
        yield said.encode().hex().encode()
        yield said.encode().hex().upper().encode()
        yield from _base64(said.encode())


def found_in(folder: Path) -> list[str]:
    """What of it stands in any file below the folder, squeezed or not: the canary and the file, no more."""
    wanted = [(name, shape) for name, text in canaries().items() for shape in set(shapes(text))]
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        held = file.read_bytes()
        held += b"".join(_unsqueezed(held))
        found += sorted({f"{name} in {file.name}" for name, shape in wanted if shape in held})
    return found


def _numerals(text: str) -> Iterator[str]:
    if text.isdecimal():
        yield from (text.translate(str.maketrans(NUMERALS[0], numerals)) for numerals in NUMERALS)


def _base64(raw: bytes) -> Iterator[bytes]:
    """The middle of its base64, at each of the three places where it may begin."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + raw).rstrip(b"=")
        yield whole[4 if before else 0 : -2]


def _unsqueezed(held: bytes) -> Iterator[bytes]:
    for start in (b"\x78\x9c", b"\x78\x01", b"\x78\xda"):
        at = held.find(start)
        while at >= 0:
            with suppress(zlib.error):  # not the beginning of a squeezed stream
                yield zlib.decompressobj().decompress(held[at:], 1 << 20)
            at = held.find(start, at + 1)
