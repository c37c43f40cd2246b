"""The folder that a forecast writes: complete, or as it was before."""

from __future__ import annotations

import hashlib
import json
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from forecasting.charts import Drawn, range_chart, waterfall_chart, write_chart
from forecasting.config import StreamPlan
from forecasting.forecast import Forecasted
from forecasting.months import BASE_MONTHS
from forecasting.summary import YEAR, change_in
from sim.packages import versions_of
from sim.scenario.whole_folder import MANIFEST, written_whole

FORMAT = "plimsoll forecast 1"
PATHS = "paths.parquet"
PACKAGES = ("plimsoll-workforce", "numpy", "pandas", "pyarrow", "scipy", "statsmodels", "altair")


def default_folder(name: str) -> Path:
    """Where a forecast goes when nobody says: results/forecasts/<name>."""
    return Path("results") / "forecasts" / name


def write_forecast(found: Forecasted, folder: Path) -> Path:
    """Write a forecast's folder: tables, charts, and a manifest that says what they are.

    It is there whole or not at all; an earlier forecast there is replaced.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    """
    with written_whole(folder, FORMAT) as making:
        _write_all(found, making)
    return folder


def _write_all(found: Forecasted, folder: Path) -> None:
    tables = {
        PATHS: found.paths,
        "intervals.csv": found.intervals,
        "decomposition.csv": found.decomposition,
        "backtest.csv": found.backtest,
    }
    for name, table in tables.items():
        if name == PATHS:
            as_arrow = pa.Table.from_pandas(table, preserve_index=False)
            pq.write_table(as_arrow, folder / name, compression="zstd")
        else:
            table.to_csv(folder / name, index=False, lineterminator="\n")
    texts: dict[str, str] = {}
    for drawn in charts(found):
        texts |= dict.fromkeys(write_chart(drawn, folder), drawn.text)
    files = {
        path.name: {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            **({"rows": len(tables[path.name])} if path.name in tables else {}),
            **({"text": texts[path.name]} if path.name in texts else {}),
        }
        for path in sorted(folder.iterdir())
    }
    text = json.dumps(_manifest(found, files), indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def charts(found: Forecasted) -> list[Drawn]:
    """The charts of a forecast: for each stream its range, and what its change is made of."""
    drawn = []
    year = min(YEAR, found.file.months // BASE_MONTHS)
    for name, plan in found.file.streams.items():
        a_month = plan.unit if plan.stock else f"{plan.unit} a month"
        a_year = f"{plan.unit}, mean of the year" if plan.stock else f"{plan.unit} a year"
        drawn.append(range_chart(name, plan.label, a_month, found.intervals))
        if year:
            row = change_in(found.decomposition, name, year)
            drawn.append(waterfall_chart(name, plan.label, plan.unit, a_year, row))
    return drawn


def _manifest(found: Forecasted, files: dict[str, Any]) -> dict[str, Any]:
    file = found.file
    return {
        "format": FORMAT,
        "forecast": file.name,
        "title": file.title,
        "area": found.area.name,
        "start": file.start.isoformat(),
        "months": file.months,
        "paths": file.paths,
        "seed": file.seed,
        "uncertainty": file.uncertainty,
        "futures": found.future.meaning(),
        "streams": {name: _about(plan) for name, plan in file.streams.items()},
        "notes": list(found.notes),
        "written": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "python": platform.python_version(),
        "packages": versions_of(PACKAGES),
        "files": files,
        "asked": file.model_dump(mode="json"),
    }


def _about(plan: StreamPlan) -> dict[str, Any]:
    return {
        "label": plan.label,
        "unit": plan.unit,
        "counts": "people at the end of each month" if plan.stock else f"{plan.unit} in each month",
        "breaks": [each.why for each in plan.breaks],
    }
