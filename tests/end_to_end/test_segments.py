"""SMS parts against the provider's own calculator, on strings that it counted and on all that we might say."""

import json
import random
import subprocess
from collections.abc import Sequence
from shutil import which

import pytest

from bot.parts import fit
from tests.end_to_end.prism import HERE, segments
from tests.peers import need

CALCULATOR = HERE / "node_modules" / "sms-segments-calculator"
COUNT = """
const { SegmentedMessage } = require(process.argv[1]);
const texts = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const counted = texts.map((text) => new SegmentedMessage(text, "auto"));
console.log(JSON.stringify(counted.map((one) => [one.encodingName, one.segmentsCount])));
"""
WORDS = (
    *("আপনার", "কথা", "রাখি।", "ক্ষতিপূরণ", "জন্য,", "র্যাব", "কর্তৃপক্ষ", "স্ত্রী", "১১২"),
    *("आपकी", "क्षतिपूर्ति", "कब", "मिलेगी,", "राष्ट्रीय", "न्याय।", "स्त्री", "112", "ok", "₹500"),
)
PIECES = ("a", "^", "€", "ç", "ক্ষতি", "क्ष", "😀", "👩‍👧", "\n", "é")

pytestmark = pytest.mark.peer


def counted(texts: Sequence[str]) -> list[tuple[str, int]]:
    """What the calculator says of each text."""
    node = which("node")
    need(node is not None, "node")
    need(CALCULATOR.is_dir(), "the segments calculator (npm ci --prefix tests/end_to_end)")
    ran = subprocess.run(
        [node or "", "-e", COUNT, str(CALCULATOR)], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    return [(encoding, parts) for encoding, parts in json.loads(ran.stdout)]


def test_each_counted_string_fits_as_the_provider_says() -> None:
    """Encoding and parts agree, string by string, with what was written down."""
    for one in segments():
        fitted = fit(str(one["text"]))
        assert (fitted.encoding, fitted.segments) == (one["encoding"], one["segments"]), one["kind"]


def test_every_length_fits_as_the_provider_says() -> None:
    """The same for each kind of character at every length around the borders of parts."""
    lengths = (1, 34, 35, 36, 66, 67, 68, 69, 70, 71, 133, 134, 135, 152, 153, 154, 159, 160, 161, 200, 306, 307)
    texts = [piece * length for piece in PIECES for length in lengths]
    texts += [f"{'a' * length}{piece}{'a' * 100}" for piece in PIECES for length in (65, 66, 67, 151, 152, 153)]
    for text, said in zip(texts, counted(texts), strict=True):
        fitted = fit(text)
        assert (fitted.encoding, fitted.segments) == said, (text[:1], len(text))


def test_words_in_any_order_fit_as_the_provider_says() -> None:
    """Letters with their signs, and conjuncts, fall on the borders of parts in every way."""
    chance = random.Random(67)
    texts = [" ".join(chance.choices(WORDS, k=chance.randrange(5, 60))) for _ in range(500)]
    texts += ["".join(chance.choices(" ".join(WORDS), k=chance.randrange(60, 300))) for _ in range(500)]
    for text, said in zip(texts, counted(texts), strict=True):
        fitted = fit(text)
        assert (fitted.encoding, fitted.segments) == said
