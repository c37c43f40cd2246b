"""The targets of a calibration: what the service should reproduce, and how nearly.

A table in the layout of ``configs/evidence/targets.csv``: `key`, `outcome`, `target`, and either
`tolerance` (how far the service may be off) or `low` and `high` (half the distance between them is
the tolerance). Rows without an outcome, or `of` another scenario, are passed over.

A target with another outcome's key under `for_each_more` is a slope: by how much the outcome
changes for each one more of the other (a case a worker, say) when demand rises.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.model.outcomes import OUTCOMES
from sim.resources import configs_dir
from sim.scenario.loading import unknown_outcomes
from sim.scenario.problems import InputError, Problem, did_you_mean
from sim.scenario.service import Scenario
from sim.scenario.text_files import read_text, shown
from sim.scenario.yaml_lines import Document
from sim.study.calibration.implausibility import Goals
from sim.study.registry import outcome_of
from sim.study.staffing.targets import is_share

NEEDED = ("key", "outcome", "target")
NEARNESS = ("tolerance", "low", "high")
FOR_EACH_MORE = "for_each_more"
SURE = 2.0  # standard deviations: a service that is right is within the tolerance 19 times in 20


@dataclass(frozen=True)
class FitTarget:
    """An outcome and the value that it should have.

    Attributes
    ----------
    key, label
        Its key in the table, and what it is.
    outcome
        The key of the outcome.
    value
        What it should be.
    tolerance
        How far off is still near enough.
    for_each_more
        The key of the outcome that a slope is for each one more of; empty where the target is a
        level.
    """

    key: str
    label: str
    outcome: str
    value: float
    tolerance: float
    for_each_more: str = ""


def shipped_targets() -> Path:
    """Name the shipped table of targets."""
    return configs_dir() / "evidence" / "targets.csv"


def goals_of(targets: Collection[FitTarget]) -> Goals:
    """Write targets as arrays."""
    return Goals(
        tuple(each.key for each in targets),
        np.array([each.value for each in targets]),
        np.array([each.tolerance / SURE for each in targets]),
    )


def read_fit_targets(
    file: Path, scenario: Scenario, of: str, leave_out: Mapping[str, str]
) -> tuple[FitTarget, ...]:
    """Read the targets that a scenario is fitted to.

    Parameters
    ----------
    file
        The table.
    scenario
        Which is fitted; it may name outcomes of its own.
    of
        Rows that name another scenario than this one, or the fitted one, are passed over.
    leave_out
        Keys of rows that are passed over, too.

    Raises
    ------
    InputError
        With all problems of the table, by line and column.
    """
    rows = _rows(file)
    problems: list[Problem] = []
    found: dict[tuple[str, str], FitTarget] = {}
    for line, row in rows:
        if not row["outcome"] or row["key"] in leave_out:
            continue
        if row.get("of") not in (None, "", of, scenario.name):
            continue
        wrong = _wrong(row, scenario, file, line)
        what = row["outcome"], row.get(FOR_EACH_MORE, "")
        if not wrong and what in found:
            other = found[what].key
            message = f"another target ('{other}') is of the same outcome"
            wrong = [_problem(file, line, "outcome", message, row["outcome"])]
        problems += wrong
        if not wrong:
            found[what] = _target(row, scenario)
    if problems:
        raise InputError(problems)
    if not found:
        message = f"there is no target for the scenario {scenario.name} in it"
        accepted = f"rows with an outcome, whose `of` is blank, {of} or {scenario.name}"
        raise InputError(Problem(message, file=shown(file), accepted=accepted))
    return tuple(found.values())


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    """Read the rows of the table, each with the number of its line."""
    reader = csv.DictReader(io.StringIO(read_text(file), newline=""))
    columns = list(reader.fieldnames or ())
    missing = [name for name in NEEDED if name not in columns]
    if not missing and not ("tolerance" in columns or {"low", "high"} <= set(columns)):
        missing = ["tolerance"]
    if missing:
        raise InputError(
            Problem(
                f"there is no column {name}",
                file=shown(file),
                line=1,
                given=", ".join(columns),
                accepted=", ".join((*NEEDED, "tolerance (or low and high)")),
                remedy=did_you_mean(name, columns),
            )
            for name in missing
        )
    return [
        (reader.line_num, {key: (text or "").strip() for key, text in row.items() if key})
        for row in reader
    ]


def _wrong(row: Mapping[str, str], scenario: Scenario, file: Path, line: int) -> list[Problem]:
    """List what is wrong with a row."""
    problems = []
    for column in ("outcome", FOR_EACH_MORE):
        named = [row[column]] if row.get(column) else []
        content = {"outcomes": named, "scenario": scenario.model_dump(mode="json")}
        problems += [
            replace(unknown, file=shown(file), line=line, path=column)
            for unknown in unknown_outcomes(Document(content), OUTCOMES)
        ]
    if row["outcome"] == row.get(FOR_EACH_MORE):
        message = "an outcome changes by one for each one more of itself"
        problems.append(_problem(file, line, FOR_EACH_MORE, message, row["outcome"]))
    numbers = {
        column: _number(row[column])
        for column in ("target", *NEARNESS)
        if row.get(column) or column == "target"
    }
    problems += [
        _problem(file, line, column, "not a number", repr(row[column]), "a number")
        for column, value in numbers.items()
        if math.isnan(value)
    ]
    if problems:
        return problems
    if not row.get(FOR_EACH_MORE):
        problems = _out_of_reach(row, numbers["target"], scenario, file, line)
    return problems + _not_near(row, numbers, file, line)


def _out_of_reach(
    row: Mapping[str, str], target: float, scenario: Scenario, file: Path, line: int
) -> list[Problem]:
    """List what is wrong with a level that no service has; a slope may be any number."""
    kind = outcome_of(row["outcome"], scenario)
    most = 1.0 if is_share(kind) else math.inf
    if 0 <= target <= most:
        return []
    message = f"no service can reach this: {kind.label} is never there"
    accepted = "a share from 0 to 1" if most == 1 else "a number, 0 or more"
    remedy = f"write {target / 100:g}" if 1 < target <= 100 else ""
    return [_problem(file, line, "target", message, row["target"], accepted, remedy)]


def _not_near(
    row: Mapping[str, str], numbers: Mapping[str, float], file: Path, line: int
) -> list[Problem]:
    """List what is wrong with how near is near enough."""
    if "tolerance" in numbers:
        if numbers["tolerance"] > 0:
            return []
        accepted = "a number above 0, in the outcome's own unit"
        return [_problem(file, line, "tolerance", "not a distance", row["tolerance"], accepted)]
    if not {"low", "high"} <= set(numbers):
        message = "nothing says how near is near enough"
        remedy = "fill in the tolerance, or low and high; or leave the outcome blank"
        return [_problem(file, line, "tolerance", message, remedy=remedy)]
    if numbers["low"] < numbers["high"]:
        return []
    given = f"{row['low']} to {row['high']}"
    return [_problem(file, line, "low", "low is not below high", given)]


def _target(row: Mapping[str, str], scenario: Scenario) -> FitTarget:
    if row.get("tolerance"):
        tolerance = _number(row["tolerance"])
    else:
        tolerance = (_number(row["high"]) - _number(row["low"])) / 2
    label, cause = outcome_of(row["outcome"], scenario).label, row.get(FOR_EACH_MORE, "")
    if cause:
        label = f"{outcome_of(cause, scenario).label} up by 1: {label}"
    return FitTarget(row["key"], label, row["outcome"], _number(row["target"]), tolerance, cause)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _problem(
    file: Path,
    line: int,
    column: str,
    message: str,
    given: str = "",
    accepted: str = "",
    remedy: str = "",
) -> Problem:
    return Problem(message, shown(file), line, column, given, accepted, remedy)
