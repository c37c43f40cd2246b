"""Seasonal ARIMA of the root, its order chosen from a few by the corrected Akaike criterion."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.tsa.statespace.sarimax import SARIMAX

from forecasting.series.models.last_value import last_value
from forecasting.series.models.quiet import FAILED, quiet_fits
from forecasting.series.monthly_series import MonthlySeries

FEWEST = 36
ORDERS = (
    ((0, 1, 1), (0, 0, 0, 0)),
    ((0, 1, 1), (0, 1, 1, 12)),
)


def sarimax(
    history: MonthlySeries, months: int, levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Forecast by the best of a few orders; where none can be fitted, the last value."""
    size = history.without_gaps.mean() or 1.0  # so that the unit makes no difference to the search
    roots = np.sqrt(history.values / size)
    if roots.size < FEWEST or np.nanmax(roots) == np.nanmin(roots):
        return last_value(history, months, levels)
    best = None
    with quiet_fits():
        for order, season in ORDERS:
            try:
                fit = SARIMAX(roots, order=order, seasonal_order=season).fit(disp=False)
            except FAILED:
                continue
            # Each difference loses months, so that only the criterion a month compares.
            score = fit.aicc / fit.nobs_effective
            if best is None or score < best[0]:
                best = (score, fit)
        if best is None:
            return last_value(history, months, levels)
        ahead = best[1].get_forecast(months)
        spread = np.asarray(ahead.se_mean)[:, None]
        expected = np.asarray(ahead.predicted_mean)[:, None] + spread * stats.norm.ppf(levels)
    found: NDArray[np.float64] = size * np.maximum(expected, 0.0) ** 2
    return found
