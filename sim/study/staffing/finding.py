"""How many people do we need? The least staffing with which a service meets its targets."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.scenario.problems import InputError, Problem
from sim.scenario.study_file import StudyFile
from sim.study.comparing import Interval, mean_interval
from sim.study.demand_paths import read_demand
from sim.study.errors import Interrupted
from sim.study.plausible_sets import read_plausible
from sim.study.processes import processes_for
from sim.study.processes.crew import Crew
from sim.study.processes.getting_ready import to_simulate
from sim.study.processes.worker import Simulate
from sim.study.running import adjusted
from sim.study.staffing.curve import Estimate, Runs, estimate, share_met
from sim.study.staffing.levers import Lever, lever_of
from sim.study.staffing.runs import LevelRuns
from sim.study.staffing.search import FIRST_LOOK, Answer, search
from sim.study.staffing.targets import Target, read_targets
from sim.study.watching import Silent, Watcher

COST = "total_cost"
CONFIDENCE = 0.9


@dataclass(frozen=True, eq=False)
class Staffing:
    """What a staffing search found, and the runs that say so.

    Attributes
    ----------
    study, lever, targets, confidence
        What was asked; the study with the years, replications and seed that were used.
    answer
        What was found; its levels are places in ``lever.levels``.
    runs
        The outcomes of every run.
    """

    study: StudyFile
    lever: Lever
    targets: tuple[Target, ...]
    confidence: float
    answer: Answer
    runs: Runs

    def estimate(self, level: int, outcome: str) -> Estimate:
        """Estimate an outcome at a level, held against the level that decides."""
        return estimate(self.runs, level, outcome, self.answer.level)

    def share_met(self, level: int, targets: tuple[Target, ...] | None = None) -> float:
        """Of the runs of a level, the share in which all targets (or these) are met."""
        return share_met(self.runs, level, targets or self.targets)

    def cost(self, level: int) -> Interval | None:
        """Estimate what a level costs a year beyond today's, pair by pair; None with no today."""
        if self.lever.today is None:
            return None
        before = self.runs.values(self.lever.today, COST)
        after = self.runs.values(level, COST)
        n = min(len(before), len(after))
        return mean_interval(after[:n] - before[:n])

    def curve(self) -> pd.DataFrame:
        """Each outcome at each level that was looked at: the columns of staffing.csv.

        Outcomes are those of the targets, the study's headlines and the total cost. ``low`` and
        ``high`` hold the expected value with the confidence asked for; ``share_of_runs_met`` is
        the share of runs that meet all targets for the outcome, empty where it has none;
        ``share_of_runs_all_met`` that of all targets together.
        """
        keys = [*(each.outcome.key for each in self.targets), *self.study.outcomes, COST]
        rows = []
        for level in self.runs.looked_at():
            for key in dict.fromkeys(keys):
                found = self.estimate(level, key)
                own = tuple(each for each in self.targets if each.outcome.key == key)
                rows.append(
                    (
                        self.lever.levels[level],
                        key,
                        found.mean,
                        *found.bounds(self.confidence),
                        self.share_met(level, own) if own else np.nan,
                        self.share_met(level),
                        self.runs.number(level),
                    )
                )
        return pd.DataFrame(
            rows,
            columns=[
                "level",
                "outcome",
                "mean",
                "low",
                "high",
                "share_of_runs_met",
                "share_of_runs_all_met",
                "runs",
            ],
        )


def find_staffing(
    study: StudyFile,
    targets: Iterable[str],
    *,
    role: str | None = None,
    lever: str | None = None,
    team: str | None = None,
    lowest: float | None = None,
    highest: float | None = None,
    confidence: float = CONFIDENCE,
    replications: int | None = None,
    years: float | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Watcher | None = None,
    simulate: Simulate | None = None,
    beside: Path | None = None,
) -> Staffing:
    """Find the least staffing that meets all targets.

    Parameters
    ----------
    study
        Its scenario is searched, under its first policy.
    targets
        Such as ``"high_risk_allocated_in_1_day >= 0.95"``.
    role, lever, team, lowest, highest
        What is searched, and where: see `sim.study.staffing.levers.lever_of`.
    confidence
        That the answer meets the targets, from 0.5 to 0.99.
    replications, years, seed
        Instead of what the study says. The levels that decide are run `replications` times.
    jobs, executor, progress, simulate, beside
        As in `sim.study.running.run_study`.

    Raises
    ------
    InputError
        If something asked for is unusable.
    StudyError
        If a run fails, processes are lost too often, or somebody stops the search.
    """
    watcher = progress or Silent()
    study = adjusted(study, replications=replications, years=years, seed=seed)
    _check_numbers(study, confidence)
    read = read_targets(targets, study.scenario)
    searched = lever_of(
        study.scenario, role=role, lever=lever, team=team, lowest=lowest, highest=highest
    )
    demand, plausible = read_demand(study, beside), read_plausible(study, beside)
    ready = to_simulate(study.scenario, simulate)
    try:
        with Crew(executor, processes_for(jobs), watcher, ready) as crew:
            runs = LevelRuns(study, searched, demand, plausible, crew, watcher, simulate)
            answer = search(
                runs,
                len(searched.levels),
                read,
                confidence=confidence,
                replications=study.replications,
                today=searched.today,
                rising=searched.effort > 0,
            )
    except KeyboardInterrupt:
        message = "stopped before the search was finished; nothing was kept"
        raise Interrupted(message) from None
    _refuse_what_is_never_there(runs, read)
    return Staffing(study, searched, read, confidence, answer, runs)


def _check_numbers(study: StudyFile, confidence: float) -> None:
    if not 0.5 <= confidence <= 0.99:
        accepted = "from 0.5 to 0.99: 0.9 is nine in ten"
        message = "no confidence to search with"
        raise InputError(
            Problem(message, path="confidence", given=f"{confidence:g}", accepted=accepted)
        )
    if study.replications < 2 * FIRST_LOOK:
        raise InputError(
            Problem(
                "too few runs to say anything with confidence",
                path="replications",
                given=str(study.replications),
                accepted=f"{2 * FIRST_LOOK} or more; 30 is usual",
            )
        )


def _refuse_what_is_never_there(runs: LevelRuns, targets: tuple[Target, ...]) -> None:
    """Refuse targets for an outcome that no run had, such as turnover where nobody is."""
    problems = [
        Problem(
            "no run had this outcome: nothing that it measures happens in this service",
            path="target",
            given=repr(str(target)),
            remedy="plimsoll outcomes says what each outcome measures",
        )
        for target in targets
        if all(np.isnan(runs.values(level, target.outcome.key)).all() for level in runs.looked_at())
    ]
    if problems:
        raise InputError(problems)
