"""The weights: made from the text that is there, and the same whenever they are made."""

from hypothesis import given, settings
from hypothesis import strategies as some

from flows.hearing import learning
from flows.hearing.phrases import read
from flows.hearing.weighing import MARGIN, Scales, features, scales

TAUGHT = [("stop", "no more letters"), ("more", "tell me the rest"), ("none", "rice is dear"), ("none", "my goat")] * 5


def _learnt() -> str:
    cut = [tuple(sorted(features(read(line)))) for _, line in TAUGHT]
    return "\n".join(learning.learn(TAUGHT, cut))


def test_weights_are_of_the_examples_that_are_there() -> None:
    """Who changes an example and not the weights is told: run `python -m flows.hearing.learning`."""
    assert scales("commands").made_from == learning.fingerprint(learning.commands())
    assert scales("dangers").made_from == learning.fingerprint(one for one, _ in learning.dangers())


def test_learning_is_the_same_every_time() -> None:
    """One seed draws the order of the examples."""
    assert _learnt() == _learnt()


def test_what_was_taught_is_told_again() -> None:
    """Each example weighs most for its own kind."""
    taught = Scales(_learnt())
    for kind, line in TAUGHT:
        told = taught.weigh(features(read(line)))
        assert max(told, key=told.__getitem__) == kind


@settings(deadline=None)
@given(some.text(max_size=300))
def test_any_text_is_weighed(text: str) -> None:
    """Nothing is too strange to be weighed, and nothing of nothing weighs far from nought."""
    told = scales("commands").weigh(features(read(text)))
    assert all(abs(weight) < 100 * MARGIN for weight in told.values())
