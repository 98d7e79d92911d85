"""Entitlements: a topic, then its facts, each page by page."""

from flows.model import T
from flows.vocabulary import Ask, Flow, Listing, Tell

FLOW = Flow(
    "entitlements",
    (
        Ask(
            "facts",
            T("Choose a number."),
            Listing("facts", keep_as="fact", goto="fact"),
            hints=("more", "person", "list"),
        ),
        Tell("fact", pages="fact", hints=("more", "person", "list"), back="entitlements.facts"),
        Ask(
            "meant",
            T("Do you mean:"),
            Listing("matches", keep_as="fact", goto="fact"),
            hints=("person", "list"),
        ),
    ),
)
