"""`plimsoll validate` without --backtest, as a person uses it."""

import json

import numpy as np
import pandas as pd
import pytest

from sim.study.validation import panel, shock, theory
from sim.study.validation.slopes import Slope

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture(autouse=True)
def without_the_simulation(monkeypatch):
    """In place of what takes minutes, figures at once."""
    monkeypatch.setattr(theory, "CASES", {"Right": right, "Wrong": wrong})
    monkeypatch.setattr(panel, "simulate_panel", made_panel)
    monkeypatch.setattr(shock, "simulate_shock", made_shock)


def right():
    yield "a mean", 5.0, np.array([4.9, 5.0, 5.2])


def wrong():
    yield "a mean", 6.0, np.array([4.9, 5.0, 5.2])


def made_panel(members, years, watcher, *, jobs, seed):
    chance = np.random.default_rng(seed)
    others = ["caseload", "assessments", "conferences", "absence", "turnover"]
    others += [f"{name}{panel.AS_THEN}" for name in ("three_workers", "turnover")]
    rows = [
        {"authority": member.area, "year": 2026 + year}
        | {name: chance.normal(15, 2) for name in (*others, *panel.BANDS)}
        for member in members
        for year in range(years)
    ]
    return pd.DataFrame(rows)


def made_shock(*_, **__):
    said = next(iter(shock.TOLD))
    return [shock.After(each, 2021, said, Slope(1.0, 0.5, 1.5), 2.0) for each in shock.MEASURES]


def test_theory_and_patterns_are_printed_and_kept(plimsoll, folder):
    code, said, _ = plimsoll("validate", "--authorities", "10", "--years", "2", "--out", "found")
    assert code == 0
    words = " ".join(said.split())
    assert words.index("1 of 2 answers that theory knows") < words.index("patterns of England")
    assert "a mean 5.000 5.033 ±0.088 yes" in words
    assert "a mean 6.000 5.033 ±0.088 no" in words
    manifest = json.loads((folder / "found" / "manifest.json").read_text())
    assert manifest["asked"] == {"authorities": 10, "years": 2, "seed": 0}
    rows = {name: each["rows"] for name, each in manifest["files"].items()}
    assert rows == {"patterns.csv": 12, "panel.csv": 20, "shock.csv": 4, "theory.csv": 2}
    kept = pd.read_csv(folder / "found" / "theory.csv")
    assert kept["agrees"].tolist() == [True, False]
    assert kept["standard_error"].tolist() == pytest.approx([0.0881917] * 2, rel=1e-5)


def test_theory_alone(plimsoll, folder):
    code, said, _ = plimsoll("validate", "--theory")
    assert code == 0
    assert "1 of 2 answers" in said
    assert "patterns" not in said
    written = folder / "results" / "validation" / "theory"
    assert sorted(file.name for file in written.iterdir()) == ["manifest.json", "theory.csv"]
    again, _, complaint = plimsoll("validate", "--authorities", "10", "--out", str(written))
    assert (again, "something other than" in complaint) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--authorities 8 --years 2", ["--authorities: too few", "10 to "]),
        ("--authorities 8 --years 1", ["--authorities: too few", "--years: not a number"]),
        ("--backtest --years 2", ["--years: this option says nothing to --backtest"]),
        ("--backtest --theory", ["--theory: this option says nothing to --backtest"]),
        ("--theory --jobs 2 --seed 0", ["--jobs: this option", "--seed: this option"]),
        ("--from 2019", ["--from: this option is for --backtest alone"]),
        ("--table mine.csv", ["--table: this option is for --backtest alone"]),
    ],
)
def test_what_cannot_be_done_or_would_be_passed_over_is_refused(plimsoll, folder, arguments, said):
    code, printed, complaint = plimsoll("validate", *arguments.split())
    assert (code, printed) == (2, "")
    assert "Traceback" not in complaint
    for words in said:
        assert words in complaint
    assert not list(folder.iterdir())
