"""The profile of the year: how each calendar month compares with an average one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecasting.series.combination import combined
from forecasting.series.learning import learn, lengths_of_months
from forecasting.series.monthly_series import MonthlySeries
from forecasting.series.structural import LEVEL, SEASON

YEARS = 4  # over which the lengths of months are averaged: one leap year among them


def monthly_profile(series: MonthlySeries) -> NDArray[np.float64]:
    """Tell how much each calendar month has of an average month.

    It is the season as the combination sees it after the last month: late years count more,
    and the less the series says, the flatter it is.

    Returns
    -------
    numpy.ndarray
        Twelve numbers with a mean of 1, January first.
    """
    lesson = learn(series)
    weights = combined([lesson])[0].weights[-1]
    state = lesson.followed.states[-1]
    lengths = lengths_of_months(np.datetime64("2024-01", "M"), 12 * YEARS)
    lengths = lengths.reshape(YEARS, 12, -1).mean(axis=0)[:, lesson.candidates.calendar]
    roots = (state[:, LEVEL] + state[:, SEASON:].T) * np.sqrt(lengths)
    year = np.maximum(roots @ weights, 0.0) ** 2
    if not year.any():
        return np.ones(12)
    profile: NDArray[np.float64] = year / year.mean()
    return profile
