"""Three simple rules that a prediction has to beat. They, too, know only what came before."""

from __future__ import annotations

import numpy as np
import pandas as pd

RULES = ("persistence", "mean3", "shrinkage")
YEARS_OF_MEAN = 3


def simple_rules(past: pd.DataFrame) -> pd.DataFrame:
    """Foretell the year after the last one by each rule.

    Persistence: as in the last year. Mean of three: the mean of the last three years, of those that
    are published. Shrinkage: as in the last year, drawn towards the mean of all authorities, as
    far as would have been best (least squares) in the years before; with one year, not at all.

    Parameters
    ----------
    past
        One measure: a row for each authority, a column for each year.

    Returns
    -------
    pandas.DataFrame
        A row for each authority, a column for each of `RULES`.
    """
    last = past.iloc[:, -1]
    found = {
        "persistence": last,
        "mean3": past.iloc[:, -YEARS_OF_MEAN:].mean(axis=1),
        "shrinkage": last.mean() + stays(past) * (last - last.mean()),
    }
    return pd.DataFrame(found, columns=list(RULES))


def stays(past: pd.DataFrame) -> float:
    """How much of a deviation from the mean was left a year later, in all pairs of years."""
    deviations = (past - past.mean()).to_numpy()
    before, after = deviations[:, :-1].ravel(), deviations[:, 1:].ravel()
    known = ~np.isnan(before) & ~np.isnan(after)
    squares = float(np.sum(before[known] ** 2))
    return float(np.sum(before[known] * after[known])) / squares if squares > 0 else 1.0
