"""The folder that a backtest writes: every prediction, the scores, and a manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.backtest_table import verdict
from sim.report.validation_files import FOLDER, write_tables
from sim.study.validation.scoring import scores

FORMAT = "plimsoll backtest 1"
PREDICTIONS, SCORES = "backtest.csv", "scores.csv"


def default_folder() -> Path:
    """Name the folder of a backtest when nobody says."""
    return FOLDER / "backtest"


def write_backtest(table: pd.DataFrame, asked: dict[str, Any], folder: Path) -> Path:
    """Write the folder of a backtest, whole or not at all; an earlier one there is replaced.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    """
    scored = scores(table)
    return write_tables(
        {PREDICTIONS: table, SCORES: scored}, asked, verdict(scored), folder, FORMAT
    )
