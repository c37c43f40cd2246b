"""Make a fit the shipped default: scenario, plausible sets, evidence table and page.

    python scripts/adopt_calibration.py results/calibration/children_average_england

writes the central set into the scenario that was fitted (configs/scenarios), the ensemble into
configs/evidence/plausible_<list>.csv, what it found into docs/calibration.md, and makes the
evidence table again. The scenario must be the one that was fitted, untouched since.

With `--keep-values` the scenario keeps the values that it was fitted with: for where they agree
with all targets themselves, and something else than these targets speaks for them. With
`--but PATH=VALUE ...` it gets the central set but for these values: for what can be set by the one
published figure that it stands for, more exactly than by a fit to all of them.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sim.report.calibration_page import fit_page
from sim.report.calibration_words import FitTables
from sim.scenario.loading import load_scenario
from sim.scenario.service import Scenario
from sim.scenario.values import numbers_in, steps_of
from sim.scenario.yaml_lines import read_yaml
from sim.study.calibration.files_of_a_fit import CENTRAL, ENSEMBLE
from sim.study.plausible_sets import OWN, PREFIX, SET

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "calibration.md"
FOUND = re.compile(r"(<!-- fit -->\n).*?(<!-- /fit -->)", re.DOTALL)
DIGITS = 3
SHARES = ".next."  # they add up to 1, and are written with four decimals


def shortened(values: Mapping[str, float], scenario: Scenario) -> dict[str, float]:
    """Return values with as many digits as are worth writing; shares still add up to 1."""
    short = {
        path: round(value, 4) if SHARES in path else float(f"{value:.{DIGITS}g}")
        for path, value in values.items()
    }
    known = numbers_in(scenario)
    for stage in {path.rpartition(".")[0] for path in short if SHARES in path}:
        of_stage = {p: short.get(p, v) for p, v in known.items() if p.rpartition(".")[0] == stage}
        largest = max((path for path in of_stage if path in short), key=lambda path: short[path])
        rest = sum(value for path, value in of_stage.items() if path != largest)
        short[largest] = round(1 - rest, 6)
    return short


def rewritten(file: Path, values: Mapping[str, float]) -> str:
    """Put values into the text of a scenario file, each on its own line, comments as they are."""
    document = read_yaml(file)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    for path, value in values.items():
        *_, key = steps_of(path)
        place = document.places.get(steps_of(path))
        if place is None:
            raise SystemExit(f"{file.name} does not say {path} itself")
        number = re.compile(rf"(\b{re.escape(str(key))}:\s*)-?[\d.]+(?:[eE][-+]?\d+)?")
        line, times = number.subn(rf"\g<1>{value:.10g}", lines[place.line - 1])
        if times != 1:
            raise SystemExit(f"{file.name}, line {place.line}: {times} numbers for {path}")
        lines[place.line - 1] = line
    return "".join(lines)


def sets_for(folder: Path, own: Mapping[str, float]) -> str:
    """Return the ensemble's table with the adopted values as those that it stands in for."""
    with (folder / ENSEMBLE).open(encoding="utf-8", newline="") as file:
        heading, _, *rows = csv.reader(file)
    adopted = [OWN, *(f"{own[path]:.10g}" for path in heading[1:])]
    return "".join(",".join(row) + "\n" for row in (heading, adopted, *rows))


def adopt(folder: Path, *, keep_values: bool = False, but: Mapping[str, float]) -> None:
    """Write everything, or nothing if the scenario is not the one that was fitted."""
    asked = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["asked"]
    name, listed = asked["scenario"]["name"], asked["calibration"]["name"]
    file = ROOT / "configs" / "scenarios" / f"{name}.yaml"
    scenario = load_scenario(file)
    if scenario.model_dump(mode="json") != asked["scenario"]:
        raise SystemExit(f"{file.name} is not as it was when it was fitted: fit it again")
    paths = [path for path in pd.read_csv(folder / ENSEMBLE, nrows=0) if path != SET]
    adopted = numbers_in(scenario if keep_values else load_scenario(folder / CENTRAL))
    own = shortened({path: adopted[path] for path in paths}, scenario)
    if not but.keys() <= own.keys():
        raise SystemExit(f"not fitted: {', '.join(but.keys() - own.keys())}")
    own |= but
    page = FOUND.sub(
        lambda m: m[1] + fit_page(FitTables(folder)) + m[2], PAGE.read_text(encoding="utf-8")
    )
    sets = sets_for(folder, own)
    if not keep_values:
        file.write_text(rewritten(file, own), encoding="utf-8")
    (ROOT / "configs" / "evidence" / f"{PREFIX}{listed}.csv").write_text(sets, encoding="utf-8")
    PAGE.write_text(page, encoding="utf-8")
    subprocess.run([sys.executable, ROOT / "scripts" / "make_evidence.py"], check=True)
    print(f"adopted: the sets{'' if keep_values else f', and {len(own)} values'} of {file.name}")


def _path_and_value(text: str) -> tuple[str, float]:
    path, _, value = text.partition("=")
    return path, float(value)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make a fit the shipped default.")
    parser.add_argument("folder", type=Path)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--keep-values", action="store_true")
    which.add_argument("--but", nargs="+", type=_path_and_value, default=[], metavar="PATH=VALUE")
    asked = parser.parse_args()
    adopt(asked.folder, keep_values=asked.keep_values, but=dict(asked.but))
