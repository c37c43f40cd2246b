"""Which part of a change of the load comes from cases, from people and from their hours.

It is book-keeping, exact and cheap: no run is made for it. The load of a service is

    cases held x hours that a case asks for
    -----------------------------------------------------------
    people x share of them not away x hours for cases of each

over the weeks that count. Its change from one run to another is split into what each factor did by
the logarithmic mean Divisia index (LMDI I; B. W. Ang, "The LMDI approach to decomposition analysis:
a practical guide", Energy Policy 33, 2005): the part of a factor f is L x ln(f1 / f0), with L the
logarithmic mean of the two loads, and the other way round for what stands below the line. The parts
add up to the change exactly, in whichever order factors are taken.

It says which factor changed by how much, and not why it did: more people close cases sooner, and
their effect is then found among the cases. Causes are told apart by `sim.study.explaining.explain`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.model.worker_loads import AWAY, AWAY_WITH_CASES, LOAD
from sim.study.asking import open_tables
from sim.study.comparing import mean_interval
from sim.study.results import Results

FACTORS = {"cases": 1, "hours_per_case": 1, "people": -1, "at_work": -1, "hours_each": -1}
"""What the load is made of, and whether it stands above the line or below it."""
CHANGE, BEFORE, AFTER = "change", "before", "after"
COLUMNS = ("policy", "part", "mean", "low", "high")


def account(results: Results) -> pd.DataFrame:
    """Split the change of the load under each policy by its factors, run by run.

    Parameters
    ----------
    results
        Of a study that kept `worker_loads`.

    Returns
    -------
    pandas.DataFrame
        Columns policy, part, mean, low, high: means over replications with 95 % intervals, in
        shares of the hours for cases. Parts are those of `FACTORS`, which add up to `change`, and
        the loads `before` and `after`. Policies without a load in some replication are left out.
    """
    factors = {
        str(policy): rows.droplevel("policy")
        for policy, rows in _factors(results).groupby(level="policy")
    }
    baseline, *others = (policy.name for policy in results.study.policies)
    rows = []
    for policy in others:
        parts = split(factors[baseline], factors[policy])
        if parts.isna().to_numpy().any():
            continue
        for part, values in parts.items():
            found = mean_interval(values.to_numpy())
            rows.append((policy, part, found.mean, found.low, found.high))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def split(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Split the change of the load in each pair of runs.

    Parameters
    ----------
    before, after
        A row for each replication, a column for each factor.

    Returns
    -------
    pandas.DataFrame
        A row for each replication; columns are the factors, `change`, `before` and `after`.
    """
    loads = _load(before), _load(after)
    mean = _logarithmic_mean(*loads)
    parts = {
        name: side * mean * np.log(after[name] / before[name]) for name, side in FACTORS.items()
    }
    return pd.DataFrame({**parts, CHANGE: loads[1] - loads[0], BEFORE: loads[0], AFTER: loads[1]})


def _load(factors: pd.DataFrame) -> pd.Series:
    sides = [factors[name].to_numpy() ** side for name, side in FACTORS.items()]
    return pd.Series(np.prod(sides, axis=0), index=factors.index)


def _logarithmic_mean(one: pd.Series, other: pd.Series) -> pd.Series:
    """(b - a) / ln(b / a), which is a where the two are equal."""
    ratio = pd.Series(np.log(other / one), index=one.index)
    known = ratio.where(ratio != 0)
    found: pd.Series = ((other - one) / known).where(ratio != 0, one)
    return found


def _factors(results: Results) -> pd.DataFrame:
    """The factors of the load, by policy and replication; NaN where there is nothing to divide."""
    with open_tables(results) as connection:
        sums = connection.execute(
            "SELECT policy, replication, sum(cases) AS cases, sum(workload) AS work, "
            "sum(fte) AS people, sum(fte) FILTER (NOT away) AS there, "
            "sum(capacity) FILTER (NOT away) AS hours "
            "FROM (SELECT *, band IN (?, ?) AS away FROM worker_loads WHERE measure = ?) "
            "GROUP BY ALL ORDER BY ALL",
            [AWAY, AWAY_WITH_CASES, LOAD],
        ).df()
    sums = sums.set_index(["policy", "replication"]).astype(float)
    sums = sums.where(sums > 0)
    return pd.DataFrame(
        {
            "cases": sums["cases"],
            "hours_per_case": sums["work"] / sums["cases"],
            "people": sums["people"],
            "at_work": sums["there"] / sums["people"],
            "hours_each": sums["hours"] / sums["there"],
        }
    )
