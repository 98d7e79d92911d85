"""Collectives: the women's groups of her district that agreed to be named."""

from flows.questions import district
from flows.vocabulary import Flow, Refer, Tell

FLOW = Flow(
    "collective",
    (
        *district("log", skip="menu.list"),
        Refer("log", kind="collective", state="done", need="collective", then="show"),
        Tell("show", pages="collectives", hints=("more", "person", "list")),
    ),
)
