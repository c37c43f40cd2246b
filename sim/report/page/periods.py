"""Time in pictures and tables: steps of a few weeks that are calm to look at, and quarters."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

MOST_QUARTERS = 12  # columns of a table; of longer studies it has years
STEPS = ((40, 1), (208, 4))  # up to so many weeks, so many in a step
LONG_STEP = 13
MANY = 20  # simulated futures, from which on the outer tenths can be told


def quarters(weeks: pd.DataFrame) -> pd.Series:
    """Name the quarter (or year) that each week ends in: a Series by week."""
    endings = pd.DatetimeIndex(weeks["ending"])
    first = endings.month - (endings.month - 1) % 3
    names = [
        f"{pd.Timestamp(2000, month, 1):%b}–{pd.Timestamp(2000, month + 2, 1):%b} {year}"
        for year, month in zip(endings.year, first, strict=True)
    ]
    if len(set(names)) > MOST_QUARTERS:
        names = [str(year) for year in endings.year]
    return pd.Series(names, index=weeks["week"].to_numpy())


def step_of(weeks: int) -> int:
    """Say how many weeks are taken together in a picture of so many."""
    return next((step for most, step in STEPS if weeks <= most), LONG_STEP)


def over_time(sums: pd.DataFrame, above: str, below: str, step: int) -> pd.DataFrame:
    """A quotient of sums over time, with the band that simulated futures lie in.

    Parameters
    ----------
    sums
        Columns policy, replication, week and what is added up.
    above, below
        The two sides of the quotient, added up over the weeks of a step before they are divided.
    step
        Weeks in a step; a last one that is not whole is left out.

    Returns
    -------
    pandas.DataFrame
        By policy and step: `mean`, and `low` and `high`, between which lie four futures in five
        (with fewer than twenty futures: all of them).
    """
    values = _by_step(sums, above, below, step)
    grouped = values.groupby(["policy", "step"])["value"]
    outer = 0.1 if values["replication"].nunique() >= MANY else 0.0
    return pd.DataFrame(
        {
            "mean": grouped.mean(),
            "low": grouped.quantile(outer),
            "high": grouped.quantile(1 - outer),
        }
    )


def at_the_end(sums: pd.DataFrame, above: str, below: str, step: int) -> pd.DataFrame:
    """A quotient as it is in the last step of `over_time`: a row a future, a column a policy."""
    values = _by_step(sums, above, below, step)
    last = values[values["step"] == values["step"].max()]
    ends: pd.DataFrame = last.pivot(index="replication", columns="policy", values="value")
    return ends


def _by_step(sums: pd.DataFrame, above: str, below: str, step: int) -> pd.DataFrame:
    """A quotient of sums by policy, replication and step, in the column `value`."""
    number = sums["week"] // step
    whole = number < (sums["week"].max() + 1) // step
    by_step = sums[whole].assign(step=number).groupby(["policy", "replication", "step"])
    added = by_step[[above, below]].sum()
    values = added[above] / added[below].where(added[below] > 0)
    found: pd.DataFrame = values.rename("value").reset_index()
    return found


def band_in_words(futures: int) -> str:
    """Say what a band is."""
    if futures == 1:
        return "one simulated future"
    if futures >= MANY:
        return f"the band in which four in five of {futures} simulated futures lie"
    return f"the band from the lowest to the highest of {futures} simulated futures"


def dates(weeks: pd.DataFrame, steps: Iterable[int], step: int) -> list[str]:
    """The middle of each step as a date."""
    days = pd.DatetimeIndex(weeks["ending"])
    ends = days.to_numpy()
    return [
        str(np.datetime_as_string(ends[min(each * step + step // 2, len(ends) - 1)], unit="D"))
        for each in steps
    ]
