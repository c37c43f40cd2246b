"""The folder that a backtest writes: every prediction, the scores, and a manifest."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

import pandas as pd

from sim.report.backtest_table import verdict
from sim.scenario.whole_folder import MANIFEST, written_whole
from sim.study.files import sha256
from sim.study.storing.manifest import git_commit, now, package_versions
from sim.study.validation.scoring import scores

FORMAT = "plimsoll backtest 1"
PREDICTIONS, SCORES = "backtest.csv", "scores.csv"
FIGURES = "%.6g"


def default_folder() -> Path:
    """Name the folder of a backtest when nobody says."""
    return Path("results") / "validation" / "backtest"


def write_backtest(table: pd.DataFrame, asked: dict[str, Any], folder: Path) -> Path:
    """Write the folder of a backtest, whole or not at all; an earlier one there is replaced.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    """
    scored = scores(table)
    with written_whole(folder, FORMAT) as making:
        for name, content in ((PREDICTIONS, table), (SCORES, scored)):
            content.to_csv(making / name, index=False, float_format=FIGURES, lineterminator="\n")
        files = {
            path.name: {"sha256": sha256(path), "rows": len(content)}
            for path, content in (
                (making / PREDICTIONS, table),
                (making / SCORES, scored),
            )
        }
        manifest = {
            "format": FORMAT,
            "asked": asked,
            "answer": verdict(scored),
            "written": now(),
            "files": files,
            "git_commit": git_commit(),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "processors": os.cpu_count(),
            "packages": package_versions(),
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (making / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    return folder
