"""Quantiles of normal errors around a forecast, none below 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]


def normal_quantiles(expected: Array, deviation: Array, levels: Array) -> Array:
    """Return quantiles: (months, levels)."""
    found: Array = expected[:, None] + deviation[:, None] * stats.norm.ppf(levels)
    return np.maximum(found, 0.0)


def root_mean_square(errors: Array) -> float:
    """Return the root of the mean square, 0 of none."""
    return float(np.sqrt(np.mean(errors**2))) if errors.size else 0.0
