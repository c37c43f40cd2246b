"""What a person does at the command line, and what they are told when it cannot be done."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pandas as pd
import pytest

from sim.cli import main
from tests.stand_ins import SMALL_SERVICE, SMALL_STUDY, write_small_study

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "100"}
TABLES = ("outcomes.parquet", "comparisons.csv", "team_weeks.parquet", "worker_loads.parquet")
SMALL = ("--replications", "2", "--years", "0.25")


def plimsoll(folder: Path, *arguments, **settings) -> subprocess.CompletedProcess:
    return subprocess.run(
        (sys.executable, "-m", "sim.cli", *map(str, arguments)),
        cwd=folder, env=ENVIRONMENT | settings, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def refused(folder: Path, *arguments) -> str:
    """Give something that cannot be used; what is said about it."""
    before = sorted(folder.rglob("*"))
    code, printed, said = here(folder, *arguments)
    assert code == 2, said
    assert printed == ""
    assert sorted(folder.rglob("*")) == before  # nothing half-written
    return said


def here(folder: Path, *arguments) -> tuple[int, str, str]:
    """Run the command in this process, which is quicker: exit code, what is printed, what is said.

    An exception that is not an answer would fail the test.
    """
    printed, said = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(said),
        mock.patch.object(sys, "argv", ["plimsoll", *map(str, arguments)]),
        pytest.raises(SystemExit) as exit_code,
    ):
        main()
    return exit_code.value.code or 0, printed.getvalue(), said.getvalue()


@pytest.fixture
def folder(tmp_path) -> Path:
    write_small_study(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> tuple[Path, str]:
    """A folder in which a study has been run, and what was printed."""
    folder = tmp_path_factory.mktemp("found")
    write_small_study(folder)
    done = plimsoll(folder, "run", "study.yaml", *SMALL, "--jobs", "2", "--out", "two")
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


# ---------------------------------------------------------------- run


def test_run_stores_results_and_prints_what_it_found(found):
    folder, printed = found
    names = sorted(path.name for path in (folder / "two").iterdir())
    assert names == sorted(["README.md", "manifest.json", "report.html", *TABLES])
    outcomes = pd.read_parquet(folder / "two" / "outcomes.parquet")
    assert list(outcomes.columns) == ["policy", "replication", "outcome", "value"]
    assert set(outcomes["policy"]) == {"baseline", "more_posts", "nothing"}
    assert set(outcomes["replication"]) == {0, 1}
    assert not outcomes["value"].isna().any()
    comparisons = pd.read_csv(folder / "two" / "comparisons.csv")
    assert list(comparisons.columns) == [
        "policy", "outcome", "baseline", "value", "difference", "low", "high",
        "probability_better", "bootstrap_low", "bootstrap_high", "simultaneous_low",
        "simultaneous_high", "variance_reduction",
    ]  # fmt: skip
    nothing = comparisons[comparisons["policy"] == "nothing"]
    assert (nothing[["difference", "low", "high"]] == 0).all(axis=None)
    assert "More posts: two more social workers" in printed
    assert re.search(r"^  cost +\S", printed, re.MULTILINE)
    assert "--full" in printed
    assert not [line for line in printed.splitlines() if line.endswith(" ")]
    assert printed.rstrip().endswith("Results: two\nReport: two/report.html")
    assert max(map(len, printed.splitlines())) <= 100


def test_processes_and_hash_seeds_change_no_byte(found, tmp_path):
    folder, _ = found
    done = plimsoll(folder, "run", "study.yaml", *SMALL, "--jobs", "1", "--out", tmp_path / "one",
                    PYTHONHASHSEED="7")  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name in TABLES:
        assert (tmp_path / "one" / name).read_bytes() == (folder / "two" / name).read_bytes()


def test_python_does_the_same_in_three_lines_of_a_plain_script(found, tmp_path):
    """No `if __name__ == ...` is asked of anybody: processes do not run the script again."""
    folder, _ = found
    script = tmp_path / "three_lines.py"
    script.write_text(
        "from sim import Study\n"
        f"results = Study.from_yaml({str(folder / 'study.yaml')!r})"
        ".run(replications=2, years=0.25, jobs=2)\n"
        "print(results.comparisons.to_string(), results.folder)\n"
    )
    done = subprocess.run(
        (sys.executable, script), cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "probability_better" in done.stdout
    (results,) = (tmp_path / "results" / "small_study").iterdir()
    for name in TABLES:
        assert (results / name).read_bytes() == (folder / "two" / name).read_bytes()


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--replications", "0", "a whole number from 1"),
        ("--replications", "-5", "a whole number from 1"),
        ("--replications", "many", "--replications"),
        ("--years", "-1", "a number over 0"),
        ("--years", "0", "a number over 0"),
        ("--years", "nan", "infinite or not a number"),
        ("--jobs", "0", "1 or more"),
        ("--jobs", "-2", "1 or more"),
        ("--seed", "-1", "0 or more"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(folder, option, value, words):
    said = refused(folder, "run", "study.yaml", option, value, "--out", "found")
    assert option in said
    assert words in said


def test_where_the_sources_of_chance_cannot_be_written_is_said_before_the_work(folder):
    with mock.patch("sim.study.sureness.sources_of_chance.chance") as find:
        assert "no such folder" in refused(folder, "chance", "study.yaml", "--out", "no/where.csv")
        assert "not a file" in refused(folder, "chance", "study.yaml", "--out", ".")
    find.assert_not_called()


def test_an_unknown_study_is_answered_with_what_there_is(folder):
    said = refused(folder, "run", "studdy")
    assert "there is no study called 'studdy'" in said
    assert "no such file" in refused(folder, "run", "studdy.yaml")
    assert "this is a scenario, not a study" in refused(folder, "run", "small.yaml")
    assert "a folder, not a file" in refused(folder, "run", ".")


def test_a_folder_with_anything_else_in_it_is_refused(folder):
    said = refused(folder, "run", "study.yaml", "--out", ".")
    assert "something other than results" in said
    assert "--out" in said


def test_every_problem_of_a_study_is_said_with_file_line_value_and_remedy(folder):
    (folder / "small.yaml").write_text(
        SMALL_SERVICE.replace("success_per_round: 0.7", "success_per_round: 70%")
    )
    (folder / "study.yaml").write_text(
        SMALL_STUDY.replace("lever: posts", "lever: post").replace("turnover_rate", "turnover")
    )
    said = refused(folder, "run", "study.yaml")
    line = 1 + SMALL_SERVICE[: SMALL_SERVICE.index("success_per_round")].count("\n")
    assert "study.yaml, line 13: policies[1].levers[0].lever: there is no lever 'post'" in said
    assert "did you mean 'posts'?" in said
    assert "study.yaml, line 18: outcomes[1]: there is no such outcome" in said
    assert f"small.yaml, line {line}: scenario.recruitment.success_per_round" in said
    assert "given:    '70%'" in said
    assert "write 0.7" in said


def test_bad_input_ends_the_command_with_code_2_and_no_traceback(folder):
    done = plimsoll(folder, "run", "study.yaml", "--replications", "0")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "--replications: the number is too small" in done.stderr
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------- rerun


def test_rerun_repeats_a_run_and_writes_its_events(found, tmp_path):
    folder, _ = found
    asked = ("rerun", "two", "--policy", "more_posts", "--replication", "1", "--trace")
    done = plimsoll(folder, *asked, "--out", tmp_path / "events")
    assert done.returncode == 0, done.stderr
    assert "all outcomes are as stored" in done.stdout
    events = pd.read_csv(tmp_path / "events" / "events.csv")
    assert {"day", "date", "event", "case", "worker", "team", "detail"} <= set(events.columns)
    assert not events.empty


def test_rerun_says_when_a_run_comes_out_otherwise(found, tmp_path):
    folder, _ = found
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in (folder / "two").iterdir():
        if path.is_file():
            (copy / path.name).write_bytes(path.read_bytes())
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["seed"] += 1
    (copy / "manifest.json").write_text(json.dumps(manifest))
    done = plimsoll(folder, "rerun", copy, "--policy", "baseline", "--replication", "0")
    assert done.returncode == 1
    assert "not as stored" in done.stderr


def test_rerun_refuses_what_was_not_run(found):
    folder, _ = found
    said = refused(folder, "rerun", "two", "--policy", "more_post", "--replication", "7")
    assert "did you mean 'more_posts'?" in said
    assert "a whole number from 0 to 1" in said
    assert "no such folder" in refused(
        folder, "rerun", "three", "--policy", "baseline", "--replication", "0"
    )


# ---------------------------------------------------------------- check, schema, outcomes


def test_check_says_what_a_file_is(folder):
    done = plimsoll(folder, "check", "study.yaml")
    assert done.returncode == 0
    assert "study.yaml is a study" in done.stdout
    assert "No problems." in done.stdout
    assert "small.yaml is a scenario" in plimsoll(folder, "check", "small.yaml").stdout
    (folder / "policy.yaml").write_text("name: x\nlabel: y\nlevers: []\n")
    assert "policy.yaml is a policy" in plimsoll(folder, "check", "policy.yaml").stdout


def test_check_says_all_that_is_wrong(folder):
    (folder / "small.yaml").write_text(
        SMALL_SERVICE.replace("days: 28", "days: 280").replace("notice_days", "notice_day")
    )
    said = refused(folder, "check", "small.yaml")
    assert re.search(r"small.yaml, line \d+: absence.annual_leave.days: the number is too", said)
    assert "did you mean 'notice_days'?" in said
    assert said.rstrip().endswith("2 problems.")
    assert "nothing shipped is called that" in refused(folder, "check", "nowhere")


def test_schema_prints_and_writes(folder):
    printed = plimsoll(folder, "schema", "policy").stdout
    assert json.loads(printed)["title"] == "Plimsoll policy"
    assert plimsoll(folder, "schema", "--write", "schemas").returncode == 0
    assert (folder / "schemas" / "policy.json").read_text(encoding="utf-8") == printed
    assert "cannot write here" in refused(folder, "schema", "--write", "small.yaml")


def test_outcomes_and_version(folder):
    listed = plimsoll(folder, "outcomes").stdout
    assert "caseload_per_fte" in listed
    assert "total_cost" in listed
    assert plimsoll(folder, "--version").stdout.startswith("plimsoll ")
    assert plimsoll(folder, "outcomes", "extra").returncode == 2


def test_a_policy_to_show_that_the_study_does_not_have_is_refused_before_the_work(folder):
    said = refused(folder, "run", "study.yaml", "--policy", "mor_posts", "--policy", "luck")
    assert "--policy: there is no such policy in this study" in said
    assert "did you mean 'more_posts'?" in said
    assert "'luck'" in said
