"""What a change in demand is made of: more people, older people, more need per head, events.

Logarithmic mean Divisia index, additive (B. W. Ang, Decomposition analysis for policymaking in
energy, Energy Policy 32, 2004): the change of a product is shared among its factors in proportion
to the change of their logarithms, with the logarithmic mean of both values as weight. The parts
add up to the change exactly, whatever the order of the factors.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.demand import Demand
from forecasting.months import BASE_MONTHS

PARTS = {
    "population_size": "Number of people",
    "ageing": "Their ages",
    "need_per_head": "Need or access per head",
    "events": "Early help and events",
}
LOW, HIGH = 0.1, 0.9


def log_mean(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logarithmic mean of two positive numbers: (a - b) / log(a / b), and a where a = b."""
    ratio = np.log(a / b)
    near = np.abs(ratio) < 1e-8
    found: NDArray[np.float64] = np.where(near, (a + b) / 2, (a - b) / np.where(near, 1.0, ratio))
    return found


def parts_of_change(demand: Demand, year: int) -> NDArray[np.float64]:
    """Split the change of a year's demand since the base year, path by path.

    Each month is held against the same month of the base year, so the season is no part of it.

    Parameters
    ----------
    year
        0 is the first year of the forecast.

    Returns
    -------
    numpy.ndarray
        Shape (paths, parts), in the order of `PARTS`; rows add up to the year's change.
    """
    then = slice(0, BASE_MONTHS)
    now = slice((year + 1) * BASE_MONTHS, (year + 2) * BASE_MONTHS)
    whole = demand.with_base
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = log_mean(whole[:, now], whole[:, then])
        factors = (demand.people, demand.ageing, demand.need, demand.events)
        parts = [
            np.nan_to_num(weight * np.log(each[:, now] / each[:, then])).sum(axis=1)
            for each in factors
        ]
    return np.stack(parts, axis=1)


def decompose(
    streams: Mapping[str, Demand], start: np.datetime64, stocks: frozenset[str]
) -> pd.DataFrame:
    """Split the change since the base year, for each stream and each whole year of the forecast.

    Parameters
    ----------
    streams
        The demand of each.
    start
        The first month of the forecast.
    stocks
        Streams that are counted at the end of a month: their years are means, not sums.

    Returns
    -------
    pandas.DataFrame
        stream, year (1 is the forecast's first), from (its first month), base, each part, demand;
        then the 80 % range of each part. Base, parts and demand are means over the paths, as only
        means add up: base + parts = demand.
    """
    rows = []
    for name, demand in streams.items():
        share = 1 / BASE_MONTHS if name in stocks else 1.0
        years = demand.requests.shape[1] // BASE_MONTHS
        base = demand.base.sum(axis=1) * share
        for year in range(years):
            parts = parts_of_change(demand, year) * share
            ends = np.quantile(parts, (LOW, HIGH), axis=0)
            row: dict[str, object] = {
                "stream": name,
                "year": year + 1,
                "from": str(start + BASE_MONTHS * year),
                "base": base.mean(),
                **dict(zip(PARTS, parts.mean(axis=0), strict=True)),
            }
            now = demand.requests[:, year * BASE_MONTHS : (year + 1) * BASE_MONTHS]
            row["demand"] = now.sum(axis=1).mean() * share
            for place, part in enumerate(PARTS):
                row |= {f"{part}_low80": ends[0, place], f"{part}_high80": ends[1, place]}
            rows.append(row)
    return pd.DataFrame(rows)
