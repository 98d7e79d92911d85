"""What a group takes in a minute: who comes when it is full waits, and knows how long."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST = 20  # https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
WITHIN = timedelta(seconds=60)


@dataclass(slots=True)
class Crowd:
    """The newest messages to one group."""

    sent: deque[datetime] = field(default_factory=deque)

    def enter(self, now: datetime) -> timedelta:
        """Count a message if there is room, and say so by no wait; else how long until there is."""
        while self.sent and now - self.sent[0] >= WITHIN:
            self.sent.popleft()
        if len(self.sent) < MOST:
            self.sent.append(now)
            return timedelta()
        return self.sent[0] + WITHIN - now
