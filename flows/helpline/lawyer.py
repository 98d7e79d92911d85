"""A free lawyer: getting one, one who does not answer or asks for money, or a person who helps."""

from flows.guide import Stage, guide, listing
from flows.model import AlertStaff, T
from flows.vocabulary import Choice, Connect, Refer

FLOW = guide(
    "lawyer",
    T("A lawyer can be free for you."),
    (
        Stage(
            "none",
            T("How to get one"),
            "la-where",
            (
                ("la-right", T("Right to a lawyer")),
                ("la-cannot-write", T("I cannot write")),
            ),
            leads_on=True,
        ),
        Stage("asked", T("Asked, no answer"), "la-seven-days", (("la-15100", T("Call 15100")),)),
        Stage("silent", T("Does not listen"), "la-change-lawyer", (("la-own-lawyer", T("Your own lawyer")),)),
        Stage("fee", T("Asks for money"), "la-what-is-free", (("la-change-lawyer", T("Another lawyer")),)),
    ),
    (Choice("help", T("A person helps me"), goto="open"), listing("free_legal_aid", T("Other questions"))),
    after=(
        Refer("open", kind="legal_aid", need="free_legal_aid", then="line", does=(AlertStaff("person"),)),
        Connect("line", then="counselling.age"),
    ),
)
