"""Scores of forecasts whose months have come."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

# scoringrules compiles for four seconds when it is imported, for a backend that isn't used here.
_settings: Any = numba.config
_compiling, _settings.DISABLE_JIT = _settings.DISABLE_JIT, True
try:
    import scoringrules
finally:
    _settings.DISABLE_JIT = _compiling

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
