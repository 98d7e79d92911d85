"""Courtesies: thanks, and the question who is there; the words are in courtesies.toml."""

from enum import StrEnum

from flows.hearing.phrases import Phrases, lists, read

LONGEST = 60  # letters; no courtesy has more


class Courtesy(StrEnum):
    """What is said to anybody, and asks for no fact."""

    THANKS = "thanks"
    WHO = "who"


def courtesy(text: str) -> Courtesy | None:
    """The courtesy that a message is, if it is nothing else."""
    named = _COURTESIES.whole(read(text)) if len(text) <= LONGEST else []
    return Courtesy(named[0]) if named else None


_WORDS = lists("courtesies.toml")
_COURTESIES = Phrases(_WORDS["spoken"], _WORDS["english"])
