"""The command `plimsoll backtest`: how well any monthly series can be forecast."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from forecasting.series.backtest import backtest, months_needed
from forecasting.series.monthly_series import MonthlySeries
from forecasting.series.reading import SeriesFile, read_series
from forecasting.series.verdict import verdict
from sim.packages import versions_of
from sim.scenario.problems import InputError, Problem
from sim.scenario.text_files import shown
from sim.scenario.whole_folder import MANIFEST, written_whole

FORMAT = "plimsoll backtest 1"
SCORES = "scores.csv"
FARTHEST = 24
MOST_ORIGINS = 120
PACKAGES = ("plimsoll-workforce", "numpy", "scipy", "pandas", "statsmodels", "scoringrules")


@dataclass(frozen=True, eq=False)
class Backtested:
    """What `plimsoll backtest` found.

    Attributes
    ----------
    folder
        Where scores.csv and manifest.json are.
    scores
        The table in scores.csv.
    notes
        What was treated or left out, in words.
    verdict
        What the scores say, in words.
    """

    folder: Path
    scores: pd.DataFrame
    notes: tuple[str, ...]
    verdict: str


def backtest_file(
    path: str | Path, horizon: int = 12, origins: int = 8, out: Path | None = None
) -> Backtested:
    """Backtest the series of a CSV file, and write the scores.

    Parameters
    ----------
    path
        The file; see `forecasting.series.reading.read_series`.
    horizon
        How many months ahead, up to 24.
    origins
        From how many of the last months, up to 120.
    out
        The folder to write; results/backtests/<name of the file> when left out.

    Raises
    ------
    InputError
        If the file or an option cannot be used, or no series is long enough.
    """
    path = Path(path)
    _check("horizon", horizon, FARTHEST)
    _check("origins", origins, MOST_ORIGINS)
    read = read_series(path)
    folder = out if out is not None else Path("results") / "backtests" / path.stem
    # The folder is looked at before the work and written after it.
    with written_whole(folder, FORMAT) as making:
        found = backtest(read.series, horizon, origins)
        left_out = [_why_left_out(each, read, horizon, origins) for each in found.left_out]
        notes = (*read.notes, *left_out)
        if found.scores.empty:
            raise InputError(
                Problem(
                    "no series is long enough",
                    file=shown(path),
                    given=left_out[0],
                    remedy="fewer --origins or a shorter --horizon take fewer months, "
                    f"{months_needed(1, 1)} at least",
                )
            )
        text = found.scores.to_csv(index=False, lineterminator="\n", float_format="%.6g")
        (making / SCORES).write_text(text, encoding="utf-8", newline="\n")
        manifest = {
            "format": FORMAT,
            "series": shown(path),
            "series_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "horizon": horizon,
            "origins": origins,
            "notes": list(notes),
            "files": {
                SCORES: {
                    "rows": len(found.scores),
                    "sha256": hashlib.sha256(text.encode()).hexdigest(),
                }
            },
            "written": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "python": platform.python_version(),
            "packages": versions_of(PACKAGES),
        }
        (making / MANIFEST).write_text(
            json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    return Backtested(folder, found.scores, notes, verdict(found.scores))


def _why_left_out(series: MonthlySeries, read: SeriesFile, horizon: int, origins: int) -> str:
    line = read.last_lines[series.key, series.area]
    return (
        f"{series.key}, {series.area}: {len(series)} months, the last on line {line}; {origins} "
        f"origins and {horizon} months ahead take {months_needed(horizon, origins)}, so it is "
        "left out"
    )


def _check(option: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        accepted = f"a whole number from 1 to {most}"
        raise InputError(Problem("out of range", path=option, given=str(value), accepted=accepted))
