"""The people of an area, by year, sex and five-year band of age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BANDS = tuple(range(0, 95, 5))
"""The youngest age of each band: 0-4, 5-9, ..., 85-89, and 90 and over."""
OLDEST_BAND = BANDS[-1]
OLDEST_AGE = 104  # the open band is taken to end here where a range of ages cuts it
SEXES = ("F", "M")
MID_YEAR = 0.5  # estimates and projections are of 30 June


@dataclass(frozen=True, eq=False)
class Population:
    """The people of an area at the middle of each year.

    Attributes
    ----------
    area
        Its name.
    years
        Years in a row.
    people
        Persons, shape (years, sexes, bands), in the order of `SEXES` and `BANDS`.
    last_estimate
        The last year that is an estimate; what follows is a projection.
    notes
        What was made of the figures on their way, in plain words.
    """

    area: str
    years: NDArray[np.int_]
    people: NDArray[np.float64]
    last_estimate: int
    notes: tuple[str, ...] = ()

    def at(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """People at points in time, between two mid-years in proportion.

        Parameters
        ----------
        times
            In years: 2026.5 is the middle of 2026.

        Returns
        -------
        numpy.ndarray
            Shape (times, sexes, bands).

        Raises
        ------
        ValueError
            If a time lies before the first mid-year or after the last.
        """
        place = np.asarray(times) - (self.years[0] + MID_YEAR)
        if place.min(initial=0.0) < 0 or place.max(initial=0.0) > len(self.years) - 1:
            raise ValueError(f"{self.area}: figures from {self.years[0]} to {self.years[-1]} only")
        before = np.minimum(place.astype(int), len(self.years) - 2)
        part = (place - before)[:, None, None]
        found: NDArray[np.float64] = (1 - part) * self.people[before] + part * self.people[
            before + 1
        ]
        return found

    def times(self, factor: float) -> Population:
        """The same people, so many times over."""
        return Population(
            self.area, self.years, self.people * factor, self.last_estimate, self.notes
        )


def share_of_bands(youngest: int, oldest: int | None) -> NDArray[np.float64]:
    """Tell how much of each band lies in a range of ages, ages within a band taken as even.

    Parameters
    ----------
    youngest, oldest
        The first and the last age of the range; None for no upper end.

    Returns
    -------
    numpy.ndarray
        From 0 to 1 for each band: 18 to 64 has two fifths of 15-19.
    """
    lower = np.array(BANDS, float)
    upper = np.append(lower[1:], OLDEST_AGE + 1)
    end = OLDEST_AGE + 1 if oldest is None else oldest + 1
    inside = np.minimum(upper, end) - np.maximum(lower, youngest)
    found: NDArray[np.float64] = np.clip(inside, 0, None) / (upper - lower)
    return found
