"""The combination: candidates weighted by how wrong they were, and how wide its intervals are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from forecasting.series.back_to_counts import keeping_mean
from forecasting.series.learning import BEFORE_JUDGING, Lesson, known_when
from forecasting.series.pool import Pool, usual

Array = NDArray[np.float64]

# How weights and widths are made, chosen by rolling-origin backtests of 65 published series
# (docs/forecasting_series.md says how, and how little each of them matters).
SHARPNESS = 20.0  # a candidate with a tenth less error gets some eight times the weight
MOST_MONTHS = 36  # a series that was judged for longer than this is not heard any louder
POOL_MONTHS = 12  # months of judging that the pool's experience is worth
NEAR = 3  # the errors 1 to 3 months ahead tell the level of errors: they are the latest known
FADING = 0.9  # of the weight of an error with each month: half of it is from the last seven
ODD_ERROR = 4.0  # an error counts as no more than this many times the usual
TAILS = 6.0  # degrees of freedom of errors
NARROWING = 0.9
WIDTH = NARROWING / float(stats.t.expect(abs, (TAILS,)))


@dataclass(frozen=True, eq=False)
class Combination:
    """The forecaster of one series, with what its sisters taught.

    Attributes
    ----------
    lesson
        What the series itself taught.
    sisters
        Lessons of the same key in other areas.
    pool
        What is usual.
    """

    lesson: Lesson
    sisters: Sequence[Lesson] = ()
    pool: Pool | None = None

    @property
    def _pool(self) -> Pool:
        return self.pool or usual()

    @cached_property
    def weights(self) -> Array:
        """The weight of each candidate after each month: (months, candidates), sum 1.

        The series' own experience, that of its sisters up to the same month and the pool's
        are averaged, each weighing the months it has been judged in.
        """
        months = np.arange(len(self.lesson.series))
        heard = np.minimum(self.lesson.months_judged, MOST_MONTHS)[:, None]
        total = heard * self.lesson.relative_losses + POOL_MONTHS * self._pool.relative_losses
        heard = heard + POOL_MONTHS
        for sister in self.sisters:
            then = self.lesson.series.first_month + months - sister.series.first_month
            place = np.clip(then, 0, len(sister.series) - 1)
            share = np.minimum(sister.months_judged, MOST_MONTHS)[place] * (then >= 0)
            share = share[:, None] / len(self.sisters)
            total = total + share * sister.relative_losses[place]
            heard = heard + share
        score = -SHARPNESS * total / heard
        weights = np.exp(score - score.max(axis=1, keepdims=True))
        found: Array = weights / weights.sum(axis=1, keepdims=True)
        return found

    @cached_property
    def past_errors(self) -> Array:
        """The combination's own errors on the root's scale, as `Lesson.errors` has them."""
        expected: Array = np.einsum("mac,mc->ma", self.lesson.past_expected, self.weights)
        return self.lesson.errors(expected)

    @cached_property
    def spread(self) -> Array:
        """The mean absolute error 1 to 3 months ahead as it stands after each month."""
        wider = self._pool.wider(NEAR)
        missed = known_when(np.abs(self.past_errors[:, :NEAR])) / wider
        roots = np.sqrt(np.nancumsum(self.lesson.series.values) / _counted(self.lesson))
        total, counted = np.zeros(NEAR), np.zeros(NEAR)
        found = np.empty(len(missed))
        for month, now in enumerate(missed):
            before = self._pool.spread * roots[month]
            usual_now = (total.sum() + before) / (counted.sum() + 1.0)
            seen = ~np.isnan(now)
            bound = ODD_ERROR * usual_now if month > BEFORE_JUDGING else np.inf
            total, counted = FADING * total, FADING * counted
            total[seen] += np.minimum(now[seen], bound)
            counted[seen] += 1.0
            found[month] = (total.sum() + before) / (counted.sum() + 1.0)
        return found

    def expected(self, origin: int, ahead: int) -> Array:
        """Return the root of what is expected of the months after month `origin`."""
        seen = self.lesson.expected(np.array([origin]), ahead)[0]
        found: Array = seen @ self.weights[origin]
        return found

    def scale(self, origin: int, ahead: int) -> Array:
        """Return the scale of the t distribution of the root, 1 to `ahead` months ahead."""
        found: Array = WIDTH * self.spread[origin] * self._pool.wider(ahead)
        return found

    def counts(self, origin: int, deviates: Array) -> Array:
        """Return the counts of the months after month `origin` at deviates of their roots.

        Parameters
        ----------
        origin
            The last month known.
        deviates
            Of a t distribution with `TAILS` degrees of freedom: (..., ahead).
        """
        ahead = deviates.shape[-1]
        roots, scale = self.expected(origin, ahead), self.scale(origin, ahead)
        counts = np.maximum(roots + scale * deviates, 0.0) ** 2
        found: Array = counts * keeping_mean(roots, scale, TAILS)
        return found

    def quantiles(self, origin: int, ahead: int, levels: Array) -> Array:
        """Return quantiles of the months after month `origin`: (ahead, levels)."""
        deviates = np.broadcast_to(stats.t.ppf(levels, TAILS)[:, None], (len(levels), ahead))
        return self.counts(origin, deviates).T


def _counted(lesson: Lesson) -> Array:
    return np.cumsum(~np.isnan(lesson.series.values)).astype(float)


def combined(lessons: Sequence[Lesson], pool: Pool | None = None) -> list[Combination]:
    """Join each series with its sisters: those with the same key, in other areas."""
    return [
        Combination(
            lesson,
            [
                other
                for other in lessons
                if other.series.key == lesson.series.key and other is not lesson
            ],
            pool,
        )
        for lesson in lessons
    ]
