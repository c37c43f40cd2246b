"""What a series has taught after each of its months: expectations, errors, which to believe.

Everything that stands at a month was known in that month, so a forecast made at an earlier
month is the forecast that would have been made then. Backtests rest on this.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forecasting.series.candidates import CALENDARS, Candidates, all_candidates
from forecasting.series.monthly_series import MonthlySeries
from forecasting.series.structural import Followed, follow
from forecasting.series.working_days import days, working_days

Array = NDArray[np.float64]

JUDGED_AHEAD = 12  # months ahead at which past errors judge the candidates
BEFORE_JUDGING = 18  # months that a candidate is given before its errors count


@dataclass(frozen=True, eq=False)
class Lesson:
    """A series followed by all candidates, on the square-root scale.

    The noise of counts is even on that scale, none has a root, and trends that are straight
    on it cannot explode as those of logarithms do.
    """

    series: MonthlySeries
    followed: Followed

    @property
    def candidates(self) -> Candidates:
        """The candidates."""
        return self.followed.candidates

    def expected(self, origins: NDArray[np.int_], ahead: int) -> Array:
        """Return the root of what each candidate expects: (origins, ahead, candidates)."""
        lengths = lengths_of_months(self.series.start, len(self.series) + ahead)
        later = origins[:, None] + np.arange(1, ahead + 1)
        seen = self.followed.expected(origins, ahead)
        found: Array = seen * np.sqrt(lengths[:, self.candidates.calendar][later])
        return found

    @cached_property
    def past_expected(self) -> Array:
        """What was expected after each month: (months, `JUDGED_AHEAD`, candidates)."""
        return self.expected(np.arange(len(self.series)), JUDGED_AHEAD)

    def errors(self, expected: Array) -> Array:
        """Return by how much the root of what came exceeded what was expected.

        Parameters
        ----------
        expected
            Shape (months, ahead, ...): what was expected after each month.

        Returns
        -------
        numpy.ndarray
            The same shape, NaN where it is not known yet. The error of an expectation two
            months ahead stands at the month that it was made in.
        """
        roots = np.sqrt(self.series.values)
        found = np.full(expected.shape, np.nan)
        for ahead in range(1, expected.shape[1] + 1):
            came = roots[ahead:].reshape(-1, *[1] * (expected.ndim - 2))
            found[:-ahead, ahead - 1] = came - expected[:-ahead, ahead - 1]
        return found

    @cached_property
    def relative_losses(self) -> Array:
        """How wrong each candidate was up to each month, against all: (months, candidates).

        The logarithm of its mean absolute error over that of all candidates.
        """
        missed = known_when(np.abs(self.errors(self.past_expected)))
        missed[:BEFORE_JUDGING] = 0.0
        total = np.nancumsum(np.nansum(missed, axis=1), axis=0)
        total += 1e-9 * (total.mean(axis=1, keepdims=True) + np.finfo(float).tiny)
        mean = total.mean(axis=1, keepdims=True)
        found: Array = np.log(total / mean)
        return found

    @property
    def months_judged(self) -> NDArray[np.int_]:
        """How many months have judged the candidates, up to each."""
        return np.clip(np.arange(len(self.series)) - BEFORE_JUDGING, 0, None)


def learn(series: MonthlySeries) -> Lesson:
    """Follow a series with all candidates."""
    candidates = all_candidates()
    lengths = lengths_of_months(series.start, len(series))[:, candidates.calendar]
    observed = np.sqrt(series.values[:, None] / lengths)
    return Lesson(series, follow(observed, series.calendar, candidates))


def lengths_of_months(start: np.datetime64, months: int) -> Array:
    """Return how long months are in the eyes of each calendar: (months, calendars)."""
    by_name = {
        "months": np.ones(months),
        "days": days(start, months),
        "working days": working_days(start, months),
    }
    return np.stack([by_name[name] for name in CALENDARS], axis=1)


def known_when(errors: Array) -> Array:
    """Move errors from the months that expectations were made in to those that showed them.

    Parameters
    ----------
    errors
        Shape (months, ahead, ...), each at the month of its expectation.

    Returns
    -------
    numpy.ndarray
        The same shape, each at the month that it became known in; NaN where there is none.
    """
    found = np.full(errors.shape, np.nan)
    for ahead in range(1, errors.shape[1] + 1):
        found[ahead:, ahead - 1] = errors[:-ahead, ahead - 1]
    return found
