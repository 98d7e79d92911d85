"""Counselling: a survivor asks for a person; also the questions that any request asks."""

from flows.guide import listing
from flows.model import AlertStaff, GiveReturnCode, T
from flows.questions import contact, district
from flows.vocabulary import Ask, Choice, Connect, End, Flow, Refer, Tell

FLOW = Flow(
    "counselling",
    (
        Refer("open", kind="counselling", need="counselling", then="line", does=(AlertStaff("person"),)),
        Connect("line", then="age"),
        Ask(
            "mind",
            T("A counsellor is a person who listens. It is free."),
            (
                Choice("talk", T("Ask for a counsellor"), goto="open", also=("counsellor", "কাউন্সেলর", "काउंसलर")),
                listing("counselling_mental_health", T("Read about it")),
            ),
            hints=("list",),
        ),
        Ask(
            "age",
            T("I am a machine. I have left word for a person. It is free. Are you 18 or older?"),
            (
                Choice("yes", T("Yes"), goto="limit", also=("18", "y", "yeah", "ji", "জি", "जी", "হ্যাঁ হ্যাঁ", "जी हाँ")),
                Choice("no", T("No"), goto="young"),
                Choice("unsaid", T("I would rather not say"), goto="young"),
            ),
            off_duty=T("I am a machine. A person can read this from {hour}. It is free. Are you 18 or older?"),
            skip="young",
            needs_yes=True,
        ),
        Ask(
            "limit",
            T("One thing first: if a child is being hurt now, adults must tell the child office. Go on?"),
            (
                Choice("yes", T("Yes"), goto="district"),
                Choice("no", T("No"), goto="enough"),
            ),
            skip="district",
        ),
        *district("contact", skip="contact", is_added=True),
        *contact("contact", T("May we write to you first?"), "done", is_added=True),
        End(
            "done",
            does=(
                GiveReturnCode(
                    T(
                        "Written down. Your number: {code}. Keep it safe. "
                        "To see how it stands: open the list, choose 7, give this number."
                    )
                ),
            ),
            hints=(),
        ),
        End("enough", T("That is all right. A person can still read that you wrote. Write at any time.")),
        Tell(
            "young",
            T("For anyone under 18 there is 1098, day and night, free. {child_person} can also talk with you."),
            then="young_district",
            hints=(),
        ),
        *district(
            "young_done",
            skip="young_done",
            sentence=T("In which district are you?"),
            prefix="young_",
            is_added=True,
        ),
        End("young_done", T("Written down. {child_person} will read it. For danger now call 112, it is free.")),
    ),
)
