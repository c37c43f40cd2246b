"""Plausible sets of what nobody publishes: each replication takes one, the same under every policy.

A table of sets has a row for each and a column for each value of the scenario that differs between
them; its row `own` has the values that they stand in for. Where a study's scenario has another
value than that, it is its own figure, and stays.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.resources import configs_dir
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.scenario.text_files import is_there, read_text, shown
from sim.scenario.values import numbers_in, refuse_unknown_paths, with_values
from sim.study.files import sha256

KEPT = "plausible.parquet"
COLUMNS = ("replication", "path", "value")
SET, OWN = "set", "own"
PREFIX = "plausible_"
SAME = 1e-6  # of the value: nearer is as written with fewer digits


@dataclass(frozen=True, eq=False)
class PlausibleSets:
    """Sets of values, by path, for a scenario.

    Attributes
    ----------
    sets
        The values of each, in place of the scenario's.
    source
        Where they come from, for the manifest: file, SHA-256, number of sets, and the paths that
        stay as the scenario has them.
    """

    sets: tuple[Mapping[str, float], ...]
    source: dict[str, Any]

    def values_of(self, replication: int) -> Mapping[str, float]:
        """Return the values that a replication takes."""
        return self.sets[replication % len(self.sets)]

    def write(self, file: Path, replications: int) -> None:
        """Write the values that so many replications take."""
        rows = [
            (replication, path, value)
            for replication in range(replications)
            for path, value in self.values_of(replication).items()
        ]
        pd.DataFrame(rows, columns=list(COLUMNS)).to_parquet(file, index=False)


def read_plausible(study: StudyFile, beside: Path | None = None) -> PlausibleSets | None:
    """Read the sets that a study draws from; None if it names none.

    Parameters
    ----------
    study
        As it will be run.
    beside
        The folder that the table's path is relative to, before the current one.

    Raises
    ------
    InputError
        If there is no such table, or its sets do not fit the scenario.
    """
    if study.plausible is None:
        return None
    file = _find(study.plausible, beside)
    paths, rows = _read(file)
    refuse_unknown_paths(paths, study.scenario, shown(file), 1)
    own = next((values for _, name, values in rows if name == OWN), None)
    if own is None or len(rows) < 2:
        message = f"it needs a row whose {SET} is '{OWN}', and one for each set"
        raise InputError(Problem(message, file=shown(file)))
    here = numbers_in(study.scenario)
    stay = [
        path
        for path, value in zip(paths, own, strict=True)
        if not math.isclose(here[path], value, rel_tol=SAME)
    ]
    if len(stay) == len(paths):
        raise InputError(
            Problem(
                "none of these sets' values stands in for a value of the scenario",
                file=shown(file),
                path="plausible",
                accepted=f"sets that were fitted to it: their row '{OWN}' has its own values",
                remedy="fit the scenario first: plimsoll calibrate",
            )
        )
    sets = []
    for line, name, values in rows:
        if name == OWN:
            continue
        each = {path: value for path, value in zip(paths, values, strict=True) if path not in stay}
        _refuse_unfit(each, study.scenario, file, line)
        sets.append(each)
    source = {"file": study.plausible, "sha256": sha256(file), "sets": len(sets), "stay": stay}
    return PlausibleSets(tuple(sets), source)


def read_kept(file: Path) -> PlausibleSets:
    """Read the sets that `PlausibleSets.write` wrote, one for each replication."""
    table = pd.read_parquet(file)
    sets = [
        dict(zip(rows["path"], rows["value"], strict=True))
        for _, rows in table.groupby("replication", sort=True)
    ]
    return PlausibleSets(tuple(sets), {"file": file.name})


def shipped_sets() -> dict[str, Path]:
    """List the shipped tables of sets, by name."""
    folder = configs_dir() / "evidence"
    return {path.stem.removeprefix(PREFIX): path for path in sorted(folder.glob(f"{PREFIX}*.csv"))}


def _find(given: str, beside: Path | None) -> Path:
    known = shipped_sets()
    if given in known:
        return known[given]
    for folder in (beside, Path()):
        if folder is not None and is_there(folder / Path(given).expanduser()):
            return folder / Path(given).expanduser()
    raise InputError(
        Problem(
            "there are no plausible sets here",
            path="plausible",
            given=repr(given),
            accepted="the ensemble.csv of a fit, relative to the study's file or the current "
            f"folder, or one of {', '.join(known) or '(none shipped)'}",
            remedy=did_you_mean(given, known),
        )
    )


def _read(file: Path) -> tuple[list[str], list[tuple[int, str, list[float]]]]:
    """Read a table: the paths, and for each row its line, its name and its values."""
    reader = csv.reader(io.StringIO(read_text(file), newline=""))
    heading = next(reader, [])
    if not heading or heading[0] != SET or len(heading) < 2:
        message = f"the first column is not '{SET}'"
        accepted = f"{SET}, and then the path of a value in each column"
        raise InputError(Problem(message, shown(file), 1, given=", ".join(heading[:5]),
                                 accepted=accepted))  # fmt: skip
    rows, problems = [], []
    for cells in reader:
        try:
            values = [float(cell) for cell in cells[1:]]
            if len(cells) != len(heading) or not all(map(math.isfinite, values)):
                raise ValueError
            rows.append((reader.line_num, cells[0], values))
        except ValueError:
            message = f"this row does not have a number in each of {len(heading) - 1} columns"
            problems.append(Problem(message, shown(file), reader.line_num))
    if problems:
        raise InputError(problems)
    return heading[1:], rows


def _refuse_unfit(values: Mapping[str, float], scenario: Scenario, file: Path, line: int) -> None:
    """Refuse a set that does not make a scenario."""
    try:
        with_values(scenario, values)
    except InputError as error:
        raise InputError(
            Problem(each.message, shown(file), line, each.path, each.given, each.accepted)
            for each in error.problems
        ) from None
