"""The months of a forecast, and where they lie in years."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

BASE_MONTHS = 12
"""The year before a forecast starts: what its changes are counted from."""
YEAR_CENTRE = 0.75
"""A published year, from 1 April on, has its middle on 1 October."""


def months_with_base(start: date, number: int) -> NDArray[np.datetime64]:
    """The months of the base year, then those of the forecast."""
    first = np.datetime64(start, "M") - BASE_MONTHS
    return first + np.arange(number + BASE_MONTHS)


def middle_of(months: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """The middle of each month, in years: that of January 2026 is 2026 and a 24th."""
    return 1970 + (months.astype("datetime64[M]").astype(int) + 0.5) / 12


def months_of_year(year: int) -> NDArray[np.datetime64]:
    """The twelve months of the published year that begins in April of a calendar year."""
    return np.datetime64(f"{year}-04", "M") + np.arange(12)


def month_of_year(months: NDArray[np.datetime64]) -> NDArray[np.int_]:
    """0 for January to 11 for December."""
    found: NDArray[np.int_] = months.astype("datetime64[M]").astype(int) % 12
    return found


def published_years(months: NDArray[np.datetime64]) -> NDArray[np.int_]:
    """The published year that each month is in, by the calendar year in which it begins."""
    found: NDArray[np.int_] = np.floor(middle_of(months) - 0.25).astype(int)
    return found
