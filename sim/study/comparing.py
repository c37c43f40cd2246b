"""Compare policies with the baseline, pair by pair.

The k-th run of a policy meets the same cases and the same people as the k-th run of the
baseline (common random numbers), so what counts is the difference within each pair: its mean,
a 95 % interval for the mean from Student's t, and how probable it is that the policy is better.

Two more intervals stand beside it. The bootstrap's makes no use of a bell curve; the simultaneous
one is wide enough for all policies' intervals of an outcome to hold their true means together, 95
times in 100, which is what counts when the best of several is picked (see
sim.study.sureness.bootstrap).

The variance reduction is what the common random numbers buy: (variance of the policy's runs +
variance of the baseline's) / variance of the paired differences. So many times more runs would be
needed for an interval as narrow, if every policy had random numbers of its own.

The probability of being better is that of Student's t: with n pairs of mean difference d and
standard error s, P(T <= d / s) with n - 1 degrees of freedom, the probability that the true mean
difference is above 0 when nothing was known about it before. Where lower is better, it is the
probability that it is below 0. Pairs that are all exactly equal say 0.5: neither.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

from sim.study.sureness.bootstrap import resample

Direction = Literal["higher", "lower", "neither"]
NUMBERS = (
    "baseline",
    "value",
    "difference",
    "low",
    "high",
    "probability_better",
    "bootstrap_low",
    "bootstrap_high",
    "simultaneous_low",
    "simultaneous_high",
    "variance_reduction",
)
COLUMNS = ("policy", "outcome", *NUMBERS)
CONFIDENCE = 0.95
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A mean and its interval; the bounds are NaN where one value can't tell."""

    mean: float
    low: float
    high: float


def mean_interval(values: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Estimate a mean, with Student's t interval for it.

    Parameters
    ----------
    values
        Independent values; NaN are left out.
    confidence
        How often such an interval holds the true mean.
    """
    mean, error, n = _mean_and_error(values)
    if n < 2:
        return Interval(mean, math.nan, math.nan)
    half = error * float(special.stdtrit(n - 1, (1 + confidence) / 2))
    return Interval(mean, mean - half, mean + half)


def probability_better(differences: ArrayLike, direction: Direction) -> float:
    """Say how probable it is that the true mean difference is for the better.

    Parameters
    ----------
    differences
        Policy minus baseline, one for each pair of runs; NaN are left out.
    direction
        Whether ``higher`` or ``lower`` is better; with ``neither`` the answer is NaN.

    Returns
    -------
    float
        From 0 to 1; 0.5 where every difference is exactly 0; NaN where a single pair differs,
        which can't tell.
    """
    mean, error, n = _mean_and_error(differences)
    if direction == "neither" or n == 0:
        return math.nan
    sign = 1 if direction == "higher" else -1
    if error == 0 or n == 1:
        if mean == 0:
            return 0.5
        return math.nan if n == 1 else float(sign * mean > 0)
    return float(special.stdtr(n - 1, sign * mean / error))


def compare(
    outcomes: pd.DataFrame, policies: list[str], directions: Mapping[str, Direction]
) -> pd.DataFrame:
    """Compare every policy with the first, the baseline, on every outcome.

    Parameters
    ----------
    outcomes
        Columns policy, replication, outcome and value, as in outcomes.parquet.
    policies
        Names in the study's order; the first is the baseline.
    directions
        Which way each outcome is better, in the order in which outcomes are listed.

    Returns
    -------
    pandas.DataFrame
        The columns of comparisons.csv: the means of the baseline and of the policy, the mean
        paired difference with its 95 % interval, the probability that it is for the better, its
        intervals by the bootstrap for itself and for all policies at once, and the variance
        reduction. Rows by policy, then outcome, in the orders given. A pair in which either value
        is missing (an outcome may not apply to a run) is left out of all of them.
    """
    found = set(outcomes["outcome"])
    order = [*directions, *sorted(found - set(directions))]
    order = [outcome for outcome in order if outcome in found]
    values = by_policy(outcomes, order)
    before, others = values[policies[0]], policies[1:]
    if not others:
        return pd.DataFrame(columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, float))
    # Pairs x (outcomes x policies), so that the policies of an outcome stand together.
    differences = np.stack([values[policy] - before for policy in others], axis=-1)
    resampled = resample(differences.reshape(len(before), -1))
    rows = []
    for number, policy in enumerate(others):
        for place, outcome in enumerate(order):
            paired = ~np.isnan(differences[:, place, number])
            if not paired.any():
                continue
            first = place * len(others)
            numbers = _compared(
                before[paired, place],
                values[policy][paired, place],
                directions.get(outcome, "neither"),
                resampled.factors(first + number, range(first, first + len(others)), CONFIDENCE),
            )
            rows.append((policy, outcome, *numbers))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, float))


def by_policy(outcomes: pd.DataFrame, order: list[str]) -> dict[str, Values]:
    """Arrange the outcomes of each policy as replications x outcomes; NaN where one is missing."""
    replications = sorted(outcomes["replication"].unique())
    return {
        str(policy): rows.pivot(index="replication", columns="outcome", values="value")
        .reindex(index=replications, columns=order)
        .to_numpy(dtype=np.float64)
        for policy, rows in outcomes.groupby("policy", observed=True)
    }


def _compared(
    before: Values, after: Values, direction: Direction, factors: tuple[float, float]
) -> tuple[float, ...]:
    """Give the numbers of a comparison, in the order of `NUMBERS`."""
    differences = after - before
    interval = mean_interval(differences)
    mean, error, _ = _mean_and_error(differences)
    # Where all pairs differ by the same, every range is that one number.
    own, together = (factor * error if error else 0.0 for factor in factors)
    return (
        _mean(before),
        _mean(after),
        mean,
        interval.low,
        interval.high,
        probability_better(differences, direction),
        mean - own,
        mean + own,
        mean - together,
        mean + together,
        variance_reduction(before, after),
    )


def variance_reduction(before: Values, after: Values) -> float:
    """Say how many times more runs would tell as much, if the two had chances of their own.

    NaN for one pair, and where all pairs differ by the same: then one pair tells everything.
    """
    error = _mean_and_error(after - before)[1]
    if not error > 0:
        return math.nan
    return (_mean_and_error(before)[1] ** 2 + _mean_and_error(after)[1] ** 2) / error**2


def _mean(values: ArrayLike) -> float:
    return _mean_and_error(values)[0]


def _mean_and_error(values: ArrayLike) -> tuple[float, float, int]:
    """Return the mean, its standard error (NaN for one value), and the number of values."""
    array = np.asarray(values, dtype=np.float64)
    array = array[~np.isnan(array)]
    n = len(array)
    if n == 0:
        return math.nan, math.nan, 0
    mean = math.fsum(array) / n
    if n == 1:
        return mean, math.nan, 1
    if np.all(array == array[0]):  # exactly, whatever rounding does to the mean
        return float(array[0]), 0.0, n
    spread = math.sqrt(math.fsum((array - mean) ** 2) / (n - 1))
    return mean, spread / math.sqrt(n), n
