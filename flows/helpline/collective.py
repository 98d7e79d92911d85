"""Collectives: the women's groups of her district that agreed to be named."""

from flows.model import T
from flows.vocabulary import Ask, Choice, Collect, Flow, Refer, Tell

FLOW = Flow(
    "collective",
    (
        Collect(
            "district",
            T("In which district are you? Write its name."),
            of="district",
            keep_as="district",
            goto="confirm",
            again=T("I do not know that place. Write the name of your district."),
            skip="menu.list",
            hints=("skip",),
        ),
        Ask(
            "confirm",
            T("{district}. Right?"),
            (
                Choice("yes", T("Yes"), goto="log"),
                Choice("no", T("No"), goto="district"),
            ),
            skip="menu.list",
            keep_as="confirmed",
        ),
        Refer("log", kind="collective", state="done", need="collective", then="show"),
        Tell("show", pages="collectives", hints=("more", "person", "list")),
    ),
)
