"""How wide a range must be that needs no bell curve: for one change, or for several at once.

The pairs of a study are drawn again and again, with replacement; the same pairs for all policies,
so that what they have in common stays in common. Each time the mean of every column of differences
is set against its standard error, t* = (mean* - mean) / error*. How far |t*| goes in 95 of 100
resamples takes the place of the 97.5 % point of Student's t. Column by column that is the symmetric
studentised bootstrap (Hall, "The bootstrap and Edgeworth expansion", 1992, section 3.6); for the
largest |t*| of several columns it gives ranges that hold all together (max-t: Romano and Wolf,
"Exact and approximate stepdown methods for multiple hypothesis testing", JASA, 2005).

docs/how_sure.md has the coverage of this and of the other methods that were tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

RESAMPLES = 1_999
FEWEST_PAIRS = 10  # of fewer values, resamples say too little about how others might have come out
SEED = 1  # every study of so many pairs has the same resamples
AT_ONE_TIME = 1 << 21  # counts of draws in memory
NOTHING = 1e-12  # of a variance: what rounding leaves where all values drawn are equal
MOST_WITHOUT_SPREAD = 0.001  # of the resamples
DIGITS = 6  # of a factor: those beyond may depend on how a library adds up


@dataclass(frozen=True)
class Resampled:
    """What came of drawing the pairs again and again.

    Attributes
    ----------
    t
        |t*|, resamples x columns; infinite where all values drawn of a column are equal.
    tells
        For each column, whether it has pairs enough, and enough of them differ.
    """

    t: Values
    tells: NDArray[np.bool_]

    def factors(
        self, column: int, together: Iterable[int], confidence: float
    ) -> tuple[float, float]:
        """Say how many standard errors a column's range must reach to each side.

        Parameters
        ----------
        column
            Which column.
        together
            The columns that it is looked at together with, itself among them.
        confidence
            How often the range holds the true mean, or all ranges together theirs.

        Returns
        -------
        tuple of float
            For the column by itself, and for all at once; NaN where it can't tell. Columns that
            can't are no part of the others' company.
        """
        if not self.tells[column]:
            return math.nan, math.nan
        company = self.t[:, [each for each in together if self.tells[each]]]
        alone, common = (
            np.quantile(reach, confidence, method="higher")
            for reach in (self.t[:, column], company.max(axis=1))
        )
        return round(float(alone), DIGITS), round(float(common), DIGITS)


def resample(differences: Values) -> Resampled:
    """Draw the pairs again and again.

    Parameters
    ----------
    differences
        Pairs x columns, policy minus baseline; NaN where a value is missing.
    """
    there = ~np.isnan(differences)
    pairs, number = len(differences), there.sum(axis=0)
    mean = np.nansum(differences, axis=0) / np.maximum(number, 1)
    centred = np.where(there, differences - mean, 0.0)
    variance = (centred**2).sum(axis=0) / np.maximum(number, 1)

    random = np.random.default_rng([SEED, pairs])
    size = max(1, AT_ONE_TIME // max(pairs, 1))
    found = [np.zeros((0, differences.shape[1]))]
    for first in range(0, RESAMPLES if pairs else 0, size):
        times = min(size, RESAMPLES - first)
        drawn = random.multinomial(pairs, np.full(pairs, 1 / pairs), times).astype(float)
        found.append(_t(drawn, centred, there, variance))
    t = np.concatenate(found)
    without_spread = np.isinf(t).mean(axis=0) if len(t) else np.ones(len(number))
    return Resampled(t, (number >= FEWEST_PAIRS) & (without_spread <= MOST_WITHOUT_SPREAD))


def _t(drawn: Values, centred: Values, there: NDArray[np.bool_], variance: Values) -> Values:
    """Give |t*| for how often each pair was drawn: resamples x columns."""
    number = drawn @ there
    several = np.maximum(number, 2.0)
    mean = drawn @ centred / several
    spread = drawn @ centred**2 / several - mean**2
    alike = (number < 2) | (spread <= NOTHING * variance)
    error = np.sqrt(np.where(alike, 1.0, spread) / (several - 1))
    return np.where(alike, np.inf, np.abs(mean) / error)
