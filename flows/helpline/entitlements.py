"""Entitlements: a topic, then its facts, each page by page."""

from flows.model import T
from flows.vocabulary import Ask, Flow, Listing, Tell

WHERE_FROM = (
    "where does this come from", "where is this from", "who says so", "who says this", "how do you know",
    "is this true", "which law", "which law is this", "where is it written", "source", "when was this checked",
    "are you sure", "eta kotha theke", "eta kotha theke jana", "kotha theke janlen", "ke boleche", "kon aine ache",
    "kothay lekha ache", "eta ki sotti", "sotti to", "kobe jana", "এটা কোথা থেকে জানা", "কোথা থেকে জানলেন",
    "কে বলেছে", "কোন আইনে আছে", "কোথায় লেখা আছে", "এটা কি সত্যি", "সত্যি তো", "ye kahan se",
    "ye kahan se pata chala", "kisne kaha", "kisne bataya", "kis kanun mein hai", "kaun sa kanun",
    "kahan likha hai", "kya ye sach hai", "ye sach hai kya", "यह कहाँ से पता चला", "ये कहां से आया", "किसने कहा",
    "किसने बताया", "किस कानून में है", "कौन सा कानून", "कहाँ लिखा है", "क्या यह सच है", "यह सच है क्या",
)  # fmt: skip

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
