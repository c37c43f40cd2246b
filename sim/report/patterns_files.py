"""The folder that `plimsoll validate` writes: patterns, the panel behind them, and a manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.patterns_table import answer
from sim.report.validation_files import FOLDER, write_tables
from sim.study.validation.patterns import Finding, findings_table
from sim.study.validation.shock import After, after_table

FORMAT = "plimsoll patterns 1"


def default_folder() -> Path:
    """Name the folder when nobody says."""
    return FOLDER / "patterns"


def write_patterns(
    findings: Sequence[Finding], panel: pd.DataFrame, after: Sequence[After],
    asked: dict[str, Any], folder: Path,
) -> Path:  # fmt: skip
    """Write the folder, whole or not at all; an earlier one there is replaced.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    """
    tables = {
        "patterns.csv": findings_table(findings),
        "panel.csv": panel,
        "shock.csv": after_table(after),
    }
    return write_tables(tables, asked, answer(findings), folder, FORMAT)
