"""Forget: one neutral question, then everything of hers is erased."""

from flows.model import Forget, T
from flows.vocabulary import Ask, Choice, End, Flow

FLOW = Flow(
    "forget",
    (
        Ask(
            "ask",
            T("Clear everything?"),
            (
                Choice("yes", T("Yes"), goto="cleared", does=(Forget(),)),
                Choice("no", T("No"), goto="kept"),
            ),
        ),
        End("cleared", T("Cleared. You can delete the messages on your phone too."), hints=()),
        End("kept", T("All right. Nothing changes."), hints=()),
    ),
)
