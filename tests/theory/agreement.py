"""The rule for a theory test: close to the exact answer, and precise enough to know it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

MOST_ERRORS = 4  # standard errors by which a simulated value may differ from the exact one
PRECISION = 0.01  # standard error over value, at most
PRECISION_WHEN_BUSY = 0.02
BUSY = 0.9  # a load above this is busy


@dataclass(frozen=True)
class Estimate:
    """A simulated value and its standard error."""

    value: float
    error: float


def mean_of(values: ArrayLike) -> Estimate:
    """The mean of independent values."""
    found = np.asarray(values, np.float64)
    return Estimate(float(found.mean()), float(found.std(ddof=1) / np.sqrt(found.size)))


def ratio_of(above: ArrayLike, below: ArrayLike) -> Estimate:
    """The ratio of two sums, of which each independent team or run gives a part."""
    y, x = np.asarray(above, np.float64), np.asarray(below, np.float64)
    value = y.sum() / x.sum()
    rest = y - value * x
    spread = np.sqrt((rest**2).sum() * len(y) / (len(y) - 1))
    return Estimate(float(value), float(spread / x.sum()))


def count_of(number: float) -> Estimate:
    """A number of independent events, which has the error of a Poisson count."""
    return Estimate(float(number), float(np.sqrt(number)))


def agrees(found: Estimate, exact: float, load: float = 0.0) -> None:
    """Hold a simulated value against the exact one, by the rule."""
    precision = PRECISION_WHEN_BUSY if load > BUSY else PRECISION
    what = f"simulated {found.value:.6g} +- {found.error:.2g}, exact {exact:.6g}"
    assert found.error < precision * abs(exact), f"not precise enough: {what}"
    assert abs(found.value - exact) < MOST_ERRORS * found.error, what


def agrees_roughly(found: Estimate, exact: float) -> None:
    """As `agrees`, where the precise value is held elsewhere in the same test."""
    what = f"simulated {found.value:.6g} +- {found.error:.2g}, exact {exact:.6g}"
    assert abs(found.value - exact) < MOST_ERRORS * found.error, what
