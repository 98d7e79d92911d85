"""What she says plainly is never dropped, however safe the rest of her words sound."""

import pytest

from flows.hearing import hear
from flows.hearing.danger import STEP, pieces
from flows.hearing.phrases import read
from flows.hearing.weighing import MOST_WORDS
from flows.model import Danger

CALM = "how do i get compensation form case court lawyer card pension scheme"


@pytest.mark.parametrize(
    ("plainly", "kind"),
    [
        ("i want to die", Danger.SELF_HARM),
        ("i will kill myself", Danger.SELF_HARM),
        ("ami morte chai", Danger.SELF_HARM),
        ("main marna chahti hu", Danger.SELF_HARM),
        ("he is going to kill me", Danger.DANGER),
        ("amake mere felbe", Danger.DANGER),
        ("wo mujhe mar dalega", Danger.DANGER),
    ],
)
def test_plain_words_beside_a_calm_question_are_heard(plainly: str, kind: Danger) -> None:
    """A question about law and money hides neither a wish to die nor a threat to kill."""
    assert hear(f"{plainly} {CALM}").danger is kind
    assert hear(f"{CALM} {plainly}").danger is kind


def test_every_word_of_a_long_message_is_weighed() -> None:
    """No word stands beyond what is weighed of its piece."""
    text = read(" ".join(f"w{number}" for number in range(3 * MOST_WORDS + STEP + 1)))
    cut = pieces(text)
    assert all(len(piece) <= MOST_WORDS for piece in cut)
    assert {word for piece in cut for word in piece} == set(text)
