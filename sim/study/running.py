"""Run a study: its scenario under each of its policies, many times over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

from sim.model.outcomes import OUTCOMES
from sim.scenario.loading import changed, unknown_outcomes
from sim.scenario.problems import InputError
from sim.scenario.study_file import StudyFile
from sim.scenario.text_files import shown
from sim.scenario.yaml_lines import Document
from sim.study.demand_paths import DemandPaths, read_demand
from sim.study.errors import Interrupted, StudyError
from sim.study.made_with import made_with
from sim.study.plausible_sets import PlausibleSets, read_plausible
from sim.study.processes import processes_for
from sim.study.processes.crew import Crew
from sim.study.processes.getting_ready import to_simulate
from sim.study.processes.worker import Simulate, Task, do_run, squeezed
from sim.study.results import Results
from sim.study.storing.folder import ResultsFolder, cannot_write, default_folder, results_folder
from sim.study.storing.manifest import now, study_content
from sim.study.storing.packing import Run
from sim.study.storing.parts import Parts, runs_of
from sim.study.storing.results_tables import store
from sim.study.storing.stopped import folder_to_resume
from sim.study.storing.unfinished import Beginning
from sim.study.sureness.precision import replications_next
from sim.study.watching import Silent, Watcher

Plan = Callable[[int, Parts], int]
"""How many replications there should be, given how many are finished, and their outcomes.

It is asked again after each batch, until it wants no more than there are. So that a study gives
the same results wherever it is run, and stopped or not, a plan may only look at the outcomes of
the replications that it is told are finished.
"""


def run_study(
    study: StudyFile,
    *,
    replications: int | None = None,
    years: float | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    executor: Executor | None = None,
    progress: Watcher | None = None,
    simulate: Simulate | None = None,
    beside: Path | None = None,
    plan: Plan | None = None,
) -> Results:
    """Run a study and store what it found.

    The same study gives the same bytes of results, in however many processes, on whichever
    executor, in whatever order its runs end, and however often it was stopped and went on.

    Parameters
    ----------
    study
        What to run.
    replications, years, seed
        Instead of what the study says; with `replications`, there are so many of them, however
        precise the results are.
    jobs
        Processes on this machine; as many as it has processors when left out.
    out
        Folder for the results; ``results/<study>/<time>-<hash>`` when left out. It must be new,
        empty, or hold earlier results, which are replaced once the new ones are complete.
    resume
        Go on with what a study that was stopped has finished in the folder; in the newest one
        below ``results/<study>`` when `out` is left out. It must be the same study, but for the
        number of replications, and run with the same versions.
    executor
        Any ``concurrent.futures`` executor to run on instead. It stays open.
    progress
        Is told how the study gets on.
    simulate
        A stand-in for the simulated service, for tests.
    beside
        The folder of the study's file, which the path of its forecast is relative to.
    plan
        Says how many replications there should be; as many as the study says when left out.

    Returns
    -------
    Results
        The folder of results, opened.

    Raises
    ------
    InputError
        If something asked for is unusable.
    StudyError
        If a run fails (`RunError` names it), processes are lost, or somebody stops the study
        (`Interrupted`). The runs that are finished stay in the folder, and a note to the error
        says so; without any, nothing is left there.
    """
    watcher = progress or Silent()
    study = adjusted(study, replications=replications, years=years, seed=seed)
    demand, plausible = read_demand(study, beside), read_plausible(study, beside)
    processes = min(processes_for(jobs), study.replications * len(study.policies))
    now_asked = Beginning(
        study_content(study),
        made_with(),
        None if demand is None else demand.source,
        None if plausible is None else plausible.source,
        now(),
    )
    if out is not None:
        path = Path(out)
    else:
        path = folder_to_resume(now_asked) if resume else default_folder(study)
    with results_folder(path) as folder:
        if resume and folder.is_finished(now_asked.study):
            watcher.say("these results are complete: there is nothing left to do")
            folder.clear_parts()  # killed while it did so
            return Results(folder.path)
        begun = folder.begin(now_asked, resume)
        parts = Parts(folder.parts, begun.seal)
        task_of = _tasks(begun, demand, plausible, simulate)
        ready = to_simulate(study.scenario, simulate)
        with _keeping_what_is_finished(folder):
            with Crew(executor, processes, watcher, ready) as crew:
                wanted = plan or _as_the_study_says(study)
                done = _do_runs(study, wanted, parts, crew, task_of, watcher)
            # Its processes have ended: the tables are put together in the memory that they had.
            study = study.model_copy(update={"replications": done})
            store(study, folder, parts, begun.started, demand, plausible)
        return Results(folder.path)


def _as_the_study_says(study: StudyFile) -> Plan:
    """Plan for the replications that a study names, or for as many as its precision takes."""

    def plan(finished: int, parts: Parts) -> int:
        if study.precision is None:
            return study.replications
        outcomes = parts.outcomes(runs_of(study, 0, finished)) if finished else None
        return replications_next(study, study.precision, outcomes)

    return plan


def _tasks(
    begun: Beginning,
    demand: DemandPaths | None,
    plausible: PlausibleSets | None,
    simulate: Simulate | None,
) -> Callable[[Run], Task]:
    """Prepare what all tasks have in common."""
    content, versions = squeezed(begun.study), tuple(begun.made_with.items())

    def task_of(run: Run) -> Task:
        path = None if demand is None else demand.path_of(run.replication)
        values = None if plausible is None else plausible.values_of(run.replication)
        return Task(content, begun.seal, versions, run, path, simulate, values)

    return task_of


def _do_runs(
    study: StudyFile,
    plan: Plan,
    parts: Parts,
    crew: Crew,
    task_of: Callable[[Run], Task],
    watcher: Watcher,
) -> int:
    """Have runs done, batch by batch, until there are as many as the plan wants.

    Returns
    -------
    int
        The number of replications.
    """
    finished = parts.finished(watcher)
    replications = counted = 0
    while (wanted := plan(replications, parts)) > replications:
        missing = [run for run in runs_of(study, replications, wanted) if run not in finished]
        total = wanted * len(study.policies)
        counted = total - len(missing)
        watcher.count(counted, total)
        for task, packed in crew.do(do_run, map(task_of, missing)):
            parts.keep(task.run, packed)
            counted += 1
            watcher.count(counted, total)
        replications = wanted
    return replications


@contextmanager
def _keeping_what_is_finished(folder: ResultsFolder) -> Iterator[None]:
    """Whatever stops a study, keep its finished runs, and say so in a note to the error."""
    try:
        yield
    except BaseException as error:
        told: BaseException = error
        if isinstance(error, KeyboardInterrupt):
            told = Interrupted("stopped before the study was finished")
        elif isinstance(error, OSError):
            told = cannot_write(folder.path, error)
        kept = folder.stop()
        if kept:
            told.add_note(
                f"{kept} finished {'run is' if kept == 1 else 'runs are'} kept in "
                f"{shown(folder.path)}: the same command with --resume goes on from there"
            )
        else:
            told.add_note("No run was finished, and nothing is kept.")
        raise told from (None if told is not error else error.__cause__)


def adjusted(study: StudyFile, **instead: int | float | None) -> StudyFile:
    """Return a study with some of its numbers changed, and the outcomes that it names checked.

    Raises
    ------
    InputError
        If a number is not accepted, or an outcome is unknown.
    """
    exactly = instead.get("replications")
    if study.precision is not None and exactly is not None:
        ends = {"at_least": exactly, "at_most": exactly}
        study = study.model_copy(update={"precision": study.precision.model_copy(update=ends)})
    wanted = changed(study, instead)
    content = study_content(wanted)
    unknown = unknown_outcomes(Document(content), OUTCOMES)
    if unknown:
        raise InputError(unknown)
    if StudyFile.model_validate(content) != wanted:
        # What is stored must be what was run, or it could not be run again.
        raise StudyError("the study cannot be written down and read again without a change")
    return wanted
