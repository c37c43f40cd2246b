"""Runs of a service at the levels of a lever, on any executor, kept in memory: outcomes alone."""

from __future__ import annotations

import gc
import traceback
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass

import numpy as np

from sim.scenario.policy import Policy
from sim.scenario.problems import InputError
from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.scenario.values import with_values
from sim.study.demand_paths import DemandPaths
from sim.study.errors import RunError, StudyError
from sim.study.plausible_sets import PlausibleSets
from sim.study.processes import without_main_script
from sim.study.processes.worker import Simulate, default_simulate
from sim.study.staffing.curve import Values
from sim.study.staffing.levers import Lever
from sim.study.watching import Watcher

USUAL_LEVELS = 14  # that a search looks at; for the time left, nothing else


@dataclass(frozen=True)
class LevelRun:
    """What a process needs to know to simulate a service at a level, once."""

    scenario: Scenario
    policy: Policy
    level: str
    seed: int
    replication: int
    years: float
    simulate: Simulate | None


def outcomes_of(run: LevelRun) -> dict[str, float]:
    """Simulate a run and give its outcomes.

    Raises
    ------
    RunError
        If the simulation fails; it names the level and the replication.
    """
    simulate = run.simulate or default_simulate()
    try:
        result = simulate(
            run.scenario,
            run.policy,
            seed=run.seed,
            replication=run.replication,
            years=run.years,
        )
    except InputError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        where = f"{run.policy.name}, {run.level}"
        raise RunError(where, run.replication, reason, traceback.format_exc()) from None
    outcomes: dict[str, float] = result.outcomes
    del result
    gc.collect()  # as after each run of a study: a world is a ring
    return outcomes


class LevelRuns:
    """The runs of a study's first policy at each level: those done so far, and more when asked."""

    def __init__(
        self,
        study: StudyFile,
        lever: Lever,
        demand: DemandPaths | None,
        plausible: PlausibleSets | None,
        pool: Executor,
        watcher: Watcher,
        simulate: Simulate | None = None,
    ) -> None:
        self.study, self.lever = study, lever
        self.demand, self.plausible = demand, plausible
        self.pool, self.watcher, self.simulate = pool, watcher, simulate
        self._scenarios: dict[int, Scenario] = {}
        self._outcomes: dict[int, list[dict[str, float]]] = {}

    def ensure(self, wanted: dict[int, int]) -> None:
        """Run levels (by their places) until each has been run so many times.

        Raises
        ------
        StudyError
            If a run fails or a process is lost.
        """
        runs = [
            (level, replication)
            for level, number in sorted(wanted.items())
            for replication in range(self.number(level), number)
        ]
        futures = []
        try:
            for level, replication in runs:
                with without_main_script():
                    futures.append(self.pool.submit(outcomes_of, self._run(level, replication)))
            for (level, _), future in zip(runs, futures, strict=True):
                self._outcomes.setdefault(level, []).append(future.result())
                self.watcher.count(self.done, max(self.done + 1, self._expected()))
        except BrokenExecutor:
            raise StudyError(
                "a process was lost, perhaps for want of memory; try again with fewer (--jobs)"
            ) from None
        finally:
            for future in futures:
                future.cancel()

    def number(self, level: int) -> int:
        """How many runs a level has had."""
        return len(self._outcomes.get(level, ()))

    def looked_at(self) -> list[int]:
        """The levels that have been run, ascending."""
        return sorted(self._outcomes)

    def values(self, level: int, outcome: str) -> Values:
        """Return an outcome of a level, run by run; NaN where it does not apply to a run."""
        return np.array([found.get(outcome, np.nan) for found in self._outcomes.get(level, ())])

    @property
    def done(self) -> int:
        """How many runs have been done."""
        return sum(len(found) for found in self._outcomes.values())

    def scenario(self, level: int) -> Scenario:
        """The service at a level."""
        if level not in self._scenarios:
            value = self.lever.levels[level]
            self._scenarios[level] = self.lever.put(self.study.scenario, value)
        return self._scenarios[level]

    def _run(self, level: int, replication: int) -> LevelRun:
        scenario = self.scenario(level)
        if self.plausible is not None:
            scenario = with_values(scenario, self.plausible.values_of(replication))
        if self.demand is not None:
            scenario = self.demand.laid_over(scenario, replication)
        return LevelRun(
            scenario,
            self.study.policies[0],
            f"{self.lever.levels[level]:g} {self.lever.unit}",
            self.study.seed,
            replication,
            self.study.years,
            self.simulate,
        )

    def _expected(self) -> int:
        return 4 * self.study.replications + 4 * USUAL_LEVELS
