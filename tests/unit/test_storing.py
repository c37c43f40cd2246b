"""Results are stored whole, in the same bytes however they were made, or not at all."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from sim.model import compiled
from sim.model.outcomes import OUTCOMES
from sim.scenario.problems import InputError
from sim.study.comparing import compare
from sim.study.errors import Interrupted, RunError
from sim.study.files import sha256, write_text, written_whole
from sim.study.processes import ThisProcess, getting_ready
from sim.study.processes.compiling import is_compiled, why_compiling
from sim.study.repeating import rerun
from sim.study.results import Results
from sim.study.running import run_study
from sim.study.storing.manifest import content_hash, study_of
from sim.study.storing.packing import Run, pack
from sim.study.storing.parts import Parts
from tests import stand_ins

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("quick_tidying")]

TABLES = ("outcomes.parquet", "comparisons.csv", "team_weeks.parquet", "worker_loads.parquet")


@pytest.fixture
def run(study, tmp_path):
    """Run the small study with a stand-in for the model, in this process unless asked."""

    def run(name="found", **asked) -> Results:
        asked = {"jobs": 1, "simulate": stand_ins.simulate} | asked
        return run_study(asked.pop("study", study), out=tmp_path / name, **asked)

    return run


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


class Watcher:
    """Keeps what it was told."""

    def __init__(self):
        self.said, self.warned, self.counted = [], [], []

    def say(self, text):
        self.said.append(text)

    def warn(self, text):
        self.warned.append(text)

    def count(self, done, total):
        self.counted.append((done, total))


# ---------------------------------------------------------------- what is stored


def test_a_folder_holds_the_manifest_and_the_tables_and_nothing_else(run, tmp_path):
    results = run()
    assert tree(tmp_path / "found") == sorted(["README.md", "manifest.json", *TABLES])
    assert list(results.outcomes.columns) == ["policy", "replication", "outcome", "value"]
    assert len(results.outcomes) == 3 * 4 * 4
    assert list(results.team_weeks.columns[:2]) == ["policy", "replication"]
    assert len(results.team_weeks) == 3 * 4 * 52
    assert set(results.comparisons["policy"]) == {"more_posts", "nothing"}


def test_rows_come_by_policy_in_the_studys_order_then_replication(run):
    found = run().outcomes.drop_duplicates(["policy", "replication"])
    expected = [(p, r) for p in ("baseline", "more_posts", "nothing") for r in range(4)]
    assert list(zip(found["policy"], found["replication"], strict=True)) == expected


def test_what_is_stored_is_what_was_simulated(run, study):
    results = run()
    made = stand_ins.simulate(study.scenario, study.policies[1], seed=7, replication=3, years=1)
    of_run = results.outcomes.query("policy == 'more_posts' and replication == 3")
    assert dict(zip(of_run["outcome"], of_run["value"], strict=True)) == made.outcomes


def test_comparisons_are_read_to_the_last_digit(run, study):
    results = run()
    policies = [policy.name for policy in study.policies]
    directions = {key: outcome.direction for key, outcome in OUTCOMES.items()}
    made = compare(results.outcomes, policies, directions)
    pd.testing.assert_frame_equal(results.comparisons, made, check_exact=True, check_dtype=False)


def test_a_policy_that_changes_nothing_differs_by_exactly_nothing(run):
    rows = run().comparisons.query("policy == 'nothing'")
    assert (rows[["difference", "low", "high"]] == 0).all(axis=None)
    assert (rows["probability_better"] == 0.5).all()


def test_the_manifest_says_what_was_run(run, study, tmp_path):
    manifest = run(replications=2, seed=5).manifest
    assert manifest["replications"] == 2
    assert (manifest["seed"], manifest["years"], manifest["baseline"]) == (5, 1, "baseline")
    assert manifest["scenario"]["name"] == "small_service"
    assert manifest["scenario_sha256"] == content_hash(manifest["scenario"])
    assert manifest["packages"]["numpy"]
    assert manifest["started"] <= manifest["finished"]
    for name, file in manifest["files"].items():
        assert sha256(tmp_path / "found" / name) == file["sha256"]
    again = study_of(manifest)
    assert again.scenario == study.scenario
    assert again.policies == study.policies


def test_the_manifest_names_no_machine_and_no_folder(run, tmp_path):
    run()
    text = (tmp_path / "found" / "manifest.json").read_text()
    assert not re.search(rf"\b{re.escape(os.uname().nodename)}\b", text)
    assert str(tmp_path) not in text
    assert str(Path(stand_ins.__file__).parents[1]) not in text
    assert str(Path.home()) + "/" not in text


def test_tables_that_are_asked_for_are_kept(run, study):
    asked = study.model_copy(update={"tables": ("team_weeks", "allocation_log")})
    log = run(study=asked).table("allocation_log")
    # In every other run the text column has no text at all, and so no type of its own.
    assert log["why"].notna().tolist() == [True, False] * 6


def test_a_table_that_was_not_kept_is_an_answer_not_a_traceback(run):
    with pytest.raises(InputError, match="no worker_weeks"):
        run().table("worker_weeks")


# ---------------------------------------------------------------- the same bytes


def same_bytes(one: Path, two: Path) -> bool:
    return all((one / name).read_bytes() == (two / name).read_bytes() for name in TABLES)


def test_processes_and_order_of_completion_change_no_byte(run, tmp_path):
    run("one")
    run("two", jobs=2, simulate=stand_ins.simulate_slowly_at_first)
    with ThreadPoolExecutor(3) as pool:
        run("three", executor=pool, simulate=stand_ins.simulate_slowly_at_first)
    assert same_bytes(tmp_path / "one", tmp_path / "two")
    assert same_bytes(tmp_path / "one", tmp_path / "three")


def test_another_seed_changes_them(run, tmp_path):
    run("one")
    run("two", seed=8)
    assert not same_bytes(tmp_path / "one", tmp_path / "two")


def test_parts_are_merged_in_order_and_in_groups_alike(tmp_path, monkeypatch):
    runs = [Run(0, 1), Run(0, 0), Run(1, 0)]
    parts = Parts(tmp_path, "seal")
    for each in runs:
        frame = pd.DataFrame({"x": range(5), "text": ["a"] * 5})
        parts.keep(each, pack("seal", each, f"p{each.policy}", {"o": 1.0}, {"t": frame}))
    assert parts.merge(runs, "t", tmp_path / "whole.parquet") == 15
    monkeypatch.setattr(
        "sim.study.storing.parts.ROWS_TOGETHER", 7
    )  # several groups: the same table
    parts.merge(reversed(runs), "t", tmp_path / "groups.parquet")
    whole = pd.read_parquet(tmp_path / "whole.parquet")
    pd.testing.assert_frame_equal(whole, pd.read_parquet(tmp_path / "groups.parquet"))
    assert whole["policy"].tolist() == ["p0"] * 10 + ["p1"] * 5
    assert whole["replication"].tolist() == [0] * 5 + [1] * 5 + [0] * 5


# ---------------------------------------------------------------- whole or not at all


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "file.txt"
    write_text(path, "old")

    def fail():
        with written_whole(path) as temporary:
            temporary.write_text("half of the ne")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert path.read_text() == "old"
    assert tree(tmp_path) == ["file.txt"]


@pytest.mark.parametrize(
    ("simulate", "jobs", "error", "words"),
    [
        (stand_ins.simulate_and_fail, 1, RunError, "policy 'more_posts', replication 2"),
        (stand_ins.simulate_and_fail, 2, RunError, "ZeroDivisionError: nobody was there"),
        (stand_ins.simulate_and_be_stopped, 1, Interrupted, "stopped before the study was finish"),
    ],
)
def test_a_study_that_fails_says_why_and_keeps_what_is_finished(
    run, tmp_path, simulate, jobs, error, words
):
    with pytest.raises(error, match=words) as caught:
        run("new/found", simulate=simulate, jobs=jobs)
    kept = [name for name in tree(tmp_path / "new/found") if name.endswith(".run")]
    assert kept
    (note,) = caught.value.__notes__
    assert note.startswith(f"{len(kept)} finished runs are kept in ")
    assert "--resume" in note


def test_a_study_that_finished_no_run_leaves_nothing(run, tmp_path):
    def fail(*_args, **_asked):
        raise ZeroDivisionError

    before = tree(tmp_path)
    with pytest.raises(RunError) as caught:
        run("new/found", simulate=fail)
    assert tree(tmp_path) == before
    assert caught.value.__notes__ == ["No run was finished, and nothing is kept."]


def test_earlier_results_stay_until_the_new_ones_are_complete(run, tmp_path):
    run()
    before = {name: (tmp_path / "found" / name).read_bytes() for name in TABLES}
    with pytest.raises(RunError):
        run(simulate=stand_ins.simulate_and_fail, seed=8)
    assert {name: (tmp_path / "found" / name).read_bytes() for name in TABLES} == before
    assert Results(tmp_path / "found").manifest["seed"] == 7
    assert run(seed=8, resume=True).manifest["seed"] == 8
    assert tree(tmp_path / "found") == sorted(["README.md", "manifest.json", *TABLES])


def test_tables_of_earlier_results_do_not_stay_among_new_ones(run, study, tmp_path):
    run(study=study.model_copy(update={"tables": ("team_weeks", "allocation_log")}))
    rerun(tmp_path / "found", "nothing", 0, trace=True, simulate=stand_ins.simulate)
    (tmp_path / "found" / "notes.txt").write_text("mine")
    (tmp_path / "found" / "why-more_posts").mkdir()
    (tmp_path / "found" / "why-more_posts" / "parts.csv").write_text("of the results before")
    run()
    assert tree(tmp_path / "found") == sorted(["README.md", "manifest.json", "notes.txt", *TABLES])


def test_a_folder_with_anything_else_in_it_is_refused(run, tmp_path):
    (tmp_path / "found").mkdir()
    (tmp_path / "found" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match=r"something other than results \('thesis.txt'\)"):
        run()
    assert tree(tmp_path / "found") == ["thesis.txt"]
    (tmp_path / "found" / "manifest.json").write_text("{}")  # somebody else's
    with pytest.raises(InputError, match="something other"):
        run()


def test_a_folder_that_cannot_be_written_is_refused(run, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="a file, not a folder"):
        run("file")
    with pytest.raises(InputError, match="cannot write here"):
        run("file/below")
    with pytest.raises(InputError, match="cannot write here"):
        run("x" * 400)
    with pytest.raises(InputError, match="cannot write here"):
        run("a\0b")
    if Path("/proc").is_dir():  # where not even root can make anything
        with pytest.raises(InputError, match="cannot write here"):
            run("/proc/found")


def test_a_full_disk_is_said_and_leaves_nothing(run, tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.study.storing.parts.Path.write_bytes", full)
    with pytest.raises(InputError, match="No space left on device"):
        run()
    assert not (tmp_path / "found").exists()


# ---------------------------------------------------------------- asking for it


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"replications": 0}, "replications"),
        ({"replications": -3}, "replications"),
        ({"replications": 1.5}, "replications"),
        ({"years": -1}, "years"),
        ({"years": float("nan")}, "years"),
        ({"years": float("inf")}, "years"),
        ({"seed": -1}, "seed"),
        ({"jobs": 0}, "jobs"),
        ({"jobs": 1.5}, "jobs"),
        ({"jobs": True}, "jobs"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(run, tmp_path, asked, path):
    with pytest.raises(InputError) as caught:
        run(**asked)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert not (tmp_path / "found").exists()


def test_an_unknown_outcome_is_refused(run, study):
    with pytest.raises(InputError, match="did you mean 'turnover_rate'"):
        run(study=study.model_copy(update={"outcomes": ("turnover_rat",)}))


def test_a_watcher_hears_of_every_run(run):
    watcher = Watcher()
    run(progress=watcher)
    assert watcher.counted == [(done, 12) for done in range(13)]


def test_results_go_below_results_by_default(study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    results = run_study(study, replications=1, jobs=1, simulate=stand_ins.simulate)
    assert results.folder.parent == Path("results/small_study")
    time, hash8 = results.folder.name.split("-")
    assert time.endswith("Z")
    assert len(hash8) == 8
    assert "3 policies, each simulated once for 1 year>" in repr(results)


def test_a_folder_without_results_is_answered(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        Results(tmp_path / "none")
    with pytest.raises(InputError, match="no finished results"):
        Results(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        Results(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"format": "of another tool"}))
    with pytest.raises(InputError, match="not written by this version"):
        Results(tmp_path)


# ---------------------------------------------------------------- once more


def test_a_run_done_again_is_the_same_and_writes_its_events(run, tmp_path):
    run()
    again = rerun(tmp_path / "found", "more_posts", 2, trace=True, simulate=stand_ins.simulate)
    assert again.differing.empty
    assert again.other_versions.empty
    assert again.file == tmp_path / "found" / "rerun-more_posts-2" / "events.csv"
    assert list(pd.read_csv(again.file)["event"]) == ["arrival", "allocation"]
    elsewhere = rerun(tmp_path / "found", "more_posts", 2, trace=True, out=tmp_path / "e",
                      simulate=stand_ins.simulate)  # fmt: skip
    assert elsewhere.file == tmp_path / "e" / "events.csv"
    assert rerun(tmp_path / "found", "nothing", 0, simulate=stand_ins.simulate).file is None


def test_a_run_that_comes_out_otherwise_is_said(run, tmp_path):
    run()

    def changed(*args, **asked):
        result = stand_ins.simulate(*args, **asked)
        result.outcomes["turnover_rate"] += 1e-12
        return result

    again = rerun(tmp_path / "found", "nothing", 0, simulate=changed)
    assert list(again.differing["outcome"]) == ["turnover_rate"]


def test_other_versions_are_said(run, tmp_path):
    run()
    path = tmp_path / "found" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["packages"]["numpy"] = "0.1"
    path.write_text(json.dumps(manifest))
    again = rerun(tmp_path / "found", "nothing", 0, simulate=stand_ins.simulate)
    assert again.other_versions[["package", "then"]].values.tolist() == [["numpy", "0.1"]]


def test_a_run_that_there_was_not_is_refused(run, tmp_path):
    run()
    with pytest.raises(InputError) as caught:
        rerun(tmp_path / "found", "more_post", 4, simulate=stand_ins.simulate)
    policy, replication = caught.value.problems
    assert policy.remedy == "did you mean 'more_posts'?"
    assert replication.accepted == "a whole number from 0 to 3"


# ---------------------------------------------------------------- getting ready


def test_what_is_compiled_is_told_from_what_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "IS_PLAIN_PYTHON", False)
    monkeypatch.setattr(compiled, "KEPT_IN", tmp_path)
    assert not is_compiled()
    assert why_compiling() == "first use only"
    (tmp_path / "model_0123").mkdir()
    (tmp_path / "model_0123" / "working_day.nbi").touch()
    assert is_compiled()
    assert why_compiling() == ""
    monkeypatch.setattr(compiled, "KEPT_IN", None)  # nothing can be kept: every use is a first one
    assert not is_compiled()
    assert why_compiling() == "nothing can be kept: see plimsoll compile"
    monkeypatch.setattr(compiled, "IS_PLAIN_PYTHON", True)
    assert is_compiled()
    assert why_compiling() == ""


def test_what_is_kept_is_let_go_at_the_end_without_a_word():
    """DuckDB's library lists on stderr what is still there when the process has ended."""
    code = (
        "import duckdb\n"
        "from sim.study.processes.getting_ready import keep_what_is_loaded\n"
        "keep_what_is_loaded()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_process_that_leaves_the_runs_to_others_loads_no_compiler():
    """It takes 60 MB, for as long as the study runs."""
    code = "import sys, sim.study.study; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize(
    ("why", "said"), [("first use only", ["compiling (first use only) ..."]), ("", [])]
)
def test_processes_get_ready_before_the_first_run_and_one_of_them_compiles(monkeypatch, why, said):
    heard = Watcher()
    ready = []
    monkeypatch.setattr(getting_ready, "why_compiling", lambda: why)
    with ThreadPoolExecutor(3) as pool:
        getting_ready.get_ready(ready.append, pool, 3, heard)
    assert sorted(ready) == [False, False, True]
    assert heard.said == said


def test_a_process_that_nobody_got_ready_keeps_what_is_loaded_once(run, monkeypatch):
    frozen = []
    monkeypatch.setattr(getting_ready.gc, "freeze", lambda: frozen.append(True))
    getting_ready.keep_what_is_loaded.cache_clear()
    run(executor=ThisProcess())
    assert frozen == [True]
