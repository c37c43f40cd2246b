"""The models that the combination is measured against, one a file.

Each is a function with the same three arguments: what is known, how many months ahead, and at
which levels quantiles are wanted. It returns them in the shape (months, levels), none below 0.
Nothing is kept from one call to the next.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from forecasting.series.models.combined import plimsoll
from forecasting.series.models.drift import drift
from forecasting.series.models.ets import ets
from forecasting.series.models.last_value import last_value
from forecasting.series.models.sarimax import sarimax
from forecasting.series.models.seasonal_naive import seasonal_naive
from forecasting.series.models.theta import theta
from forecasting.series.monthly_series import MonthlySeries

Model = Callable[[MonthlySeries, int, NDArray[np.float64]], NDArray[np.float64]]

MODELS: dict[str, Model] = {
    "plimsoll": plimsoll,
    "seasonal_naive": seasonal_naive,
    "last_value": last_value,
    "drift": drift,
    "ets": ets,
    "theta": theta,
    "sarimax": sarimax,
}
USUAL_MODELS = ("plimsoll", "seasonal_naive", "last_value", "drift", "ets")
"""Those of a backtest when nothing else is asked for."""
