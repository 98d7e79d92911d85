"""Logs: one JSON line an event, only fields on the list, never a number or a text."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "attempt", "tries", "failure", "provider", "reason", "kind",
        "state", "count", "path", "status", "channel", "place", "seconds", "port", "task", "settings",
    }
)  # fmt: skip


def set_up(*, debug: bool = False) -> None:
    """Send structured lines to stderr, and keep the libraries' own logs, which can hold numbers, out."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if debug else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.CRITICAL, stream=sys.stderr, format="%(levelname)s %(name)s", force=True)


def keep_allowed(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Only the fields on the list go out; anything else is named, not shown."""
    dropped = sorted(set(line) - ALLOWED)
    kept = {name: value for name, value in line.items() if name in ALLOWED}
    return {**kept, "dropped": dropped} if dropped else kept
