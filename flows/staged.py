"""How far she has come in a guide: an effect of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetStage:
    """She named the stage where she stands; of this staff see only how many stand where."""

    guide: str
    stage: str
