"""What was found of the simulation, beside what is published, as tables of text."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sim.report.calibration_words import in_words, rows_of
from sim.report.numbers import amount
from sim.report.patterns_table import PLACES
from sim.study.validation.targets import NOT_JUDGED


def targets_table(targets: pd.DataFrame) -> pd.DataFrame:
    """Write the average service beside what is published, each figure as finely as is worth it.

    Parameters
    ----------
    targets
        From `sim.study.validation.targets.check_targets`.

    Returns
    -------
    pandas.DataFrame
        A row for each figure: published, range (over authorities, years or surveys), near enough,
        simulated (the mean with its 95 % range), verdict.
    """
    rows = {
        row.label: {
            "published": in_words(row, row.target),
            "range": _between(row, row.low, row.high),
            "near enough": _between(row, row.near_low, row.near_high),
            "simulated": f"{in_words(row, row.simulated)} "
            f"({_between(row, row.simulated_low, row.simulated_high)})",
            "verdict": f"{NOT_JUDGED}: {row.why_not}" if row.why_not else row.verdict,
        }
        for row in rows_of(with_tolerance(targets))
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("figure")


def patterns_table(patterns: pd.DataFrame) -> pd.DataFrame:
    """Write simulated patterns beside the published ones, each with its 95 % range.

    Parameters
    ----------
    patterns
        From `sim.study.validation.checks.check_patterns`.

    Returns
    -------
    pandas.DataFrame
        A row for each pattern: published, simulated, verdict.
    """
    rows = {
        f"{row.label}, {row.unit}": {
            "published": _estimate(row.published, row.published_low, row.published_high, row.unit),
            "simulated": _estimate(row.simulated, row.simulated_low, row.simulated_high, row.unit),
            "verdict": row.verdict,
        }
        for row in rows_of(patterns)
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("pattern")


def with_tolerance(targets: pd.DataFrame) -> pd.DataFrame:
    """Add how far off is still near enough: figures are written as finely as that asks for."""
    return targets.assign(tolerance=(targets["near_high"] - targets["near_low"]) / 2)


def slope(value: float, unit: str) -> str:
    """Write an estimate of a pattern."""
    return amount(value, "", PLACES.get(unit, 2))


def _estimate(estimate: float, low: float, high: float, unit: str) -> str:
    return f"{slope(estimate, unit)} ({slope(low, unit)} to {slope(high, unit)})"


def _between(row: Any, low: float, high: float) -> str:
    if math.isnan(low) or math.isnan(high):
        return ""
    first, last = in_words(row, low), in_words(row, high)
    return f"{first.removesuffix(' %')} to {last}"
