"""The few errors of the conversation.

FlowError
  BadFlow    a flow, fact or place file breaks a rule: mend the file, the release is refused
  Stranded   a stored place no longer exists and has no entry in MOVED
"""


class FlowError(Exception):
    """The root of what can be wrong with the conversation itself."""


class BadFlow(FlowError):
    """A flow, a fact or a place file breaks a rule; nothing is started from it."""


class Stranded(FlowError):
    """Somebody stands at a step that was renamed or removed without an entry in MOVED."""
