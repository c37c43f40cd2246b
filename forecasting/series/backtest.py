"""Backtests: what forecasts made in the past would have been worth.

From each of the last origins the months after it are forecast by every model, with nothing
that was known later: no value of the series or its sisters, and no weight, width or choice
that rests on one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.series.combination import Combination, combined
from forecasting.series.learning import learn
from forecasting.series.models import MODELS, USUAL_MODELS
from forecasting.series.monthly_series import MonthlySeries
from forecasting.series.scoring import crps, usual_yearly_change

Array = NDArray[np.float64]

OURS, NAIVE = "plimsoll", "seasonal_naive"
LEAST_KNOWN = 24  # months before the first origin: less is not enough for a year's season
MEMBERS = 200  # of the sample that the score is taken of: evenly spaced quantiles
SAMPLE = (np.arange(MEMBERS) + 0.5) / MEMBERS
BOUNDS = {80: (0.1, 0.9), 95: (0.025, 0.975), 50: (0.25, 0.75)}
LEVELS = np.unique([*SAMPLE, 0.5, *(edge for pair in BOUNDS.values() for edge in pair)])
COLUMNS = (
    "series_key", "area_name", "model", "horizon", "mase", "crps",
    "crps_relative_to_seasonal_naive", "coverage80", "coverage95", "coverage50",
)  # fmt: skip
ALL = "all"


@dataclass(frozen=True, eq=False)
class Backtest:
    """How good forecasts would have been.

    Attributes
    ----------
    scores
        One row for each series, model and horizon in months, and one with the horizon "all".
    left_out
        Series that are too short; `months_needed` says for what.
    """

    scores: pd.DataFrame
    left_out: tuple[MonthlySeries, ...]


def months_needed(horizon: int, origins: int) -> int:
    """Return how many months a series must have for a backtest."""
    return LEAST_KNOWN + horizon + origins - 1


def backtest(
    series: Sequence[MonthlySeries],
    horizon: int = 12,
    origins: int = 8,
    models: Sequence[str] = USUAL_MODELS,
) -> Backtest:
    """Forecast from the last origins of each series, a month apart, and score it.

    Parameters
    ----------
    series
        Those with the same key learn from each other.
    horizon
        How many months ahead. The last origin has as many months after it.
    origins
        From how many months.
    models
        Which of `MODELS`; the project's own and seasonal naive are always among them.
    """
    names = tuple(dict.fromkeys((OURS, NAIVE, *models)))
    frames, left_out = [], []
    for each in combined([learn(one) for one in series]):
        if len(each.lesson.series) < months_needed(horizon, origins):
            left_out.append(each.lesson.series)
        else:
            frames.append(_scores(each, horizon, origins, names))
    empty = pd.DataFrame(columns=list(COLUMNS))
    return Backtest(pd.concat(frames, ignore_index=True) if frames else empty, tuple(left_out))


def _scores(ours: Combination, horizon: int, origins: int, models: Sequence[str]) -> pd.DataFrame:
    series = ours.lesson.series
    last = len(series) - 1 - horizon
    places = range(last - origins + 1, last + 1)
    actual = np.stack([series.values[origin + 1 : origin + 1 + horizon] for origin in places])
    scale = np.array([usual_yearly_change(series.values[: origin + 1]) for origin in places])
    tables = {}
    for model in models:
        quantiles = np.stack([_quantiles(ours, model, origin, horizon) for origin in places])
        tables[model] = _by_horizon(actual, quantiles, scale)
    naive = tables[NAIVE]["crps"]
    rows = []
    for model, table in tables.items():
        relative = np.divide(table["crps"], naive, out=np.full(naive.size, np.nan), where=naive > 0)
        frame = pd.DataFrame(table | {"crps_relative_to_seasonal_naive": relative})
        frame["horizon"] = [ALL, *(str(ahead) for ahead in range(1, horizon + 1))]
        rows.append(frame.assign(series_key=series.key, area_name=series.area, model=model))
    return pd.concat(rows, ignore_index=True)[list(COLUMNS)]


def _quantiles(ours: Combination, model: str, origin: int, horizon: int) -> Array:
    if model == OURS:
        return ours.quantiles(origin, horizon, LEVELS)
    known = ours.lesson.series.until(origin + 1)
    behind = origin + 1 - len(known)  # where the month of the origin is itself missing
    return MODELS[model](known, horizon + behind, LEVELS)[behind:]


def _by_horizon(actual: Array, quantiles: Array, scale: Array) -> dict[str, Array]:
    """Score forecasts: for each score an array, over all horizons first, then by horizon.

    Parameters
    ----------
    actual
        Shape (origins, horizon), NaN where missing.
    quantiles
        Shape (origins, horizon, levels).
    scale
        By which absolute errors are divided, for each origin.
    """
    at = {level: int(np.searchsorted(LEVELS, level - 1e-9)) for level in _needed()}
    sample = quantiles[..., [at[level] for level in SAMPLE]]
    missed = np.abs(actual - quantiles[..., at[0.5]])
    missed = np.where(missed == 0, 0.0, missed)
    scaled = np.divide(
        missed, scale[:, None], out=np.full(missed.shape, np.nan), where=scale[:, None] > 0
    )
    known = ~np.isnan(actual)
    score = np.where(known, crps(np.where(known, actual, 0.0), sample), np.nan)
    found = {"mase": _means(scaled), "crps": _means(score)}
    for share, (low, high) in BOUNDS.items():
        inside = (actual >= quantiles[..., at[low]]) & (actual <= quantiles[..., at[high]])
        found[f"coverage{share}"] = _means(np.where(known, inside, np.nan))
    return found


def _needed() -> list[float]:
    return [*SAMPLE, 0.5, *(edge for pair in BOUNDS.values() for edge in pair)]


def _means(scores: Array) -> Array:
    """Average over all, then over the origins at each horizon; NaN of nothing."""
    known = ~np.isnan(scores)
    total, counted = np.where(known, scores, 0.0).sum(axis=0), known.sum(axis=0)
    total, counted = np.append(total.sum(), total), np.append(counted.sum(), counted)
    means: Array = np.divide(total, counted, out=np.full(total.shape, np.nan), where=counted > 0)
    return means
