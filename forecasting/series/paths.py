"""Sample paths of several series: months hang together, and so do series.

On the root's scale an error is what passes with its month plus what stays with the level. Both
are drawn from normal distributions, for a calendar month alike correlated between series, and
then given the tails that past errors had. Each month of the paths has the quantiles that the
combination states.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from forecasting.series.combination import TAILS, Combination
from forecasting.series.monthly_series import MonthlySeries
from forecasting.series.pool import usual

Array = NDArray[np.float64]

FEWEST_TOGETHER = 12  # months that two series must share for a correlation to be looked at
DOUBT = 24.0  # months of no correlation that count beside those seen


def draw_paths(
    combinations: Sequence[Combination], months: int, number: int, seed: int
) -> list[Array]:
    """Draw paths of some series beyond their last months.

    Returns
    -------
    list of numpy.ndarray
        For each series, paths of the shape ``(number, months)``.
    """
    ends = [each.lesson.series.first_month + len(each.lesson.series) for each in combinations]
    first, last = min(ends), max(ends) + months
    shocks = np.stack(
        [
            _generator(seed, each.lesson.series).standard_normal((2, number, last - first))
            for each in combinations
        ],
        axis=-1,
    )
    shocks = shocks @ root_of(correlations(combinations))
    found = []
    for place, (each, end) in enumerate(zip(combinations, ends, strict=True)):
        window = slice(end - first, end - first + months)
        passing, staying = shocks[0, :, window, place], shocks[1, :, window, place]
        found.append(_paths(each, passing, staying))
    return found


def _paths(combination: Combination, passing: Array, staying: Array) -> Array:
    origin, months = len(combination.lesson.series) - 1, passing.shape[1]
    pool = combination.pool or usual()
    variance = pool.wider(months) ** 2
    passes = pool.passing * variance[0]
    growth = np.sqrt(np.diff(variance, prepend=passes))
    errors = np.sqrt(passes) * passing + np.cumsum(growth * staying, axis=1)
    likelihood = stats.norm.cdf(errors / np.sqrt(variance))
    return combination.counts(origin, stats.t.ppf(likelihood, TAILS))


def correlations(combinations: Sequence[Combination]) -> Array:
    """Estimate how the errors of series one month ahead are correlated, shrunk to not at all."""
    firsts = [each.lesson.series.first_month for each in combinations]
    start = min(firsts)
    end = max(f + len(c.lesson.series) for f, c in zip(firsts, combinations, strict=True))
    errors = np.full((len(combinations), end - start), np.nan)
    for row, each, first in zip(errors, combinations, firsts, strict=True):
        seen = each.past_errors[:, 0] / np.maximum(each.spread, np.finfo(float).tiny)
        row[first - start : first - start + len(seen)] = np.clip(seen, -TAILS, TAILS)
    present = ~np.isnan(errors)
    together = present.astype(float) @ present.T
    filled = np.where(present, errors, 0.0)
    products, squares = filled @ filled.T, filled**2 @ present.T
    size = np.sqrt(squares * squares.T)
    found: Array = np.divide(products, size, out=np.zeros_like(size), where=size > 0)
    found *= together / (together + DOUBT) * (together >= FEWEST_TOGETHER)
    np.fill_diagonal(found, 1.0)
    return found


def root_of(matrix: Array) -> Array:
    """Return the symmetric root of the correlation matrix nearest to a matrix.

    Symmetric, so that the order of series makes no difference to their paths.
    """
    values, vectors = np.linalg.eigh(matrix)
    root = (vectors * np.sqrt(np.clip(values, 0.0, None))) @ vectors.T
    found: Array = root / np.linalg.norm(root, axis=0)
    return found


def _generator(seed: int, series: MonthlySeries) -> np.random.Generator:
    """Return a series' own generator: by its name, so that others change nothing for it."""
    name = hashlib.sha256(f"{series.key}\0{series.area}".encode()).digest()
    return np.random.default_rng([seed, *np.frombuffer(name, dtype="<u4").tolist()])
