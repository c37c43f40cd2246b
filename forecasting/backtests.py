"""How good forecasts of these streams would have been: rolling origins over their own history."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.assembling import Known
from forecasting.config import StreamPlan
from forecasting.history import AnnualHistory
from forecasting.months import YEAR_CENTRE
from forecasting.need import rates_by_band
from forecasting.population.england import england
from forecasting.series import MonthlySeries
from forecasting.series.backtest import backtest
from forecasting.series.scoring import crps
from forecasting.trends import annual_trend, people_who_ask

COLUMNS = (
    "series_key", "area_name", "model", "horizon", "mase", "crps",
    "crps_relative_to_seasonal_naive", "coverage80", "coverage95", "coverage50",
    "unit_of_horizon", "forecasts",
)  # fmt: skip
LEAST_YEARS = 4  # to forecast from
HORIZONS = (1, 2, 3)
DRAWS = 1_000
MONTHS_AHEAD, ORIGINS = 12, 8
USUAL_CHANGE = 0.06  # of a year, where two years can't tell
Sample = NDArray[np.float64]


def annual_backtest(name: str, known: Known, seed: int) -> pd.DataFrame:
    """Forecast each year of a stream's history from the years before it, and score that.

    People are as estimated by now: what is tested is the trend of need per head. Beside it stand
    the last value and the drift between first and last, with the yearly changes seen till then as
    their spread. The relative column is against the last value, as years have no season.

    Returns
    -------
    pandas.DataFrame
        With `COLUMNS`; empty where the history is too short.
    """
    history, plan = known.history, known.plan
    assert isinstance(history, AnnualHistory)
    people = np.ones(len(history.years))
    if plan.rates is not None:
        people = people_who_ask(england(), rates_by_band(plan.rates), history.years)
    per_head = history.values / people
    scored: list[dict[str, object]] = []
    for at in range(LEAST_YEARS, len(history.years)):
        rng = np.random.default_rng([seed, at])
        for model, ahead in _forecasts(history.years[:at], per_head[:at], plan, rng).items():
            for horizon in HORIZONS:
                hit = np.flatnonzero(history.years == history.years[at - 1] + horizon)
                if hit.size:
                    actual = float(history.values[hit[0]])
                    sample = ahead[:, horizon - 1] * people[hit[0]]
                    scale = float(np.abs(np.diff(history.values[:at])).mean())
                    scored.append(_score(model, horizon, sample, actual, scale))
    return _table(name, scored)


def monthly_backtest(name: str, history: MonthlySeries) -> pd.DataFrame:
    """Forecast the last months of a monthly series from the months before them, and score that."""
    series = MonthlySeries(name, history.area, history.start, history.values)
    scores = backtest([series], MONTHS_AHEAD, ORIGINS).scores
    scores = scores.assign(unit_of_horizon="month", forecasts=ORIGINS)
    whole = scores["horizon"].astype(str) == "all"
    scores.loc[whole, "forecasts"] = ORIGINS * MONTHS_AHEAD
    return scores.reindex(columns=list(COLUMNS))


def _forecasts(
    years: NDArray[np.int_],
    values: NDArray[np.float64],
    plan: StreamPlan,
    rng: np.random.Generator,
) -> Mapping[str, Sample]:
    """Samples of each model for the years of `HORIZONS`, shape (draws, horizons)."""
    horizons = np.array(HORIZONS)
    times = years[-1] + YEAR_CENTRE + horizons.astype(float)
    # What was thought of growth was thought after seeing all years: here nothing is.
    blind = plan.model_copy(update={"growth": None})
    gaps = np.diff(years)
    steps = np.diff(np.log(values))
    spread = float(np.sqrt((steps**2 / gaps).mean())) if len(steps) > 1 else USUAL_CHANGE
    noise = rng.standard_normal((DRAWS, len(horizons))) * spread * np.sqrt(horizons)
    drift = (np.log(values[-1]) - np.log(values[0])) / (years[-1] - years[0]) * horizons
    return {
        "plimsoll": annual_trend(years, values, times, DRAWS, rng, blind),
        "last_value": values[-1] * np.exp(noise),
        "drift": values[-1] * np.exp(drift + noise),
    }


def _score(
    model: str, horizon: int, sample: Sample, actual: float, scale: float
) -> dict[str, object]:
    low50, low80, low95, middle, high95, high80, high50 = np.quantile(
        sample, (0.25, 0.1, 0.025, 0.5, 0.975, 0.9, 0.75)
    )
    return {
        "model": model,
        "horizon": horizon,
        "mase": abs(actual - middle) / scale,
        "crps": float(crps(np.array([actual]), sample[None, :])[0]),
        "coverage80": float(low80 <= actual <= high80),
        "coverage95": float(low95 <= actual <= high95),
        "coverage50": float(low50 <= actual <= high50),
    }


def _table(name: str, scored: list[dict[str, object]]) -> pd.DataFrame:
    if not scored:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = pd.DataFrame(scored)
    means = rows.groupby(["horizon", "model"], as_index=False).mean()
    means["forecasts"] = rows.groupby(["horizon", "model"]).size().to_numpy()
    naive = means[means["model"] == "last_value"].set_index("horizon")["crps"]
    means["crps_relative_to_seasonal_naive"] = means["crps"] / means["horizon"].map(naive)
    means = means.assign(series_key=name, area_name="England", unit_of_horizon="year")
    return means[list(COLUMNS)]


def backtests(known: Mapping[str, Known], seed: int) -> pd.DataFrame:
    """Backtests of every stream's own history, one below the other."""
    frames = []
    for name, each in known.items():
        if isinstance(each.history, AnnualHistory):
            frames.append(annual_backtest(name, each, seed))
        else:
            frames.append(monthly_backtest(name, each.history))
    kept = [frame for frame in frames if not frame.empty]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=list(COLUMNS))
