"""How far projections miss: an error of their own, grown with years ahead and with age.

What England's 2016-based projection said for 2023 was 1.8 % too high at 65-69, 8 % too high at 90
and over, 9 % too high under five and 4 % too low at 20-39 (configs/forecasting/
projection_errors.csv). From one such miss in each band, the standard deviation that makes it
likeliest is the miss itself; it is taken to grow in proportion to the years ahead, as the misses
at three to seven years do. The published high and low variants are no intervals: the estimate of
2023 lies outside them at 85 and over after five years.

All ages of a group miss in the same direction together, and so do all areas: mortality moves the
old together, births the children, migration those between. One authority misses half as much
again as England does, of which England's own miss is a part.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.population.people import BANDS
from sim.resources import configs_dir

GROUPS = ((0, 15), (15, 65), (65, 200))
"""Ages that miss together: births, migration, mortality."""
# A band whose miss happened to be small would be thought certain.
LEAST_A_YEAR = 0.002
AUTHORITY_FACTOR = 1.5


@cache
def yearly_spread() -> NDArray[np.float64]:
    """Standard deviation of the log error, by band, for each year ahead (England).

    Within a group it is smoothed with its neighbours (1-2-1), as one miss says little of a band.
    """
    table = pd.read_csv(configs_dir() / "forecasting" / "projection_errors.csv")
    last = table[table["years_ahead"] == table["years_ahead"].max()].sort_values("age_lower")
    a_year = np.abs(np.log1p(last["error_percent"].to_numpy() / 100))
    a_year = a_year / last["years_ahead"].to_numpy()
    smooth = np.empty_like(a_year)
    for group in group_of_bands():
        own = np.pad(a_year[group], 1, mode="edge")
        smooth[group] = (own[:-2] + 2 * own[1:-1] + own[2:]) / 4
    found: NDArray[np.float64] = np.maximum(smooth, LEAST_A_YEAR)
    return found


def group_of_bands() -> list[NDArray[np.int_]]:
    """The places of the bands in each group of ages."""
    bands = np.array(BANDS)
    return [np.flatnonzero((bands >= low) & (bands < high)) for low, high in GROUPS]


def error_directions(
    number: int, rng: np.random.Generator, one_authority: bool
) -> NDArray[np.float64]:
    """Draw how far, in standard deviations of England, each band is off on each path.

    Returns
    -------
    numpy.ndarray
        Shape (number, bands); standard deviation 1 for England, 1.5 for one authority.
    """
    drawn = rng.standard_normal((2, number, len(GROUPS)))
    own = np.sqrt(AUTHORITY_FACTOR**2 - 1) if one_authority else 0.0
    together = drawn[0] + own * drawn[1]
    found = np.empty((number, len(BANDS)))
    for place, bands in enumerate(group_of_bands()):
        found[:, bands] = together[:, place : place + 1]
    return found


def error_factors(
    directions: NDArray[np.float64], years_ahead: NDArray[np.float64]
) -> NDArray[np.float64]:
    """By what factor the true people of each band differ from the projected ones.

    Parameters
    ----------
    directions
        From `error_directions`, shape (paths, bands).
    years_ahead
        Years since the last estimate, one for each point in time; below 0 counts as 0.

    Returns
    -------
    numpy.ndarray
        Shape (paths, times, bands); median 1.
    """
    spread = directions * yearly_spread()
    ahead = np.clip(years_ahead, 0, None)
    return np.exp(spread[:, None, :] * ahead[None, :, None])
