"""Runs of a service at the levels of a lever, kept in memory: outcomes alone."""

from __future__ import annotations

import gc
import math
import traceback
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from sim.scenario.policy import Policy
from sim.scenario.problems import InputError
from sim.scenario.service import Scenario
from sim.scenario.study_file import StudyFile
from sim.scenario.values import with_values
from sim.study.demand_paths import DemandPaths
from sim.study.errors import RunError
from sim.study.plausible_sets import PlausibleSets
from sim.study.processes.crew import Crew
from sim.study.processes.worker import Simulate, default_simulate
from sim.study.staffing.curve import Values
from sim.study.staffing.levers import Lever
from sim.study.watching import Watcher


@dataclass(frozen=True)
class LevelRun:
    """What a process needs to know to simulate a service at a level, once."""

    scenario: Scenario
    policy: Policy
    place: int
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
        crew: Crew,
        watcher: Watcher,
        simulate: Simulate | None = None,
    ) -> None:
        self.study, self.lever = study, lever
        self.demand, self.plausible = demand, plausible
        self.crew, self.watcher, self.simulate = crew, watcher, simulate
        self._scenarios: dict[int, Scenario] = {}
        self._outcomes: dict[int, list[dict[str, float]]] = {}

    def ensure(self, wanted: dict[int, int]) -> None:
        """Run levels (by their places) until each has been run so many times.

        Raises
        ------
        StudyError
            If a run fails or processes are lost too often.
        """
        tasks = (
            self._run(level, replication)
            for level, number in wanted.items()
            for replication in range(self.number(level), number)
        )
        found: dict[tuple[int, int], dict[str, float]] = {}
        for run, outcomes in self.crew.do(outcomes_of, tasks):
            found[run.place, run.replication] = outcomes
            done = self.done + len(found)
            self.watcher.count(done, max(done + 1, self._expected()))
        for (level, _), outcomes in sorted(found.items(), key=itemgetter(0)):
            self._outcomes.setdefault(level, []).append(outcomes)

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
            level,
            f"{self.lever.levels[level]:g} {self.lever.unit}",
            self.study.seed,
            replication,
            self.study.years,
            self.simulate,
        )

    def _expected(self) -> int:
        """Say how many runs a search takes, from what others took: for the time left alone.

        Two levels get all their runs, and a few runs each of a number of levels that grows as the
        logarithm of how many there are.
        """
        levels = len(self.lever.levels)
        expected = 2 * self.study.replications + round(10 * math.log2(levels))
        return min(expected, levels * self.study.replications)
