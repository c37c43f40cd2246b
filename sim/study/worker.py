"""One run of a study, in whichever process it falls to."""

from __future__ import annotations

import gc
import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.scenario.problems import InputError
from sim.scenario.study_file import StudyFile
from sim.study.demand_paths import DEMAND, DemandPaths, read_kept
from sim.study.errors import RunError, StudyError
from sim.study.files import sha256
from sim.study.folder import STUDY, cannot_write
from sim.study.manifest import content_hash
from sim.study.parts import Run, write_parts

Simulate = Callable[..., Any]
"""``sim.model.world.simulate``, or a stand-in with the same arguments."""


@dataclass(frozen=True)
class Task:
    """What a process needs to know to do a run; the study itself it reads, once, from a file."""

    parts: str
    study_hash: str
    run: Run
    simulate: Simulate | None = None
    demand_hash: str = ""  # of the forecast's paths; empty where the study has no forecast


def do_run(task: Task) -> Run:
    """Simulate one run and write its tables.

    Raises
    ------
    RunError
        If the simulation fails; it names the policy and the replication.
    InputError
        If the tables cannot be written, or the scenario turns out to be unusable.
    """
    study = _study(task.parts, task.study_hash)
    policy = study.policies[task.run.policy]
    simulate = task.simulate or default_simulate()
    scenario = study.scenario
    if task.demand_hash:
        demand = _demand(task.parts, task.demand_hash)
        scenario = demand.laid_over(scenario, task.run.replication)
    try:
        result = simulate(
            scenario,
            policy,
            seed=study.seed,
            replication=task.run.replication,
            years=study.years,
            tables=study.tables,
        )
    except InputError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        details = traceback.format_exc()
        raise RunError(policy.name, task.run.replication, reason, details) from None
    tables = {str(name): result.tables[name] for name in study.tables}
    try:
        write_parts(Path(task.parts), task.run, policy.name, result.outcomes, tables)
    except OSError as error:
        raise cannot_write(Path(task.parts), error) from None
    finally:
        del result, tables
        gc.collect()  # a world is a ring of processes and events, which waits for this otherwise
    return task.run


def get_ready(task: Task, compile_model: bool) -> None:
    """Load the model in this process; compile it, too, if it is this process's turn."""
    from sim.model.world import warm_up_compiler

    if compile_model:
        warm_up_compiler(_study(task.parts, task.study_hash).scenario)
    gc.collect()
    gc.freeze()  # what is loaded now stays: looking through it after each run would take longer


def default_simulate() -> Simulate:
    """Return the simulated service. Its compiled code takes a moment to load: not before a run."""
    from sim.model.world import simulate

    return simulate


@lru_cache(maxsize=1)
def _study(parts: str, study_hash: str) -> StudyFile:
    """Read the study of a folder of parts, once for each process."""
    content = json.loads((Path(parts) / STUDY).read_text(encoding="utf-8"))
    if content_hash(content) != study_hash:
        raise StudyError(f"another study has been started in {Path(parts).parent}")
    return StudyFile.model_validate(content)


@lru_cache(maxsize=1)
def _demand(parts: str, demand_hash: str) -> DemandPaths:
    """Read the forecast's paths from a folder of parts, once for each process."""
    file = Path(parts) / DEMAND
    if sha256(file) != demand_hash:
        raise StudyError(f"another study has been started in {Path(parts).parent}")
    return read_kept(file)
