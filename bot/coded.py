"""One referral as programs and files read it: coded fields only, never a number, a name or a text."""

from collections.abc import Mapping

from bot.console.times import written_moment
from storage.referrals import Referral

NAMED = ("code", "kind", "state", "district", "language", "channel", "collective")
FIELDS = (*NAMED, "opened_at", "changed_at", "outcome")


def coded(referral: Referral) -> Mapping[str, str | None]:
    """The fields of one referral, in their order."""
    return {
        **{name: getattr(referral, name) for name in NAMED},
        "opened_at": written_moment(referral.opened_at),
        "changed_at": written_moment(referral.changed_at),
        "outcome": referral.outcome,
    }
