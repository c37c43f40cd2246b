"""Need per head of streams that are counted every month.

Monthly models forecast the two years that they are backtested on. They fade any trend within
months, so beyond that the damped yearly trend of the same counts takes over, path by path: each
month is the one a year before times the yearly trend's growth since. In the first year of it only
the growth since the last month drawn is new: the months before had the monthly models' growth.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from forecasting.config import StreamPlan
from forecasting.months import middle_of, published_years
from forecasting.need import expected, rates_by_band
from forecasting.population.england import england
from forecasting.series import MonthlySeries, forecast_series
from forecasting.trends import Paths, annual_trend

TESTED_MONTHS = 24
A_YEAR = 12


def per_head(history: MonthlySeries, plan: StreamPlan, name: str) -> MonthlySeries:
    """Divide counts by what England's people would have asked at unchanged rates."""
    assert plan.rates is not None
    asked = expected(england(), rates_by_band(plan.rates), middle_of(history.months)).sum(axis=1)
    # Relative to the last month: numbers of the size of the counts themselves.
    values = history.values / (asked / asked[-1])
    return MonthlySeries(name, history.area, history.start, values)


def monthly_trends(
    plans: Mapping[str, StreamPlan],
    histories: Mapping[str, MonthlySeries],
    times: NDArray[np.float64],
    number: int,
    seed: int,
    chances: Mapping[str, np.random.Generator],
) -> tuple[dict[str, Paths], tuple[str, ...]]:
    """Draw need per head of several monthly streams together, and say what was treated.

    Parameters
    ----------
    plans, histories
        Of each stream; the counts are comparable ones.
    times
        Months in a row, in years; none before the first count.
    number
        How many paths.
    seed
        Of the monthly models.
    chances
        For each stream those of its yearly trend.

    Returns
    -------
    dict, tuple
        For each stream an array (number, times); notes in plain words.
    """
    series = {name: per_head(history, plans[name], name) for name, history in histories.items()}
    if not series:
        return {}, ()
    together = forecast_series(list(series.values()), TESTED_MONTHS, number, seed)
    found = {}
    for name, each in series.items():
        drawn = together.paths[name, each.area]
        whole = _carried_on(each, drawn, times, chances[name], plans[name])
        first = round(12 * (times[0] - middle_of(each.months[:1])[0]))
        rates = rates_by_band(str(plans[name].rates))
        asked = expected(england(), rates, middle_of(each.months[-1:])).sum()
        found[name] = whole[:, first : first + len(times)] / asked
    return found, tuple(together.notes)


def _carried_on(
    series: MonthlySeries,
    drawn: Paths,
    times: NDArray[np.float64],
    rng: np.random.Generator,
    plan: StreamPlan,
) -> Paths:
    """What was counted, the two years drawn, and the yearly trend from there to the last time."""
    number = len(drawn)
    counted = len(series.values)
    begins = middle_of(series.months[:1])[0]
    length = max(counted + drawn.shape[1], round(12 * (times[-1] - begins)) + 1)
    whole = np.empty((number, length))
    # A month that is left out matters only in the base year: there it counts as usual.
    whole[:, :counted] = np.where(
        np.isnan(series.values), np.nanmedian(series.values), series.values
    )
    whole[:, counted : counted + drawn.shape[1]] = drawn
    years, means = yearly_means(series)
    growing = annual_trend(years, means, begins + np.arange(length) / 12, number, rng, plan)
    seam = counted + drawn.shape[1] - 1
    middle = np.median(growing, axis=0)
    # Over the year before the last month drawn, in the middle: the same months, so no season.
    first, second = (
        float(np.median(year.mean(axis=1))) for year in (drawn[:, :-A_YEAR], drawn[:, -A_YEAR:])
    )
    in_a_year = second / first if first and second else 1.0
    for month in range(seam + 1, length):
        growth = growing[:, month] / growing[:, month - A_YEAR]
        whole[:, month] = whole[:, month - A_YEAR] * growth
        if month <= seam + A_YEAR:
            left = (seam - (month - A_YEAR)) / A_YEAR
            whole[:, month] *= in_a_year**left * middle[month - A_YEAR] / middle[seam]
    return whole


def yearly_means(series: MonthlySeries) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Means of the published years that were counted in all months; or of the last year alone."""
    years = published_years(series.months)
    whole = [
        year for year in np.unique(years) if np.isfinite(series.values[years == year]).sum() == 12
    ]
    if not whole:
        return years[-1:], np.array([np.nanmean(series.values[-A_YEAR:])])
    return np.array(whole), np.array([series.values[years == year].mean() for year in whole])
