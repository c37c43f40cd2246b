"""Exponential smoothing (ETS), its form chosen by the corrected Akaike criterion."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from forecasting.series.models.last_value import last_value
from forecasting.series.models.quiet import FAILED, quiet_fits
from forecasting.series.monthly_series import MonthlySeries

FEWEST = 27  # two years and the few months that a season's fit needs beyond them
DRAWS = 1_000
SEED = 1
LARGEST = 10.0  # times the largest value seen: a trend that multiplies can explode


def ets(history: MonthlySeries, months: int, levels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Forecast by the best of ETS forms with additive or multiplicative errors and season.

    Of a history too short for any, or of one that never changes, the last value is forecast.
    """
    values = history.without_gaps
    size = values.mean()  # so that the unit makes no difference to the search
    fits = _fits(values / size) if values.size >= FEWEST and np.ptp(values) > 0 else []
    if not fits:
        return last_value(history, months, levels)
    best = min(fits, key=lambda fit: fit.aicc)
    deviates = np.random.default_rng(SEED).standard_normal((months, DRAWS))
    with quiet_fits():
        simulated = best.simulate(
            months,
            anchor="end",
            repetitions=DRAWS,
            random_errors=deviates * np.sqrt(best.scale),
        )
    drawn = size * np.asarray(simulated).reshape(months, DRAWS)
    drawn = np.nan_to_num(drawn, nan=values[-1])
    held = np.clip(drawn, 0.0, LARGEST * values.max())
    found: NDArray[np.float64] = np.quantile(held, levels, axis=1).T
    return found


def _fits(values: NDArray[np.float64]) -> list[Any]:
    kinds = ("add", "mul") if values.min() > 0 else ("add",)
    found = []
    # Error and season are both added or both multiplied: mixed forms are rarely chosen.
    for error, trend, seasonal in product(kinds, (None, "add"), (False, True)):
        season = error if seasonal else None
        model = ETSModel(
            values,
            error=error,
            trend=trend,
            damped_trend=trend is not None,
            seasonal=season,
            seasonal_periods=12 if season else None,
            initialization_method="heuristic",
        )
        try:
            with quiet_fits():
                fit = model.fit(disp=False)
        except FAILED:
            continue
        if np.isfinite(fit.aicc):
            found.append(fit)
    return found
