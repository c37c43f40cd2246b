"""Empirical Bayes: how far to believe an authority's own figures, and how far its region's.

The figures of a small authority swing by chance, and some are missing. What lies behind them is
somewhere between what it published and what is usual around it; how near to which, the table tells.
For authority i in year t let d be its figure less its region's, on a scale on which chance is as
large for small figures as for large ones. Then

    d[i, t] = m + u[i, t] + e[i, t]

with u the authority's own difference, which lasts (an autoregressive process of order one, with
variance `between` and correlation `lasting` from one year to the next), and e chance, with variance
`chance / size`. The three and m are those that make the whole table likeliest (Gaussian marginal
likelihood). The best estimate of m + u in a year is then a weighted sum of the authority's own years
and of m: recent years of large authorities weigh most.

Sources: Fay and Herriot (1979) and Morris (1983) for the shrinkage, Rao and Yu (1994) for areas seen
in several years, Efron and Morris (1975) for doing it on the arcsine scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

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
    chance
        Variance of a figure by chance, times the size of the area.
    """

    mean: float
    between: float
    lasting: float
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
        return Spread(0.0, SMALLEST, MOST_LASTING, SMALLEST)
    variance = max(float(np.var(difference[known])), SMALLEST)
    typical = float(np.median(size[known]))
    start = np.array([np.log(variance / 2), 0.85, np.log(variance / 2 * typical)])

    def unlikely(logs: Array) -> float:
        return _minus_log_likelihood(
            difference, size, known, np.exp(logs[0]), logs[1], np.exp(logs[2])
        )[0]

    least = np.log(SMALLEST)
    found = optimize.minimize(
        unlikely,
        start,
        method="L-BFGS-B",
        bounds=[(least, 10), (LEAST_LASTING, MOST_LASTING), (least, 20)],
    )
    between, lasting, chance = np.exp(found.x[0]), found.x[1], np.exp(found.x[2])
    mean = _minus_log_likelihood(difference, size, known, between, lasting, chance)[1]
    return Spread(mean, float(between), float(lasting), float(chance))


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
    covariance = _covariance(size, known, spread.between, spread.lasting, spread.chance)
    with_year = spread.between * spread.lasting ** np.abs(years - year) * known
    weights = np.linalg.solve(covariance, with_year[..., None])[..., 0]
    away = np.where(known, difference - spread.mean, 0.0)
    left = spread.between - (weights * with_year).sum(axis=1)
    return Belief(
        mean=spread.mean + (weights * away).sum(axis=1),
        sd=np.sqrt(np.maximum(left, 0.0)),
        own=weights.sum(axis=1),
    )


def _covariance(
    size: Array, known: NDArray[np.bool_], between: float, lasting: float, chance: float
) -> Array:
    """Covariance of each area's figures over the years; a missing one is a 1 by itself."""
    years = np.arange(size.shape[1])
    lasts = between * lasting ** np.abs(years[:, None] - years)
    both = known[:, :, None] & known[:, None, :]
    by_chance = np.where(known, chance / np.where(known, size, 1.0), 1.0)
    return np.where(both, lasts, 0.0) + by_chance[:, :, None] * np.eye(len(years))


def _minus_log_likelihood(
    difference: Array,
    size: Array,
    known: NDArray[np.bool_],
    between: float,
    lasting: float,
    chance: float,
) -> tuple[float, float]:
    """Minus the log likelihood without its constant, and the mean that is likeliest with it."""
    covariance = _covariance(size, known, between, lasting, chance)
    factor = np.linalg.cholesky(covariance)
    one = np.linalg.solve(factor, known[..., None].astype(float))[..., 0]
    given = np.linalg.solve(factor, np.where(known, difference, 0.0)[..., None])[..., 0]
    mean = float((one * given).sum() / (one * one).sum())
    logs = np.log(np.diagonal(factor, axis1=1, axis2=2)).sum()
    return float(logs + ((given - mean * one) ** 2).sum() / 2), mean
