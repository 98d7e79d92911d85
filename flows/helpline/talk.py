"""The live talk with a member: what Sathi itself says before it, in it and after it."""

from flows.model import AlertStaff, GiveReturnCode, T
from flows.questions import contact
from flows.talked import AgreeNear, AgreeReferral, KeepAnswer, KeepWords, Meet
from flows.vocabulary import Ask, Choice, Collect, End, Flow

FLOW = Flow(
    "talk",
    (
        End(
            "met",
            does=(
                Meet(),
                GiveReturnCode(T("A person is here and reads what you write. Your number: {code}. Keep it safe.")),
            ),
            hints=("another", "close"),
        ),
        End(
            "met_again",
            T("A person is here and reads what you write."),
            does=(Meet(),),
            hints=("another", "close"),
        ),
        Collect(
            "code",
            T("A person wrote to you. Write the 8-digit number you were given."),
            of="code",
            keep_as="code",
            goto="open",
            again=T("That number opens nothing here. Write it again, or ask a person."),
            skip="menu.list",
            unless="proved",
            hints=("skip", "another"),
        ),
        End(
            "open",
            T("You are with a person again. Write what you want."),
            does=(Meet(),),
            hints=("another", "close"),
        ),
        End("another", T("I ask another person. What you wrote is not passed on to them."), hints=("close",)),
        End("handed", T("I ask another person to go on from here."), hints=("close",)),
        End("nobody", T("Nobody is free just now. A person can answer from {hour}. You need not wait.")),
        Ask(
            "near",
            T("Only somebody from near you is free now. May they answer?"),
            (
                Choice("yes", T("Yes"), goto="near_yes", does=(AgreeNear(True),)),
                Choice("no", T("No"), goto="near_no", does=(AgreeNear(False),)),
            ),
            hints=("list",),
        ),
        End("near_yes", T("All right. I ask them.")),
        End("near_no", T("All right. I look for somebody from elsewhere.")),
        Ask(
            "keep",
            T("Another person takes over from here. May they read what you wrote before?"),
            (
                Choice("yes", T("Yes"), goto="kept", does=(KeepWords(True),)),
                Choice("no", T("No"), goto="dropped", does=(KeepWords(False),)),
            ),
            hints=("close",),
        ),
        End("kept", T("All right. They can read it."), hints=("close",)),
        End("dropped", T("All right. They do not see it."), hints=("close",)),
        Ask(
            "refer",
            T("The person can ask somebody else to help you too. May they?"),
            (
                Choice("yes", T("Yes"), goto="referred", does=(AgreeReferral(True),)),
                Choice("no", T("No"), goto="not_referred", does=(AgreeReferral(False),)),
            ),
            hints=("close",),
        ),
        End("referred", T("All right. It is written down."), hints=("close",)),
        End("not_referred", T("All right. Nobody else is asked."), hints=("close",)),
        *contact("after", T("The person has closed this talk. May we write to you first?"), "goodbye"),
        End("goodbye", T("All right. Write at any time.")),
        Ask(
            "follow",
            T("About what you asked for: did they meet you?"),
            (
                Choice("yes", T("Yes"), goto="noted", does=(KeepAnswer("yes"),)),
                Choice("no", T("No"), goto="noted", does=(KeepAnswer("no"),)),
                Choice("refused", T("They refused"), goto="noted", does=(KeepAnswer("refused"),)),
                Choice("unsafe", T("I felt unsafe"), goto="unsafe", does=(KeepAnswer("unsafe"), AlertStaff("person"))),
            ),
            skip="goodbye",
            hints=("person",),
        ),
        End("noted", T("Thank you. I have written it down.")),
        End("unsafe", T("I am sorry. A person will look at it. If you are in danger now call 112, it is free.")),
        End("withdrawn", T("Taken back. We do not go on with it. You can ask again at any time.")),
    ),
)
