"""Make configs/forecasting/series_pool.json: what published monthly series are usually like.

    python scripts/make_series_pool.py SERIES.csv [--out FILE]

SERIES.csv has the columns series_key, area_name, period_start, value (monthly; with a column
frequency, only the rows with M are read). Series with 60 months or more and none missing are
used, and each series key counts alike, however many areas it has.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.series.candidates import all_candidates
from forecasting.series.combination import NEAR, Combination, combined
from forecasting.series.learning import BEFORE_JUDGING, Lesson, learn
from forecasting.series.monthly_series import MonthlySeries
from forecasting.series.pool import NAME, Pool

ROOT = Path(__file__).resolve().parents[1]
FARTHEST = 24
LEAST = 60
CIRCUITS = 3  # the pool has settled by then
SOURCE = (
    "Mental Health Services Monthly Statistics, A&E attendances, delayed transfers of care and "
    "referral to treatment (NHS England); CAMHS waiting times and delayed discharges "
    "(Public Health Scotland)"
)


def read(path: Path) -> list[MonthlySeries]:
    """Read the long unbroken series of a file."""
    table = pd.read_csv(path)
    if "frequency" in table:
        table = table[table["frequency"] == "M"]
    found = []
    for (key, area), rows in table.groupby(["series_key", "area_name"]):
        rows = rows.sort_values("period_start")
        months = np.array(list(rows["period_start"]), dtype="datetime64[M]")
        if len(rows) >= LEAST and (np.diff(months).astype(int) == 1).all():
            found.append(MonthlySeries(key, area, months[0], rows["value"].to_numpy(dtype=float)))
    return found


def of_half(series: list[MonthlySeries], half: str) -> list[MonthlySeries]:
    """Choose the series of every other key, in order of name: the "even" ones, or the "odd"."""
    keys = sorted({each.key for each in series})[("even", "odd").index(half) :: 2]
    return [each for each in series if each.key in keys]


def by_key(
    combinations: Iterable[Combination], values: Iterable[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Average over the series of each key, then over the keys."""
    of_key: dict[str, list[NDArray[np.float64]]] = {}
    for each, value in zip(combinations, values, strict=True):
        of_key.setdefault(each.lesson.series.key, []).append(value)
    return np.mean([np.mean(found, axis=0) for found in of_key.values()], axis=0)


def errors(each: Combination) -> NDArray[np.float64]:
    """Errors 1 to 24 months ahead over their spread at the origin, once candidates were judged."""
    ahead = each.lesson.expected(np.arange(len(each.lesson.series)), FARTHEST)
    missed = each.lesson.errors(np.einsum("mac,mc->ma", ahead, each.weights))
    scale = np.maximum(each.spread, 1e-9 + 1e-3 * each.spread.max())
    return (missed / scale[:, None])[BEFORE_JUDGING:]


def learnt(combinations: list[Combination]) -> Pool:
    """Learn what is usual from some series."""
    widening = []
    for each in combinations:
        missed = np.nanmean(np.abs(errors(each)), axis=0)
        widening.append(np.log(missed / missed[:NEAR].mean()))
    widened = np.exp(by_key(combinations, widening))
    # Errors 1 and h months ahead from the same month share what stays with the level.
    shared = []
    for each in combinations:
        e = np.clip(errors(each), -6, 6)
        shared.append(
            np.array([np.nanmean(e[:, 0] * e[:, h]) for h in (2, 3, 4, 5)]).mean()
            / np.nanmean(e[:, 0] ** 2)
        )
    stays = float(by_key(combinations, [np.array(x) for x in shared]))
    spreads = [
        np.log(each.spread[-1] / np.sqrt(np.nanmean(each.lesson.series.values)))
        for each in combinations
    ]
    losses = by_key(combinations, [each.lesson.relative_losses[-1] for each in combinations])
    return Pool(
        np.maximum.accumulate(widened),
        float(np.clip(1.0 - stays, 0.0, 1.0)),
        float(np.exp(by_key(combinations, [np.array(x) for x in spreads]))),
        losses,
    )


def learn_pool(lessons: list[Lesson]) -> Pool:
    """Learn what is usual, from a first guess: weights and pool depend on each other."""
    ahead, names = np.arange(1, FARTHEST + 1), all_candidates().names
    pool = Pool(np.sqrt(ahead / 2.0), 0.5, 0.05, np.zeros(len(names)))
    for _ in range(CIRCUITS):
        pool = learnt(combined(lessons, pool))
    return pool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("series", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "configs" / "forecasting" / NAME)
    asked = parser.parse_args()
    series = read(asked.series)
    pool = learn_pool([learn(each) for each in series])
    content = {
        "quality": "derived",
        "source": SOURCE,
        "series": len(series),
        "keys": len({each.key for each in series}),
        "first_month": str(min(each.start for each in series)),
        "last_month": str(max(each.months[-1] for each in series)),
        "widening": [round(float(value), 3) for value in pool.widening],
        "passing": round(pool.passing, 3),
        "spread": round(pool.spread, 4),
        "relative_losses": {
            name: round(float(value), 3)
            for name, value in zip(all_candidates().names, pool.relative_losses, strict=True)
        },
    }
    asked.out.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"{asked.out.name}: learnt from {len(series)} series")


if __name__ == "__main__":
    main()
