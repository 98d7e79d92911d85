"""P13: strange text never breaks it: 0 errors, 0 stuck; 50,000 inputs at a release by STRANGE_TEXTS=50000."""

import itertools
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.wording import word
from flows import review
from flows.covering import LIST, OPENER, WHICH
from flows.engine import Engine
from flows.hearing import hear
from flows.model import Language, Moment, Offer, Place, Said, Say, Standing, Turn
from storage.database import Store
from tests.bot.safety.strange import huge, strange
from tests.bot.safety.town import Town, address
from tests.flows.replay import ENGINE, Scene

COUNT = int(os.environ.get("STRANGE_TEXTS", "3000"))
HUGE = max(40, COUNT // 100)
ON_DATABASE = 130
HUGE_ON_DATABASE = 8
MENU = (Place("menu", "list"), LIST, WHICH, OPENER)
ONE = ("1", "১", "१", "１", " 1 ", "1.", "\u200b1", "1\ufe0f\u20e3")


def standings() -> Sequence[Standing]:
    """Somebody at every step, in every language."""
    return [one for language in Language for one in review.standings(ENGINE, language)]


def read(turn: Turn) -> str:
    """What she reads of a turn; what only the database knows is left out."""
    return word([one for one in turn.effects if isinstance(one, Say | Offer)], turn.standing.speaks).text


def try_all(texts: Sequence[str], advance: Callable[[Standing, Said, Moment], Turn]) -> tuple[int, int]:
    """(errors, stuck): each text at some step, and `0` after it, which must lead to a list."""
    errors = stuck = 0
    moment = Scene().moment()
    for text, standing in zip(texts, itertools.cycle(standings()), strict=False):
        try:
            turn = advance(standing, Said(text), moment)
            read(turn).encode()
        except Exception:  # noqa: BLE001 - that there is none is what is counted
            errors += 1
            continue
        stuck += not turn.standing.opted_out and advance(turn.standing, Said("0"), moment).standing.place not in MENU
    return errors, stuck


def test_strange_text_is_always_answered(proof: Callable[[str], None]) -> None:
    """Naughty strings, unseen marks, broken letters, heaps of signs: at every step no error, and the list after it."""
    texts = [*strange(COUNT), *huge(HUGE)]
    errors, stuck = try_all(texts, ENGINE.advance)
    proof(f"P13 inputs={len(texts)} errors={errors} stuck={stuck}")
    assert (errors, stuck) == (0, 0)


def test_sabotage_an_error_on_strange_text_is_found(proof: Callable[[str], None]) -> None:
    """An engine that chokes on half a letter, and one that keeps her where she is, are found."""

    def chokes(standing: Standing, said: Said, moment: Moment) -> Turn:
        said.text.encode()
        return ENGINE.advance(standing, said, moment)

    def keeps(standing: Standing, _said: Said, _moment: Moment) -> Turn:
        return Turn(standing)

    texts = list(strange(300))
    errors, stuck = try_all(texts, chokes)[0], try_all(texts, keeps)[1]
    proof(f"sabotage P13 caught: errors={errors} stuck={stuck}")
    assert errors
    assert stuck


def test_a_digit_is_the_same_in_three_scripts_everywhere(proof: Callable[[str], None]) -> None:
    """1, ১ and १ (and wide, spaced, dotted or framed ones) lead to the same place with the same words."""
    moment, differ, stood = Scene().moment(), 0, standings()
    for standing in stood:
        turns = {repr(ENGINE.advance(standing, Said(one), moment)) for one in ONE}
        differ += len(turns) != 1
    proof(f"P13 digits: steps and languages={len(stood)} ways={len(ONE)} differing={differ}")
    assert differ == 0


def test_long_text_is_heard_in_time(proof: Callable[[str], None]) -> None:
    """Hearing listens to the first and last of what is very long; how long that takes is told, not judged."""
    units = {
        "latin": "taka kobe ",
        "bengali": "মরে ",
        "signs": "a\u0301",
        "joined": "ﷺ",
        "family": "👩‍👩‍👧",
    }
    took = {}
    for name, text in units.items():
        begun = time.perf_counter()
        hear((text * 65536)[:65536])
        took[name] = (time.perf_counter() - begun) * 1000
    proof("P13 hear of 64 KB in ms: " + " ".join(f"{name}={value:.0f}" for name, value in took.items()))


def test_strange_text_through_the_real_path(store: Store, tmp_path: Path, proof: Callable[[str], None]) -> None:
    """Taken, sealed, stored, answered and sent on each database: NUL and half letters too; and the list after it."""
    town, errors, stuck = Town(store, tmp_path), 0, 0
    texts = [*itertools.islice(strange(COUNT, seed=15), ON_DATABASE), *huge(HUGE_ON_DATABASE)]
    for number, text in enumerate(texts):
        whom = address(number % 40)
        errors += town.take(whom, text).outcome != "answered"
        town.deliver()
        errors += town.take(whom, "START" if town.standing(whom).opted_out else "0").outcome != "answered"
        stuck += town.place(whom) not in MENU
    errors += any(row["state"] == "failed" for row in town.outbox())
    proof(f"P13 {store.main.dialect.name}: inputs={len(texts)} errors={errors} stuck={stuck}")
    assert (errors, stuck) == (0, 0)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_sabotage_a_failing_turn_is_found_on_the_real_path(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proof: Callable[[str], None]
) -> None:
    """An answer that fails is kept, not answered, and so it is counted."""

    def fails(*_given: object) -> Turn:
        raise UnicodeError("a bug")

    monkeypatch.setattr(Engine, "advance", fails)
    outcome = Town(store, tmp_path).take(address(1), "\ud800").outcome
    proof(f"sabotage P13 real path caught: outcome={outcome}")
    assert outcome != "answered"
