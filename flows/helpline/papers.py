"""Papers and schemes: what to do without Aadhaar, ration card, bank account or voter list."""

from flows.guide import Stage, guide, listing
from flows.model import T
from flows.vocabulary import Ask, Choice

_WHICH = Ask(
    "which",
    T("About what?"),
    (
        Choice("papers", T("Papers"), goto="stage", also=("kagoj", "কাগজ", "कागज", "kagaj", "aadhaar", "আধার", "आधार")),
        listing("social_schemes", T("Government help"), also=("prokolpo", "প্রকল্প", "योजना", "yojana", "scheme")),
        listing("shelter_rehabilitation", T("Home, health, work"), also=("shelter", "home", "hom", "kaj", "kaam")),
        listing("children", T("Children"), also=("bachcha", "বাচ্চা", "बच्चा", "baccha")),
        Choice("labour", T("Forced work"), goto="labour.stage"),
        listing("cross_border", T("Other country")),
    ),
    hints=("person", "list"),
)
FLOW = guide(
    "papers",
    T("Which paper?"),
    (
        Stage("aadhaar", T("No Aadhaar"), "so-aadhaar-no-proof", (("so-lost-papers", T("Papers lost")),)),
        Stage("ration", T("No ration card"), "so-ration", (("so-ration-voter-no-proof", T("Without address")),)),
        Stage("bank", T("No bank account"), "so-bank-account", (("so-annapurna-bank", T("Money to the bank")),)),
        Stage("voter", T("Voter list"), "so-sir-problem", (("so-ration-voter-no-proof", T("Without address")),)),
        Stage("lost", T("Papers lost"), "so-lost-papers", (("so-aadhaar-no-proof", T("No Aadhaar")),)),
    ),
    (listing("social_schemes", T("Other questions")),),
    before=(_WHICH,),
)
