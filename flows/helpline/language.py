"""Language: she picks one of the five ways of writing."""

from flows.model import Language, T
from flows.vocabulary import Ask, Choice, Flow

FLOW = Flow(
    "language",
    (
        Ask(
            "choose",
            T("Which language?"),
            (
                Choice("bn", T("Bengali, own letters"), goto="menu.list", also=("বাংলা",), speaks=Language.BN),
                Choice(
                    "bn_Latn",
                    T("Bengali, English letters"),
                    goto="menu.list",
                    also=("bangla", "bengali"),
                    speaks=Language.BN_LATN,
                ),
                Choice("hi", T("Hindi, own letters"), goto="menu.list", also=("हिन्दी", "हिंदी"), speaks=Language.HI),
                Choice(
                    "hi_Latn", T("Hindi, English letters"), goto="menu.list", also=("hindi",), speaks=Language.HI_LATN
                ),
                Choice(
                    "en",
                    T("English"),
                    goto="menu.list",
                    also=("english", "ইংরেজি", "अंग्रेजी", "ingreji"),
                    speaks=Language.EN,
                ),
            ),
            skip="menu.list",
            hints=("list",),
        ),
    ),
)
