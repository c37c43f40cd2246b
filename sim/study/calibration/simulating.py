"""Simulate a service at the points of a fit: each run is stored whole, and never done twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.scenario.policy import Policy
from sim.scenario.study_file import StudyFile
from sim.scenario.uncertain import UncertainValues
from sim.study.calibration.central_set import FINALISTS
from sim.study.calibration.ensemble import ROUNDS
from sim.study.calibration.futures import Corrected, corrected, futures_of
from sim.study.calibration.parameters import ParameterSpace
from sim.study.calibration.targets import FitTarget
from sim.study.calibration.two_levels import (
    held_against,
    usual_rises,
    values_with_more_demand,
    with_more_demand,
)
from sim.study.made_with import made_with
from sim.study.processes.crew import Crew
from sim.study.processes.worker import Simulate, Task, do_run, squeezed
from sim.study.storing.manifest import study_content
from sim.study.storing.packing import Run
from sim.study.storing.parts import Parts
from sim.study.watching import Watcher

Array = NDArray[np.float64]

POINT = "point_"
Asked = tuple[Run, dict[str, float]]
"""A run, and the values that it is done with."""


class SimulatedPoints:
    """Runs of a service at the points of a fit, in what it is fitted to.

    Points are numbered over the whole fit: 0 is the scenario as it is, then come those of the first
    wave, of the second, and so on, those of the ensemble, and last the finalists for the central
    set. Where a target is a slope, each is simulated at a second level of demand, too, under the
    same futures: these follow in the same order. Each is a policy of one study that pulls no lever,
    so that what stores and counts runs does so here.
    """

    def __init__(
        self,
        space: ParameterSpace,
        targets: Sequence[FitTarget],
        listed: UncertainValues,
        seed: int,
        parts: Parts,
        crew: Crew,
        watcher: Watcher,
        simulate: Simulate | None = None,
    ) -> None:
        self.space, self.listed = space, listed
        self._targets = targets
        self._parts, self._crew, self._watcher, self._simulate = parts, crew, watcher, simulate
        self._first_finalist = 1 + listed.points * (listed.waves + ROUNDS)
        self._last = self._first_finalist + FINALISTS - 1
        self._busier = listed.busier if any(each.for_each_more for each in targets) else None
        levels = 1 if self._busier is None else 2
        study = _study(space, listed, levels * (self._last + 1), seed)
        self._study = squeezed(study_content(study))
        if self._busier:
            more = with_more_demand(space.scenario, self._busier)
            study = study.model_copy(update={"scenario": more})
        self._busier_study = squeezed(study_content(study))
        self._versions = tuple(made_with().items())
        self._finished = parts.finished(watcher)
        self.total = levels * (
            (1 + FINALISTS) * listed.futures + (self._first_finalist - 1) * listed.runs
        )
        self._rises: dict[str, float] = {}
        self.own = self._everywhere(0, {})

    def wave(self, number: int, places: Array) -> Corrected:
        """Simulate a wave's places, each under a few futures; the luck of these is taken out."""
        first = 1 + (number - 1) * self.listed.points
        runs, futures = self.listed.runs, self.listed.futures
        met = np.array([futures_of(first + n, runs, futures) for n in range(len(places))], np.int64)
        asked = [
            (Run(first + n, future), self.space.values(place))
            for n, place in enumerate(places)
            for future in met[n].tolist()
        ]
        values = self._do(asked).reshape(*met.shape, len(self._targets))
        return corrected(values, met, self.own)

    def finalist(self, number: int, place: Array) -> Array:
        """Simulate a place under all futures, (futures, targets); numbered from 0."""
        return self._everywhere(self._first_finalist + number, self.space.values(place))

    def _everywhere(self, point: int, values: dict[str, float]) -> Array:
        return self._do([(Run(point, future), values) for future in range(self.listed.futures)])

    def _do(self, asked: Sequence[Asked]) -> Array:
        """Simulate, and read from it what the targets are held against, (runs, targets)."""
        more = [self._busier_one(*each) for each in asked] if self._busier else []
        self._simulate_missing([*asked, *more])
        today = self._outcomes(asked)
        busier = self._outcomes(more) if more else today
        if self._busier and not self._rises:  # the scenario's own values come first
            self._rises = usual_rises(self._targets, today, busier, self._busier)
        return held_against(self._targets, today, busier, self._rises)

    def _busier_one(self, run: Run, values: dict[str, float]) -> Asked:
        """Ask for the same values and future at the second level of demand."""
        assert self._busier is not None
        return (
            Run(run.policy + self._last + 1, run.replication),
            values_with_more_demand(values, self._busier),
        )

    def _simulate_missing(self, asked: Sequence[Asked]) -> None:
        """Do the runs that are not there yet."""
        missing = {run: values for run, values in asked if run not in self._finished}
        tasks = (self._task(run, values) for run, values in missing.items())
        for task, packed in self._crew.do(do_run, tasks):
            self._parts.keep(task.run, packed)
            self._finished.add(task.run)
            self._watcher.count(len(self._finished), self.total)

    def _outcomes(self, asked: Sequence[Asked]) -> pd.DataFrame:
        """Read the outcomes of finished runs, a row for each as they are asked for."""
        table = self._parts.outcomes({run for run, _ in asked}).pivot(
            index=["policy", "replication"], columns="outcome", values="value"
        )
        wanted = [(f"{POINT}{run.policy}", run.replication) for run, _ in asked]
        keys = {key for each in self._targets for key in (each.outcome, each.for_each_more) if key}
        return table.reindex(index=wanted, columns=sorted(keys)).reset_index(drop=True)

    def _task(self, run: Run, values: dict[str, float]) -> Task:
        study = self._study if run.policy <= self._last else self._busier_study
        return Task(
            study, self._parts.seal, self._versions, run, simulate=self._simulate,
            values=values or None,
        )  # fmt: skip


def _study(space: ParameterSpace, listed: UncertainValues, points: int, seed: int) -> StudyFile:
    """Have a study with a policy that changes nothing for each point, named by its number."""
    nothing = Policy(name="point", label="A point of the fit")
    return StudyFile(
        name="calibration",
        title=listed.title,
        question="Which values agree with what is published?",
        scenario=space.scenario,
        policies=tuple(
            nothing.model_copy(update={"name": f"{POINT}{number}"}) for number in range(points)
        ),
        years=listed.years,
        replications=listed.futures,
        seed=seed,
        outcomes=("caseload_per_fte",),
        tables=(),
    )
