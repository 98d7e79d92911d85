"""Where checked content comes from, and whether it may be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

Show: TypeAlias = Literal["ok", "with_caveat", "hold"]
Confidence: TypeAlias = Literal["verified", "partly", "unverified"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One source, and how it was read."""

    title: str
    how: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Checks:
    """What staff said of facts since this release was made: which they hold, and which they checked again, and when."""

    held: frozenset[str] = frozenset()
    checked: Mapping[str, date] = field(default_factory=dict)


NO_CHECKS = Checks()
