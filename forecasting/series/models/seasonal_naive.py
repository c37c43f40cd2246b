"""Seasonal naive: what the same month of the last year had."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecasting.series.models.normal import normal_quantiles, root_mean_square
from forecasting.series.monthly_series import MonthlySeries


def seasonal_naive(
    history: MonthlySeries, months: int, levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Forecast the last year again; errors grow with the root of the years ahead."""
    values = history.without_gaps
    expected = np.resize(values[-12:], months)
    years = np.ceil(np.arange(1, months + 1) / 12)
    spread = root_mean_square(values[12:] - values[:-12])
    return normal_quantiles(expected, spread * np.sqrt(years), levels)
