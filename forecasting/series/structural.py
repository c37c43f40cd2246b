"""Follow a series with all candidates at once: what each expects after every month.

The Kalman filter of the local level with damped slope and season (Harvey 1989, chapter 4). It
steps through the months once, with all candidates side by side; statsmodels follows one
setting at a time, some twenty times slower for the number of candidates here.

A month that surprises by more than `SURPRISE` standard deviations counts as a surprise of just
that size, and makes the level uncertain, so that the next months can say whether the series
has moved or the month was odd. Nothing looks ahead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.series.candidates import Candidates

Array = NDArray[np.float64]

SURPRISE = 3.5
LARGEST_DOUBT = 20.0  # standard deviations; bounds how far one month can unsettle the level
MEMORY = 0.985  # of the size of surprises: half of it comes from the latest four years
FIRST = 6  # months that only set the level and the size of surprises
ANYWHERE = 1e3  # variance of the level before anything is seen
LEVEL, SLOPE, SEASON = 0, 1, 2  # places in the state; the season takes the twelve from 2 on
SIZE = SEASON + 12


@dataclass(frozen=True, eq=False)
class Followed:
    """The state of every candidate after each month.

    Attributes
    ----------
    states
        Shape (months, candidates, 14): level, slope and the effect of each calendar month.
    candidates
        Whose states they are.
    calendar
        The calendar month of each month; January is 0.
    """

    states: Array
    candidates: Candidates
    calendar: NDArray[np.int_]

    def expected(self, origins: NDArray[np.int_], ahead: int) -> Array:
        """Return what is expected of the months after some origins.

        Parameters
        ----------
        origins
            Places of months; only these and earlier ones were seen.
        ahead
            How many months.

        Returns
        -------
        numpy.ndarray
            Shape (origins, ahead, candidates).
        """
        steps = np.arange(1, ahead + 1)
        grown = np.cumsum(self.candidates.damping ** steps[:, None], axis=0)
        states = self.states[origins]
        effects = SEASON + (self.calendar[origins][:, None] + steps) % 12
        season = np.take_along_axis(states, effects[:, None, :], axis=2)
        level, slope = states[:, None, :, LEVEL], states[:, None, :, SLOPE]
        found: Array = level + grown * slope + season.swapaxes(1, 2)
        return found


def follow(observed: Array, calendar: NDArray[np.int_], candidates: Candidates) -> Followed:
    """Follow a series with all candidates.

    Parameters
    ----------
    observed
        Shape (months, candidates): the series as each candidate sees it; NaN where missing,
        which the first month is not.
    calendar
        The calendar month of each month; January is 0.
    candidates
        The settings.
    """
    length, number = observed.shape
    state = np.zeros((number, SIZE))
    state[:, LEVEL] = observed[0]
    doubt, moves, changes = _beginning(candidates)
    squares, counted = np.zeros(number), 0.0
    states = np.empty((length, number, SIZE))
    for month in range(length):
        if month:
            state[:, SLOPE] *= candidates.damping
            state[:, LEVEL] += state[:, SLOPE]
            doubt = moves @ doubt @ moves.swapaxes(1, 2) + changes
        if not np.isnan(observed[month, 0]):
            effect = SEASON + calendar[month]
            toward = doubt[:, :, LEVEL] + doubt[:, :, effect]
            variance = toward[:, LEVEL] + toward[:, effect] + 1.0
            error = observed[month] - state[:, LEVEL] - state[:, effect]
            spread = np.sqrt(squares / max(counted, 1.0) * variance)
            surprise = np.divide(np.abs(error), spread, out=np.zeros(number), where=spread > 0)
            beyond = np.clip(surprise - SURPRISE, 0.0, LARGEST_DOUBT) * (month >= FIRST)
            error = np.where(beyond > 0, np.sign(error) * SURPRISE * spread, error)
            if month >= 2:
                squares = MEMORY * squares + error**2 / variance
                counted = MEMORY * counted + 1.0
            gain = toward / variance[:, None]
            state = state + gain * error[:, None]
            doubt = doubt - gain[:, :, None] * toward[:, None, :]
            doubt[:, LEVEL, LEVEL] += beyond**2
        states[month] = state
    return Followed(states, candidates, calendar)


def _beginning(candidates: Candidates) -> tuple[Array, Array, Array]:
    """Return the doubt before the first month, how a state moves on, and its changes' variance.

    The twelve effects of the season add up to none, and so do their changes.
    """
    number = candidates.damping.size
    apart = np.eye(12) - 1.0 / 12
    doubt, changes = np.zeros((2, number, SIZE, SIZE))
    doubt[:, LEVEL, LEVEL] = ANYWHERE
    doubt[:, SLOPE, SLOPE] = (5.0 * candidates.slope_change) ** 2
    doubt[:, SEASON:, SEASON:] = candidates.season_size[:, None, None] ** 2 * apart
    changes[:, LEVEL, LEVEL] = candidates.level_change**2
    changes[:, SLOPE, SLOPE] = candidates.slope_change**2
    changes[:, SEASON:, SEASON:] = candidates.season_change[:, None, None] ** 2 * apart
    moves = np.broadcast_to(np.eye(SIZE), (number, SIZE, SIZE)).copy()
    moves[:, SLOPE, SLOPE] = moves[:, LEVEL, SLOPE] = candidates.damping
    return doubt, moves, changes
