"""What a fit found, in sentences for a planner: from the tables in its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.changes import unit
from sim.report.numbers import amount, change, decimals, is_fraction
from sim.study.calibration.files_of_a_fit import (
    CONFLICT,
    FIT,
    PAIRS,
    PARAMETERS,
    SURROGATES,
    WAVES,
    WITH_ENSEMBLE,
)
from sim.study.calibration.identified import FOUND, UNKNOWN
from sim.study.registry import outcome_of

FEW = 20  # sets of equal weight: fewer say little of ranges
MOST_PAIRS = 6
POINTS = "points"
NEAREST = 5  # a figure is written to a fifth of its tolerance


def rows_of(table: pd.DataFrame) -> list[Any]:
    """List the rows of a table, each with its cells by the names of their columns."""
    return list(table.itertuples())


class FitTables:
    """The tables of a fit, read from its folder.

    Attributes
    ----------
    agrees
        Whether anything agrees with all targets.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        everything = self._read(WAVES)
        self.waves = everything[everything["wave"] != WITH_ENSEMBLE]
        self.chosen_from = everything[everything["wave"] == WITH_ENSEMBLE]
        self.surrogates = self._read(SURROGATES)
        self.agrees = (folder / FIT).exists()
        if self.agrees:
            self.fit, self.parameters = self._read(FIT), self._read(PARAMETERS)
            self.pairs = self._read(PAIRS)
            self._labels = self.parameters.set_index("name")["label"].to_dict()
        else:
            self.conflict = self._read(CONFLICT)

    def _read(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self._folder / name)

    def label(self, name: Any) -> str:
        """What a parameter is."""
        return str(self._labels[name])


def which_are_met(tables: FitTables) -> str:
    """Say how many targets the central set meets, and by how much it misses the others."""
    fit = tables.fit
    missed = fit[fit["central_off_in_tolerances"].abs() > 1]
    told = f"{len(fit) - len(missed)} of {len(fit)} targets are met within their tolerance"
    each = [
        f"{row.label} ({in_words(row, row.central)} for {in_words(row, row.target)})"
        for row in rows_of(missed)
    ]
    return f"{told}; missed: {'; '.join(each)}." if each else f"{told}."


def how_it_went(tables: FitTables) -> str:
    """Say how far each wave narrowed the space, and how well the surrogates foresaw."""
    waves = tables.waves
    steps = ", ".join(f"{share:.2g}" for share in waves["left"])
    last = tables.surrogates[tables.surrogates["wave"] == len(waves)]
    return (
        f"{int(waves['points'].sum()):,} points in {len(waves)} "
        f"{'wave' if len(waves) == 1 else 'waves'}. Of the space of all parameters this share was "
        f"not ruled out after each: {steps}. A point that the surrogates were not told of lay "
        f"within two of their standard errors {100 * last['within_2_se'].mean():.0f} times in 100 "
        "(95 if they know how sure they are)."
    )


def how_many_sets(tables: FitTables) -> str:
    """Say what the ensemble was chosen from, and what it is worth."""
    row = tables.chosen_from.iloc[0]
    told = (
        f"Of the last {int(row['points'])} points {100 * row['left']:.0f} % agree with all targets "
        f"when simulated; weighted by how well, they are worth {row['worth']:.0f} sets."
    )
    if row["worth"] < FEW:
        told += " That is few: take ranges as too narrow, and fit with more points or waves."
    return told


def what_is_known(tables: FitTables) -> str:
    """Say how many parameters the targets say something of, and of how many next to nothing."""
    spread = tables.parameters["spread_left"]
    known, unknown = sum(spread <= FOUND), sum(spread >= UNKNOWN)
    return (
        f"Of {len(spread)} parameters the targets by themselves halve the range of {known}, narrow "
        f"that of {len(spread) - known - unknown}, and say next to nothing of {unknown}."
    )


def what_is_told_apart_badly(tables: FitTables) -> list[str]:
    """List the parameters that can make up for each other, the closest first."""
    return [
        f"{'more' if row.correlation > 0 else 'less'} of '{tables.label(row.other)}' makes up for "
        f"more of '{tables.label(row.one)}'"
        for row in rows_of(tables.pairs.head(MOST_PAIRS))
    ]


def what_conflicts(tables: FitTables) -> list[str]:
    """Say which targets cannot be met together: a sentence for each."""
    return [
        f"{row.label}: {in_words(row, row.at_best_compromise)} for {in_words(row, row.target)}, "
        f"where {nearness(row)} would be near enough; "
        + (
            "within reach if the others were not asked for"
            if row.within_reach_alone == "yes"
            else "out of reach whatever the others are"
        )
        for row in rows_of(tables.conflict)
    ]


def in_words(row: Any, number: float) -> str:
    """Write a number of a target's row in its outcome's unit, as finely as its tolerance asks.

    A slope is a change: of shares it is in points.
    """
    kind = unit(outcome_of(row.outcome))
    places = decimals(row.tolerance / NEAREST, number, kind)
    return change(number, kind, places) if is_slope(row) else amount(number, kind, places)


def nearness(row: Any) -> str:
    """Write how far off a target is still near enough: a distance, which has no sign."""
    return in_words(row, row.tolerance).removeprefix("+")


def cells_of(row: Any) -> list[str]:
    """Write a target's row: what it is, target, tolerance, before, central set, plausible sets.

    The unit of a slope of shares goes with what it is.
    """
    said = POINTS if is_slope(row) and is_fraction(unit(outcome_of(row.outcome))) else ""
    figures = (row.target, row.before, row.central, row.low, row.high)
    target, before, central, low, high = (
        in_words(row, each).removesuffix(f" {said}") for each in figures
    )
    return [
        f"{row.label}, {said}" if said else str(row.label),
        target, nearness(row).removesuffix(f" {said}"), before, central, f"{low} to {high}",
    ]  # fmt: skip


def is_slope(row: Any) -> bool:
    """Say whether a target's row is of a change for each one more of something.

    A table that holds levels alone has no such column.
    """
    return isinstance(getattr(row, "for_each_more", None), str)
