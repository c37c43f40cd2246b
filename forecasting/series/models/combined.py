"""The project's own forecaster, of a series that stands alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecasting.series.combination import combined
from forecasting.series.learning import learn
from forecasting.series.monthly_series import MonthlySeries


def plimsoll(
    history: MonthlySeries, months: int, levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Forecast by the combination of structural models."""
    return combined([learn(history)])[0].quantiles(len(history) - 1, months, levels)
