"""Last value: the last month goes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forecasting.series.models.normal import normal_quantiles, root_mean_square
from forecasting.series.monthly_series import MonthlySeries


def last_value(
    history: MonthlySeries, months: int, levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Forecast the last month's value; errors grow with the root of the months ahead."""
    values = history.without_gaps
    spread = root_mean_square(np.diff(values)) * np.sqrt(np.arange(1, months + 1))
    return normal_quantiles(np.full(months, values[-1]), spread, levels)
