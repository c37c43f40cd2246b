"""The candidates: settings of one structural model, from which the combination chooses.

A structural (unobserved components) model has a level, a slope and a season that wander. How
much they do is not estimated for each series, which long series are needed for: a few settings
that cover the range are all followed, and their past errors say which to believe.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

CALENDARS = ("months", "days", "working days")
"""What a month's value is taken to grow with: nothing, its days, or its working days."""

# Standard deviations of a month's change, as multiples of the noise of a single month.
LEVELS = (0.15, 0.4, 1.0, 2.5)
# Of the slope as a multiple of the level's, and how much of the slope is left a month later.
TRENDS = {"no trend": (0.0, 1.0), "damped trend": (0.1, 0.9), "lively trend": (0.3, 0.95)}
SEASONS = {"no season": (0.0, 0.0), "weak season": (0.5, 0.02), "strong season": (5.0, 0.1)}
STILLEST = 0.2  # a slope changes as if the level changed by at least this much


@dataclass(frozen=True, eq=False)
class Candidates:
    """Settings of the model, an array with one place for each candidate.

    Attributes
    ----------
    names
        As "days, level 0.4, damped trend, weak season".
    calendar
        The place in `CALENDARS`.
    level_change, slope_change, season_change
        Standard deviation of a month's change of each component.
    damping
        How much of the slope is left a month later.
    season_size
        Standard deviation of the season's twelve effects before anything is seen.
    """

    names: tuple[str, ...]
    calendar: NDArray[np.int_]
    level_change: NDArray[np.float64]
    slope_change: NDArray[np.float64]
    damping: NDArray[np.float64]
    season_size: NDArray[np.float64]
    season_change: NDArray[np.float64]


def all_candidates() -> Candidates:
    """Return every combination of calendar, level, trend and season."""
    names, rows = [], []
    for (place, calendar), level, (trend, (slope, damping)), (season, (size, change)) in product(
        enumerate(CALENDARS), LEVELS, TRENDS.items(), SEASONS.items()
    ):
        names.append(f"{calendar}, level {level:g}, {trend}, {season}")
        rows.append((place, level, slope * max(level, STILLEST), damping, size, change))
    columns = np.array(rows).T
    return Candidates(tuple(names), columns[0].astype(int), *columns[1:])
