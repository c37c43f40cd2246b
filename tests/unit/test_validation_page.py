"""The page that says how far the simulation can be trusted: its words follow the figures."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.report.validation_page import validation_page
from sim.report.validation_summary import Checks, summary
from sim.study.validation.patterns import PATTERNS, Finding, findings_table
from sim.study.validation.shock import MEASURES, TOLD, After, after_table
from sim.study.validation.slopes import Slope

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
WRITTEN = {
    file.stem: file.read_text(encoding="utf-8")
    for file in (ROOT / "scripts" / "validation").glob("*.md")
}
MADE = pd.DataFrame({"part": ["theory"], "source": ["commit abc"], "written": ["2026-04-01"]})


def theory(agrees=True):
    row = {"case": "A queue", "measure": "mean wait", "exact": 2.0, "simulated": 2.0 + (not agrees)}
    return pd.DataFrame([row | {"standard_error": 0.1, "agrees": agrees}])


def targets(simulated=0.12, why_not=""):
    near = {"near_low": 0.10, "near_high": 0.14}
    verdict = "not judged" if why_not else "hit" if 0.10 <= simulated <= 0.14 else "miss"
    return pd.DataFrame(
        [
            {
                "key": "turnover", "outcome": "turnover_rate", "label": "Turnover", "target": 0.12,
                "low": np.nan, "high": np.nan, **near, "runs": 4, "years": 2.0, "why_not": why_not,
                "simulated": simulated, "simulated_low": simulated - 0.01,
                "simulated_high": simulated + 0.01, "verdict": verdict,
            }
        ]
    )  # fmt: skip


def patterns(wrong=()):
    found = [Finding(pattern, pattern.published) for pattern in PATTERNS]
    for number in wrong:
        found[number] = Finding(PATTERNS[number], Slope(90.0, 89.0, 91.0))
    return findings_table(found)


def shock():
    return after_table(
        [
            After(measure, year, said, Slope(1.0, 0.5, 1.5), -2.0)
            for measure in MEASURES
            for said in TOLD
            for year in (2021, 2022)
        ]
    )


def backtest(error=0.5):
    chance = np.random.default_rng(4)
    rows = []
    for measure in ("turnover", "caseload"):
        for authority in range(40):
            actual = chance.normal(15, 1)
            off = np.sign(chance.normal())
            simple = dict.fromkeys(("persistence", "mean3", "shrinkage", "expected"), actual + off)
            predicted = actual + off * error
            rows.append(
                {
                    "authority": str(authority), "year": 2024, "measure": measure,
                    "predicted": predicted, "low80": predicted - 1, "high80": predicted + 1,
                    "actual": actual, **simple,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def made_checks(**instead):
    panel = pd.DataFrame(
        {"authority": ["a", "a", "b"], "year": [1, 2, 1], "caseload": [10, 12, 17]}
    )
    plain = {
        "theory": theory(), "targets": {"Children's services": targets()}, "patterns": patterns(),
        "panel": panel, "shock": shock(), "backtest": backtest(),
    }  # fmt: skip
    return Checks(**plain | instead)


def test_where_all_holds_nothing_is_said_not_to():
    lines = summary(made_checks())
    assert len(lines) == 5
    assert not any("*not*" in line.lower() for line in lines[:4])
    assert "1 of 1 answers" in lines[0]
    assert "Children's services: 1 of 1 published figures are met" in lines[1]
    assert f"{len(PATTERNS)} of {len(PATTERNS)} patterns" in lines[2]
    assert "50.0 % smaller" in lines[3]


def test_what_does_not_hold_is_named():
    lines = summary(
        made_checks(
            theory=theory(agrees=False), targets={"Adults": targets(0.2), "Children": targets()},
            patterns=patterns(wrong=(0, 1)), backtest=backtest(error=1.5),
        )
    )  # fmt: skip
    assert lines[0].endswith("*Not:* A queue (mean wait).")
    assert (
        "Adults: 0 of 1 published figures are met, *not* turnover (20.0 % for 12.0 %)" in lines[1]
    )
    assert "Children: 1 of 1" in lines[1]
    assert f"{len(PATTERNS) - 2} of {len(PATTERNS)}" in lines[2]
    assert "assessments in 45 working days (miss: 90.00 for −0.97); the change of" in lines[2]
    assert lines[3].endswith("*Not* better than last year's figure: turnover, caseload.")


def test_what_is_no_test_is_shown_and_not_judged():
    checks = made_checks(targets={"Adults": targets(0.5, why_not="it is given")})
    assert "0 of 0 published figures" in summary(checks)[1]
    assert "not judged: it is given" in validation_page(checks, MADE, WRITTEN)


def test_the_page_has_every_part_and_its_tables_are_whole():
    page = validation_page(made_checks(), MADE, WRITTEN)
    for part in WRITTEN.values():
        assert part.strip() in page
    for said in (
        "| A queue | mean wait | 2.00 | 2.00 ±0.10 | yes |",
        "| Turnover | 12.0 % |  | 10.0 to 14.0 % | 12.0 % (11.0 to 13.0 %) | hit |",
        "4 runs of 2 years.",
        "2 authorities, 2 years each; caseloads from 10.0 to 17.0, mean 13.0.",
        "−0.97 (−1.31 to −0.62) | −0.97 (−1.31 to −0.62) | hit |",
        "| Turnover, points: England | −2.0 | −2.0 |\n| told of leaving | +1.0 ±0.5 | +1.0 ±0.5 |",
        "| Turnover, points | 50.00 | 100.00 | 100.00 | 0.50 | 100 % |",
        "| theory | commit abc | 2026-04-01 |",
    ):
        assert said in page, said
    tables = re.findall(r"(?:^\|.*\|\n)+", page, re.MULTILINE)
    assert len(tables) >= 7
    for table in tables:
        assert len({line.count(" | ") for line in table.replace("| |", "|  |").splitlines()}) == 1


def test_the_page_in_the_repository_has_what_people_have_written():
    """Its figures come from runs of many minutes; the rest is as the script would write it."""
    page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    for name, part in WRITTEN.items():
        assert part.strip() in page, f"run: make validation ({name} has changed)"
    for target in re.findall(r"\]\(([^)#]+)\)", page):
        assert (ROOT / "docs" / target).exists(), target
    files = re.findall(r"`((?:docs|configs|scripts|tests|sim|benchmarks)/[\w./]+)`", page)
    for target in files:
        assert (ROOT / target).exists(), target
