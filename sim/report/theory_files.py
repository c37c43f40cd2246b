"""The folder that `plimsoll validate --theory` writes: the cases, and a manifest."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.report.theory_table import theory_answer
from sim.report.validation_files import FOLDER, write_tables

FORMAT = "plimsoll theory 1"
THEORY = "theory.csv"


def default_folder() -> Path:
    """Name the folder when nobody says."""
    return FOLDER / "theory"


def write_theory(table: pd.DataFrame, folder: Path) -> Path:
    """Write the folder, whole or not at all; an earlier one there is replaced.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    """
    return write_tables({THEORY: table}, {}, theory_answer(table), folder, FORMAT)
