"""A study that was stopped goes on where it was, and ends as one that was not; or says why not."""

import json
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
)
from pathlib import Path

import pytest

from sim.scenario.loading import load_study
from sim.scenario.problems import InputError
from sim.study import made_with
from sim.study.errors import Interrupted, StudyError
from sim.study.processes import crew
from sim.study.results import Results
from sim.study.running import run_study
from sim.study.storing import lock, unfinished
from sim.study.storing.unfinished import Beginning
from tests import stand_ins
from tests.unit.test_storing import Watcher, same_bytes, tree

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("quick_tidying")]


class Simulated:
    """A stand-in that notes which runs it was asked for, and is stopped before one of them."""

    def __init__(self, stopped_before=None):
        self.runs, self._stopped_before = [], stopped_before

    def __call__(self, scenario, policy, **asked):
        run = (policy.name, asked["replication"])
        if run == self._stopped_before:
            raise KeyboardInterrupt
        self.runs.append(run)
        return stand_ins.simulate(scenario, policy, **asked)


@pytest.fixture
def run(study, tmp_path):
    def run(name="found", **asked):
        asked = {"jobs": 1, "simulate": stand_ins.simulate} | asked
        return run_study(asked.pop("study", study), out=tmp_path / name, **asked)

    return run


@pytest.fixture
def stopped(run, tmp_path) -> Path:
    """A folder with a study that was stopped after 7 of its 12 runs."""
    with pytest.raises(Interrupted):
        run(simulate=Simulated(stopped_before=("more_posts", 2)))
    return tmp_path / "found"


@pytest.fixture
def whole(run, tmp_path) -> Path:
    """What the study gives that is not stopped."""
    run("whole")
    return tmp_path / "whole"


def parts_of(folder: Path) -> list[Path]:
    return sorted((folder / "parts").glob("*.run"))


def refused(run, **asked) -> InputError:
    """Ask for what cannot be had; nothing has changed by it."""
    with pytest.raises(InputError) as caught:
        run(**asked)
    return caught.value


# ---------------------------------------------------------------- going on


def test_it_does_what_is_missing_and_ends_as_if_it_had_not_been_stopped(run, stopped, whole):
    assert len(parts_of(stopped)) == 7
    began = json.loads((stopped / "parts" / "study.json").read_text())["started"]
    simulated, watcher = Simulated(), Watcher()
    results = run(simulate=simulated, resume=True, progress=watcher)
    assert simulated.runs == [
        ("more_posts", 2), ("nothing", 2), ("baseline", 3), ("more_posts", 3), ("nothing", 3)
    ]  # fmt: skip
    assert watcher.counted == [(done, 12) for done in range(7, 13)]
    assert watcher.said == ["going on: 7 runs are finished already"]
    assert watcher.warned == []
    assert same_bytes(stopped, whole)
    assert tree(stopped) == tree(whole)
    but_for_times = ("started", "finished")
    manifests = [
        {key: value for key, value in Results(each).manifest.items() if key not in but_for_times}
        for each in (stopped, whole)
    ]
    assert manifests[0] == manifests[1]
    assert results.manifest["started"] == began


def test_where_nothing_is_it_begins(run, tmp_path, whole):
    run("new", resume=True)
    assert same_bytes(tmp_path / "new", whole)
    (tmp_path / "empty" / "parts").mkdir(parents=True)  # killed at once
    run("empty", resume=True)
    assert same_bytes(tmp_path / "empty", whole)


def test_more_replications_may_be_asked_for_or_fewer(run, stopped, tmp_path):
    shutil.copytree(stopped, tmp_path / "copy")
    run("six", replications=6)
    run(replications=6, resume=True)
    assert same_bytes(stopped, tmp_path / "six")
    simulated = Simulated()
    run("two", replications=2)
    run("copy", replications=2, resume=True, simulate=simulated)
    assert simulated.runs == []
    assert same_bytes(tmp_path / "copy", tmp_path / "two")
    assert tree(tmp_path / "copy") == tree(tmp_path / "two")


def test_without_being_asked_to_go_on_it_says_what_is_there_and_touches_nothing(run, stopped):
    before = tree(stopped)
    error = refused(run)
    assert "an unfinished study is here, with 7 finished runs" in str(error)
    assert "--resume" in str(error)
    assert not getattr(error, "__notes__", [])
    assert tree(stopped) == before


def test_what_is_left_of_a_study_without_a_finished_run_is_no_obstacle(run, stopped, whole):
    for part in parts_of(stopped):
        part.unlink()
    (stopped / "parts" / ".0000-000000.run.123.tmp").write_text("half")
    (stopped / ".manifest.json.123.tmp").write_text("half")
    (stopped / ".lock").write_text("123")
    run(seed=7)
    assert same_bytes(stopped, whole)
    assert tree(stopped) == tree(whole)


@pytest.mark.parametrize(
    ("asked", "path", "now", "then"),
    [
        ({"seed": 8}, "seed", "8", "7"),
        ({"years": 2}, "years", "2.0", "1.0"),
    ],
)
def test_another_study_is_refused(run, stopped, asked, path, now, then):
    before = tree(stopped)
    (problem,) = refused(run, resume=True, **asked).problems
    assert problem.message == "the unfinished study here is another one"
    assert (problem.path, problem.given, problem.accepted) == (
        path,
        now,
        f"{then}, as it was begun",
    )
    assert tree(stopped) == before


def test_another_scenario_is_refused_by_what_differs_and_not_by_more_than_one_can_read(
    run, stopped, tmp_path
):
    text = (tmp_path / "small.yaml").read_text()
    (tmp_path / "small.yaml").write_text(text.replace("per_week: 5", "per_week: 6"))
    other = load_study(tmp_path / "study.yaml")
    (problem,) = refused(run, resume=True, study=other).problems
    assert problem.path == "scenario.demand.referrals.per_week"
    assert (problem.given, problem.accepted) == ("6.0", "5.0, as it was begun")
    for number in range(10):
        text = text.replace("per_year: 1,", f"per_year: 1.{number},").replace("0.15", "0.16")
    (tmp_path / "small.yaml").write_text(
        text.replace("hours_per_week: 37", "hours_per_week: 36").replace("days: 28", "days: 27")
        .replace("lead_days: 20", "lead_days: 21").replace("stay_days: 120", "stay_days: 121")
        .replace("approval_days: 10", "approval_days: 11")
    )  # fmt: skip
    other = load_study(tmp_path / "study.yaml")
    assert len(refused(run, resume=True, study=other).problems) == unfinished.MOST_SAID


def test_other_versions_are_refused(run, stopped, monkeypatch):
    monkeypatch.setattr(
        "sim.study.running.made_with", lambda: made_with.made_with() | {"numpy": "3"}
    )
    message = str(refused(run, resume=True))
    assert "begun with other versions: numpy (" in message
    assert "there, 3 here)" in message


def test_a_change_of_the_simulated_service_is_another_version(tmp_path, monkeypatch):
    before = made_with.made_with()[made_with.MODEL]
    root = Path(made_with.__file__).parents[1]
    for folder in ("model", "scenario"):
        shutil.copytree(root / folder, tmp_path / folder)
    monkeypatch.setattr(made_with, "__file__", str(tmp_path / "study" / "made_with.py"))
    assert made_with.made_with.__wrapped__()[made_with.MODEL] == before
    with (tmp_path / "model" / "absence.py").open("a") as file:
        file.write("# a word\n")
    assert made_with.made_with.__wrapped__()[made_with.MODEL] != before


def test_a_note_of_the_study_that_cannot_be_read_is_answered(run, stopped):
    note = stopped / "parts" / "study.json"
    for text in ("{", "[]", "{}", '{"format": "plimsoll unfinished 1"}', '{"format": "other"}'):
        note.write_text(text)
        assert "does not say what study was begun here" in str(refused(run, resume=True))
        assert len(parts_of(stopped)) == 7


def test_a_beginning_is_read_as_it_was_written(tmp_path):
    beginning = Beginning({"seed": 1, "years": 0.1}, {"numpy": "2"}, {"file": "x"}, None, "now")
    beginning.write(tmp_path / "study.json")
    assert unfinished.read_beginning(tmp_path / "study.json") == beginning


# ---------------------------------------------------------------- what is not whole, or not ours


def test_a_run_that_is_not_whole_is_done_again(run, stopped, whole):
    parts = parts_of(stopped)
    cut, changed, foreign, empty = parts[0], parts[2], parts[4], parts[5]
    cut.write_bytes(cut.read_bytes()[:-30])
    content = bytearray(changed.read_bytes())
    content[len(content) // 2] ^= 1
    changed.write_bytes(content)
    foreign.write_bytes(parts[3].read_bytes())  # another run's
    empty.write_bytes(b"")
    simulated, watcher = Simulated(), Watcher()
    run(simulate=simulated, resume=True, progress=watcher)
    assert len(simulated.runs) == 5 + 4
    assert len(watcher.warned) == 4
    for part, warning in zip((cut, changed, foreign, empty), watcher.warned, strict=True):
        assert part.name in warning
    assert same_bytes(stopped, whole)


def test_any_single_byte_that_is_changed_or_cut_off_is_noticed(run, stopped):
    from sim.study.storing.packing import Run, is_whole

    seal = Beginning(**{
        key: value for key, value in json.loads((stopped / "parts/study.json").read_text()).items()
        if key != "format"
    }).seal  # fmt: skip
    part = parts_of(stopped)[0]
    content = part.read_bytes()
    assert is_whole(part, seal, Run(0, 0))
    assert not is_whole(part, seal, Run(0, 1))
    assert not is_whole(part, "0" * 64, Run(0, 0))
    for length in range(0, len(content), 97):
        part.write_bytes(content[:length])
        assert not is_whole(part, seal, Run(0, 0)), length


def test_a_run_of_another_study_is_done_again(run, stopped, whole):
    with pytest.raises(Interrupted):
        run("other", seed=8, simulate=Simulated(stopped_before=("more_posts", 2)))
    for part in parts_of(stopped.parent / "other"):
        shutil.copy(part, stopped / "parts")
    simulated = Simulated()
    run(resume=True, simulate=simulated)
    assert len(simulated.runs) == 12
    assert same_bytes(stopped, whole)


def test_a_foreign_file_among_the_runs_is_named_and_kept(run, stopped, whole):
    (stopped / "parts" / "notes.txt").write_text("mine")
    for resume in (False, True):
        assert "no study wrote ('notes.txt')" in str(refused(run, resume=resume))
    assert (stopped / "parts" / "notes.txt").read_text() == "mine"
    (stopped / "parts" / "notes.txt").unlink()
    (stopped / "parts" / ".DS_Store").write_text("a file manager's")
    run(resume=True)
    assert same_bytes(stopped, whole)
    assert (stopped / "parts" / ".DS_Store").exists()
    run()  # and they are no obstacle later


def test_a_foreign_file_that_comes_later_is_left_alone(run, tmp_path):
    def simulate(*args, **asked):
        (tmp_path / "found" / "parts" / "notes.txt").write_text("mine")
        return stand_ins.simulate(*args, **asked)

    run(simulate=simulate)
    assert (tmp_path / "found" / "parts" / "notes.txt").read_text() == "mine"
    assert Results(tmp_path / "found").manifest["replications"] == 4


# ---------------------------------------------------------------- finished results


def test_to_go_on_with_what_is_finished_is_to_do_nothing(run, whole):
    before = (whole / "manifest.json").read_bytes()
    simulated, watcher = Simulated(), Watcher()
    results = run("whole", resume=True, simulate=simulated, progress=watcher)
    assert simulated.runs == []
    assert watcher.said == ["these results are complete: there is nothing left to do"]
    assert (whole / "manifest.json").read_bytes() == before
    assert len(results.comparisons)


def test_to_go_on_with_another_finished_study_is_refused(run, whole):
    (problem,) = refused(run, name="whole", resume=True, replications=5).problems
    assert problem.message == "the finished study here is another one"
    assert (problem.path, problem.given) == ("replications", "5")


@pytest.mark.parametrize("name", ["team_weeks.parquet", "comparisons.csv", "outcomes.parquet"])
def test_a_table_that_was_cut_short_is_named(run, whole, name):
    content = (whole / name).read_bytes()
    (whole / name).write_bytes(content[: len(content) // 2])
    table = name.split(".")[0]
    with pytest.raises(InputError, match=f"{name}: the file is not as it was written"):
        getattr(Results(whole), table)
    assert name in str(refused(run, name="whole", resume=True))
    (whole / name).unlink()
    with pytest.raises(InputError, match=f"have no {name}" if "csv" in name else table):
        getattr(Results(whole), table)


# ---------------------------------------------------------------- as many runs as it takes


def up_to(most: int, seen: list):
    """A plan of two replications at a time, that notes what it is shown."""

    def plan(finished, parts):
        from sim.study.storing.parts import runs_of

        shown = parts.outcomes(runs_of(three, 0, finished)) if finished else None
        seen.append((finished, None if shown is None else sorted(set(shown["replication"]))))
        return min(finished + 2, most)

    class three:
        policies = range(3)

    return plan


def test_a_plan_is_shown_what_is_finished_until_it_is_content(run, tmp_path):
    seen, watcher = [], Watcher()
    results = run("planned", plan=up_to(6, seen), progress=watcher)
    run("six", replications=6)
    assert seen == [(0, None), (2, [0, 1]), (4, [0, 1, 2, 3]), (6, [0, 1, 2, 3, 4, 5])]
    assert results.manifest["replications"] == 6
    assert same_bytes(tmp_path / "planned", tmp_path / "six")
    assert [done for done, _ in watcher.counted if done][-1] == 18


def test_a_plan_sees_no_more_after_a_stop_than_without_one(run, tmp_path):
    with pytest.raises(Interrupted):
        run("planned", replications=6, simulate=Simulated(stopped_before=("nothing", 5)))
    seen = []
    run("planned", plan=up_to(4, seen), resume=True)
    assert seen == [(0, None), (2, [0, 1]), (4, [0, 1, 2, 3])]
    run("four")
    assert same_bytes(tmp_path / "planned", tmp_path / "four")


# ---------------------------------------------------------------- one study at a time


def test_a_second_study_is_refused_while_the_first_runs(run, tmp_path):
    said = []

    def simulate(*args, **asked):
        if not said:
            said.append(str(refused(run)))
            said.append(str(refused(run, resume=True)))
        return stand_ins.simulate(*args, **asked)

    run(simulate=simulate)
    assert f"another study is running in this folder (process {os.getpid()})" in said[0]
    assert said[0] == said[1]
    assert "lock" not in " ".join(tree(tmp_path / "found"))
    run()  # and it can be used again


def test_a_lock_ends_with_its_process_and_is_not_its_childrens(tmp_path):
    """A killed study's lock is no lock, even if a process that it forked lives on."""
    child = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from sim.study.storing.lock import only_study_in\n"
        "with only_study_in(Path(sys.argv[1])):\n"
        "    if os.fork() == 0:\n"
        "        raise SystemExit\n"
        "    os.wait()\n"
        "    if os.fork() == 0:\n"
        "        print('locked', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        (sys.executable, "-c", child, tmp_path), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(stand_ins.__file__).parents[1])},
    )  # fmt: skip
    assert process.stdout.readline() == b"locked\n"  # said by the copy, once it has let go
    with pytest.raises(InputError, match=rf"process {process.pid}\)"), lock.only_study_in(tmp_path):
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / lock.LOCK).exists()
    with lock.only_study_in(tmp_path):  # the forked one still waits for its input
        pass
    process.stdin.close()
    process.stdout.close()
    assert tree(tmp_path) == []


def test_a_file_system_without_locks_is_used_without(tmp_path, monkeypatch):
    def no_locks(*_args):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("sim.study.storing.lock.fcntl.flock", no_locks)
    with lock.only_study_in(tmp_path):
        assert tree(tmp_path) == [lock.LOCK]
    assert tree(tmp_path) == []


def test_a_lock_that_was_taken_away_meanwhile_is_no_lock(tmp_path, monkeypatch):
    """The study before us removes its lock file between our opening and our locking it."""
    flock, removed = lock.fcntl.flock, []

    def late(file, how):
        if not removed:
            removed.append((tmp_path / lock.LOCK).unlink())
        flock(file, how)

    monkeypatch.setattr("sim.study.storing.lock.fcntl.flock", late)
    second = lock.only_study_in(tmp_path)
    with lock.only_study_in(tmp_path), pytest.raises(InputError, match="another study"), second:
        pass


# ---------------------------------------------------------------- the folder goes


def test_a_folder_that_disappears_is_said(run, tmp_path):
    def simulate(*args, **asked):
        if asked["replication"] == 2:
            shutil.rmtree(tmp_path / "found", ignore_errors=True)
        return stand_ins.simulate(*args, **asked)

    with pytest.raises(InputError, match="cannot write here: No such file or directory") as caught:
        run(simulate=simulate)
    assert caught.value.__notes__ == ["No run was finished, and nothing is kept."]
    assert not (tmp_path / "found").exists()


def test_a_part_that_is_lost_in_mid_study_is_said(run, tmp_path):
    def simulate(*args, **asked):
        for part in parts_of(tmp_path / "found")[3:4]:
            part.write_bytes(part.read_bytes()[:-200])
        return stand_ins.simulate(*args, **asked)

    with pytest.raises(StudyError, match="cannot be read any more"):
        run(simulate=simulate)
    run(resume=True)
    assert len(Results(tmp_path / "found").outcomes) == 4 * 12


# ---------------------------------------------------------------- executors


class Broken(Executor):
    """Loses its processes whatever it is asked."""

    def submit(self, *_args, **_kwargs):
        raise BrokenExecutor

    def shutdown(self, **_asked):
        pass


class Answers(Executor):
    """Gives one error for an answer, whatever it is asked."""

    def __init__(self, error):
        self.error = error

    def submit(self, *_args, **_kwargs):
        future = Future()
        future.set_exception(self.error)
        return future


def test_processes_that_are_lost_again_and_again_end_the_study(run, tmp_path, monkeypatch):
    pools = []
    monkeypatch.setattr(crew, "local_processes", lambda _number: pools.append(1) or Broken())
    watcher = Watcher()
    with pytest.raises(StudyError, match="processes were lost 4 times, perhaps for want of memory"):
        run(jobs=2, progress=watcher)
    assert len(pools) == 4
    assert len(watcher.warned) == 3


def test_on_an_executor_that_is_lost_at_once_it_goes_on_here(run, tmp_path, whole):
    watcher = Watcher()
    run(executor=Broken(), progress=watcher)
    assert len(watcher.warned) == 1
    assert same_bytes(tmp_path / "found", whole)


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (
            ModuleNotFoundError("No module named 'sim'"),
            InputError,
            "cannot load Plimsoll: No modul",
        ),
        (CancelledError(), StudyError, "the connection to the processes .* was lost"),
        (OSError("gone"), StudyError, "a run could not be done: OSError: gone"),
    ],
)
def test_what_an_executor_answers_is_put_into_words(run, tmp_path, error, kind, words):
    with pytest.raises(kind, match=words):
        run(executor=Answers(error))
    assert not (tmp_path / "found").exists()


def test_only_so_many_runs_are_handed_over_at_a_time(run, study, monkeypatch):
    """What is done waits in memory until it is taken: not all of a study may."""
    monkeypatch.setattr(crew, "WAITING_ELSEWHERE", 5)
    most, waiting = 0, set()

    class Counting(ThreadPoolExecutor):
        def submit(self, fn, *args):
            nonlocal most
            future = super().submit(fn, *args)
            waiting.add(future)
            future.add_done_callback(waiting.discard)
            most = max(most, len(waiting))
            return future

    with Counting(2) as executor:
        run(executor=executor)
    assert 0 < most <= 5


def test_processes_of_other_versions_than_the_study_do_no_run(run, tmp_path, monkeypatch):
    newer = made_with.made_with() | {"numpy": "9.0"}
    monkeypatch.setattr("sim.study.running.made_with", lambda: newer)
    with pytest.raises(InputError, match=r"other versions than the study: numpy .* 9.0 here"):
        run()
    assert not (tmp_path / "found").exists()


def test_the_memory_of_the_study_itself_stays_flat(tmp_path):
    """Ten times as many runs, of a megabyte each: the parent holds none of them."""
    stand_ins.write_small_study(tmp_path)
    script = (
        "import resource, sys\n"
        "from sim.scenario.loading import load_study\n"
        "from sim.study.running import run_study\n"
        "from sim.study.storing import parts\n"
        "from tests import stand_ins\n"
        "parts.ROWS_TOGETHER = 20_000\n"
        "study = load_study('study.yaml')\n"
        "peaks = []\n"
        "for replications in (3, 20):\n"
        "    run_study(study, replications=replications, jobs=2, out=f'found{replications}',\n"
        "              simulate=stand_ins.simulate_much)\n"
        "    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
        "print(*peaks)\n"
    )
    done = subprocess.run(
        (sys.executable, "-c", script), cwd=tmp_path, capture_output=True, text=True, timeout=600,
        env=os.environ | {"PYTHONPATH": str(Path(stand_ins.__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    of_9_runs, of_60_runs = map(int, done.stdout.split())
    assert of_60_runs - of_9_runs < 25, done.stdout  # MB; the runs in between are twice that
