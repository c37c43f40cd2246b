"""Monthly series for tests: made by hand or drawn, never published figures."""

import numpy as np
from numpy.typing import NDArray

from forecasting.series.monthly_series import MonthlySeries

START = np.datetime64("2015-05", "M")


def series(
    values: object, key: str = "referrals", area: str = "Northtown", start: str = "2015-05"
) -> MonthlySeries:
    return MonthlySeries(key, area, np.datetime64(start, "M"), np.asarray(values, dtype=float))


def wandering(
    months: int = 72, seed: int = 1, level: float = 400.0, peak: float = 0.0
) -> NDArray[np.float64]:
    """Counts whose level wanders, with more of them in October (of a series from May)."""
    rng = np.random.default_rng(seed)
    path = np.log(level) + np.cumsum(rng.normal(0.0, 0.03, months))
    season = peak * np.cos(2 * np.pi * (np.arange(months) - 5) / 12)
    return rng.poisson(np.exp(path + season)).astype(float)
