"""A free lawyer: how to get one, or a person who helps to get one."""

from flows.model import AlertStaff, T
from flows.vocabulary import Ask, Choice, Connect, Flow, Refer

FLOW = Flow(
    "lawyer",
    (
        Ask(
            "ask",
            T("A lawyer can be free for you."),
            (
                Choice("free_legal_aid", T("How to get one"), goto="entitlements.facts"),
                Choice("help", T("A person helps me"), goto="open"),
            ),
            keep_as="topic",
            hints=("person", "list"),
        ),
        Refer("open", kind="legal_aid", need="free_legal_aid", then="line", does=(AlertStaff("person"),)),
        Connect("line", then="counselling.age"),
    ),
)
