"""Quantile forecasts of the comparators, written by an environment of their own.

statsforecast asks for an older pandas than this project does, so it is installed elsewhere
(requirements.txt beside this file), and this script imports nothing of the project:

    python benchmarks/forecasting/comparators.py SERIES.csv QUANTILES.csv

SERIES.csv has the columns series_key, area_name, period_start, value, monthly and without
gaps; with a column frequency, only the rows with M are read.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np
import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import AutoARIMA, AutoETS, AutoTheta, SeasonalNaive

LEVELS = np.arange(1, 40) / 40  # 0.025 to 0.975
SEASON = 12
MODELS = {
    "AutoETS": AutoETS(season_length=SEASON),
    "AutoTheta": AutoTheta(season_length=SEASON),
    "AutoARIMA": AutoARIMA(season_length=SEASON),
    "SeasonalNaive": SeasonalNaive(season_length=SEASON),
}


def read(path: str, least: int) -> pd.DataFrame:
    """The series with at least so many months, as statsforecast wants them."""
    table = pd.read_csv(path)
    if "frequency" in table:
        table = table[table["frequency"] == "M"]
    table = table.assign(
        unique_id=table["series_key"] + "|" + table["area_name"],
        ds=pd.to_datetime(table["period_start"]),
        y=table["value"],
    )
    long = table.groupby("unique_id")["y"].transform("size") >= least
    return table.loc[long, ["unique_id", "ds", "y"]].sort_values(["unique_id", "ds"])


def column(model: str, level: float) -> str:
    """The name of the column that holds a quantile: the edge of a central interval."""
    if level == 0.5:
        return model
    side, interval = ("lo", 1 - 2 * level) if level < 0.5 else ("hi", 2 * level - 1)
    return f"{model}-{side}-{round(100 * interval)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("series")
    parser.add_argument("quantiles")
    parser.add_argument("--horizon", type=int, default=12)
    parser.add_argument("--origins", type=int, default=8)
    parser.add_argument("--least", type=int, default=60, help="months that a series must have")
    asked = parser.parse_args()

    frame = read(asked.series, asked.least)
    intervals = sorted({round(100 * abs(1 - 2 * level)) for level in LEVELS} - {0})
    parts = []
    for name, model in MODELS.items():
        began = time.process_time()
        forecast = StatsForecast([model], freq="MS", n_jobs=1).cross_validation(
            df=frame, h=asked.horizon, n_windows=asked.origins, step_size=1, level=intervals
        )
        print(f"{name}: {time.process_time() - began:.1f} s", file=sys.stderr, flush=True)
        wide = forecast[["unique_id", "cutoff", "ds"]].assign(model=name)
        for level in LEVELS:
            wide[f"{level:g}"] = forecast[column(name, level)].to_numpy(dtype=float)
        parts.append(wide)
    pd.concat(parts).to_csv(asked.quantiles, index=False, float_format="%.8g")


if __name__ == "__main__":
    main()
