"""Scores of forecasts whose months have come."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Where it finds numba, scoringrules compiles for three seconds each time that it is imported, for a
# backend that isn't used here.
_modules: dict[str, Any] = sys.modules
_numba = _modules.get("numba")
_modules["numba"] = None
try:
    import scoringrules
finally:
    del _modules["numba"]
    if _numba is not None:
        _modules["numba"] = _numba

Array = NDArray[np.float64]


def crps(actual: Array, sample: Array) -> Array:
    """Return the continuous ranked probability score of samples.

    Parameters
    ----------
    actual
        Any shape.
    sample
        That shape and one axis more, the sample's.
    """
    return np.asarray(scoringrules.crps_ensemble(actual, sample, backend="numpy"))


def usual_yearly_change(values: Array) -> float:
    """Return the mean absolute change from year to year, by which MASE is scaled.

    Hyndman and Koehler (2006), with the season of a year.
    """
    changes = np.abs(values[12:] - values[:-12])
    changes = changes[~np.isnan(changes)]
    return float(changes.mean()) if changes.size else float("nan")
