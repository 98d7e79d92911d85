"""The cover: what anybody sees who holds her phone; it gives nothing away."""

from flows.model import T
from flows.vocabulary import Ask, Choice, End, Flow

FLOW = Flow(
    "cover",
    (
        Ask(
            "opener",
            T("Namaskar. Information line. Is it a good time to read?"),
            (
                Choice("yes", T("Yes"), goto="menu.list"),
                Choice("not_now", T("Not now"), goto="closed", also=("no", "later", "pore", "baad me")),
            ),
            hints=("close",),
        ),
        Ask(
            "which",
            T("Namaskar. Information line."),
            (
                Choice("bangla", T("Bangla"), goto="menu.list", also=("বাংলা", "bengali", "bangla")),
                Choice("hindi", T("Hindi"), goto="menu.list", also=("हिन्दी", "हिंदी", "hindi")),
                Choice("english", T("English"), goto="menu.list", also=("ইংরেজি", "अंग्रेजी", "ingreji")),
            ),
            hints=("close",),
        ),
        Ask(
            "list",
            T("We tell about ration, papers and schemes. Is it a good time to read?"),
            (
                Choice("yes", T("Yes"), goto="menu.list"),
                Choice("not_now", T("Not now"), goto="closed", also=("no", "later", "pore", "baad me")),
            ),
            hints=("close",),
        ),
        Ask(
            "noted",
            T("Somebody will read this. Is it a good time to read?"),
            (
                Choice("yes", T("Yes"), goto="menu.list"),
                Choice("not_now", T("Not now"), goto="closed", also=("no", "later", "pore", "baad me")),
            ),
            hints=("close",),
        ),
        End("closed", T("All right. Write at any time."), hints=()),
    ),
)
