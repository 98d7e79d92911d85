"""Leaving: a word that only looks like STOP is asked about before it acts."""

from flows.model import OptOut, T
from flows.vocabulary import Ask, Choice, End, Flow

FLOW = Flow(
    "leaving",
    (
        Ask(
            "ask",
            T("Shall we send you nothing more?"),
            (
                Choice("yes", T("Yes"), goto="stopped", does=(OptOut(),)),
                Choice("no", T("No"), goto="stayed"),
            ),
        ),
        End("stopped", hints=()),
        End("stayed", T("All right. Nothing changes."), hints=("list",)),
    ),
)
