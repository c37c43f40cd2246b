"""The intensity of demand on each calendar day, from a year's mean or from monthly figures."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sim.model.plan_columns import MONTHS_A_YEAR
from sim.scenario.calendar import Calendar
from sim.scenario.demand import Stream
from sim.scenario.service import Scenario

DAYS_A_WEEK = 7


def daily_intensity(
    scenario: Scenario, first: date, days: int, calendar: Calendar
) -> NDArray[np.float64]:
    """Expected new cases on each calendar day of a run, by stream.

    Each month's total is spread over its days: a weekday counts 1, a weekend day or bank holiday
    the stream's `weekend_share`.

    Returns
    -------
    array (days + 1, streams)
    """
    dates = np.datetime64(first, "D") + np.arange(days + 1)
    works = np.isin(dates, calendar.dates)
    months_of_run, month = np.unique(dates.astype("datetime64[M]"), return_inverse=True)
    found = np.zeros((len(dates), len(scenario.demand)))
    for number, stream in enumerate(scenario.demand.values()):
        totals = np.array(
            [
                _month_total(stream, begins, scenario.start_date)
                / _month_weight(begins, stream.weekend_share, calendar)
                for begins in months_of_run.astype("datetime64[D]").tolist()
            ]
        )
        found[:, number] = totals[month] * np.where(works, 1.0, stream.weekend_share)
    return found


def _month_total(stream: Stream, day: date, start: date) -> float:
    """Expected cases in the month of a day."""
    length = months.monthrange(day.year, day.month)[1]
    if stream.per_week is not None:
        return stream.per_week * length / DAYS_A_WEEK * stream.seasonal[day.month - 1]
    assert stream.per_month is not None
    first = stream.per_month_from or start
    number = (day.year - first.year) * MONTHS_A_YEAR + day.month - first.month
    if number < 0:
        a_year = stream.per_month[:MONTHS_A_YEAR]
        return sum(a_year) / len(a_year)
    return stream.per_month[min(number, len(stream.per_month) - 1)]


def _month_weight(day: date, weekend_share: float, calendar: Calendar) -> float:
    """Sum of the weights of the days of a whole month, also where the run has only a part of it."""
    length = months.monthrange(day.year, day.month)[1]
    first = day.replace(day=1)
    after = first + timedelta(days=length)
    working_days = calendar.working_days_between(first, after)
    return working_days + weekend_share * (length - working_days)


def known_arrivals(scenario: Scenario, first: date, days: int) -> NDArray[np.int64]:
    """Single further cases that the scenario names by date, by calendar day and stream."""
    known: NDArray[np.int64] = np.zeros((days + 1, len(scenario.demand)), np.int64)
    for number, stream in enumerate(scenario.demand.values()):
        for day in stream.also_on:
            n = (day - first).days
            if 0 <= n <= days:
                known[n, number] += 1
    return known
