"""How long months are: in days, and in working days in England."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays
import numpy as np
from numpy.typing import NDArray

DAYS = 365.25 / 12
WORKING_DAYS = 21.0  # 252 or 253 a year, bank holidays left out


def days(start: np.datetime64, months: int) -> NDArray[np.float64]:
    """Return the length of months in days, over that of an average month."""
    edges = (start + np.arange(months + 1)).astype("datetime64[D]")
    return np.diff(edges).astype(float) / DAYS


def working_days(start: np.datetime64, months: int) -> NDArray[np.float64]:
    """Return the working days in England in months, over those of an average month."""
    edges = (start + np.arange(months + 1)).astype("datetime64[D]")
    years = edges.astype("datetime64[Y]").astype(int) + 1970
    closed = [day for year in range(years[0], years[-1] + 1) for day in _bank_holidays(year)]
    worked = np.busday_count(edges[:-1], edges[1:], holidays=closed)
    return worked.astype(float) / WORKING_DAYS


@cache
def _bank_holidays(year: int) -> tuple[date, ...]:
    return tuple(sorted(holidays.country_holidays("GB", subdiv="ENG", years=year)))
