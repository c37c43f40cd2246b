"""Drift: the line from the first month through the last goes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecasting.series.models.normal import normal_quantiles, root_mean_square
from forecasting.series.monthly_series import MonthlySeries


def drift(history: MonthlySeries, months: int, levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Forecast that line; the error of its slope widens the intervals (Hyndman, section 5.5)."""
    values, ahead = history.without_gaps, np.arange(1, months + 1)
    steps = max(values.size - 1, 1)
    slope = (values[-1] - values[0]) / steps
    spread = root_mean_square(np.diff(values) - slope) * np.sqrt(ahead * (1 + ahead / steps))
    return normal_quantiles(np.maximum(values[-1] + slope * ahead, 0.0), spread, levels)
