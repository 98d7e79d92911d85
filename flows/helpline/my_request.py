"""My request: how what she asked for stands, behind her own number."""

from flows.model import T
from flows.vocabulary import Collect, Flow, Tell

FLOW = Flow(
    "my_request",
    (
        Collect(
            "code",
            T("Write the 8-digit number you were given."),
            of="code",
            keep_as="code",
            goto="show",
            again=T("That number opens nothing here. Write it again, or ask a person."),
            skip="menu.list",
            unless="proved",
            hints=("skip", "person"),
        ),
        Tell("show", pages="requests", hints=("more", "person", "list")),
    ),
)
