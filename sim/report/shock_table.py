"""The shock of 2022 in words: what the simulation makes of it, and what England's figures say."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.calibration_words import rows_of
from sim.report.numbers import change

LABELS = {"turnover": "Turnover, points", "vacancy": "Vacancies, points",
          "agency": "Agency, points", "caseload": "Caseload, cases"}  # fmt: skip
TOLD = "told of"


def shock_table(shock: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Write what England's figures did, and the simulation's changes with half their 95 % range.

    Parameters
    ----------
    shock
        From `sim.study.validation.shock.after_table`.

    Returns
    -------
    tuple
        The heading, and the rows: for each measure England's since 2020, then one for each thing
        that the simulation was told, which begins with `TOLD`.
    """
    years = sorted(shock["year"].unique())
    rows = []
    for measure, of_measure in shock.groupby("measure", sort=False):
        published = of_measure.drop_duplicates("year").set_index("year")["published"]
        rows.append(
            [f"{LABELS[str(measure)]}: England", *(_number(published[year]) for year in years)]
        )
        for told, simulated in of_measure.groupby("told", sort=False):
            of = {row.year: row for row in rows_of(simulated)}
            changes = (_change(of[year].estimate, of[year].low, of[year].high) for year in years)
            rows.append([f"{TOLD} {told}", *changes])
    return ["", *(str(year) for year in years)], rows


def _number(value: float) -> str:
    return "" if math.isnan(value) else change(value, "", 1)


def _change(estimate: float, low: float, high: float) -> str:
    return f"{_number(estimate)} ±{(high - low) / 2:.1f}"
