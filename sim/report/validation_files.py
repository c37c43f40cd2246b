"""A folder of `plimsoll validate`: its tables, and a manifest that says what they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.scenario.whole_folder import MANIFEST, written_whole
from sim.study.files import sha256
from sim.study.storing.manifest import made_here, now

FOLDER = Path("results") / "validation"
FIGURES = "%.6g"


def write_tables(
    tables: Mapping[str, pd.DataFrame], asked: Mapping[str, Any], answer: object, folder: Path,
    form: str,
) -> Path:  # fmt: skip
    """Write a folder, whole or not at all; an earlier one there is replaced.

    Parameters
    ----------
    tables
        By the name of their file.
    asked, answer
        What the manifest says was asked for, and found.
    folder
        Where.
    form
        The kind of folder, which the manifest names: nothing else is replaced.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    """
    with written_whole(folder, form) as making:
        for name, table in tables.items():
            table.to_csv(making / name, index=False, float_format=FIGURES, lineterminator="\n")
        manifest = {
            "format": form,
            "asked": asked,
            "answer": answer,
            "written": now(),
            "files": {
                name: {"sha256": sha256(making / name), "rows": len(table)}
                for name, table in tables.items()
            },
            **made_here(),
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        (making / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    return folder
