"""A study on a real Dask cluster: two worker processes on this machine, and what befalls them."""

import json
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from distributed import Client

from sim.scenario.loading import load_study
from sim.scenario.problems import InputError
from sim.study.errors import StudyError
from sim.study.made_with import made_with
from sim.study.processes.cluster import dask_cluster
from sim.study.running import run_study
from tests import stand_ins
from tests.end_to_end.test_cli import ENVIRONMENT, here, refused
from tests.end_to_end.test_never_lost import (
    PATIENCE_SECONDS,
    kill_one_at_the_gate,
    names_in,
    parts_of,
    same_bytes,
    wait_until,
)

pytestmark = pytest.mark.end_to_end


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder: Path, gate: Path) -> None:
        self._folder, self._gate, self._processes = folder, gate, []
        self.scheduler: subprocess.Popen | None = None
        self.workers: list[subprocess.Popen] = []
        self.address = ""

    def has(self, workers: int) -> "Cluster":
        """See to it that there are a scheduler and so many workers, whatever befell them before."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            self.stop()
            self.scheduler = self.start_scheduler()
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < workers:
            self.workers.append(self.start_worker(GATE=str(self._gate)))
        return self

    def start(self, *arguments, **environment) -> subprocess.Popen:
        process = subprocess.Popen(
            (sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]),
            cwd=self._folder, env=ENVIRONMENT | environment, stdin=subprocess.DEVNULL,
            stdout=None, stderr=None,
        )  # fmt: skip
        self._processes.append(process)
        return process

    def start_scheduler(self) -> subprocess.Popen:
        file = self._folder / "scheduler.json"
        process = self.start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--scheduler-file", str(file), "--no-jupyter",
        )  # fmt: skip
        wait_until(lambda: file.exists() and file.read_text().endswith("}"), process)
        self.address = json.loads(file.read_text())["address"]
        return process

    def start_worker(self, **environment) -> subprocess.Popen:
        return self.start(
            "dask_worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny",
            "--memory-limit", "0", "--death-timeout", "60", **environment,
        )  # fmt: skip

    def stop(self) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
        self._processes.clear()
        (self._folder / "scheduler.json").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def gate(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("gate")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory, gate):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), gate)
    yield cluster
    cluster.stop()


@pytest.fixture
def folder(tmp_path) -> Path:
    stand_ins.write_small_study(tmp_path)
    return tmp_path


@pytest.fixture
def study(folder):
    return load_study(folder / "study.yaml")


class InTheBackground(threading.Thread):
    """Runs a study on a cluster; keeps what it ended with."""

    def __init__(self, address: str, study, **asked) -> None:
        super().__init__()
        self._address, self._study, self._asked, self.error = address, study, asked, None
        self.start()

    def run(self) -> None:
        try:
            with dask_cluster(self._address) as executor:
                run_study(self._study, executor=executor, **self._asked)
        except Exception as error:
            self.error = error


def test_a_cluster_without_workers_is_refused(cluster, monkeypatch):
    cluster.stop()
    cluster.has(workers=0)
    monkeypatch.setattr("sim.study.processes.cluster.PATIENCE_SECONDS", 0.5)
    with (
        pytest.raises(InputError, match="the cluster has no workers"),
        dask_cluster(cluster.address),
    ):
        pass


def test_a_study_whose_cluster_loses_a_worker_gives_the_same_bytes(cluster, gate, folder, study):
    run_study(study, jobs=1, simulate=stand_ins.simulate, out=folder / "whole")
    workers = cluster.has(workers=2).workers
    for trace in gate.iterdir():
        trace.unlink()
    running = InTheBackground(
        cluster.address, study, out=folder / "found", simulate=stand_ins.simulate_at_the_gate
    )
    victim = kill_one_at_the_gate(gate, running)
    running.join(PATIENCE_SECONDS)
    assert running.error is None
    assert victim in [worker.pid for worker in workers]
    assert same_bytes(folder / "found", folder / "whole")
    assert names_in(folder / "found") == names_in(folder / "whole")


def test_the_command_gives_the_same_bytes_on_a_cluster_as_here(cluster, folder, study):
    asked = ("run", "study.yaml", "--replications", "2", "--years", "0.25")
    cluster.has(workers=1)
    code, printed, said = here(folder, *asked, "--cluster", cluster.address, "--out", "there")
    assert code == 0, said
    assert "Results: there" in printed
    run_study(study, replications=2, years=0.25, jobs=1, out=folder / "here")
    assert same_bytes(folder / "there", folder / "here")


def test_workers_of_another_version_are_refused(cluster, folder, study, monkeypatch):
    cluster.has(workers=1)
    newer = made_with() | {"numpy": "9.0"}
    monkeypatch.setattr("sim.study.running.made_with", lambda: newer)
    with (
        dask_cluster(cluster.address) as executor,
        pytest.raises(InputError, match=r"other versions than the study: numpy .* 9.0 here"),
    ):
        run_study(study, executor=executor, out=folder / "found")
    assert not (folder / "found").exists()


def test_a_cluster_that_cannot_load_plimsoll_is_refused(cluster, tmp_path):
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "__init__.py").touch()  # another thing of that name
    cluster.has(workers=0)
    with Client(cluster.address, set_as_default=False) as client:
        good = len(client.scheduler_info()["workers"])
        stranger = cluster.start_worker(PYTHONPATH=str(tmp_path))
        client.wait_for_workers(good + 1, timeout=PATIENCE_SECONDS)
    with (
        pytest.raises(InputError, match=r"cannot load Plimsoll: .*No module named 'sim.study'"),
        dask_cluster(cluster.address),
    ):
        pass
    stranger.kill()
    stranger.wait()


def test_a_cluster_that_is_lost_in_mid_study_ends_it_and_it_can_go_on(cluster, gate, folder, study):
    cluster.has(workers=1)
    for trace in gate.iterdir():
        trace.unlink()
    out = folder / "found"
    running = InTheBackground(
        cluster.address, study, out=out, simulate=stand_ins.simulate_at_the_gate
    )
    wait_until(lambda: any(gate.iterdir()))
    wait_until(lambda: len(parts_of(out)) == 6)  # all that need not wait at the gate
    cluster.scheduler.send_signal(signal.SIGKILL)
    running.join(PATIENCE_SECONDS)
    (gate / "open").touch()
    assert isinstance(running.error, StudyError)
    assert "the connection to the processes that do the runs was lost" in str(running.error)
    assert running.error.__notes__[0].startswith("6 finished runs are kept")
    run_study(study, jobs=1, simulate=stand_ins.simulate, out=out, resume=True)
    run_study(study, jobs=1, simulate=stand_ins.simulate, out=folder / "whole")
    assert same_bytes(out, folder / "whole")


def test_where_no_scheduler_answers_the_command_says_so(folder, monkeypatch):
    monkeypatch.setattr("sim.study.processes.cluster.PATIENCE_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for address, reason in (
            (f"tcp://127.0.0.1:{port}", "no answer in 0.5 seconds"),
            ("tcp://127.0.0.1:1", "no answer in 0.5 seconds"),
            ("somewhere", "missing port number"),
            ("carrier-pigeon://roof:1", "unknown address scheme"),
        ):
            told = refused(folder, "run", "study.yaml", "--cluster", address, "--out", "found")
            assert f"--cluster: there is no Dask scheduler that answers here: {reason}" in told
            assert f"given:    '{address}'" in told
            assert "tcp://10.0.0.5:8786" in told


def test_without_dask_the_command_says_how_to_install_it(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    told = refused(folder, "run", "study.yaml", "--cluster", "tcp://127.0.0.1:1")
    assert "pip install 'plimsoll-workforce[cluster]'" in told
