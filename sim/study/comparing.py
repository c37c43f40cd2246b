"""Compare policies with the baseline, pair by pair.

The k-th run of a policy meets the same cases and the same people as the k-th run of the
baseline (common random numbers), so what counts is the difference within each pair: its mean,
a 95 % interval for the mean from Student's t, and how probable it is that the policy is better.

The probability of being better is that of Student's t too: with n pairs of mean difference d and
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

Direction = Literal["higher", "lower", "neither"]
NUMBERS = ("baseline", "value", "difference", "low", "high", "probability_better")
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
        paired difference with its 95 % interval, and the probability that it is for the better.
        Rows by policy, then outcome, in the orders given. A pair in which either value is
        missing (an outcome may not apply to a run) is left out of all of them.
    """
    found = set(outcomes["outcome"])
    order = [*directions, *sorted(found - set(directions))]
    order = [outcome for outcome in order if outcome in found]
    values = {
        str(policy): rows.pivot(index="replication", columns="outcome", values="value").reindex(
            columns=order
        )
        for policy, rows in outcomes.groupby("policy", observed=True)
    }
    rows = []
    for policy in policies[1:]:
        for outcome in order:
            before, after = _pairs(values[policies[0]][outcome], values[policy][outcome])
            if not len(before):
                continue
            difference = mean_interval(after - before)
            better = probability_better(after - before, directions.get(outcome, "neither"))
            rows.append(
                (
                    policy,
                    outcome,
                    _mean(before),
                    _mean(after),
                    difference.mean,
                    difference.low,
                    difference.high,
                    better,
                )
            )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, float))


def _pairs(before: pd.Series[float], after: pd.Series[float]) -> tuple[Values, Values]:
    both = pd.concat([before, after], axis=1, join="inner").dropna().sort_index()
    values = both.to_numpy(dtype=np.float64)
    return values[:, 0], values[:, 1]


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
