"""The main menu, the short help list and what is said where nothing was understood."""

from flows.model import T
from flows.vocabulary import Ask, Choice, End, Flow, Tell

ABOUT = T("{runs} I am a machine, a person can help. You can clear old messages from your phone.")

FLOW = Flow(
    "menu",
    (
        Ask(
            "list",
            T("What do you need?"),
            (
                Choice(
                    "money",
                    T("Money"),
                    goto="money.stage",
                    also=("taka", "paisa", "টাকা", "पैसा", "rupees"),
                ),
                Choice(
                    "lawyer", T("Free lawyer"), goto="lawyer.stage", also=("ukil", "vakil", "উকিল", "वकील", "lawyer")
                ),
                Choice(
                    "police",
                    T("Police, court"),
                    goto="police.which",
                    also=("thana", "police", "থানা", "পুলিশ", "थाना", "पुलिस", "court", "কোর্ট", "कोर्ट"),
                ),
                Choice(
                    "mind",
                    T("Health, mind"),
                    goto="counselling.mind",
                    also=("mon", "monn", "মন", "मन", "counsellor", "counselling", "কাউন্সেলর", "काउंसलर"),
                ),
                Choice(
                    "group",
                    T("Women's groups"),
                    goto="collective.district",
                    also=("group", "dol", "দল", "समूह", "samuh", "mohila dol", "mahila samuh"),
                ),
                Choice(
                    "papers",
                    T("Papers"),
                    goto="papers.which",
                    also=("kagoj", "কাগজ", "कागज", "kagaj", "papers", "scheme", "yojana", "prokolpo"),
                ),
                Choice(
                    "request",
                    T("My request"),
                    goto="my_request.code",
                    also=("amar abedon", "আমার আবেদন", "mera aavedan"),
                ),
            ),
            hints=("person", "close"),
            first_time=T("Your own SMS may cost money."),
        ),
        Ask(
            "help",
            T("9 a person. I am a machine."),
            (
                Choice("list", T("List"), goto="list"),
                Choice("language", T("Language"), goto="language.choose"),
                Choice("clear", T("Clear everything"), goto="forget.ask"),
                Choice(
                    "numbers", T("Help numbers"), goto="safety.numbers", also=("number", "phone number", "নম্বর", "नंबर")
                ),
                Choice("about", T("Who runs this line"), goto="about"),
            ),
            hints=("close",),
        ),
        Tell("about", ABOUT),
        End("no_more", T("There is no more here.")),
        End("failed", T("Something went wrong here, not with you. A person will look at what you wrote.")),
    ),
)
