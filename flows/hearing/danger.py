"""Danger: whether the words tell of it, of which kind, and whether that is sure.

Danger errs towards asking: what is doubtful is reported with `sure` false, and Sathi asks before it acts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flows.hearing.phrases import Phrases, Text, lists
from flows.hearing.signs import Senses
from flows.hearing.weighing import MOST_WORDS, Scales
from flows.model import Danger

ADULT = 18
NEAR = (-2, -1, 1, 2)  # words between an age and what it belongs to
STEP = MOST_WORDS // 2  # a long message is weighed piece by piece
MOST = 800  # words that are weighed, half from either end; only letters that stand for whole sentences make more
SHORT = 2  # words that tell too little to be asked about unless danger is likelier: names, places
# How much likelier safety may be than danger, in hundredths of a logit (weighing.LOGIT):
LIKELIER = 100  # ... while what no rule is sure of is asked about;
SURELY = 50  # ... while what the rules are sure of is acted on, beyond that it is asked about;
FAR = 150  # ... while that is heard at all, but for what she says plainly


@dataclass(frozen=True, slots=True)
class Rule:
    """What must be found together, and what that means; the first rule that holds decides."""

    name: str
    kind: Danger | None  # None: found safe
    sure: bool
    plain: bool  # so plainly said that it is never dropped
    all: tuple[frozenset[str], ...]
    unless: frozenset[str]
    past: Literal["ask", "drop", "told"]

    def holds(self, found: Mapping[str, Sequence[int]]) -> bool:
        """Whether one of each is found, and none of what forbids it."""
        return all(any(name in found for name in names) for names in self.all) and not any(
            name in found for name in self.unless
        )


@dataclass(frozen=True, slots=True)
class Endangered:
    """A kind of danger that was heard, and whether it may be acted on without asking.

    `asked` says that the rules would be sure but for a past or legal matter, `plain` that she says it in so many words.
    Neither is ever dropped, however safe the rest of the words sound.
    """

    kind: Danger
    sure: bool
    asked: bool = False
    plain: bool = False


class Lists:
    """The word lists and rules of danger.toml, compiled once."""

    def __init__(self) -> None:
        self._phrases = Phrases(lists("danger.toml"), lists("danger_english.toml"))
        self._rules = tuple(_rule(one) for one in lists("danger_rules.toml")["rule"])

    def named(self, text: Text) -> tuple[Endangered | None, set[str]]:
        """What the rules make of a text; and the names of that and of its lists, to be weighed with its words."""
        found = self._phrases.found(text)
        heard = self._weigh(found, text)
        rule = f"rule {heard.kind.value} {heard.sure}" if heard else "rule none"
        return heard, {*found, rule}

    def _weigh(self, found: dict[str, list[int]], text: Text) -> Endangered | None:
        if _is_minor(found, text):
            found["minor"] = [0]
        told_of = "past" in found and ("now" not in found or "legal" in found or "safe_now" in found)
        asks_about = "legal" in found and "now" not in found
        for rule in self._rules:
            if not rule.holds(found):
                continue
            if rule.kind is None:
                return None
            if told_of and rule.past in ("drop", "told"):
                continue
            if asks_about and rule.past == "drop":
                continue
            doubtful = rule.past == "ask" and (told_of or asks_about)
            sure = rule.sure and not doubtful
            return Endangered(rule.kind, sure=sure, asked=rule.sure and doubtful, plain=rule.plain)
        return None


class Listener:
    """The lists, and the scales on which what they do not name is weighed."""

    def __init__(self, scales: Scales) -> None:
        self._lists, self._senses, self._scales = Lists(), Senses(), scales

    def danger(self, text: Text) -> Endangered | None:
        """The danger that a text tells of: the surest, in the order of the rules."""
        if all(key.isdecimal() for _, key in text):
            return None
        heard = [one for piece in pieces(text) if (one := self._in_piece(piece))]
        return next((one for one in heard if one.sure), heard[0] if heard else None)

    def _in_piece(self, text: Text) -> Endangered | None:
        heard, names = self._lists.named(text)
        told = self._scales.weigh(self._senses.signs(text, names))
        safe = told.pop("none")
        likest = max(told, key=told.__getitem__)
        more = told[likest] - safe
        sure = heard is not None and heard.sure and more > -SURELY
        if heard and (heard.plain or heard.asked):
            return Endangered(heard.kind, sure)
        enough = FAR if heard and heard.sure else LIKELIER if len(text) > SHORT else 0
        return Endangered(Danger(likest), sure) if more > -enough else None


def _rule(written: Mapping[str, Any]) -> Rule:
    kind = written["kind"]
    return Rule(
        written["name"],
        None if kind == "none" else Danger(kind),
        written.get("sure", False),
        written.get("plain", False),
        tuple(frozenset(one.split(" | ")) for one in written["all"]),
        frozenset(written["unless"]),
        written["past"],
    )


def pieces(text: Text) -> Sequence[Text]:
    """A message in pieces of as many words as are weighed together, each overlapping the next."""
    if len(text) > MOST:
        text = [*text[: MOST // 2], *text[-MOST // 2 :]]
    if len(text) <= MOST_WORDS:
        return (text,)
    return tuple(text[at : at + MOST_WORDS] for at in range(0, len(text) - STEP, STEP))


def _is_minor(found: Mapping[str, Sequence[int]], text: Text) -> bool:
    """Whether an age under 18 is told: a number next to a word of age, and somebody who has it."""
    if "girl" not in found and "child" not in found:
        return False
    ages = {at + far for at in found.get("age", ()) for far in NEAR}
    ages -= {at - far for at in found.get("past", ()) for far in (0, 1, 2)}
    persons = {at + far for name in ("girl", "child") for at in found.get(name, ()) for far in NEAR}
    return any(_is_age(key) and (at in ages or (at in persons and int(key) > 4)) for at, (_, key) in enumerate(text))


def _is_age(key: str) -> bool:
    return key.isdecimal() and len(key) < 3 and 0 < int(key) < ADULT
