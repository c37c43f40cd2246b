"""Whatever befalls a study: what is finished is kept, nothing is corrupted, and it can go on."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context
from pathlib import Path

import pytest

from sim.scenario.loading import load_study
from sim.study.explaining import explain
from sim.study.running import run_study
from sim.study.staffing import find_staffing
from sim.study.watching import Silent
from tests import stand_ins
from tests.end_to_end.test_cli import ENVIRONMENT, ROOT, TABLES, here, plimsoll, refused

pytestmark = pytest.mark.end_to_end

SMALL = ("--replications", "12", "--years", "0.25")
PATIENCE_SECONDS = 240
LOST = "a process was lost, perhaps for want of memory; going on with new ones on this machine"
PLIMSOLL = f"{sys.executable} -m sim.cli"
# A shell that runs the tests in the background has Ctrl-C ignored by all that they start.
WITH_CTRL_C = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from sim.cli import main
main()
"""


def wait_until(condition, process: subprocess.Popen | None = None):
    """Wait for something that is bound to happen, however slow the machine is."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := condition()):
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def parts_of(folder: Path) -> list[Path]:
    return sorted((folder / "parts").glob("*.run"))


def wait_for_runs(folder: Path, number: int, process: subprocess.Popen) -> None:
    """Wait until a study has begun and finished so many runs."""
    note = folder / "parts" / "study.json"
    wait_until(lambda: note.exists() and len(parts_of(folder)) >= number, process)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def same_bytes(one: Path, two: Path) -> bool:
    return all((one / name).read_bytes() == (two / name).read_bytes() for name in TABLES)


def started(folder: Path, *arguments) -> subprocess.Popen:
    """Start `plimsoll run study.yaml` in a process group of its own."""
    return subprocess.Popen(
        (sys.executable, "-c", WITH_CTRL_C, "run", "study.yaml", *map(str, arguments)),
        cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory) -> Path:
    """A folder with the small study, and what it gives when nothing befalls it."""
    folder = tmp_path_factory.mktemp("unbroken")
    stand_ins.write_small_study(folder)
    done = plimsoll(folder, "run", "study.yaml", *SMALL, "--jobs", "1", "--out", "found")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(tmp_path) -> Path:
    stand_ins.write_small_study(tmp_path)
    return tmp_path


# ---------------------------------------------------------------- kill -9


def test_killed_at_any_step_on_the_disk_it_goes_on_to_the_same_bytes(tmp_path):
    done = subprocess.run(
        (sys.executable, "-m", "tests.end_to_end.kill_everywhere", tmp_path),
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    steps = [int(line) for line in done.stdout.split()]
    assert steps == list(range(1, steps[-1] + 1))
    assert len(steps) > 25  # each run is written and renamed, and so is each table
    unbroken = tmp_path / str(steps[-1])  # the last one was not killed
    for n in steps:
        assert same_bytes(tmp_path / str(n), unbroken), n
        assert names_in(tmp_path / str(n)) == sorted(["README.md", "manifest.json", *TABLES]), n


def test_kill_9_at_random_moments_and_going_on_gives_the_same_bytes(unbroken, folder):
    """Killed before the first run is finished, then after some more, each time by surprise."""
    dice = random.Random(20260401)
    found = folder / "found"
    asked = (*SMALL, "--out", "found", "--resume")
    for jobs, runs in zip((2, 1, 1), (0, *sorted(dice.sample(range(1, 30), 2))), strict=True):
        process = started(folder, *asked, "--jobs", jobs)
        wait_for_runs(found, runs, process)
        time.sleep(dice.uniform(0, 0.05))  # anywhere between two steps
        process.kill()  # the parent alone: its processes must not outlive it for long
        process.communicate()
        assert not (found / "manifest.json").exists()
    done = plimsoll(folder, "run", "study.yaml", *asked, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "runs are finished already" in done.stderr
    assert same_bytes(found, unbroken / "found")
    assert names_in(found) == sorted(["README.md", "manifest.json", "report.html", *TABLES])


def test_the_processes_of_a_killed_study_end_with_it(tmp_path):
    script = (
        "import os, sys\n"
        "from sim.study.processes import local_processes, without_main_script\n"
        "pool = local_processes(2)\n"
        "with without_main_script():\n"
        "    print(pool.submit(os.getpid).result(), flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen((sys.executable, "-c", script), env=ENVIRONMENT, text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    child = int(parent.stdout.readline())
    os.kill(child, 0)  # it lives
    parent.kill()
    parent.communicate()

    def has_ended() -> bool:
        try:
            return Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except FileNotFoundError:
            return True

    if Path("/proc/self/stat").exists():
        wait_until(has_ended)


# ---------------------------------------------------------------- Ctrl-C, and two at once


def test_ctrl_c_keeps_what_is_finished_and_nobody_else_may_use_the_folder_meanwhile(
    unbroken, folder
):
    found = folder / "found"
    years = SMALL[2:]
    process = started(folder, "--replications", 5000, *years, "--jobs", 2, "--out", "found")
    wait_for_runs(found, 1, process)
    code, _, second = here(folder, "run", "study.yaml", *SMALL, "--jobs", "1", "--out", "found")
    assert code == 2
    assert f"another study is running in this folder (process {process.pid})" in second
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all its processes
    printed, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert printed == ""
    assert "Traceback" not in said
    assert "stopped before the study was finished" in said
    kept = len(parts_of(found))
    assert f"{kept} finished run" in said
    assert "--resume" in said
    assert names_in(found) == ["parts"]

    again = refused(folder, "run", "study.yaml", *SMALL, "--jobs", "1", "--out", "found")
    assert f"an unfinished study is here, with {kept} finished run" in again
    code, _, said = here(
        folder, "run", "study.yaml", *SMALL, "--jobs", "1", "--out", "found", "--resume"
    )
    assert code == 0, said
    assert same_bytes(found, unbroken / "found")


def test_what_ends_a_job_is_like_ctrl_c_and_the_newest_folder_of_the_study_goes_on(
    unbroken, folder
):
    years = SMALL[2:]
    process = started(folder, "--replications", 5000, *years, "--jobs", 1)
    found = wait_until(lambda: next(folder.glob("results/*/*"), None), process)
    wait_for_runs(found, 1, process)
    process.terminate()
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert "the same command with --resume goes on from there" in said
    assert "Traceback" not in said
    again = ("run", "study.yaml", "--jobs", "1", "--resume")
    other = refused(folder, *again, "--replications", 12, "--years", 0.5)
    assert f"{found.relative_to(folder)}: --years: the unfinished study here is another" in other
    code, _, said = here(folder, *again, *SMALL)
    assert code == 0, said
    assert same_bytes(found, unbroken / "found")
    nothing = refused(folder, *again, *SMALL)
    assert "no study was stopped here" in nothing
    assert f"{found.name} (finished)" in nothing


def test_ctrl_c_while_the_program_loads_is_no_traceback():
    process = subprocess.Popen(
        (sys.executable, "-X", "importtime", "-c", WITH_CTRL_C, "--help"),
        env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stderr:
        if "click" in line:  # one of the first things that it loads
            process.send_signal(signal.SIGINT)
            break
    printed, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == -signal.SIGINT
    assert printed == ""
    assert "Traceback" not in said


def test_ctrl_c_before_the_first_run_leaves_nothing(folder):
    before = sorted(folder.rglob("*"))
    process = started(folder, *SMALL, "--jobs", 1, "--out", "new/found")
    wait_for_runs(folder / "new/found", 0, process)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    if "No run was finished" in said:  # unless the machine was quicker than we were
        assert process.returncode == 130
        assert sorted(folder.rglob("*")) == before


# ---------------------------------------------------------------- the disk


def on_a_small_disk(folder: Path, *steps: str) -> list[subprocess.CompletedProcess]:
    """Take steps on a disk of their own of 300 kB, mounted in `folder/disk` for them alone."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("there is no `unshare` to make a small disk with")
    (folder / "disk").mkdir()
    mount = "mount -t tmpfs -o size=300k tmpfs disk"
    tried = subprocess.run(
        (unshare, "-rm", "sh", "-c", mount), cwd=folder, capture_output=True, text=True
    )
    if tried.returncode:
        pytest.skip(f"this machine does not let us mount a small disk: {tried.stderr.strip()}")
    script = "\n".join(
        f"{{ {step}\n}} >out{n} 2>err{n}; echo $? >code{n}"
        for n, step in enumerate((mount, *steps))
    )
    subprocess.run((unshare, "-rm", "sh", "-c", script), cwd=folder, env=ENVIRONMENT, timeout=300)
    return [
        subprocess.CompletedProcess(
            step,
            int((folder / f"code{n}").read_text()),
            (folder / f"out{n}").read_text(),
            (folder / f"err{n}").read_text(),
        )
        for n, step in enumerate(steps, start=1)
    ]


def test_a_full_disk_is_said_and_with_more_room_it_goes_on(unbroken, folder):
    shutil.copytree(unbroken / "found", folder / "unbroken")
    run = f"{PLIMSOLL} run study.yaml --years 0.25 --jobs 1 --out disk/found --resume"
    full, there, _, resumed, *same = on_a_small_disk(
        folder,
        f"{run} --replications 60",
        "find disk -type f",
        "mount -o remount,size=5m disk",
        f"{run} --replications 12",
        *(f"cmp disk/found/{name} unbroken/{name}" for name in TABLES),
    )
    assert full.returncode == 2, full.stderr
    assert "disk/found: cannot write here: No space left on device" in full.stderr
    assert "finished runs are kept in disk/found" in full.stderr
    assert "Traceback" not in full.stderr
    assert full.stdout == ""
    files = there.stdout.split()
    assert "disk/found/parts/study.json" in files
    assert all(name.endswith((".run", "study.json")) for name in files)  # nothing half-written
    assert resumed.returncode == 0, resumed.stderr
    assert f"going on: {len(files) - 1} runs are finished already" in resumed.stderr
    assert [step.returncode for step in same] == [0] * len(TABLES)


def test_a_workbook_that_does_not_fit_is_said_and_leaves_nothing(unbroken, folder):
    shutil.copytree(unbroken / "found", folder / "found")
    _, full, there = on_a_small_disk(
        folder,
        "head -c 290000 /dev/zero > disk/other",
        f"{PLIMSOLL} results found --excel disk/found.xlsx",
        "ls -A disk",
    )
    assert full.returncode == 2, full.stderr
    assert full.stderr.startswith("disk: cannot write here: No space left on device")
    assert "Traceback" not in full.stderr
    assert there.stdout.split() == ["other"]


def test_an_event_log_that_does_not_fit_is_said_and_leaves_nothing(unbroken, folder):
    shutil.copytree(unbroken / "found", folder / "found")
    _, full, there = on_a_small_disk(
        folder,
        "head -c 299000 /dev/zero > disk/other",
        f"{PLIMSOLL} rerun found --policy baseline --replication 0 --out disk/new/log",
        "ls -A disk",
    )
    assert full.returncode == 2, full.stderr
    assert full.stderr.startswith("disk/new/log: cannot write here: No space left on device")
    assert there.stdout.split() == ["other"]


def test_a_folder_that_may_only_be_read_is_said(folder):
    run = f"{PLIMSOLL} run study.yaml --replications 1 --out"
    _, _, new, old = on_a_small_disk(
        folder,
        "mkdir disk/found",
        "mount -o remount,ro disk",
        f"{run} disk/new",
        f"{run} disk/found",
    )
    for answer, place in ((new, "disk/new"), (old, "disk/found")):
        assert answer.returncode == 2
        assert f"{place}: cannot write here: Read-only file system" in answer.stderr
        assert "choose another folder" in answer.stderr
        assert "Traceback" not in answer.stderr
        assert answer.stdout == ""


# ---------------------------------------------------------------- lost processes


@pytest.fixture
def by_stand_in(folder):
    """Run the small study with a stand-in for the model; its first result is the one unbroken."""
    study = load_study(folder / "study.yaml")
    run_study(study, jobs=1, simulate=stand_ins.simulate, out=folder / "whole")

    def run(**asked):
        run_study(study, out=folder / "found", **asked)
        return same_bytes(folder / "found", folder / "whole")

    return run


class Warned(Silent):
    """Keeps what it was warned of."""

    def __init__(self):
        self.warnings = []

    def warn(self, text):
        self.warnings.append(text)


def test_a_lost_process_is_replaced_and_its_runs_are_done_again(folder, by_stand_in, monkeypatch):
    monkeypatch.setenv("DEATHS", str(folder))
    watcher = Warned()
    assert by_stand_in(jobs=2, simulate=stand_ins.simulate_and_die_once, progress=watcher)
    assert (folder / "nothing-2").exists()  # somebody did die
    assert watcher.warnings == [LOST]


def test_a_staffing_search_that_loses_a_process_finds_the_same(folder, monkeypatch):
    monkeypatch.setenv("DEATHS", str(folder))
    study, watcher = load_study(folder / "study.yaml"), Warned()

    def found(simulate, **asked):
        return find_staffing(
            study, ["caseload_per_fte <= 12"], role="social_worker", replications=8,
            simulate=simulate, **asked,
        )  # fmt: skip

    whole = found(stand_ins.simulate_posts, jobs=1)
    broken = found(stand_ins.simulate_posts_and_die_once, jobs=2, progress=watcher)
    assert (folder / "2").exists()  # somebody did die
    assert watcher.warnings == [LOST]
    assert whole.answer.verdict == "found"
    assert broken.answer == whole.answer
    assert broken.curve().equals(whole.curve())


class Killer(Warned):
    """Kills a process at the first sign that one of them has done something."""

    def count(self, done, total):
        if done == 1:
            active_children()[0].kill()


def test_an_explanation_that_loses_a_process_finds_the_same(unbroken):
    killer, asked = Killer(), (unbroken / "found", "more_posts")
    whole = explain(*asked, replications=4, jobs=1)
    broken = explain(*asked, replications=4, jobs=2, progress=killer)
    assert killer.warnings == [LOST]
    assert broken.by_run.equals(whole.by_run)


def kill_one_at_the_gate(folder: Path, study: threading.Thread) -> int:
    """Wait until a process is in the middle of a run, kill it, and let the others go on."""

    def waiting() -> list[int]:
        assert study.is_alive()
        return [int(path.name) for path in folder.iterdir() if path.name.isdigit()]

    victim = wait_until(waiting)[0]
    os.kill(victim, signal.SIGKILL)
    (folder / "open").touch()
    return victim


@pytest.fixture
def gate(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "gate"
    folder.mkdir()
    monkeypatch.setenv("GATE", str(folder))
    return folder


def test_any_executor_may_lose_a_process(by_stand_in, gate):
    watcher, same = Warned(), []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        study = threading.Thread(
            target=lambda: same.append(
                by_stand_in(executor=executor, jobs=1, progress=watcher,
                            simulate=stand_ins.simulate_at_the_gate)
            )
        )  # fmt: skip
        study.start()
        kill_one_at_the_gate(gate, study)
        study.join(PATIENCE_SECONDS)
    assert same == [True]
    assert len(watcher.warnings) == 1
