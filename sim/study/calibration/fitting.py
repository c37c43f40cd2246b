"""Fit a scenario's uncertain values to targets, from the files that say what and how."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.loading import Loaded, changed
from sim.scenario.service import Scenario
from sim.scenario.uncertain import UncertainValues, load_uncertain
from sim.study.calibration.central_set import CentralSet, choose_central_set
from sim.study.calibration.files_of_a_fit import files_of
from sim.study.calibration.folder import FitFolder, fit_folder
from sim.study.calibration.parameters import ParameterSpace, parameter_space
from sim.study.calibration.simulating import SimulatedPoints
from sim.study.calibration.targets import (
    FitTarget,
    goals_of,
    read_fit_targets,
    shipped_targets,
)
from sim.study.calibration.two_levels import refuse_slopes_of_one_level
from sim.study.calibration.waves import Matched, match
from sim.study.made_with import made_with
from sim.study.processes import processes_for
from sim.study.processes.crew import Crew
from sim.study.processes.getting_ready import to_simulate
from sim.study.processes.worker import Simulate
from sim.study.watching import Silent, Watcher

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fit:
    """A fit that is done.

    Attributes
    ----------
    space, targets, listed
        What was fitted to what, and how.
    matched
        What history matching found.
    own
        Outcomes of the scenario's own values under all futures, (futures, targets).
    central
        The central set; None where nothing agrees with the targets.
    """

    space: ParameterSpace
    targets: tuple[FitTarget, ...]
    listed: UncertainValues
    matched: Matched
    own: Array
    central: CentralSet | None


def calibrate(
    scenario: Scenario,
    out: Path,
    *,
    parameters: str | Path = "children",
    targets: Path | None = None,
    waves: int | None = None,
    points: int | None = None,
    runs: int | None = None,
    years: float | None = None,
    sets: int | None = None,
    seed: int = 1,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Watcher | None = None,
    simulate: Simulate | None = None,
) -> Path:
    """Fit a scenario to targets, and write what was found into a folder.

    The same fit gives the same bytes, in however many processes, and however often it was stopped
    and went on.

    Parameters
    ----------
    scenario
        Whose values are fitted; it stays as it is.
    out
        The folder: new, empty, or that of a fit. One that was stopped goes on if it is the same.
    parameters
        The list of what is fitted: a file, or the name of a shipped one.
    targets
        The table of targets; the shipped one when left out.
    waves, points, runs, years, sets
        Instead of what the list says.
    seed
        Which chances.
    jobs, executor, progress, simulate
        As for `sim.study.running.run_study`.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If something asked for is unusable.
    StudyError
        If a run fails or somebody stops the fit; finished runs are kept.
    """
    loaded = load_uncertain(parameters)
    instead = {"waves": waves, "points": points, "runs": runs, "years": years, "sets": sets}
    listed = changed(loaded.value, instead)
    space = parameter_space(scenario, Loaded(listed, loaded.document))
    wanted = read_fit_targets(targets or shipped_targets(), scenario, listed.of, listed.leave_out)
    refuse_slopes_of_one_level(wanted, Loaded(listed, loaded.document))
    asked = _asked(scenario, listed, wanted, seed)
    watcher = progress or Silent()
    with fit_folder(out, asked) as folder:
        if folder.is_finished():
            watcher.say("this fit is complete: there is nothing left to do")
            return out
        folder.begin()
        ready = to_simulate(scenario, simulate)
        with Crew(executor, processes_for(jobs), watcher, ready) as crew:
            fit = _fit(space, wanted, listed, seed, folder, crew, watcher, simulate)
        folder.finish(files_of(fit))
    return out


def _fit(
    space: ParameterSpace,
    targets: tuple[FitTarget, ...],
    listed: UncertainValues,
    seed: int,
    folder: FitFolder,
    crew: Crew,
    watcher: Watcher,
    simulate: Simulate | None,
) -> Fit:
    simulated = SimulatedPoints(space, targets, listed, seed, folder.parts, crew, watcher, simulate)
    goals = goals_of(targets)
    matched = match(
        goals, simulated.wave, len(space), points=listed.points, waves=listed.waves,
        sets=listed.sets, seed=seed, watcher=watcher,
    )  # fmt: skip
    found = matched.ensemble
    central = None if found is None else choose_central_set(goals, found, simulated.finalist)
    return Fit(space, targets, listed, matched, simulated.own, central)


def _asked(
    scenario: Scenario, listed: UncertainValues, targets: tuple[FitTarget, ...], seed: int
) -> dict[str, Any]:
    """Write down all that a fit depends on."""
    return {
        "scenario": scenario.model_dump(mode="json"),
        "calibration": listed.model_dump(mode="json"),
        "targets": [vars(target) for target in targets],
        "seed": seed,
        "made_with": made_with(),
    }
