"""Slopes across authorities: the regressions whose published values the simulation is held against.

Within authorities: ordinary least squares with a constant for each authority and each year, errors
clustered by authority. Between them: the means of each authority, with errors that allow for other
spread at other values (HC1). Across them, in one year: as in the years together, with a constant
for each. The same as those made of England's figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import statsmodels.formula.api as smf
from statsmodels.regression.linear_model import RegressionResultsWrapper


@dataclass(frozen=True)
class Slope:
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float


def within(panel: pd.DataFrame, outcome: str, cause: str) -> Slope:
    """The slope of an outcome on a cause from year to year within an authority.

    Parameters
    ----------
    panel
        A row for each authority and year, with columns `authority` and `year`.
    """
    return _slope(_fit(panel, outcome, [cause]), cause)


def between(panel: pd.DataFrame, outcome: str, cause: str) -> Slope:
    """The slope of an outcome on a cause across authorities, each by its mean over the years."""
    means = panel.groupby("authority", as_index=False).mean(numeric_only=True)
    fitted = smf.ols(f"{outcome} ~ {cause}", means.dropna(subset=[outcome, cause])).fit(
        cov_type="HC1"
    )
    return _slope(fitted, cause)


def across(panel: pd.DataFrame, outcome: str, cause: str) -> Slope:
    """The slope of an outcome of the children's year on a cause, across authorities.

    The cause is the mean of the two censuses that the children's year lies between, as in the
    published regression, which is of one year. A mean of more years would give another slope: it
    holds less chance.
    """
    by_year = panel.sort_values("year")
    following = by_year.groupby("authority")[cause].shift(-1)
    both = by_year.assign(**{cause: (by_year[cause] + following) / 2})
    return _slope(_fit(both, outcome, [cause], constants="C(year)"), cause)


def bend(panel: pd.DataFrame, outcome: str, cause: str, at: float) -> Slope:
    """By how much the slope within an authority is another above a value of the cause."""
    beyond = panel.assign(beyond=(panel[cause] - at).clip(lower=0.0))
    return _slope(_fit(beyond, outcome, [cause, "beyond"]), "beyond")


def mean(panel: pd.DataFrame, column: str) -> Slope:
    """The mean over authorities of a column."""
    means = panel.groupby("authority", as_index=False)[column].mean().dropna()
    return _slope(smf.ols(f"{column} ~ 1", means).fit(cov_type="HC1"), "Intercept")


def _fit(
    panel: pd.DataFrame, outcome: str, causes: list[str], constants: str = "C(authority) + C(year)"
) -> RegressionResultsWrapper:
    known = panel.dropna(subset=[outcome, *causes])
    formula = f"{outcome} ~ {' + '.join(causes)} + {constants}"
    groups = known["authority"].astype("category").cat.codes
    return smf.ols(formula, known).fit(cov_type="cluster", cov_kwds={"groups": groups})


def _slope(fitted: RegressionResultsWrapper, name: str) -> Slope:
    low, high = fitted.conf_int().loc[name]
    return Slope(float(fitted.params[name]), float(low), float(high))
