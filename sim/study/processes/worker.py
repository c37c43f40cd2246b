"""One run of a study, in whichever process on whichever machine it falls to.

All that a run needs comes with its task, and all that it finds goes back as bytes: the process
needs no folder that it shares with the study.
"""

from __future__ import annotations

import gc
import json
import traceback
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sim.scenario.policy import Policy
from sim.scenario.problems import InputError, Problem
from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.scenario.values import with_values
from sim.study.demand_paths import DemandPaths
from sim.study.errors import RunError
from sim.study.made_with import made_with, other_versions
from sim.study.processes.getting_ready import keep_what_is_loaded
from sim.study.storing.packing import Run, pack

Simulate = Callable[..., Any]
"""``sim.model.world.simulate``, or a stand-in with the same arguments."""


@dataclass(frozen=True)
class Task:
    """What a process needs to know to do a run.

    Attributes
    ----------
    study
        As `squeezed` makes it small enough to go with each run.
    seal
        The hash of the study, which its runs are marked with.
    made_with
        The versions that the study runs with.
    run
        Which run.
    demand
        The path of forecast demand that it takes, if the study has a forecast.
    simulate
        A stand-in for the simulated service, for tests.
    values
        Numbers that take the place of the scenario's own, by path.
    """

    study: bytes
    seal: str
    made_with: tuple[tuple[str, str], ...]
    run: Run
    demand: DemandPaths | None = None
    simulate: Simulate | None = None
    values: Mapping[str, float] | None = None


def squeezed(study: dict[str, Any]) -> bytes:
    """Make a study's plain content small."""
    return zlib.compress(json.dumps(study, ensure_ascii=False).encode())


def do_run(task: Task) -> bytes:
    """Simulate one run and pack its tables.

    Raises
    ------
    RunError
        If the simulation fails; it names the policy and the replication.
    InputError
        If the scenario turns out to be unusable, or the process has other versions than the study.
    """
    _refuse_other_versions(task.made_with)
    study = _study(task.study)
    policy = study.policies[task.run.policy]
    scenario = study.scenario
    if task.values is not None:
        scenario = with_values(scenario, task.values)
    if task.demand is not None:
        scenario = task.demand.laid_over(scenario, task.run.replication)
    try:
        return _simulated(task, study, policy, scenario)
    except InputError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        details = traceback.format_exc()
        raise RunError(policy.name, task.run.replication, reason, details) from None
    finally:
        gc.collect()  # a world is a ring of processes and events, which waits for this otherwise


def _simulated(task: Task, study: StudyFile, policy: Policy, scenario: Scenario) -> bytes:
    """Simulate and pack; what it took is let go on the way out."""
    simulate = task.simulate or default_simulate()
    keep_what_is_loaded()  # on an executor of somebody else's, nothing got this process ready
    result = simulate(
        scenario,
        policy,
        seed=study.seed,
        replication=task.run.replication,
        years=study.years,
        tables=study.tables,
    )
    tables = {str(name): result.tables[name] for name in study.tables}
    return pack(task.seal, task.run, policy.name, result.outcomes, tables)


def default_simulate() -> Simulate:
    """Return the simulated service. Its compiled code takes a moment to load: not before a run."""
    from sim.model.world import simulate

    return simulate


@lru_cache(maxsize=1)
def _study(content: bytes) -> StudyFile:
    """Open a study that was made small, once for each process."""
    return StudyFile.model_validate(json.loads(zlib.decompress(content)))


@lru_cache(maxsize=1)
def _refuse_other_versions(asked: tuple[tuple[str, str], ...]) -> None:
    differing = other_versions(theirs=made_with(), here=dict(asked))
    if differing:
        raise InputError(
            Problem(
                "a process that should do runs has other versions than the study: "
                f"{differing}; its results would differ",
                remedy="install the same versions there",
            )
        )
