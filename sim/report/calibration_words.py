"""What a fit found, in sentences for a planner: from the tables in its folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.report.numbers import amount, decimals
from sim.study.calibration.files_of_a_fit import (
    CONFLICT,
    FIT,
    PAIRS,
    PARAMETERS,
    SURROGATES,
    WAVES,
)
from sim.study.calibration.identified import FOUND, UNKNOWN
from sim.study.registry import outcome_of


class FitTables:
    """The tables of a fit, read from its folder.

    Attributes
    ----------
    agrees
        Whether anything agrees with all targets.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.waves, self.surrogates = self._read(WAVES), self._read(SURROGATES)
        self.agrees = (folder / FIT).exists()
        if self.agrees:
            self.fit, self.parameters = self._read(FIT), self._read(PARAMETERS)
            self.pairs = self._read(PAIRS)
        else:
            self.conflict = self._read(CONFLICT)

    def _read(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self._folder / name)

    def label(self, name: str) -> str:
        """What a parameter is."""
        labels = self.parameters.set_index("name")["label"]
        return str(labels[name])


def how_it_went(tables: FitTables) -> str:
    """Say how far each wave narrowed the space, and how well the surrogates foresaw."""
    waves = tables.waves
    steps = ", ".join(f"{share:.2g}" for share in waves["space_left"])
    many = "wave" if len(waves) == 1 else "waves"
    points = int(waves["points"].sum())
    last = tables.surrogates[tables.surrogates["wave"] == len(waves)]
    return (
        f"{points:,} points in {len(waves)} {many}. Of the ranges that the parameters had together "
        f"this share was left after each: {steps}. Left out of what it learns from, a point was "
        f"foreseen within two standard errors {100 * last['within_2_se'].mean():.0f} times in 100 "
        "(95 if a surrogate knows how sure it is)."
    )


def which_are_met(tables: FitTables) -> str:
    """Say which targets the central set meets, and by how much it misses the others."""
    fit = tables.fit
    missed = fit[fit["central_off_in_tolerances"].abs() > 1]
    told = f"{len(fit) - len(missed)} of {len(fit)} targets are met within their tolerance"
    if missed.empty:
        return told + "."
    each = [
        f"{row.label} ({value(row, row.central)} for {value(row, row.target)}, "
        f"{abs(row.central_off_in_tolerances):.1f} tolerances off)"
        for row in missed.itertuples()
    ]
    return f"{told}; missed: {'; '.join(each)}."


def what_is_known(tables: FitTables) -> str:
    """Say which parameters the targets say something of."""
    known = tables.parameters[tables.parameters["spread_left"] <= FOUND]
    if known.empty:
        return "The targets halve the range of no parameter by itself."
    each = [
        f"{row.label} ({row.low:.3g} to {row.high:.3g})"
        for row in known.sort_values("spread_left").itertuples()
    ]
    return f"The targets more than halve the range of {'; '.join(each)}."


def what_is_not_known(tables: FitTables) -> str:
    """Say which parameters the targets say nothing of."""
    unknown = tables.parameters[tables.parameters["spread_left"] >= UNKNOWN]
    if unknown.empty:
        return "There is no parameter of which they say nothing."
    return f"They say next to nothing of {'; '.join(unknown['label'])}."


def what_is_told_apart_badly(tables: FitTables, most: int = 8) -> str:
    """Say which parameters can make up for each other."""
    if tables.pairs.empty:
        return "No two parameters make up for each other strongly."
    each = [
        f"{tables.label(row.one)}, with {'more' if row.correlation > 0 else 'less'} of: "
        f"{tables.label(row.other)}"
        for row in tables.pairs.head(most).itertuples()
    ]
    return (
        "What more of the one does, the other can undo, so that the targets fit as well: "
        f"{'; '.join(each)}."
    )


def what_conflicts(tables: FitTables) -> list[str]:
    """Say which targets cannot be met together."""
    conflict = tables.conflict
    told = [
        "Nothing agrees with all targets: no values in the ranges given come near enough. At the "
        "best compromise these are furthest off:"
    ]
    for row in conflict.itertuples():
        unit = outcome_unit(row.key, tables)
        reach = (
            "within reach if the others were not asked for"
            if row.within_reach_alone == "yes"
            else "out of reach whatever the others are"
        )
        told.append(
            f"{row.label}: {row.at_best_compromise:.4g} for {row.target:.4g} ± {row.tolerance:.2g}"
            f"{unit}; {reach}"
        )
    told.append(
        "Give one of them more tolerance, leave it out, widen ranges in the evidence table, or "
        "find what the model lacks."
    )
    return told


def outcome_unit(key: str, tables: FitTables) -> str:
    """Return a target's unit after a space, where its row tells its outcome."""
    found = tables.conflict.set_index("key")
    return f" {outcome_of(str(found.loc[key, 'outcome'])).unit}"


def value(row: object, number: float) -> str:
    """Write a number of a target's row in its outcome's unit, as finely as its tolerance asks."""
    unit = outcome_of(row.outcome).unit  # type: ignore[attr-defined]
    places = decimals(row.tolerance / 5, number, unit)  # type: ignore[attr-defined]
    return amount(number, unit, places)
