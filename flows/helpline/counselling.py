"""Counselling: a survivor asks for a person; also the questions that any request shares."""

from flows.guide import listing
from flows.model import AlertStaff, DropSafeContact, GiveReturnCode, KeepSafeContact, T
from flows.vocabulary import Ask, Choice, Collect, Connect, End, Flow, Refer, Tell

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
                Choice("yes", T("Yes"), goto="limit"),
                Choice("no", T("No"), goto="young"),
                Choice("unsaid", T("I would rather not say"), goto="young"),
            ),
            off_duty=T("I am a machine. A person can read this from {hour}. It is free. Are you 18 or older?"),
            skip="young",
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
        Collect(
            "district",
            T("In which district are you? Write its name."),
            of="district",
            keep_as="district",
            goto="confirm",
            again=T("I do not know that place. Write the name of your district."),
            skip="contact",
            hints=("skip",),
        ),
        Ask(
            "confirm",
            T("{district}. Right?"),
            (
                Choice("yes", T("Yes"), goto="contact"),
                Choice("no", T("No"), goto="district"),
            ),
            skip="contact",
            keep_as="confirmed",
            adds="district",
        ),
        Ask(
            "contact",
            T("May we write to you first?"),
            (
                Choice("no", T("No, I will write"), goto="done", does=(DropSafeContact(),)),
                Choice("hours", T("Yes, at certain hours"), goto="hours"),
                Choice("day", T("Yes, by day"), goto="done", does=(KeepSafeContact(9, 18),)),
            ),
            skip="done",
            keep_as="contact",
            adds="contact",
            hints=("skip",),
        ),
        Ask(
            "hours",
            T("When is it safe?"),
            (
                Choice("morning", T("Morning, 7 to 11"), goto="done", does=(KeepSafeContact(7, 11),)),
                Choice("noon", T("Noon, 11 to 3"), goto="done", does=(KeepSafeContact(11, 15),)),
                Choice("evening", T("Evening, 3 to 7"), goto="done", does=(KeepSafeContact(15, 19),)),
            ),
            skip="done",
            hints=("skip",),
        ),
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
        Collect(
            "young_district",
            T("In which district are you?"),
            of="district",
            keep_as="district",
            goto="young_confirm",
            again=T("I do not know that place. Write the name of your district."),
            skip="young_done",
            hints=("skip",),
        ),
        Ask(
            "young_confirm",
            T("{district}. Right?"),
            (
                Choice("yes", T("Yes"), goto="young_done"),
                Choice("no", T("No"), goto="young_district"),
            ),
            skip="young_done",
            keep_as="confirmed",
            adds="district",
        ),
        End("young_done", T("Written down. {child_person} will read it. For danger now call 112, it is free.")),
    ),
)
