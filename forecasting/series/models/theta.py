"""Theta: half a trend and simple smoothing, with the season taken out first if there is one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.tsa.forecasting.theta import ThetaModel

from forecasting.series.models.last_value import last_value
from forecasting.series.models.normal import normal_quantiles
from forecasting.series.models.quiet import quiet_fits
from forecasting.series.monthly_series import MonthlySeries

FEWEST = 27
BEYOND = 0.05  # an interval is asked for, whose width tells the standard deviation


def theta(history: MonthlySeries, months: int, levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Forecast by the Theta method; where it cannot be fitted, the last value."""
    values = history.without_gaps
    if values.size < FEWEST or np.ptp(values) == 0:
        return last_value(history, months, levels)
    size = values.mean()  # so that the unit makes no difference to the search
    method = "mul" if values.min() > 0 else "add"
    with quiet_fits():
        fit = ThetaModel(values / size, period=12, method=method).fit()
        expected = np.asarray(fit.forecast(months))
        edges = np.asarray(fit.prediction_intervals(months, alpha=BEYOND))
    spread = (edges[:, 1] - edges[:, 0]) / (2.0 * stats.norm.isf(BEYOND / 2))
    return normal_quantiles(size * np.maximum(expected, 0.0), size * spread, levels)
