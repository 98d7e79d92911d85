"""Language: she picks one of the five ways of writing."""

from flows.model import T
from flows.vocabulary import Ask, Choice, Flow

FLOW = Flow(
    "language",
    (
        Ask(
            "choose",
            T("Which language?"),
            (
                Choice("bn", T("Bengali, own letters"), goto="menu.list", also=("বাংলা",)),
                Choice("bn_Latn", T("Bengali, English letters"), goto="menu.list", also=("bangla", "bengali")),
                Choice("hi", T("Hindi, own letters"), goto="menu.list", also=("हिन्दी", "हिंदी")),
                Choice("hi_Latn", T("Hindi, English letters"), goto="menu.list", also=("hindi",)),
                Choice("en", T("English"), goto="menu.list", also=("english", "ইংরেজি", "अंग्रेजी", "ingreji")),
            ),
            skip="menu.list",
            hints=("list",),
        ),
    ),
)
