"""Outcomes against staffing: what runs at some levels say of each outcome, and of each target.

The k-th run of every level meets the same cases and the same people (common random numbers). So a
level that was run only a few times is held against the level that was run most often, its anchor:
what the few runs say is the difference, and the mean is the anchor's plus that difference, where
this is the more precise. That is double sampling with a difference estimator (Cochran, Sampling
Techniques, 3rd edition, 1977, chapter 12).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.study.staffing.targets import Target

Values = NDArray[np.float64]
FEWEST = 2  # runs that tell anything of how much they vary


class Runs(Protocol):
    """Runs of a service at several levels, done when they are asked for."""

    def ensure(self, wanted: dict[int, int]) -> None:
        """See to it that levels (by their places) have been run so many times."""

    def number(self, level: int) -> int:
        """How many runs a level has had."""

    def looked_at(self) -> list[int]:
        """The levels that have been run, ascending."""

    def values(self, level: int, outcome: str) -> Values:
        """Return an outcome of a level, run by run; NaN where it does not apply to a run."""


@dataclass(frozen=True)
class Estimate:
    """The expected value of an outcome at a level.

    Attributes
    ----------
    mean, error
        And its standard error; NaN where it can't be told.
    spread
        Standard deviation between runs.
    runs
        How many runs of the level say so.
    open
        Of the error, what as many runs as its anchor has had would take away; NaN with no anchor.
    """

    mean: float
    error: float
    spread: float
    runs: int
    open: float = math.nan

    def bounds(self, confidence: float) -> tuple[float, float]:
        """Student's t interval that holds the expected value with this confidence."""
        if self.runs < FEWEST:
            return math.nan, math.nan
        half = self.error * critical(self.runs, (1 + confidence) / 2)
        return self.mean - half, self.mean + half


def critical(runs: int, confidence: float) -> float:
    """Student's t for a one-sided bound from so many runs."""
    return float(special.stdtrit(runs - 1, confidence))


def estimate(runs: Runs, level: int, outcome: str, anchor: int | None = None) -> Estimate:
    """Estimate an outcome's expected value at a level, with the help of an anchor if it helps."""
    own = runs.values(level, outcome)
    plain = _plain(own)
    if anchor is None or anchor == level:
        return plain
    other = runs.values(anchor, outcome)
    both = ~np.isnan(own) & ~np.isnan(other[: len(own)])
    k, n = int(both.sum()), int((~np.isnan(other)).sum())
    if not FEWEST <= k < n:
        return plain
    differences = own[both] - other[: len(own)][both]
    mean = float(np.nanmean(other) + differences.mean())
    # As if the level had been run n times, and for the difference k times only.
    still_open = float(differences.var(ddof=1)) * (1 / k - 1 / n)
    error = math.sqrt(plain.spread**2 / n + still_open)
    helped = Estimate(mean, error, plain.spread, plain.runs, math.sqrt(still_open))
    return helped if helped.error < plain.error else plain


def _plain(values: Values) -> Estimate:
    known = values[~np.isnan(values)]
    n = len(known)
    if n < FEWEST:
        return Estimate(float(known.mean()) if n else math.nan, math.nan, math.nan, n)
    spread = 0.0 if np.all(known == known[0]) else float(known.std(ddof=1))
    mean = float(known[0]) if spread == 0 else float(known.mean())
    return Estimate(mean, spread / math.sqrt(n), spread, n)


def assured(found: Estimate, target: Target, runs: int, confidence: float) -> float:
    """By how much a target is kept with confidence, once the level will have had so many runs.

    It is the one-sided bound of Student's t for the margin. Where the level has had all those runs
    it is the test itself: 0 or more passes. Before, it is a forecast of the test.
    """
    if found.runs < FEWEST:
        return -math.inf
    half = critical(runs, confidence) * found.spread / math.sqrt(runs)
    return float(target.margin(found.mean)) - half


def share_met(runs: Runs, level: int, targets: tuple[Target, ...]) -> float:
    """Of the runs of a level, the share in which all targets are met."""
    met = [target.margin(runs.values(level, target.outcome.key)) >= 0 for target in targets]
    return float(np.mean(np.all(met, axis=0)))
