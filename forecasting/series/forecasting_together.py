"""Forecast several monthly series together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.series.breaks import find_breaks
from forecasting.series.combination import combined
from forecasting.series.learning import learn
from forecasting.series.monthly_series import MonthlySeries
from forecasting.series.paths import draw_paths


@dataclass(frozen=True, eq=False)
class SeriesForecast:
    """What may come of some series.

    Attributes
    ----------
    paths
        For each (key, area) the paths beyond its last month, shape ``(number, months)``.
    starts
        For each (key, area) the first month of its paths.
    notes
        What was found and how it was treated, in plain words.
    """

    paths: dict[tuple[str, str], NDArray[np.float64]]
    starts: dict[tuple[str, str], np.datetime64]
    notes: tuple[str, ...]


def forecast_series(
    series: Sequence[MonthlySeries], months: int, number: int, seed: int
) -> SeriesForecast:
    """Draw paths of some series beyond their last months.

    Parameters
    ----------
    series
        Series that may learn from each other: those with the same key, in other areas.
    months
        How many months beyond each one's last.
    number
        How many paths.
    seed
        Which chances; 0 or more.

    Raises
    ------
    ValueError
        If there are no series, or two have the same key and area.
    """
    names = [(each.key, each.area) for each in series]
    if not names or len(set(names)) < len(names):
        raise ValueError("at least one series, and each of another key or area")
    combinations = combined([learn(each) for each in series])
    paths = draw_paths(combinations, months, number, seed)
    notes = []
    for name, each in zip(names, combinations, strict=True):
        missing = int(np.isnan(each.lesson.series.values).sum())
        if missing:
            notes.append(f"{name[0]}, {name[1]}: {missing} missing, passed over")
        notes += [f"{name[0]}, {name[1]}: {found}" for found in find_breaks(each)]
    starts = {name: each.months[-1] + 1 for name, each in zip(names, series, strict=True)}
    return SeriesForecast(dict(zip(names, paths, strict=True)), starts, tuple(notes))
