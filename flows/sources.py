"""Where checked content comes from, and whether it may be sent."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Show: TypeAlias = Literal["ok", "with_caveat", "hold"]
Confidence: TypeAlias = Literal["verified", "partly", "unverified"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One source, and how it was read."""

    title: str
    how: str
    url: str | None = None
