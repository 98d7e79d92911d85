"""A parent that has everything imported and forks one `sathi serve` after another to be killed.

Run as a program: reads `start` lines on stdin, answers each with the new child's process id. A
sabotage named on the command line is done to the code before the first fork: each breaks one promise
on purpose, and the kill test must notice.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

import storage.inbound
import storage.settling
from bot import assemble, delivery, logs, taking, turn, web
from bot.console import run


def acknowledge_before_commit() -> None:
    """Answer 200 first and take the message in afterwards."""

    properly = web.run_in_threadpool

    async def at_once(work: Callable[..., Any], *given: Any) -> Any:
        if work is not taking.take:
            return await properly(work, *given)
        threading.Thread(target=work, args=given, daemon=True).start()
        return None

    web.run_in_threadpool = at_once  # type: ignore[assignment]


def dedupe_off() -> None:
    """Take every delivery for a new message."""
    keep = storage.inbound.keep
    count = iter(range(10**9))

    def keep_all(*given: Any, **named: Any) -> str | None:
        return keep(*given, **{**named, "dedupe": os.urandom(24) + next(count).to_bytes(8)})

    storage.inbound.keep = keep_all
    storage.inbound.was_seen = lambda *_given: False


def forget_to_settle() -> None:
    """Send, and never write down that it was sent."""
    delivery._settle_sent = lambda *_given: None  # type: ignore[assignment]
    delivery.LEASE = delivery.timedelta(seconds=0.3)  # type: ignore[misc]


def drop_the_answer() -> None:
    """Keep the message and lose its answer."""
    turn.posting.put = lambda *_given: None  # type: ignore[assignment]


SABOTAGES: Mapping[str, Callable[[], None]] = {
    "acknowledge_before_commit": acknowledge_before_commit,
    "dedupe_off": dedupe_off,
    "forget_to_settle": forget_to_settle,
    "drop_the_answer": drop_the_answer,
}


def main() -> None:
    """Fork a server for every line; collect the dead."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    delivery.LEASE = delivery.timedelta(seconds=1)  # type: ignore[misc]
    storage.settling.DOUBT = delivery.timedelta(seconds=1)  # type: ignore[misc]
    delivery.DOUBT = delivery.timedelta(seconds=1)  # type: ignore[misc]
    delivery.FIRST_WAIT = delivery.timedelta(seconds=0.1)  # type: ignore[misc]
    assemble.PACES = {"twilio": (1000, 1)}  # type: ignore[misc]
    logs.set_up()
    if len(sys.argv) > 1:
        SABOTAGES[sys.argv[1]]()
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            run.serve()
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
