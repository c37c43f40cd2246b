"""`plimsoll staffing`, as a person uses it: a small service, answers, files and refusals."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pandas as pd
import pytest

from sim.cli import main
from tests.stand_ins import write_small_study

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100"}
SHORT = ("--replications", "8", "--years", "0.25")
CASELOAD = ("--target", "caseload_per_fte <= 5")


@pytest.fixture
def folder(tmp_path) -> Path:
    write_small_study(tmp_path)
    return tmp_path


def staffing(folder: Path, *arguments) -> tuple[object, str, str]:
    """Run the command in this process: its exit code, what it printed and what it complained of."""
    printed, said = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(said),
        mock.patch.object(sys, "argv", ["plimsoll", "staffing", *map(str, arguments)]),
        mock.patch.dict(os.environ, {"COLUMNS": "100"}),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return ended.value.code, printed.getvalue(), said.getvalue()


def refused(folder: Path, *arguments) -> str:
    before = sorted(folder.rglob("*"))
    code, printed, said = staffing(folder, *arguments)
    assert (code, printed) == (2, ""), said
    assert sorted(folder.rglob("*")) == before  # nothing half-written
    return said


def test_an_answer_in_words_and_files_the_same_for_one_process_and_two(folder):
    asked = ("study.yaml", "--role", "social_worker", *CASELOAD, *SHORT)
    code, printed, said = staffing(folder, *asked, "--jobs", 1)
    assert code == 0, said
    words = " ".join(printed.split())
    assert "To have caseload at 5 or less you need at least" in words
    assert "more than today's 6" in words
    assert "What binds is caseload" in words
    assert "8 simulated futures" in words
    default = folder / "results" / "staffing" / "small_study-social_worker"

    manifest = json.loads((default / "manifest.json").read_text(encoding="utf-8"))
    answer = manifest["answer"]
    assert manifest["format"] == "plimsoll staffing 1"
    assert answer["verdict"] == "found"
    assert answer["low"] <= answer["level"] <= answer["high"]
    assert answer["one_less"] == answer["level"] - 1
    assert answer["sentences"][0] in words
    curve = pd.read_csv(default / "staffing.csv")
    caseload = curve[curve["outcome"] == "caseload_per_fte"].set_index("level")
    assert caseload.loc[answer["level"], "mean"] <= 5
    assert caseload.loc[answer["level"], "runs"] == 8
    assert caseload["mean"].is_monotonic_decreasing
    assert (caseload["low"] <= caseload["high"]).all()
    assert "target: 5 or less" in (default / "staffing.svg").read_text(encoding="utf-8")
    assert (default / "staffing.png").read_bytes().startswith(b"\x89PNG")

    two = subprocess.run(
        (sys.executable, "-m", "sim.cli", "staffing", *asked, "--jobs", "2", "--out", "two"),
        cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert two.returncode == 0, two.stderr
    for name in ("staffing.csv", "staffing.svg"):
        assert (folder / "two" / name).read_bytes() == (default / name).read_bytes()


def test_an_impossible_target_is_answered_with_the_nearest_and_what_binds(folder):
    asked = ("--target", "supervision_held >= 1", "--target", "caseload_per_fte <= 0.5")
    code, printed, said = staffing(
        folder, "study.yaml", "--role", "social_worker", *asked, *SHORT, "--jobs", 1, "--out", "o"
    )
    assert code == 0, said
    words = " ".join(printed.split())
    assert "No level that was looked at meets all targets" in words
    assert "The nearest is 12 FTE of social worker posts" in words
    assert "against a target of 0.5; with 10 it would be" in words


def test_a_lever_with_nothing_to_do_with_a_target_is_said_to_have_none(folder):
    code, printed, said = staffing(
        folder, "study.yaml", "--lever", "time_to_hire", "--target", "arrivals_per_year <= 1",
        *SHORT, "--jobs", 1, "--out", "o",
    )  # fmt: skip
    assert code == 0, said
    assert "Arrivals does not move with time to hire" in " ".join(printed.split())


def test_an_outcome_that_no_run_has_is_refused(folder):
    target = ("--target", "newly_qualified_turnover_rate <= 0.1")
    said = refused(folder, "study.yaml", "--role", "social_worker", *target, *SHORT, "--jobs", 1)
    assert "no run had this outcome" in said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--role", "social_worker", "--target", "caseload_per_fe <= 10"), "caseload_per_fte"),
        (("--role", "social_worker", "--target", "vacancy_rate <= 10"), "--target"),
        (("--role", "boss", *CASELOAD), "--role: there is no such role"),
        (("--lever", "luck", *CASELOAD), "--lever: there is no such lever"),
        ((*CASELOAD,), "--role with a role"),
        (("--role", "social_worker", *CASELOAD, "--confidence", "1"), "from 0.5 to 0.99"),
        (("--role", "social_worker", *CASELOAD, "--confidence", "nan"), "from 0.5 to 0.99"),
        (("--role", "social_worker", *CASELOAD, "--replications", "4"), "8 or more"),
        (("--role", "social_worker", *CASELOAD, "--replications", "0"), "--replications"),
        (("--role", "social_worker", *CASELOAD, "--jobs", "0"), "--jobs"),
        (("--role", "social_worker", *CASELOAD, "--from", "9", "--to", "8"), "nothing to search"),
    ],
)
def test_bad_input_is_answered_with_the_remedy(folder, asked, said):
    few = () if "--replications" in asked else ("--replications", "8")
    assert said in refused(folder, "study.yaml", *asked, *few)


def test_all_that_is_wrong_is_said_at_once(folder):
    said = refused(
        folder, "study.yaml", "--role", "bos", "--team", "x", "--target", "a >= 1", "--confidence",
        2, "--jobs", 0, "--replications", 3,
    )  # fmt: skip
    for option in ("role", "team", "target", "confidence", "jobs", "replications"):
        assert f"--{option}: " in said


def test_a_folder_with_something_else_in_it_is_left_alone(folder):
    (folder / "mine").mkdir()
    (folder / "mine" / "notes.txt").write_text("keep")
    asked = ("study.yaml", "--role", "social_worker", *CASELOAD, *SHORT, "--jobs", 1)
    with mock.patch("sim.study.staffing.find_staffing") as search:
        code, _, said = staffing(folder, *asked, "--out", "mine")
    assert code == 2
    assert "holds something other than" in said
    search.assert_not_called()  # said before the work, not after it
    assert (folder / "mine" / "notes.txt").read_text() == "keep"
