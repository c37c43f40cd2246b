"""How good predictions were: mean absolute errors beside those of simple rules, and ranges."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.study.validation.simple_rules import RULES

PREDICTED = ("predicted", "expected", *RULES)
ALL = "all"
AVERAGE = "mean of ratios"


def comparable(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a backtest for which there is a figure, a prediction and every simple rule."""
    return table.dropna(subset=["actual", *PREDICTED, "low80", "high80"])


def scores(table: pd.DataFrame) -> pd.DataFrame:
    """Score a backtest, overall and by year.

    Parameters
    ----------
    table
        The columns of `sim.study.validation.backtest.COLUMNS`.

    Returns
    -------
    pandas.DataFrame
        A row for each measure and `AVERAGE`, in all years (`ALL`) and in each: ``n``; ``mae_*``,
        the mean absolute error of the simulation, of what the statistics alone expect
        (``expected``) and of each rule; ``ratio_*``, the same over persistence's; ``coverage`` of
        the 80 % range. Under `AVERAGE` ratios and coverage are means over the measures.
    """
    rows = comparable(table)
    parts = [(ALL, rows), *((str(year), of_year) for year, of_year in rows.groupby("year"))]
    return pd.concat([_of_years(years, part) for years, part in parts], ignore_index=True)


def _of_years(years: str, rows: pd.DataFrame) -> pd.DataFrame:
    errors = rows[[*PREDICTED]].sub(rows["actual"], axis=0).abs()
    inside = (rows["low80"] <= rows["actual"]) & (rows["actual"] <= rows["high80"])
    measure = rows["measure"]
    mean = errors.groupby(measure, sort=False).mean()
    ratio = mean.div(mean["persistence"].where(mean["persistence"] > 0), axis=0)
    found = pd.concat(
        [
            errors.groupby(measure, sort=False).size().rename("n"),
            mean.add_prefix("mae_"),
            ratio.add_prefix("ratio_"),
            inside.groupby(measure, sort=False).mean().rename("coverage"),
        ],
        axis=1,
    )
    average = found.filter(regex="^ratio_|^coverage$").mean()
    found.loc[AVERAGE] = average
    found.loc[AVERAGE, "n"] = found["n"].sum()
    found = found.astype({"n": np.int64})
    return found.rename_axis("measure").reset_index().assign(year=years)[["year", *_columns()]]


def _columns() -> list[str]:
    named = [f"{what}_{name}" for what in ("mae", "ratio") for name in PREDICTED]
    return ["measure", "n", *named, "coverage"]
