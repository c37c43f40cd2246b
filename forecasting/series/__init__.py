"""Forecasts of monthly and annual series, and backtests that show how good they are.

What others use is here: read series from a file or make them, forecast them together, and ask
for the profile of the year. Annual series, too short for a season, are in ``annual``.
"""

from forecasting.series.annual import annual_paths
from forecasting.series.forecasting_together import SeriesForecast, forecast_series
from forecasting.series.monthly_series import MonthlySeries
from forecasting.series.profile import monthly_profile

__all__ = [
    "MonthlySeries",
    "SeriesForecast",
    "annual_paths",
    "forecast_series",
    "monthly_profile",
]
