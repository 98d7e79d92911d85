"""The police, the court, the law and where to complain."""

from flows.guide import Stage, guide, listing
from flows.model import T
from flows.vocabulary import Ask, Choice

_WHICH = Ask(
    "which",
    T("About what?"),
    (
        Choice("police", T("Police"), goto="stage", also=("thana", "থানা", "थाना", "fir")),
        listing("court_rights", T("Court"), also=("court", "adalat", "আদালত", "अदालत")),
        listing("the_crime_and_law", T("The law")),
        listing("complaint_redress", T("Where to complain"), also=("nalish", "নালিশ", "शिकायत", "shikayat")),
    ),
    hints=("person", "list"),
)
FLOW = guide(
    "police",
    T("What is it about?"),
    (
        Stage("unreported", T("Not reported yet"), "fir-your-choice", (("fir-must-write", T("How an FIR is made")),)),
        Stage(
            "refused",
            T("Police refuse"),
            "fir-refused",
            (("fir-any-station", T("Any police station")), ("police-enquiry-first", T("Told to wait"))),
        ),
        Stage("told_to_wait", T("Told to wait"), "police-enquiry-first", (("fir-refused", T("Police refuse")),)),
        Stage(
            "no_news",
            T("FIR, no news"),
            "case-update-90-days",
            (("ahtu-transfer", T("Police are slow")), ("case-papers", T("Police papers free"))),
        ),
        Stage("threats", T("If they threaten"), "threats-now", (("ct-witness-protection", T("Protection")),)),
    ),
    (listing("police_fir", T("Other questions")),),
    before=(_WHICH,),
)
