"""The folder that `plimsoll validate` writes: theory, patterns, what is behind them, a manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.patterns_table import answer
from sim.report.theory_files import THEORY
from sim.report.validation_files import FOLDER, write_tables
from sim.study.validation.patterns import Finding, findings_table

FORMAT = "plimsoll patterns 1"
PATTERNS, PANEL, SHOCK = "patterns.csv", "panel.csv", "shock.csv"


def default_folder() -> Path:
    """Name the folder when nobody says."""
    return FOLDER / "patterns"


def write_patterns(
    findings: Sequence[Finding], panel: pd.DataFrame, shock: pd.DataFrame,
    theory: pd.DataFrame, asked: dict[str, Any], folder: Path,
) -> Path:  # fmt: skip
    """Write the folder, whole or not at all; an earlier one there is replaced.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    """
    tables = {
        PATTERNS: findings_table(findings),
        PANEL: panel,
        SHOCK: shock,
        THEORY: theory,
    }
    return write_tables(tables, asked, answer(findings), folder, FORMAT)
