"""Is the level right? The average service beside the figures that England publishes.

A target is hit when the simulated mean is near enough: within the tolerance that the table of
targets gives, or, where it gives none, within the published range (over authorities, years or
surveys). Many of the scenario's values were chosen or fitted so that these come out, so that a hit
says that the pieces fit together, not that each of them is right.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from sim.model.world import simulate
from sim.scenario.loading import load_scenario
from sim.scenario.problems import InputError, Problem
from sim.scenario.service import Scenario
from sim.scenario.uncertain import load_uncertain, shipped_lists
from sim.study.calibration.targets import shipped_targets
from sim.study.comparing import mean_interval
from sim.study.processes import processes_for
from sim.study.processes.crew import Crew
from sim.study.processes.getting_ready import to_simulate
from sim.study.registry import outcome_of
from sim.study.validation.panel import BASELINE
from sim.study.validation.patterns import verdict_of
from sim.study.validation.slopes import Slope
from sim.study.watching import Silent, Watcher

CHILDREN = "children_average_england"
RUNS, FEWEST_RUNS = 600, 2  # 600: posts unfilled with a standard error of 0.03 points
YEARS = 3.0
NOT_JUDGED = "not judged"


def targets_of(scenario: Scenario) -> pd.DataFrame:
    """The published figures that a shipped scenario can be held against.

    Returns
    -------
    pandas.DataFrame
        A row for each: key, outcome, label, target, low, high (the published range; NaN where
        there is none), near_low, near_high (what is near enough), note, why_not (why it is no
        test, where the list of what is fitted says so: as of what the scenario is given).
    """
    table = pd.read_csv(shipped_targets())
    is_level = table["outcome"].notna() & table["for_each_more"].isna()  # slopes: see patterns
    table = table[(table["of"] == scenario.name) & is_level]
    near = {
        f"near_{end}": (table["target"] + sign * table["tolerance"]).fillna(table[end])
        for end, sign in (("low", -1), ("high", 1))
    }
    labels = [outcome_of(key, scenario).label for key in table["outcome"]]
    table = table.assign(
        label=labels, note=table["note"].fillna(""), why_not=table["key"].map(_left_out(scenario)),
        **near,
    ).fillna({"why_not": ""})  # fmt: skip
    columns = ["key", "outcome", "label", "target", "low", "high", *near, "note", "why_not"]
    return table.dropna(subset=list(near))[columns].reset_index(drop=True)


def check_targets(
    scenario: str = CHILDREN, *, runs: int = RUNS, years: float = YEARS, jobs: int | None = None,
    seed: int = 0, progress: Watcher | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Simulate a shipped scenario as it is, and hold it against what is published.

    Parameters
    ----------
    scenario
        Its name.
    runs
        How often it is simulated, with the same warm-up each time.
    years
        That count of each run, after the warm-up.
    jobs
        Processes; the table is the same for any number.
    seed
        Which chances.
    progress
        Hears how it gets on.

    Returns
    -------
    pandas.DataFrame
        `targets_of`, and runs, years, simulated, simulated_low and simulated_high (the mean over
        runs with its 95 % range by Student's t), verdict (hit, near miss or miss, as of patterns;
        not judged where `why_not` says why).

    Raises
    ------
    InputError
        If there is no such scenario, there are no targets for it, or it is to run too seldom.
    """
    service = load_scenario(scenario)
    wanted = targets_of(service)
    if wanted.empty:
        known = pd.read_csv(shipped_targets())["of"].unique()
        accepted = f"one of {', '.join(known)}"
        raise InputError(
            Problem("there are no targets for it", path="scenario", given=scenario,
                    accepted=accepted)
        )  # fmt: skip
    if runs < FEWEST_RUNS:
        message = "one run cannot say how sure its figures are"
        raise InputError(
            Problem(message, path="runs", given=str(runs), accepted=f"{FEWEST_RUNS} or more")
        )
    values = _simulated(service, list(wanted["outcome"]), runs, years, jobs, seed, progress)
    found = [mean_interval(values[:, n]) for n in range(len(wanted))]
    verdicts = [
        NOT_JUDGED if why_not else verdict_of(Slope(each.mean, each.low, each.high), low, high)
        for each, why_not, low, high in zip(
            found, wanted["why_not"], wanted["near_low"], wanted["near_high"], strict=True
        )
    ]
    return wanted.assign(
        runs=runs,
        years=years,
        simulated=[each.mean for each in found],
        simulated_low=[each.low for each in found],
        simulated_high=[each.high for each in found],
        verdict=verdicts,
    )


def _left_out(scenario: Scenario) -> dict[str, str]:
    """Targets that the fit of a scenario leaves out, each with the reason."""
    lists = (load_uncertain(file).value for file in shipped_lists().values())
    return {
        key: why
        for each in lists
        if each.of == scenario.name
        for key, why in each.leave_out.items()
    }


def _simulated(
    service: Scenario, outcomes: list[str], runs: int, years: float, jobs: int | None, seed: int,
    progress: Watcher | None,
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:  # fmt: skip
    """Outcomes of each run, (runs, outcomes)."""
    watcher = progress or Silent()
    work = partial(_of_run, service, years, seed, outcomes)
    with Crew(None, min(processes_for(jobs), runs), watcher, to_simulate(service)) as crew:
        return np.array(crew.do_all(work, range(runs)))


def _of_run(
    service: Scenario, years: float, seed: int, outcomes: list[str], run: int
) -> list[float]:
    made = simulate(service, BASELINE, seed=seed, replication=run, years=years)
    return [made.outcomes[key] for key in outcomes]
