"""Forced work and debt: from work without leave to the money that is due."""

from flows.guide import Stage, guide, listing
from flows.model import T

FLOW = guide(
    "labour",
    T("How far is it?"),
    (
        Stage(
            "held",
            T("Made to work now"),
            "bl-vigilance",
            (("debt-bondage-not-owed", T("They speak of debt")),),
            leads_on=True,
        ),
        Stage(
            "freed",
            T("Free, no paper"),
            "bl-release-certificate",
            (("la-where", T("Ask for a lawyer")),),
            leads_on=True,
        ),
        Stage("certificate", T("Paper, no money"), "bl-immediate", (("bl-amount", T("How much")),), leads_on=True),
        Stage("first_money", T("Got first money"), "bl-amount", (("so-bank-account", T("Bank account")),)),
    ),
    (listing("bonded_labour", T("Other questions")),),
)
