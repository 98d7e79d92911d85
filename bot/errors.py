"""The errors of the edge, each named for what to do about it.

HelplineError
  SendFailed     the provider did not take a message
    TryLater     busy or unreachable: the same message may go again
    GiveUp       refused for good: going again is useless
    Stopped      the person asked the network to stop us: send nothing more
    InDoubt      it may have been delivered: settle it before it goes again
    LineSpent    the line may send nothing more today: stop all sends, tell staff
  Refused        a request that is not from the provider it names, or not in its form
    Forged       the signature is missing, wrong or too old: 403
    Malformed    not the provider's form: 400
    TooLarge     more than a provider ever sends: 413
  Misconfigured  a setting is missing or wrong: one clear line, exit 2
"""

from datetime import timedelta


class HelplineError(Exception):
    """The root of what can go wrong at the edge; its text never holds a number or a message."""


class SendFailed(HelplineError):
    """The provider did not take a message; the text holds its code and nothing else."""


class TryLater(SendFailed):
    """Busy or unreachable: the same message may go again, not before `after`."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class GiveUp(SendFailed):
    """Refused for good: going again is useless."""


class Stopped(SendFailed):
    """The person asked the network to stop us: send nothing more."""


class InDoubt(SendFailed):
    """The provider may have taken the message before the connection broke."""


class LineSpent(SendFailed):
    """The line may send nothing more today."""


class Refused(HelplineError):
    """A request that is answered with a constant body; nothing of it is stored."""


class Forged(Refused):
    """The signature is missing, wrong or too old."""


class Malformed(Refused):
    """Not the provider's form."""


class TooLarge(Refused):
    """More than a provider ever sends."""


class Misconfigured(HelplineError):
    """A setting is missing or wrong; nothing was started or changed."""
