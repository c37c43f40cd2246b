"""A change of an outcome under a policy: how it is written, and what can be said of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from sim.model.outcome import Outcome
from sim.report.numbers import change, decimals, decimals_of_range, is_fraction, is_money
from sim.report.words import UNSEEN, how_sure, which_way
from sim.study.registry import outcome_of

COLUMNS = (
    "baseline",
    "value",
    "difference",
    "low",
    "high",
    "probability_better",
    "simultaneous_low",
    "simultaneous_high",
    "variance_reduction",
)

Side = Literal["better", "worse", "open", "unseen"]


@dataclass(frozen=True)
class Change:
    """One outcome under a policy, against the baseline: a row of comparisons.csv.

    The range from `together_low` to `together_high` holds for all policies at once.
    """

    outcome: Outcome
    baseline: float
    value: float
    difference: float
    low: float
    high: float
    probability_better: float
    together_low: float = math.nan
    together_high: float = math.nan
    variance_reduction: float = math.nan

    @property
    def is_clear(self) -> bool:
        """Whether its own range leaves out 0."""
        return self.low > 0 or self.high < 0

    @property
    def holds_up(self) -> bool:
        """Whether the range that holds for all policies at once leaves out 0, too."""
        return self.together_low > 0 or self.together_high < 0

    @property
    def places(self) -> int:
        """Decimals worth writing of the difference and of its range."""
        if self.difference == 0:
            return self._most
        return decimals_of_range(self.low, self.high, self.difference, unit(self.outcome))

    @property
    def places_alone(self) -> int:
        """Decimals of the difference where its range does not stand beside it: one fewer."""
        return self.places if math.isnan(self.low) or self.low == self.high else self.places - 1

    @property
    def value_places(self) -> int:
        """Decimals worth writing of the two values: about as many as of their difference."""
        return min(max(self.places, self._most - 1), self._most)

    @property
    def _most(self) -> int:
        """Decimals that give a value three digits, or an amount of money four."""
        larger = max(abs(self.baseline), abs(self.value))
        return decimals(math.nan, larger, unit(self.outcome)) + is_money(unit(self.outcome))

    @property
    def is_seen(self) -> bool:
        """Whether the change is anything but 0 with as many digits as outcomes are written with.

        However surely one is for the better: smaller than this it does not matter.
        """
        kind = unit(self.outcome)
        places = decimals((self.high - self.low) / 2, self.difference, kind)
        written = change(self.difference, kind, places)
        return any(digit in written for digit in "123456789")

    @property
    def side(self) -> Side:
        """Which side it is clearly on: its range leaves out 0, and it is large enough to see."""
        if self.low == self.high == 0 or (self.is_clear and not self.is_seen):
            return "unseen"
        if not self.is_clear or self.outcome.direction == "neither":
            return "open"
        return "better" if (self.low > 0) == (self.outcome.direction == "higher") else "worse"

    @property
    def sure(self) -> str:
        """How sure the change is, in words."""
        if self.low == self.high == 0:
            return "no change"
        if self.side == "unseen":
            return UNSEEN
        if self.outcome.direction == "neither":
            return which_way(self.low, self.high)
        words = ("cheaper", "dearer") if is_money(unit(self.outcome)) else ("better", "worse")
        return how_sure(self.probability_better, self.difference, *words)


def unit(outcome: Outcome) -> str:
    """Name the unit that an outcome is written in: rates a year are shares of the people."""
    is_rate = outcome.key.endswith("_rate") and not is_fraction(outcome.unit)
    return f"share {outcome.unit}" if is_rate else outcome.unit


def changes_of(comparisons: pd.DataFrame, policy: str) -> Iterator[Change]:
    """Read the changes under a policy from comparisons.csv."""
    rows = comparisons[comparisons["policy"] == policy]
    for row in rows.to_dict("records"):
        yield Change(outcome_of(str(row["outcome"])), *(float(row[name]) for name in COLUMNS))
