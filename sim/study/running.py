"""Run a study: its scenario under each of its policies, many times over."""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from pathlib import Path
from typing import Protocol

from sim.model import compiled
from sim.model.outcomes import OUTCOMES
from sim.scenario.loading import changed, unknown_outcomes
from sim.scenario.problems import InputError, Problem
from sim.scenario.study_file import StudyFile
from sim.scenario.yaml_lines import Document
from sim.study.demand_paths import read_demand
from sim.study.errors import Interrupted, StudyError
from sim.study.folder import ResultsFolder, cannot_write, default_folder
from sim.study.manifest import now, study_content
from sim.study.parts import Run
from sim.study.processes import ThisProcess, local_processes, without_main_script
from sim.study.results import Results
from sim.study.storing import store
from sim.study.worker import Simulate, Task, do_run, get_ready

WAITING_FOR_EACH_PROCESS = 4
WAITING_ELSEWHERE = 1_000  # an executor does not say how many processes it has


class Watcher(Protocol):
    """Who is told how a study gets on."""

    def say(self, text: str) -> None:
        """Hear what is going on, in a few words."""

    def count(self, done: int, total: int) -> None:
        """Hear how many runs are done."""


class Silent:
    """A watcher who keeps it to themselves."""

    def say(self, text: str) -> None:
        """Say nothing."""

    def count(self, done: int, total: int) -> None:
        """Count nothing."""


def run_study(
    study: StudyFile,
    *,
    replications: int | None = None,
    years: float | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    out: str | Path | None = None,
    executor: Executor | None = None,
    progress: Watcher | None = None,
    simulate: Simulate | None = None,
    beside: Path | None = None,
) -> Results:
    """Run a study and store what it found.

    The same study gives the same bytes of results, in however many processes, on whichever
    executor, and in whatever order its runs end.

    Parameters
    ----------
    study
        What to run.
    replications, years, seed
        Instead of what the study says.
    jobs
        Processes on this machine; as many as it has processors when left out.
    out
        Folder for the results; ``results/<study>/<time>-<hash>`` when left out. It must be new,
        empty, or hold earlier results, which are replaced once the new ones are complete.
    executor
        Any ``concurrent.futures`` executor to run on instead, whose processes can write to
        the folder. It stays open.
    progress
        Is told how the study gets on.
    simulate
        A stand-in for the simulated service, for tests.
    beside
        The folder of the study's file, which the path of its forecast is relative to.

    Returns
    -------
    Results
        The folder of results, opened.

    Raises
    ------
    InputError
        If something asked for is unusable.
    StudyError
        If a run fails (`RunError` names it), a process is lost, or somebody stops the study
        (`Interrupted`). Nothing is left in the folder then.
    """
    watcher = progress or Silent()
    study = adjusted(study, replications=replications, years=years, seed=seed)
    demand = read_demand(study, beside)
    processes = _processes(jobs)
    started = now()
    folder = ResultsFolder(Path(out) if out is not None else default_folder(study))
    try:
        study_hash = folder.begin(study)
        demand_hash = folder.keep_demand(demand, study.replications)
        tasks = [
            Task(str(folder.parts), study_hash, run, simulate, demand_hash)
            for run in runs_of(study)
        ]
        if executor is None:
            processes = min(processes, len(tasks))
            with local_processes(processes) as pool:
                if simulate is None:
                    _get_ready(tasks[0], pool, processes, watcher)
                _do_all(tasks, pool, WAITING_FOR_EACH_PROCESS * processes, watcher)
        else:
            _do_all(tasks, executor, WAITING_ELSEWHERE, watcher)
        store(study, folder, started, demand)
    except BaseException as error:
        folder.abandon()
        if isinstance(error, KeyboardInterrupt):
            raise Interrupted("stopped before the study was finished; nothing was kept") from None
        if isinstance(error, BrokenExecutor):
            raise StudyError(
                "a process was lost, perhaps for want of memory; try again with fewer (--jobs)"
            ) from None
        if isinstance(error, OSError):
            raise cannot_write(folder.path, error) from None
        raise
    return Results(folder.path)


def runs_of(study: StudyFile) -> list[Run]:
    """List the runs of a study, replication by replication."""
    return [
        Run(policy, replication)
        for replication in range(study.replications)
        for policy in range(len(study.policies))
    ]


def adjusted(study: StudyFile, **instead: int | float | None) -> StudyFile:
    """Return a study with some of its numbers changed, and its headline outcomes checked.

    Raises
    ------
    InputError
        If a number is not accepted, or an outcome is unknown.
    """
    wanted = changed(study, instead)
    content = study_content(wanted)
    unknown = unknown_outcomes(Document(content), OUTCOMES)
    if unknown:
        raise InputError(unknown)
    if StudyFile.model_validate(content) != wanted:
        # What is stored must be what was run, or it could not be run again.
        raise StudyError("the study cannot be written down and read again without a change")
    return wanted


def _processes(jobs: object) -> int:
    if jobs is None:
        usable = getattr(os, "sched_getaffinity", None)  # processors that this process may use
        return len(usable(0)) if usable else os.cpu_count() or 1
    if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1:
        message, accepts = "not a number of processes", "a whole number, 1 or more"
        raise InputError(Problem(message, path="jobs", given=str(jobs), accepted=accepts))
    return jobs


def _get_ready(task: Task, pool: Executor, processes: int, watcher: Watcher) -> None:
    """Start all processes, and have one of them compile the model before the others need it."""
    if _is_first_use():
        watcher.say("compiling (first use only) ...")
    with without_main_script():
        ready = [pool.submit(get_ready, task, number == 0) for number in range(processes)]
    try:
        for future in ready:
            future.result()
    finally:
        for future in ready:
            future.cancel()


def _is_first_use() -> bool:
    """Say whether nothing of the model as it is now has been compiled and kept yet."""
    if compiled.IS_PLAIN_PYTHON:
        return False
    kept = compiled._FOLDER
    return kept is None or not any(kept.glob("*.nbi"))


def _do_all(tasks: list[Task], pool: Executor, most_waiting: int, watcher: Watcher) -> None:
    """Have all tasks done, with no more than so many of them handed over at any time."""
    waiting: set[Future[Run]] = set()
    done = 0
    watcher.count(done, len(tasks))
    try:
        for task in tasks:
            with without_main_script():
                waiting.add(pool.submit(do_run, task))
            if len(waiting) >= most_waiting or isinstance(pool, ThisProcess):
                done += _collect(waiting)
                watcher.count(done, len(tasks))
        while waiting:
            done += _collect(waiting)
            watcher.count(done, len(tasks))
    finally:
        for future in waiting:
            future.cancel()


def _collect(waiting: set[Future[Run]]) -> int:
    """Wait until some task is done; raise what it raised."""
    finished = wait(waiting, return_when=FIRST_COMPLETED).done
    for future in finished:
        waiting.discard(future)
        future.result()
    return len(finished)
