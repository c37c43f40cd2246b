"""Demand of a stream: people x ageing x need per head x events x season, path by path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.config import StreamPlan
from forecasting.months import BASE_MONTHS, month_of_year

# February as in an average year: every year then has the same season, and none a change from it.
DAYS_IN_MONTHS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@dataclass(frozen=True, eq=False)
class Demand:
    """What makes up the demand of a stream, on every path in every month of base year and forecast.

    Their product is the requests of the month: `people` counts persons, the others are factors.

    Attributes
    ----------
    people
        Persons of the ages that the stream is about, shape (paths, months).
    ageing
        What those people ask at unchanged rates by age, a head: moves with their age and sex.
    need
        Need or access per head, relative to those rates.
    events
        The effect of early help and of dated events; 1 without.
    season
        What the month has of a year, shape (months,).
    """

    people: NDArray[np.float64]
    ageing: NDArray[np.float64]
    need: NDArray[np.float64]
    events: NDArray[np.float64]
    season: NDArray[np.float64]

    @property
    def with_base(self) -> NDArray[np.float64]:
        """Requests, shape (paths, months), the base year first."""
        return self.people * self.ageing * self.need * self.events * self.season

    @property
    def requests(self) -> NDArray[np.float64]:
        """Requests in the months of the forecast."""
        return self.with_base[:, BASE_MONTHS:]

    @property
    def base(self) -> NDArray[np.float64]:
        """Requests in the base year."""
        return self.with_base[:, :BASE_MONTHS]


def season_of(
    plan: StreamPlan, months: NDArray[np.datetime64], profile: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """What each month has of a year.

    A twelfth, by the profile of the year where there is one, else by the days in the month. What
    is counted at the end of the month (a stock) is whole in every month.
    """
    if plan.season is not None:
        profile = np.array(plan.season)
    if plan.stock:
        return np.ones(len(months)) if profile is None else profile[month_of_year(months)]
    if profile is None:
        profile = DAYS_IN_MONTHS * 12 / DAYS_IN_MONTHS.sum()
    found: NDArray[np.float64] = profile[month_of_year(months)] / 12
    return found
