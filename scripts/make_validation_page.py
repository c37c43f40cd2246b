"""Write docs/validation.md from the folder in which `plimsoll validate` keeps its results.

python scripts/make_validation_page.py results/validation

The panel and the backtest are read from there (`patterns`, `backtest`); what takes a minute or two,
theory and targets, is simulated again.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from sim.report.backtest_files import PREDICTIONS
from sim.report.patterns_files import PANEL, PATTERNS, SHOCK
from sim.report.validation_page import validation_page
from sim.report.validation_summary import Checks
from sim.study.storing.manifest import NAME, git_commit, now
from sim.study.validation.targets import check_targets
from sim.study.validation.theory import check_theory

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "validation.md"
WRITTEN = ROOT / "scripts" / "validation"
SERVICES = {  # scenario, years
    "Children's services": ("children_average_england", 3.0),
    "Adults' services": ("adults_average_england", 2.0),
    "Mental health services": ("mental_health_average_england", 2.0),
}


def found_in(folder: Path) -> Checks:
    """Read what is there, and simulate the rest."""
    print("theory ...", flush=True)
    theory = check_theory()
    targets = {}
    for service, (scenario, years) in SERVICES.items():
        print(f"targets: {scenario} ...", flush=True)
        targets[service] = check_targets(scenario, years=years)
    patterns, panel, shock = (
        pd.read_csv(folder / "patterns" / name) for name in (PATTERNS, PANEL, SHOCK)
    )
    backtest = pd.read_csv(folder / "backtest" / PREDICTIONS)
    return Checks(theory, targets, patterns, panel, shock, backtest)


def made_with(folder: Path) -> pd.DataFrame:
    """Say of each part which version of the project made it, and when."""
    rows = [("theory and targets", git_commit(), now())]
    for part in ("patterns", "backtest"):
        manifest = json.loads((folder / part / NAME).read_text(encoding="utf-8"))
        rows.append((part, manifest["git_commit"], manifest["written"]))
    return pd.DataFrame(
        [
            (part, _short(commit) if commit else "not known", written.partition("T")[0])
            for part, commit, written in rows
        ],
        columns=["part", "source", "written"],
    )


def _short(commit: str) -> str:
    number, plus, changes = commit.partition("+")
    return f"commit {number[:10]}{plus}{changes}"


def main(folder: Path) -> None:
    """Write the page."""
    parts = {file.stem: file.read_text(encoding="utf-8") for file in WRITTEN.glob("*.md")}
    page = validation_page(found_in(folder), made_with(folder), parts)
    PAGE.write_text(page, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
