"""Safety: danger, thoughts of dying, a child in danger, and the numbers that help at once."""

from flows.model import AlertStaff, T
from flows.vocabulary import Ask, Choice, End, Flow, Refer, Tell

FLOW = Flow(
    "safety",
    (
        Refer("danger", kind="emergency", need="danger", then="now", does=(AlertStaff("danger"),)),
        Ask(
            "now",
            T(
                "If you are in danger now call 112. It is free. I have left word for a person. "
                "Can you get to people near you?"
            ),
            (
                Choice("safe", T("Safe for now"), goto="safe"),
                Choice("cannot_talk", T("Cannot talk"), goto="quiet"),
            ),
            off_duty=T(
                "In danger now? Call 112, it is free. Nobody may read this before {hour}. Do not wait for us. "
                "Can you get to people near you?"
            ),
            keep_as="safety",
            adds="safety",
        ),
        Refer("self_harm", kind="emergency", need="self_harm", then="alone", does=(AlertStaff("self_harm"),)),
        Ask(
            "alone",
            T(
                "I am glad you wrote. You do not have to be alone with this. 14416 listens day and night, free. "
                "I have left word for a person too."
            ),
            (Choice("safe", T("I am safe now"), goto="safe"),),
            off_duty=T(
                "I am glad you wrote. 14416 listens day and night, free. "
                "Nobody may read this before {hour}. Do not wait for us."
            ),
            keep_as="safety",
            adds="safety",
            hints=("person",),
        ),
        Refer(
            "child_danger", kind="emergency", need="child_danger", then="child_now", does=(AlertStaff("child_danger"),)
        ),
        Tell(
            "child_now",
            T(
                "For a child, call 1098 now, day or night, free. 112 if it is happening now. "
                "I have left word for a person."
            ),
            off_duty=T(
                "For a child, call 1098 now, day or night, free. 112 if it is happening now. "
                "Nobody may read this before {hour}."
            ),
            hints=("person",),
        ),
        Ask(
            "sure_danger",
            T("Are you in danger now? For danger 112, it is free."),
            (
                Choice("yes", T("Yes"), goto="danger"),
                Choice("no", T("No"), goto="menu.list"),
            ),
        ),
        Ask(
            "sure_self_harm",
            T("Do you think of dying? 14416 listens day and night, free."),
            (
                Choice("yes", T("Yes"), goto="self_harm"),
                Choice("no", T("No"), goto="menu.list"),
            ),
            hints=("person",),
        ),
        Ask(
            "sure_child_danger",
            T("Is a child in danger now? 1098 is for a child, day or night, free."),
            (
                Choice("yes", T("Yes"), goto="child_danger"),
                Choice("no", T("No"), goto="menu.list"),
            ),
        ),
        Tell(
            "numbers",
            T(
                "Danger now: 112. Child: 1098. To talk: 14416. Lawyer: 15100. Women: 14490. All free. "
                "A call shows on the phone."
            ),
        ),
        End("safe", T("Good. If it changes, call 112 or write to us.")),
        End("quiet", T("Then do not write. When you can, call 112, or send 9 here and nothing else."), hints=()),
    ),
)
