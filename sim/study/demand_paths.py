"""Forecast demand: each replication takes one sample path, the same one under every policy.

A forecast is read as data, from a folder that `plimsoll forecast` wrote or from any table of paths;
what is used of it is kept with the results, so that a run can be done again without it.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.resources import configs_dir
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.scenario.text_files import is_there, shown
from sim.study.files import sha256

DEMAND = "demand.parquet"
COLUMNS = ("stream", "month", "path", "requests")
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, eq=False)
class DemandPaths:
    """Cases of each month, path by path, for some of a scenario's streams.

    Attributes
    ----------
    first
        The first day of the first month.
    totals
        For each stream of the scenario an array (paths, months).
    source
        Where they come from, for the manifest: file, SHA-256, paths and months there.
    """

    first: date
    totals: dict[str, NDArray[np.float64]]
    source: dict[str, Any]

    def laid_over(self, scenario: Scenario, replication: int) -> Scenario:
        """The scenario with the monthly demand of a replication's path.

        Nothing is validated anew: what is put in was checked when it was read.
        """
        streams = dict(scenario.demand)
        for name, totals in self.totals.items():
            path = totals[replication % len(totals)]
            streams[name] = streams[name].model_copy(
                update={
                    "per_week": None,
                    "per_month": tuple(path.tolist()),
                    "per_month_from": self.first,
                }
            )
        return scenario.model_copy(update={"demand": streams})

    def path_of(self, replication: int) -> DemandPaths:
        """Only the path that a replication takes, to go with it to wherever it is run."""
        totals = {}
        for name, paths in self.totals.items():
            number = replication % len(paths)
            totals[name] = paths[number : number + 1]
        return DemandPaths(self.first, totals, {})

    def write(self, file: Path, replications: int) -> None:
        """Write the paths that so many replications take."""
        frames = []
        for name, totals in self.totals.items():
            used = totals[:replications]
            paths, months = used.shape
            frames.append(
                pd.DataFrame(
                    {
                        "stream": name,
                        "month": np.tile(_months(self.first, months), paths),
                        "path": np.repeat(np.arange(paths), months),
                        "requests": used.ravel(),
                    }
                )
            )
        pd.concat(frames, ignore_index=True).to_parquet(file, index=False)


def read_demand(study: StudyFile, beside: Path | None = None) -> DemandPaths | None:
    """Read the paths that a study's forecast gives its streams; None if it names no forecast.

    Parameters
    ----------
    study
        As it will be run.
    beside
        The folder that the forecast's path is relative to, before the current one.

    Raises
    ------
    InputError
        If there is no such forecast, it lacks a stream, or does not cover the study's time.
    """
    if study.forecast is None:
        return None
    file, about = _find(study.forecast.paths, beside)
    table = _read(file)
    known = [str(name) for name in table["stream"].unique()]
    problems = [
        Problem(
            "the forecast has no such stream",
            path=f"forecast.streams.{ours}",
            given=repr(theirs),
            accepted=f"one of {', '.join(known)} (in {shown(file)})",
            remedy=did_you_mean(theirs, known),
        )
        for ours, theirs in study.forecast.streams.items()
        if theirs not in known
    ]
    if problems:
        raise InputError(problems)
    firsts, totals = {}, {}
    for ours, theirs in study.forecast.streams.items():
        firsts[ours], totals[ours] = _grid(table, theirs, file)
    if (
        len(
            {
                (first, array.shape)
                for first, array in zip(firsts.values(), totals.values(), strict=True)
            }
        )
        > 1
    ):
        message = "the streams do not have the same months and paths"
        raise InputError(Problem(message, file=shown(file)))
    first = next(iter(firsts.values()))
    paths, months = next(iter(totals.values())).shape
    _covers(study, first, months, file)
    source = {**about, "paths": paths, "first_month": f"{first:%Y-%m}", "months": months}
    return DemandPaths(first, totals, source)


def read_kept(file: Path) -> DemandPaths:
    """Read the paths that `DemandPaths.write` wrote."""
    table = pd.read_parquet(file)
    first, totals = None, {}
    for name in table["stream"].unique():
        first, totals[str(name)] = _grid(table, str(name), file)
    assert first is not None
    return DemandPaths(first, totals, {"file": file.name})


def _find(given: str, beside: Path | None) -> tuple[Path, dict[str, Any]]:
    """Find the table of paths that a study means, and say what it is."""
    places = [
        folder / Path(given).expanduser() for folder in (beside, Path()) if folder is not None
    ]
    for place in places:
        if is_there(place):
            return place, {"file": given, "sha256": sha256(place)}
        table = place / "paths.parquet"
        if is_there(table):
            return table, {"file": given, **_checked_manifest(place, table)}
    raise InputError(
        Problem(
            "there is no forecast here",
            path="forecast.paths",
            given=repr(given),
            accepted="a folder that `plimsoll forecast` wrote, or a table of paths (.parquet or "
            ".csv), relative to the study's file or the current folder",
            remedy=_how_to_write(places[-1]),
        )
    )


def _how_to_write(missing: Path) -> str:
    """Tell the command that writes a forecast which isn't there: a shipped one goes by its name."""
    if missing.suffix == ".csv":  # somebody's own table
        return ""
    folder = missing.parent if missing.suffix else missing
    is_shipped = is_there(configs_dir() / "forecasts" / f"{folder.name}.yaml")
    name = folder.name if is_shipped else f"{folder.name}.yaml"
    command = shlex.join(["plimsoll", "forecast", name, "--out", str(folder)])
    return f"write it first: {command}" + ("" if is_shipped else " (with your own forecast file)")


def _checked_manifest(folder: Path, table: Path) -> dict[str, Any]:
    """What a forecast's manifest says of it, if its paths are as they were written."""
    found: dict[str, Any] = {"sha256": sha256(table)}
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        written = manifest["files"][table.name]["sha256"]
        found |= {"forecast": manifest["forecast"], "futures": manifest["futures"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            Problem(
                "the forecast's manifest.json cannot be read",
                file=shown(folder),
                remedy="run `plimsoll forecast` again, or name its paths.parquet itself",
            )
        ) from None
    if written != found["sha256"]:
        raise InputError(
            Problem(
                "the paths were changed after the forecast was written",
                file=shown(table),
                remedy="run `plimsoll forecast` again, or name the table itself as the forecast",
            )
        )
    return found


def _read(file: Path) -> pd.DataFrame:
    """Read a table of paths, by the ending of its name."""
    try:
        table = pd.read_csv(file) if file.suffix == ".csv" else pd.read_parquet(file)
    except Exception as error:  # whatever the two libraries raise for a file of another kind
        message = f"this cannot be read as a table: {str(error).splitlines()[0]}"
        accepted = "a Parquet or CSV file with the columns " + ", ".join(COLUMNS)
        raise InputError(Problem(message, file=shown(file), accepted=accepted)) from None
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        found = [str(column) for column in table.columns]
        raise InputError(
            Problem(
                f"there is no column {missing[0]}",
                file=shown(file),
                given=", ".join(found),
                accepted=", ".join(COLUMNS),
                remedy=did_you_mean(missing[0], found),
            )
        )
    return table


def _grid(table: pd.DataFrame, stream: str, file: Path) -> tuple[date, NDArray[np.float64]]:
    """The first month of a stream, and its requests as an array (paths, months)."""
    rows = table[table["stream"] == stream]

    def refuse(message: str, bad: pd.Series | None = None, accepted: str = "") -> InputError:
        line, given = None, ""
        if bad is not None and file.suffix == ".csv":
            line = int(bad.index[0]) + 2
        if bad is not None:
            given = str(bad.iloc[0])
        return InputError(
            Problem(f"{message} (stream {stream})", shown(file), line, "", given, accepted)
        )

    requests = pd.to_numeric(rows["requests"], errors="coerce")
    wrong = ~(requests >= 0) | ~np.isfinite(requests)
    if wrong.any():
        raise refuse("not a number of requests", rows.loc[wrong, "requests"], "a number, 0 or more")
    months = pd.to_datetime(rows["month"].astype(str), format="%Y-%m", errors="coerce")
    if months.isna().any():
        raise refuse("not a month", rows.loc[months.isna(), "month"], "a month, written as 2026-04")
    number = (months.dt.year * 12 + months.dt.month - 1).to_numpy()
    paths, path = np.unique(rows["path"].to_numpy(), return_inverse=True)
    length = int(number.max() - number.min()) + 1
    grid = np.full((len(paths), length), np.nan)
    grid[path, number - number.min()] = requests.to_numpy(float)
    if len(rows) != grid.size or np.isnan(grid).any():
        raise refuse("each path needs each month once, and no month may be left out")
    first = int(number.min())
    return date(first // 12, first % 12 + 1, 1), grid


def _covers(study: StudyFile, first: date, months: int, file: Path) -> None:
    """Refuse a forecast that starts after the study does, or ends before it."""
    start = study.scenario.start_date
    last_day = start + timedelta(days=round(study.years * DAYS_A_YEAR) - 1)
    if first > start:
        raise InputError(
            Problem(
                f"the forecast starts in {first:%Y-%m}, after the study does",
                file=shown(file),
                path="forecast.paths",
                accepted=f"a forecast from {start:%Y-%m} or earlier (for the warm-up before its "
                "first month, demand is the mean of its first twelve)",
                remedy="give the forecast an earlier `start:`, or the scenario a later start_date",
            )
        )
    end = first.year * 12 + first.month - 1 + months - 1  # the last month, counted from year 0
    needed = last_day.year * 12 + last_day.month - 1
    if end < needed:
        raise InputError(
            Problem(
                f"the forecast ends in {end // 12}-{end % 12 + 1:02d}, before the study does",
                file=shown(file),
                path="forecast.paths",
                accepted=f"a forecast to {last_day:%Y-%m} or later: nothing is carried on for it",
                remedy=f"forecast {needed - end} months more (--months), or simulate fewer years",
            )
        )


def _months(first: date, number: int) -> NDArray[np.str_]:
    months: NDArray[np.str_] = (np.datetime64(first, "M") + np.arange(number)).astype(str)
    return months
