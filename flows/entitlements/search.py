"""Search: from a message in her own words to the checked facts that answer it.

Every fact comes with sample askings in five ways of writing. What they mean (meanings.py) and how they are worded is
cut into features (features.py), and counted for each fact (learning.py). Small talk has askings too, which lead to no
fact. The same message always finds the same facts, and `sathi ask --explain` says why. docs/decisions/0008-search.md
has what was measured.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from flows.entitlements.facts import FACTS, Fact
from flows.entitlements.learning import Asking, Index
from flows.model import Language

__all__ = ["Asked", "Index", "Match", "ask", "reasons"]

SURE = 0.995  # a share from which the first match is answered
FAMILIAR = 0.5  # ... if no more of the message than this is unlike every asking
FOUND = 0.0005  # below it a fact was not found at all
JOINED = 0.005  # of the share of the better one: from there two that say one thing are named together
CHATTER = 0.6  # the share of small talk from which nothing is found
STRANGE = 0.85  # how much of a message may be unlike every asking
SHOWN = 3
LONGEST = 400  # characters of a message that are looked at
NOTHING = ""  # the name under which small talk stands

# Two facts that say one thing to her: where a message fits both, they are one match, the better fitting first.
ONE_THING = (
    ("vc-unpaid-steps", "vc-payment-late"),
    ("vc-right", "vc-where-apply"),
    ("vc-amount-state", "vc-amount-nalsa"),
    ("vc-time-limit", "fir-late-ok"),
    ("vc-free-no-agent", "la-what-is-free"),
    ("la-right", "la-where"),
    ("fir-no-station-call", "fir-statement-at-home"),
    ("ahtu-what", "ahtu-transfer"),
)


@dataclass(frozen=True, slots=True)
class Match:
    """One fact, or two that say one thing, and their share of the message: 0 to 1."""

    facts: tuple[str, ...]
    topic: str
    score: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What was found, best first; `answer` says whether Sathi answers from the first rather than ask back."""

    matches: tuple[Match, ...]
    answer: bool


def ask(text: str, language: Language | None = None) -> Asked:  # noqa: ARG001 - a hint that this method does not need
    """The facts that answer a message; nothing where none fits, or where it is small talk."""
    heard = INDEX.hear(text[:LONGEST])
    if not heard.means or heard.strange > STRANGE:
        return Asked((), answer=False)
    return found(INDEX.shares(heard), heard.strange)


def found(shares: Mapping[str, float], strange: float) -> Asked:
    """The matches, from every fact's share of a message, and how much of it is unlike every asking."""
    ranked = sorted(shares.items(), key=lambda one: (-one[1], one[0]))
    if shares.get(NOTHING, 0.0) >= CHATTER:
        return Asked((), answer=False)
    matches = tuple(_matches({fact: share for fact, share in ranked if fact != NOTHING and share >= FOUND}))
    is_sure = bool(matches) and matches[0].score >= SURE and strange <= FAMILIAR
    return Asked(matches[:SHOWN], answer=is_sure)


def reasons(text: str, asked: Asked) -> list[str]:
    """Why each match was found: the features that counted most."""
    return [_why(text[:LONGEST], match) for match in asked.matches]


def askings(facts: Sequence[Fact]) -> Iterator[Asking]:
    """All that is learnt from, fact by fact and a way of writing at a time; small talk last, under no name."""
    for fact in facts:
        yield fact.id, Language.EN, fact.title
        yield fact.id, Language.EN, fact.source.statement
        for language, lines in fact.asked.items():
            yield from ((fact.id, language, line) for line in lines)
    yield from ((NOTHING, None, line) for line in _small_talk())


def _matches(shares: Mapping[str, float]) -> Iterator[Match]:
    """Each fact in the order of its share, with the one that says the same thing if that fits too."""
    named: set[str] = set()
    for fact, share in shares.items():
        if fact in named:
            continue
        twin = _TWINS.get(fact)
        fits_too = twin is not None and twin not in named and shares.get(twin, 0.0) >= JOINED * share
        together = (fact, twin) if twin is not None and fits_too else (fact,)
        named.update(together)
        score = sum(shares[one] for one in together)
        yield Match(together, FACTS.fact(fact).topic, min(score, 1.0))


def _why(text: str, match: Match) -> str:
    told = ", ".join(f"{feature} {count:.2f}" for feature, count in INDEX.shared(text, match.facts[0])[:8])
    return f"{' + '.join(match.facts)} {match.score:.2f}: {told}"


def _small_talk() -> Sequence[str]:
    held = tomllib.loads(files("flows.hearing").joinpath("small_talk.toml").read_text(encoding="utf-8"))
    return [line for lines in held.values() for line in lines]


_TWINS = {one: other for pair in ONE_THING for one, other in (pair, pair[::-1])}
INDEX = Index(askings(FACTS.sendable()))
