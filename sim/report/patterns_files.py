"""The folder that `plimsoll validate` writes: patterns, the panel behind them, and a manifest."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.patterns_table import answer
from sim.scenario.whole_folder import MANIFEST, written_whole
from sim.study.files import sha256
from sim.study.manifest import git_commit, now, package_versions
from sim.study.validation.patterns import Finding, findings_table
from sim.study.validation.shock import After, after_table

FORMAT = "plimsoll patterns 1"
FIGURES = "%.6g"


def default_folder() -> Path:
    """Name the folder when nobody says."""
    return Path("results") / "validation" / "patterns"


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
    with written_whole(folder, FORMAT) as making:
        for name, table in tables.items():
            table.to_csv(making / name, index=False, float_format=FIGURES, lineterminator="\n")
        manifest = {
            "format": FORMAT,
            "asked": asked,
            "answer": answer(findings),
            "written": now(),
            "files": {
                name: {"sha256": sha256(making / name), "rows": len(table)}
                for name, table in tables.items()
            },
            "git_commit": git_commit(),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "processors": os.cpu_count(),
            "packages": package_versions(),
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (making / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    return folder
