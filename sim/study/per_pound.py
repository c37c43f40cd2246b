"""What money buys: the change of an outcome for each so many pounds a year more."""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.study.comparing import CONFIDENCE, Interval, by_policy
from sim.study.results import Results

COST = "total_cost"
POUNDS = 100_000
COLUMNS = ("policy", "outcome", "mean", "low", "high")


def per_pound(
    results: Results, outcomes: Collection[str] | None = None, *, pounds: float = POUNDS
) -> pd.DataFrame:
    """Divide what each policy changes by what it costs more than the baseline.

    Parameters
    ----------
    results
        Of a study with two policies or more.
    outcomes
        Their keys; the study's headline ones but the cost when left out.
    pounds
        The change for so many pounds a year more is given.

    Returns
    -------
    pandas.DataFrame
        Columns policy, outcome, mean, low, high: the mean change over the mean cost, with its 95 %
        interval by `ratio_of_means`. All three are NaN where it is not clear that the policy costs
        more (as it may save money, the question is then another one), and the bounds with one run.

    Raises
    ------
    InputError
        If the results have no such outcome.
    """
    wanted = list(outcomes or (key for key in results.study.outcomes if key != COST))
    known = [str(key) for key in results.outcomes["outcome"].unique()]
    problems = [
        Problem("there is no such outcome in these results", path="outcome", given=repr(key),
                accepted=f"one of {', '.join(known)}", remedy=did_you_mean(key, known))
        for key in wanted
        if key not in known
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    values = by_policy(results.outcomes, [COST, *wanted])
    baseline, *others = (policy.name for policy in results.study.policies)
    rows = []
    for policy in others:
        change = values[policy] - values[baseline]
        for place, outcome in enumerate(wanted, 1):
            there = ~np.isnan(change[:, place])
            found = ratio_of_means(change[there, place], change[there, 0] / pounds)
            rows.append((policy, outcome, found.mean, found.low, found.high))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def ratio_of_means(above: ArrayLike, below: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Estimate the ratio of two means from pairs, with Fieller's interval for it.

    The interval holds every ratio r for which the mean of above - r x below is not clearly other
    than 0 (E. C. Fieller, Some problems in interval estimation, JRSS B 16, 1954, 175-185).

    Parameters
    ----------
    above, below
        Pairs of values.
    confidence
        How often such an interval holds the true ratio.

    Returns
    -------
    Interval
        NaN where the mean of `below` is not clearly above 0: a ratio then says nothing.
    """
    a, b = np.asarray(above, float), np.asarray(below, float)
    nothing = Interval(math.nan, math.nan, math.nan)
    n = len(a)
    if n == 0 or b.mean() <= 0:
        return nothing
    ratio = float(a.mean() / b.mean())
    if n == 1:
        return Interval(ratio, math.nan, math.nan)
    t = float(special.stdtrit(n - 1, (1 + confidence) / 2))
    (vaa, vab), (_, vbb) = np.cov(a, b) * t**2 / n
    below_squared = b.mean() ** 2 - vbb
    if below_squared <= 0:
        return nothing
    middle = a.mean() * b.mean() - vab
    square = middle**2 - (a.mean() ** 2 - vaa) * below_squared
    half = math.sqrt(max(0.0, square))
    return Interval(
        ratio, float((middle - half) / below_squared), float((middle + half) / below_squared)
    )
