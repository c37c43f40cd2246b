"""What follows the shock of 2022, in words: beside the same service without it, and England."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.calibration_words import rows_of
from sim.report.numbers import change

LABELS = {"turnover": "Turnover, points", "vacancy": "Vacancies, points",
          "agency": "Agency, points", "caseload": "Caseload, cases"}  # fmt: skip
ENGLAND = "England since 2020"


def shock_table(shock: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Write each change with half its 95 % range.

    Parameters
    ----------
    shock
        From `sim.study.validation.shock.after_table`.

    Returns
    -------
    tuple
        The heading, and two rows for each measure: simulated, and England's, which is empty where
        nothing is published.
    """
    years = sorted(shock["years"].unique())
    rows = []
    for measure, of_measure in shock.groupby("measure", sort=False):
        of = {row.years: row for row in rows_of(of_measure)}
        rows.append(
            [
                LABELS[str(measure)],
                *(_change(of[n].estimate, of[n].low, of[n].high) for n in years),
            ]
        )
        rows.append(
            [
                ENGLAND,
                *(
                    _change(of[n].published_estimate, of[n].published_low, of[n].published_high)
                    for n in years
                ),
            ]
        )
    return ["", *(_after(n) for n in years)], rows


def _after(years: int) -> str:
    return f"after {years} year" if years == 1 else f"after {years} years"


def _change(estimate: float, low: float, high: float) -> str:
    return "" if math.isnan(estimate) else f"{change(estimate, '', 1)} ±{(high - low) / 2:.1f}"
