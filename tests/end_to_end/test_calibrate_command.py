"""Fitting from the command line: what is left in the folder, going on, and what is refused."""

import json
import re
import subprocess
import sys

import pandas as pd
import pytest

from sim.scenario.loading import load_scenario
from sim.study.plausible_sets import OWN, SET
from tests import stand_ins
from tests.end_to_end.test_cli import ENVIRONMENT, here, plimsoll, refused
from tests.end_to_end.test_never_lost import parts_of, wait_until

pytestmark = pytest.mark.end_to_end

LIST = """\
name: small
title: Two values of a small service
of: children_average_england
busier: 1.3
points: 8
waves: 1
futures: 4
sets: 10
years: 0.1
parameters:
  leaving: {label: Leaving a year, paths: [turnover.leaving_per_year]}
  hiring: {label: Days of a round, paths: [recruitment.round_days.mean], spread: log}
"""
TARGETS = """\
key,outcome,for_each_more,target,tolerance
caseload,caseload_per_fte,,27,30
turnover,turnover_rate,,0.1,0.4
slope,assessments_within_45_days,caseload_per_fte,-0.01,0.1
"""
ASKED = ("calibrate", "small.yaml", "--parameters", "list.yaml", "--targets", "targets.csv",
         "--out", "fit")  # fmt: skip
RESULTS = {
    "waves.csv", "surrogates.csv", "points.csv", "fit.csv", "parameters.csv", "pairs.csv",
    "ensemble.csv", "central.yaml",
}  # fmt: skip


def write(folder, targets=TARGETS, listed=LIST):
    stand_ins.write_small_study(folder)
    (folder / "list.yaml").write_text(listed, encoding="utf-8")
    (folder / "targets.csv").write_text(targets, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """A fit that nothing befell, in one process."""
    folder = write(tmp_path_factory.mktemp("fitted"))
    done = plimsoll(folder, *ASKED, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_a_fit_says_what_is_met_and_what_is_known_and_leaves_its_tables(fitted):
    folder, printed = fitted
    assert "3 of 3 targets are met within their tolerance." in printed
    assert "Leaving a year" in printed
    assert re.search(r"Caseload up by 1: Assessments within 45 +−1 +10 ", printed)
    assert "working days, points" in printed
    assert "All of it: fit" in printed
    assert {path.name for path in (folder / "fit").iterdir()} == RESULTS | {"manifest.json"}
    points = pd.read_csv(folder / "fit" / "points.csv")
    assert len(points) == 16
    assert points["leaving"].between(0.06, 0.15).all()
    sets = pd.read_csv(folder / "fit" / "ensemble.csv")
    assert sets[SET].iloc[0] == OWN
    assert len(sets) == 11


def test_the_central_set_is_a_scenario_and_the_ensemble_drives_a_study(fitted):
    folder, _ = fitted
    central = load_scenario(folder / "fit" / "central.yaml")
    table = pd.read_csv(folder / "fit" / "parameters.csv").set_index("name")["central"]
    assert central.turnover.leaving_per_year == pytest.approx(table["leaving"], rel=1e-4)
    assert central.teams == load_scenario(folder / "small.yaml").teams
    text = (folder / "study.yaml").read_text() + "plausible: fit/ensemble.csv\n"
    (folder / "drawn.yaml").write_text(text)
    assert plimsoll(folder, "check", "drawn.yaml").returncode == 0


def test_killed_it_goes_on_to_the_same_bytes_in_any_number_of_processes(fitted, folder):
    """And in the folder of one that was stopped no other fit can be begun."""
    process = subprocess.Popen(
        (sys.executable, "-m", "sim.cli", *ASKED, "--jobs", "2"), cwd=folder, env=ENVIRONMENT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until(lambda: len(parts_of(folder / "fit")) >= 7, process)
    process.kill()
    process.communicate()
    assert json.loads((folder / "fit" / "manifest.json").read_text())["finished"] is None
    code, _, other = here(folder, *ASKED, "--seed", "2")
    assert code == 2
    assert "the unfinished fit here is another one" in other
    assert "seed" in other
    code, printed, said = here(folder, *ASKED, "--jobs", "1")
    assert code == 0, said
    assert "runs are finished already" in said
    assert printed == fitted[1]
    for name in RESULTS:
        assert (folder / "fit" / name).read_bytes() == (fitted[0] / "fit" / name).read_bytes(), name
    code, again, said = here(folder, *ASKED)
    assert (code, again) == (0, printed)
    assert "nothing left to do" in said


def test_targets_that_cannot_be_met_end_in_1_and_say_which(tmp_path):
    folder = write(tmp_path, TARGETS.replace("27,30", "2,0.1"))
    code, printed, said = here(folder, *ASKED, "--jobs", "1")
    assert code == 1, said
    assert "Nothing agrees with all targets" in printed
    assert "out of reach whatever the others are" in printed
    assert "Caseload" in printed
    assert (folder / "fit" / "conflict.csv").exists()
    assert not (folder / "fit" / "ensemble.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--waves", "0"), "waves: "),
        (("--runs", "1"), "runs: "),
        (("--parameters", "childrn"), "did you mean 'children'?"),
        (("--parameters", "children"), "the scenario small_service has no number here"),
        (("--targets", "none.csv"), "there is no such file"),
        (("--out", "small.yaml"), "this is a file, not a folder"),
        (("--out", "."), "the folder holds something other than a fit"),
    ],
)
def test_what_cannot_be_fitted_is_said_before_the_work(folder, arguments, said):
    assert said in refused(folder, *ASKED, *arguments)


def test_a_slope_without_a_second_level_of_demand_is_refused_with_what_to_add(tmp_path):
    told = refused(write(tmp_path, listed=LIST.replace("busier: 1.3\n", "")), *ASKED)
    assert "the list 'small' has no second level of demand" in told
    assert "add `busier: 1.1`" in told
    assert not (tmp_path / "fit").exists()


def test_a_tolerance_below_0_is_refused_with_its_line(tmp_path):
    folder = write(tmp_path, TARGETS.replace("27,30", "27,-1"))
    told = refused(folder, *ASKED)
    assert "targets.csv, line 2: tolerance: not a distance" in told
