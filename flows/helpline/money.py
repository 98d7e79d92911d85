"""Money from the government: from no FIR to money received."""

from flows.guide import Since, Stage, guide, listing
from flows.model import T

FLOW = guide(
    "money",
    T("How far is it?"),
    (
        Stage(
            "no_fir",
            T("No FIR yet"),
            "fir-must-write",
            (
                ("fir-refused", T("Police refuse")),
                ("vc-documents", T("What to take")),
                ("vc-time-limit", T("It was long ago")),
            ),
            leads_on=True,
        ),
        Stage(
            "fir",
            T("FIR written"),
            "vc-where-apply",
            (
                ("vc-documents", T("What to take")),
                ("vc-two-months", T("How long")),
                ("vc-no-need-to-wait", T("Told to wait")),
            ),
            leads_on=True,
        ),
        Stage(
            "applied",
            T("Asked DLSA"),
            "vc-two-months",
            (
                ("vc-interim", T("Some money early")),
                ("vc-documents", T("What to take")),
                ("vc-appeal", T("Refused or too low")),
            ),
            leads_on=True,
        ),
        Stage(
            "order",
            T("Order passed"),
            "vc-payment-late",
            (
                ("vc-appeal", T("Refused or too low")),
                ("vc-your-money", T("The money is yours")),
            ),
            leads_on=True,
        ),
        Stage(
            "unpaid",
            T("Money not come"),
            "vc-unpaid-steps",
            (
                ("vc-payment-late", T("How long")),
                ("la-where", T("Ask for a lawyer")),
            ),
            leads_on=True,
            since=Since(
                T("When was the order?"),
                (
                    ("3_months", T("Under 3 months ago")),
                    ("1_year", T("Under 1 year ago")),
                    ("longer", T("Longer ago")),
                ),
            ),
        ),
        Stage(
            "paid",
            T("Got the money"),
            "vc-your-money",
            (
                ("so-bank-account", T("Bank account")),
                ("vc-free-no-agent", T("No fee, no agent")),
            ),
        ),
    ),
    (listing("victim_compensation", T("Other questions"), also=("sob", "সব", "सब")),),
)
