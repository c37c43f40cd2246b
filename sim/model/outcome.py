"""What an outcome is, and the groups that outcomes come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher", "lower", "neither"]
WELLBEING, FAIRNESS, SAFETY, MONEY = "wellbeing", "fairness", "safety", "flow and money"


@dataclass(frozen=True)
class Outcome:
    """One outcome: what it is, and which way is better."""

    key: str
    label: str
    unit: str
    direction: Direction
    group: str
    definition: str
    formula: str
    threshold: float | None = None
    threshold_source: str = ""
