"""Questions that several flows ask in the same words: in which district she is, and when we may write to her first."""

from flows.model import DropSafeContact, KeepSafeContact, T
from flows.vocabulary import Ask, Choice, Collect, Step


def district(
    then: str,
    skip: str,
    *,
    sentence: T = T("In which district are you? Write its name."),  # noqa: B008 - a frozen sentence
    prefix: str = "",
    is_added: bool = False,
) -> tuple[Step, ...]:
    """Ask for her district and whether it was heard rightly; where `is_added`, it goes to her open request."""
    return (
        Collect(
            f"{prefix}district",
            sentence,
            of="district",
            keep_as="district",
            goto=f"{prefix}confirm",
            again=T("I do not know that place. Write the name of your district."),
            skip=skip,
            hints=("skip",),
        ),
        Ask(
            f"{prefix}confirm",
            T("{district}. Right?"),
            (
                Choice("yes", T("Yes"), goto=then),
                Choice("no", T("No"), goto=f"{prefix}district"),
            ),
            skip=skip,
            keep_as="confirmed",
            adds="district" if is_added else None,
        ),
    )


def contact(name: str, sentence: T, then: str, *, is_added: bool = False) -> tuple[Step, ...]:
    """Ask whether and in which hours we may write to her first; where `is_added`, it goes to her open request."""
    return (
        Ask(
            name,
            sentence,
            (
                Choice("no", T("No, I will write"), goto=then, does=(DropSafeContact(),)),
                Choice("hours", T("Yes, at certain hours"), goto="hours"),
                Choice("day", T("Yes, by day"), goto=then, does=(KeepSafeContact(9, 18),)),
            ),
            skip=then,
            keep_as="contact" if is_added else None,
            adds="contact" if is_added else None,
            hints=("skip",),
        ),
        Ask(
            "hours",
            T("When is it safe?"),
            (
                Choice("morning", T("Morning, 7 to 11"), goto=then, does=(KeepSafeContact(7, 11),)),
                Choice("noon", T("Noon, 11 to 3"), goto=then, does=(KeepSafeContact(11, 15),)),
                Choice("evening", T("Evening, 3 to 7"), goto=then, does=(KeepSafeContact(15, 19),)),
            ),
            skip=then,
            hints=("skip",),
        ),
    )
