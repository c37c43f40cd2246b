"""Measure how good our forecasts of monthly series are, and how fast.

    python -m benchmarks.forecasting SERIES.csv [--comparators QUANTILES.csv]

The last eight origins, 1 to 12 months ahead, of each series in SERIES.csv with 60 months or
more. What the project learnt from published series beforehand (scripts/make_series_pool.py) is
learnt anew from half the keys and judged by the other half, and the other way round. QUANTILES.csv
comes from comparators.py. Times are processor seconds of one process. The last line is one line of
JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import scoringrules

from forecasting.series import forecast_series
from forecasting.series.combination import combined
from forecasting.series.learning import learn
from forecasting.series.models.seasonal_naive import seasonal_naive
from forecasting.series.monthly_series import MonthlySeries
from scripts.make_series_pool import learn_pool, of_half, read

HORIZON, ORIGINS = 12, 8
LEVELS = np.arange(1, 40) / 40
BOUNDS = {"coverage50": (0.25, 0.75), "coverage80": (0.1, 0.9), "coverage95": (0.025, 0.975)}
REFERENCE = "SeasonalNaive"
Quantiles = dict[tuple[str, str], np.ndarray]


def ours(series: list[MonthlySeries]) -> tuple[Quantiles, Quantiles]:
    """Our forecasts, of each half with the pool of the other: all series known, and each alone."""
    together, alone = {}, {}
    halves = {half: of_half(series, half) for half in ("even", "odd")}
    for judged, taught in (("even", "odd"), ("odd", "even")):
        pool = learn_pool([learn(each) for each in halves[taught]])
        lessons = [learn(each) for each in halves[judged]]
        for lesson, joined in zip(lessons, combined(lessons, pool), strict=True):
            known, name = lesson.series, (lesson.series.key, lesson.series.area)
            last = len(known) - 1 - HORIZON
            origins = range(last - ORIGINS + 1, last + 1)
            single = combined([lesson], pool)[0]
            for found, each in ((together, joined), (alone, single)):
                found[name] = np.stack([each.quantiles(at, HORIZON, LEVELS) for at in origins])
    return together, alone


def theirs(path: Path) -> dict[str, Quantiles]:
    """The comparators' forecasts, and the mean of the quantiles of all but seasonal naive."""
    table = pd.read_csv(path).sort_values(["unique_id", "cutoff", "ds"])
    columns = [f"{level:g}" for level in LEVELS]
    found: dict[str, Quantiles] = {}
    for (model, name), rows in table.groupby(["model", "unique_id"]):
        shape = (ORIGINS, HORIZON, LEVELS.size)
        found.setdefault(model, {})[tuple(name.split("|"))] = (
            rows[columns].to_numpy().reshape(shape)
        )
    parts = [each for model, each in found.items() if model != REFERENCE]
    found["mean of the three"] = {
        name: np.mean([part[name] for part in parts], axis=0) for name in parts[0]
    }
    return found


def score(forecasts: Quantiles, series: list[MonthlySeries]) -> pd.DataFrame:
    """CRPS and coverage of each series."""
    rows = {}
    for each in series:
        quantiles = forecasts[each.key, each.area]
        last = len(each) - 1 - HORIZON
        actual = np.stack(
            [each.values[at + 1 : at + 1 + HORIZON] for at in range(last - ORIGINS + 1, last + 1)]
        )
        crps = scoringrules.crps_quantile(actual, quantiles, LEVELS, backend="numpy")
        at = {
            share: [int(np.argmin(abs(LEVELS - p))) for p in pair] for share, pair in BOUNDS.items()
        }
        rows[each.key, each.area] = {"crps": crps.mean()} | {
            share: ((actual >= quantiles[..., low]) & (actual <= quantiles[..., high])).mean()
            for share, (low, high) in at.items()
        }
    return pd.DataFrame(rows).T


def summary(scores: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """For each model its CRPS against the reference, its worst series and its coverage."""
    rows = {}
    for model, table in scores.items():
        ratio = table["crps"] / scores[REFERENCE]["crps"]
        rows[model] = {
            "crps": float(np.exp(np.log(ratio).mean())),
            "worst": float(ratio.max()),
            "over 1.1": int((ratio > 1.1).sum()),
            "worst series": ", ".join(ratio.idxmax()),
            **table[list(BOUNDS)].mean().to_dict(),
        }
    return pd.DataFrame(rows).T


def naive(series: list[MonthlySeries]) -> Quantiles:
    """Seasonal naive of our own, where there are no comparators."""
    found = {}
    for each in series:
        last = len(each) - 1 - HORIZON
        found[each.key, each.area] = np.stack(
            [
                seasonal_naive(each.until(at + 1), HORIZON, LEVELS)
                for at in range(last - ORIGINS + 1, last + 1)
            ]
        )
    return found


def seconds_of_ten_series(series: list[MonthlySeries]) -> float:
    """How long fitting ten series and drawing 1,000 paths of five years takes."""
    ten = sorted(series, key=len)[-10:]
    began = time.process_time()
    forecast_series(ten, 60, 1_000, seed=1)
    return time.process_time() - began


def seconds_of_a_backtest(series: list[MonthlySeries], folder: Path) -> float:
    """How long `plimsoll backtest` of a series of 120 months takes, Python's start included."""
    each = next(each for each in series if len(each) >= 120).until(120)
    file = folder / "one.csv"
    pd.DataFrame(
        {
            "series_key": each.key,
            "area_name": each.area,
            "period_start": [f"{month}-01" for month in each.months],
            "value": each.values,
        }
    ).to_csv(file, index=False)
    command = (sys.executable, "-m", "sim.cli", "backtest", file, "--out", folder / "scores")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecasting", description=__doc__)
    parser.add_argument("series", type=Path)
    parser.add_argument("--comparators", type=Path)
    asked = parser.parse_args()
    series = read(asked.series)
    together, alone = ours(series)
    forecasts = {"plimsoll": together, "plimsoll, each alone": alone}
    forecasts |= theirs(asked.comparators) if asked.comparators else {REFERENCE: naive(series)}
    scores = {model: score(each, series) for model, each in forecasts.items()}
    table = summary(scores)
    print(f"{len(series)} series of {len({each.key for each in series})} keys")
    print(table.to_string(float_format="{:.3f}".format))
    found = {"series": len(series), "crps": float(table.loc["plimsoll", "crps"])}
    for half in ("even", "odd"):
        names = [(each.key, each.area) for each in of_half(series, half)]
        part = summary({model: each.loc[names] for model, each in scores.items()})
        print(f"{half} keys: " + ", ".join(f"{m} {v:.3f}" for m, v in part["crps"].items()))
        found[f"crps_{half}_keys"] = float(part.loc["plimsoll", "crps"])
    if "AutoETS" in table.index:
        found["against_auto_ets"] = found["crps"] / float(table.loc["AutoETS", "crps"])
    with tempfile.TemporaryDirectory() as folder:
        found["seconds_ten_series"] = seconds_of_ten_series(series)
        found["seconds_backtest"] = seconds_of_a_backtest(series, Path(folder))
    print(json.dumps({k: round(v, 3) for k, v in found.items()}))


if __name__ == "__main__":
    main()
