"""A surrogate: what an outcome would be at values that were not simulated, and how sure that is.

A Gaussian process on the unit cube: a straight line in each parameter, a smooth surface around it
that bends at a length of its own along each parameter, and noise. Lengths, sizes and noise are
those with the highest posterior density (lengths near 2, noise small, unless the runs say
otherwise), found with exact gradients. See Rasmussen and Williams, "Gaussian Processes for Machine
Learning" (2006), chapters 2, 5.4.1 (gradients) and 5.4.2 (leaving one out).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import minimize
from threadpoolctl import ThreadpoolController

Array = NDArray[np.float64]

# Logarithms of: length of a bend, size of the surface, size of the lines, size of the noise.
USUAL, SPREAD = np.log([2.0, 0.5, 0.5, 0.2]), np.array([1.0, 1.0, 1.0, 1.5])
LEVEL = 10.0  # how far the mean may be from that of the runs, in their standard deviations
LEAST_NOISE = 1e-3  # of the runs' standard deviation: keeps matrices invertible
ITERATIONS = 100


@contextmanager
def one_thread() -> Iterator[None]:
    """Do linear algebra in one thread: the same bytes on any machine, and faster.

    The matrices are so small that threads wait for each other most of the time.
    """
    with _threads().limit(limits=1, user_api="blas"):
        yield


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


@dataclass(frozen=True, eq=False)
class Surrogate:
    """What is known of an outcome from the points that were simulated.

    Attributes
    ----------
    left_out
        For each point what it would be without its own runs, in standard errors off: it has a
        standard deviation of 1 where the surrogate knows how sure it is.
    explained
        The share of the variance over the points that is foreseen when each is left out.
    """

    points: Array
    centre: float
    scale: float
    size: Array
    factor: tuple[Array, bool]
    weights: Array
    left_out: Array
    explained: float

    def __call__(self, points: Array) -> tuple[Array, Array]:
        """Estimate an outcome's expected value, and the variance of the estimate.

        Parameters
        ----------
        points
            Places in the unit cube (points, parameters).
        """
        across = _covariance(points, self.points, self.size)[0]
        solved = solve_triangular(self.factor[0], across.T, lower=True)
        lines = np.exp(2 * self.size[-2]) * ((points - 0.5) ** 2).sum(axis=1)
        before = LEVEL**2 + np.exp(2 * self.size[-3]) + lines
        variance = np.maximum(before - (solved**2).sum(axis=0), 0.0)
        return self.centre + self.scale * (across @ self.weights), self.scale**2 * variance


def fit_surrogate(points: Array, values: Array) -> Surrogate:
    """Learn an outcome from simulated points.

    Parameters
    ----------
    points
        Places in the unit cube (points, parameters).
    values
        The outcome at each; points where it is NaN are left out.
    """
    there = ~np.isnan(values)
    points, values = points[there], values[there]
    centre, scale = float(values.mean()), float(values.std()) or 1.0
    wanted = (values - centre) / scale
    dimensions = points.shape[1]
    usual = np.concatenate([np.full(dimensions, USUAL[0]), USUAL[1:]])
    spread = np.concatenate([np.full(dimensions, SPREAD[0]), SPREAD[1:]])
    bounds = [(-2.0, 4.0)] * dimensions + [(-6.0, 2.0)] * 2 + [(np.log(LEAST_NOISE), 1.0)]
    with one_thread():
        found = minimize(
            _improbability,
            usual,
            args=(points, wanted, usual, spread),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": ITERATIONS},
        )
        size = np.asarray(found.x, np.float64)
        factor, inverse, weights = _solved(points, wanted, size)
    off = weights / inverse.diagonal()  # what leaving a point out misses it by
    return Surrogate(
        points, centre, scale, size, factor, weights,
        left_out=off * np.sqrt(inverse.diagonal()),
        explained=1 - float((off**2).mean()),
    )  # fmt: skip


def _covariance(one: Array, other: Array, size: Array) -> tuple[Array, Array]:
    """Covariance of an outcome's expected values at two sets of points; and the surface's part."""
    lengths = np.exp(size[:-3])
    left, right = one / lengths, other / lengths
    apart = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None, :] - 2 * left @ right.T
    surface = np.exp(2 * size[-3] - 0.5 * np.maximum(apart, 0.0))
    lines = np.exp(2 * size[-2]) * ((one - 0.5) @ (other - 0.5).T)
    return LEVEL**2 + lines + surface, surface


def _solved(points: Array, wanted: Array, size: Array) -> tuple[tuple[Array, bool], Array, Array]:
    """Factor, inverse and weights of the covariance with its noise."""
    covariance = _covariance(points, points, size)[0]
    covariance[np.diag_indices_from(covariance)] += np.exp(2 * size[-1])
    factor = cho_factor(covariance, lower=True)
    inverse = cho_solve(factor, np.eye(len(points)))
    return factor, inverse, inverse @ wanted


def _improbability(
    size: Array, points: Array, wanted: Array, usual: Array, spread: Array
) -> tuple[float, Array]:
    """Minus the logarithm of the posterior density of sizes, and its gradient."""
    factor, inverse, weights = _solved(points, wanted, size)
    off = (size - usual) / spread
    value = 0.5 * wanted @ weights + np.log(factor[0].diagonal()).sum() + 0.5 * off @ off
    pull = np.outer(weights, weights) - inverse  # d(log likelihood) = tr(pull dK) / 2
    surface = pull * _covariance(points, points, size)[1]
    by_length = surface.sum(axis=1) @ points**2 - ((surface @ points) * points).sum(axis=0)
    centred = points - 0.5
    gradient = np.concatenate(
        [
            by_length / np.exp(2 * size[:-3]),
            [
                surface.sum(),
                np.exp(2 * size[-2]) * ((pull @ centred) * centred).sum(),
                np.exp(2 * size[-1]) * pull.trace(),
            ],
        ]
    )
    return float(value), off / spread - gradient
