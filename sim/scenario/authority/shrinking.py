"""Empirical Bayes: how far to believe an authority's own figures, and how far its region's.

The figures of a small authority swing by chance, and some are missing. What lies behind them is
somewhere between what it published and what is usual around it; how near to which, the table tells.
For authority i in year t let d be its figure less its region's, on a scale on which chance is as
large for small figures as for large ones. Then

    d[i, t] = m + u[i, t] + e[i, t]

with u the authority's own difference, which lasts (an autoregressive process of order one, with
variance `between` and correlation `lasting` from one year to the next), and e what is gone the next
year: events, with variance `passing`, and chance, with variance `chance / size`. The four and m are
those that make the whole table likeliest (Gaussian marginal likelihood). The best estimate of m + u
in a year is then a weighted sum of the authority's own years and of m: recent years of large
authorities weigh most.

Sources: Fay and Herriot (1979) and Morris (1983) for the shrinkage, Rao and Yu (1994) for areas
seen in several years, Efron and Morris (1975) for doing it on the arcsine scale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize
from threadpoolctl import threadpool_limits

Array = NDArray[np.float64]

LEAST_LASTING, MOST_LASTING = 0.3, 0.995  # else one freak year, or all years, would be the same
SMALLEST = 1e-8  # a variance of less than this is none


@dataclass(frozen=True)
class Spread:
    """How areas differ from what is usual around them.

    Attributes
    ----------
    mean
        The mean difference.
    between
        Variance of the differences that last.
    lasting
        Their correlation from one year to the next.
    passing
        Variance of what is gone the next year, however large the area.
    chance
        Variance of a figure by chance, times the size of the area.
    """

    mean: float
    between: float
    lasting: float
    passing: float
    chance: float


@dataclass(frozen=True)
class Belief:
    """What to believe of each area's difference in a year.

    `mean` and `sd` by area; `own` is the weight that an area's own figures have in its mean, from 0
    (nothing is known of it) to nearly 1.
    """

    mean: Array
    sd: Array
    own: Array


def learnt_spread(difference: Array, size: Array) -> Spread:
    """Learn from all areas and years how areas differ.

    Parameters
    ----------
    difference
        Areas by years; NaN where nothing is known.
    size
        Of the same shape: what chance falls with, such as the people that a rate is over.
    """
    known = np.isfinite(difference) & np.isfinite(size) & (size > 0)
    if known.sum() < 2:
        return Spread(0.0, SMALLEST, MOST_LASTING, SMALLEST, SMALLEST)
    variance = max(float(np.var(difference[known])), SMALLEST)
    typical = float(np.median(size[known]))

    start = np.log([variance / 2, 1.0, variance / 8, variance * typical / 4])
    start[1] = 0.85
    least = np.log(SMALLEST)
    with threadpool_limits(1):  # matrices so small are slower on several threads
        found = optimize.minimize(
            lambda at: _unlikely(difference, size, known, _spread_at(at))[:2],
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=[(least, 10), (LEAST_LASTING, MOST_LASTING), (least, 10), (least, 20)],
        )
    spread = _spread_at(found.x)
    return replace(spread, mean=_unlikely(difference, size, known, spread)[2])


def _spread_at(at: Array) -> Spread:
    between, passing, chance = np.exp(at[[0, 2, 3]])
    return Spread(0.0, float(between), float(at[1]), float(passing), float(chance))


def believed(difference: Array, size: Array, spread: Spread, year: int) -> Belief:
    """What to believe of each area in one of the years, or a later one.

    Parameters
    ----------
    difference, size
        Areas by years, as for `learnt_spread`.
    year
        Which column it is to be known for; beyond the last one, that many years ahead.
    """
    known = np.isfinite(difference) & np.isfinite(size) & (size > 0)
    years = np.arange(difference.shape[1])
    covariance = _covariance(size, known, spread)
    with_year = spread.between * spread.lasting ** np.abs(years - year) * known
    weights = np.linalg.solve(covariance, with_year[..., None])[..., 0]
    away = np.where(known, difference - spread.mean, 0.0)
    left = spread.between - (weights * with_year).sum(axis=1)
    return Belief(
        mean=spread.mean + (weights * away).sum(axis=1),
        sd=np.sqrt(np.maximum(left, 0.0)),
        own=weights.sum(axis=1),
    )


def _covariance(size: Array, known: NDArray[np.bool_], spread: Spread) -> Array:
    """Covariance of each area's figures over the years; a missing one is a 1 by itself."""
    gone = np.where(known, spread.passing + spread.chance / np.where(known, size, 1.0), 1.0)
    return _lasts(known, spread) + gone[:, :, None] * np.eye(size.shape[1])


def _lasts(known: NDArray[np.bool_], spread: Spread) -> Array:
    """The part of the covariance that lasts."""
    lasts = spread.between * spread.lasting ** _years_apart(known.shape[1])
    return np.where(known[:, :, None] & known[:, None, :], lasts, 0.0)


def _years_apart(years: int) -> NDArray[np.int64]:
    return np.abs(np.subtract.outer(np.arange(years), np.arange(years)))


def _unlikely(
    difference: Array, size: Array, known: NDArray[np.bool_], spread: Spread
) -> tuple[float, Array, float]:
    """Minus the log likelihood without its constant, its slopes, and the likeliest mean.

    The slopes are by the logarithm of `between`, by `lasting`, and by the logarithms of `passing`
    and `chance`: half the trace of (inverse - a a') times the covariance's slope, with a the
    inverse times what is left after the mean. (The mean is the likeliest, so it adds none.)
    """
    covariance = _covariance(size, known, spread)
    inverse = np.linalg.inv(covariance)
    one, given = known.astype(float), np.where(known, difference, 0.0)
    to_one = (inverse @ one[..., None])[..., 0]
    mean = float((to_one * given).sum() / (to_one * one).sum())
    left = np.where(known, given - mean, 0.0)
    weighed = (inverse @ left[..., None])[..., 0]
    value = np.linalg.slogdet(covariance)[1].sum() / 2 + (left * weighed).sum() / 2

    pull = np.where(known[:, :, None] & known[:, None, :], inverse, 0.0)
    pull -= weighed[:, :, None] * weighed[:, None, :]
    own = np.diagonal(pull, axis1=1, axis2=2)
    lasts, apart = _lasts(known, spread), _years_apart(size.shape[1])
    slopes = [
        (pull * lasts).sum(),
        (pull * lasts * apart).sum() / spread.lasting,
        own[known].sum() * spread.passing,
        (own[known] / size[known]).sum() * spread.chance,
    ]
    return float(value), np.array(slopes) / 2, mean
