"""What was counted before a forecast starts, at the size of its area: the past of the charts.

Counts of England are shown at what the area's people would have asked at England's need per head of
that time, which is what the forecast starts from. An area's own counts are shown as they are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.assembling import Known
from forecasting.history import FIRST_MONTH, AnnualHistory
from forecasting.months import middle_of
from forecasting.need import expected, rates_by_band
from forecasting.population.area import Area
from forecasting.population.england import england
from forecasting.population.people import Population
from forecasting.starting_point import StartingPoint
from forecasting.trends import first_year, people_who_ask

COLUMNS = ("stream", "month", "months", "requests")
A_YEAR = 12


def counted(start: StartingPoint) -> pd.DataFrame:
    """List what was counted of each stream, comparable counts only.

    Returns
    -------
    pandas.DataFrame
        With `COLUMNS`: the first month that a count is about, over how many months it goes (1 or
        12), and how many a month that is (of a stock, how many there were).
    """
    frames: dict[str, pd.DataFrame] = {}
    for name, known in start.known.items():
        if known.plan.of is None:
            frames[name] = _of_people(known, start.area)
        else:
            frames[name] = _of_another(known, frames[known.plan.of])
    named = [frame.assign(stream=name) for name, frame in frames.items()]
    return pd.concat(named, ignore_index=True)[list(COLUMNS)]


def _of_people(known: Known, area: Area) -> pd.DataFrame:
    """Counts of a stream that people ask for by their ages."""
    assert known.plan.rates is not None
    rates, history = rates_by_band(known.plan.rates), known.history
    if known.local is not None:
        return _yearly(known.local.years, known.local.values, known.plan.stock)
    if isinstance(history, AnnualHistory):
        kept = history.years >= first_year(area.people)
        years = history.years[kept]
        asked, of_england = (people_who_ask(who, rates, years) for who in (area.people, england()))
        level = _level(known, rates, history)
        return _yearly(years, history.values[kept] * level * asked / of_england, known.plan.stock)
    kept = np.isfinite(history.values) & (middle_of(history.months) >= first_year(area.people))
    months = history.months[kept]
    asked, of_england = (_asked(who, rates, months) for who in (area.people, england()))
    return _frame(months, 1, history.values[kept] * asked / of_england)


def _level(known: Known, rates: NDArray[np.float64], history: AnnualHistory) -> float:
    """How many of the stream there are for one of what its history counts."""
    level = known.plan.level
    if level is None:
        return 1.0
    then, last = people_who_ask(england(), rates, np.array([level.year, history.years[-1]]))
    return float(level.count / then / (history.values[-1] / last))


def _asked(
    people: Population, rates: NDArray[np.float64], months: NDArray[np.datetime64]
) -> NDArray[np.float64]:
    found: NDArray[np.float64] = expected(people, rates, middle_of(months)).sum(axis=1)
    return found


def _of_another(known: Known, whole: pd.DataFrame) -> pd.DataFrame:
    """Counts of a stream that is a share of another: in the years in which both were counted."""
    assert isinstance(known.history, AnnualHistory)
    shares = _yearly(known.history.years, known.history.values, stock=True)
    both = shares.merge(whole, on=["month", "months"], suffixes=("_share", ""))
    return both.assign(requests=both["requests"] * both["requests_share"])


def _yearly(years: NDArray[np.int_], values: NDArray[np.float64], stock: bool) -> pd.DataFrame:
    firsts = np.array([np.datetime64(f"{year}-{FIRST_MONTH:02}", "M") for year in years])
    return _frame(firsts, A_YEAR, values / (1 if stock else A_YEAR))


def _frame(
    firsts: NDArray[np.datetime64], months: int, values: NDArray[np.float64]
) -> pd.DataFrame:
    return pd.DataFrame({"month": firsts.astype(str), "months": months, "requests": values})
