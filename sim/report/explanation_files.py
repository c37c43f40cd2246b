"""An explanation on disk: its table and its charts, beside the results that it explains."""

from __future__ import annotations

from pathlib import Path

from sim.report.explanation import explained
from sim.report.waterfall import write_waterfall
from sim.study.explaining.difference import CHANGE, Explanation
from sim.study.files import written_whole
from sim.study.storing.folder import made_folder

PARTS = "parts.csv"


def write_explanation(explanation: Explanation, folder: Path) -> Path:
    """Write the parts as a table, and a waterfall for each outcome that changes; give the folder.

    Raises
    ------
    InputError
        If nothing can be written there.
    """
    with made_folder(folder):
        with written_whole(folder / PARTS) as temporary:
            explanation.parts().to_csv(temporary, index=False, lineterminator="\n")
        for each in explained(explanation):
            if each.parts[CHANGE].mean != 0:
                write_waterfall(each, explanation, folder)
    return folder
