"""Is the warm-up long enough? MSER-5 on weekly series, as means over replications.

A run begins from a first morning that is made up, so its first weeks are not like the service. The
marginal standard error rule cuts off as many of them as makes the mean of the rest best known: for
batch means z_1 ... z_m it takes the d that makes sum_{j>d} (z_j - mean)^2 / (m - d)^2 least.

References
----------
White, K. P. (1997). An effective truncation heuristic for bias reduction in simulation output.
Simulation 69(6), 323-334.
White, K. P., Cobb, M. J., & Spratt, S. C. (2000). A comparison of five steady-state truncation
heuristics for simulation. Proceedings of the 2000 Winter Simulation Conference, 755-760.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.scenario.loading import changed
from sim.scenario.problems import InputError, Problem
from sim.scenario.study_file import StudyFile
from sim.study.comparing import Interval, mean_interval
from sim.study.results import Results
from sim.study.running import run_study
from sim.study.watching import Watcher

Values = NDArray[np.float64]

BATCH = 5  # weeks: the 5 of MSER-5
LEAST_LEFT = 5  # batches: the variance of fewer says nothing of the rest
WEEKS_A_YEAR = 365.25 / 7
WAVES = 3  # in a year: what the seasons of demand, leave and the autumn intake are made of
SHORTEST = 0.1  # years: what a study must count, when only its warm-up is looked at
CONFIDENCE = 0.99  # series by series: there are eight of them
MATTERS = 0.01  # a difference of less than a hundredth of the level changes no decision

# What is looked at: a name, and the columns of team_weeks whose ratio it is.
SERIES: Mapping[str, tuple[str, str]] = {
    "cases per worker (FTE)": ("held_case_days", "case_holder_fte_days"),
    "open cases per post (FTE)": ("open_case_days", "post_fte_days"),
    "share of open cases that wait": ("waiting_case_days", "open_case_days"),
    "visits on time": ("visits_on_time", "visits"),
    "overloaded worker-weeks": ("overloaded_weeks", "worker_weeks"),
    "exhaustion": ("exhaustion", "worker_weeks"),
    "share of posts vacant": ("vacant_fte_days", "post_fte_days"),
    "agency workers per post": ("agency_fte_days", "post_fte_days"),
}


def mser5(values: ArrayLike) -> int | None:
    """Say how many values to cut off the beginning of a series.

    Parameters
    ----------
    values
        In the order of time, evenly spaced.

    Returns
    -------
    int or None
        A multiple of 5. None if the least standard error lies in the second half, which says that
        the series is too short to tell (or never settles).
    """
    array = np.asarray(values, dtype=np.float64)
    batches = len(array) // BATCH
    if batches < 2 * LEAST_LEFT:
        return None
    means = array[: batches * BATCH].reshape(batches, BATCH).mean(axis=1)
    errors = [
        ((means[cut:] - means[cut:].mean()) ** 2).sum() / (batches - cut) ** 2
        for cut in range(batches - LEAST_LEFT + 1)
    ]
    cut = int(np.argmin(errors))
    return cut * BATCH if cut <= batches // 2 else None


def without_season(values: ArrayLike) -> Values:
    """Take the yearly season out of a weekly series, as it is in its second half.

    The season is the sum of three waves a year, fitted by least squares to the second half alone:
    in the first half it can't be told from what MSER-5 looks for. Series of less than four years
    are left as they are.
    """
    array = np.asarray(values, dtype=np.float64)
    half = len(array) // 2
    if half < int(2 * WEEKS_A_YEAR):
        return array
    turns = 2 * np.pi * np.arange(len(array)) / WEEKS_A_YEAR
    waves = np.column_stack(
        [turn(wave * turns) for wave in range(1, WAVES + 1) for turn in (np.cos, np.sin)]
    )
    known = np.column_stack([np.ones(len(array) - half), waves[half:]])
    sizes = np.linalg.lstsq(known, array[half:])[0][1:]
    level: Values = array - waves @ sizes
    return level


@dataclass(frozen=True, eq=False)
class Settling:
    """How one series settles.

    Attributes
    ----------
    name
        What the series is.
    values
        Week by week from the first of the run, over all replications; the season taken out.
    cut
        Weeks that MSER-5 cuts off; None where the run is too short to tell.
    counted, settled
        The mean over the weeks that the study counts, and the mean after the cut (without one, of
        the second half).
    difference
        The first minus the second, run by run, with its 99 % interval.
    warm_up
        The study's own warm-up, in weeks.
    """

    name: str
    values: Values
    cut: int | None
    counted: float
    settled: float
    difference: Interval
    warm_up: int

    @property
    def off_by(self) -> float:
        """What is counted against the settled level, as a fraction of it."""
        difference = self.counted - self.settled
        return difference / abs(self.settled) if self.settled else 0.0

    @property
    def differs(self) -> bool:
        """Whether what is counted is another level: by enough to matter, and not by chance."""
        by_chance = not (self.difference.low > 0 or self.difference.high < 0)
        return abs(self.off_by) > MATTERS and not by_chance

    @property
    def is_too_short(self) -> bool:
        """Whether the warm-up ends before the series has settled, by enough to matter."""
        return self.cut is not None and self.cut > self.warm_up and self.differs

    @property
    def never_settles(self) -> bool:
        """Whether the series is still on the move in the second half of the run."""
        return self.cut is None and self.differs


def settling(team_weeks: pd.DataFrame, warm_up: int, counted: int) -> list[Settling]:
    """Look at how each series settles.

    Parameters
    ----------
    team_weeks
        The table of one policy, all replications, from the first week of the run on.
    warm_up, counted
        Weeks of the study's warm-up, and weeks that it counts after it.
    """
    sums = team_weeks.groupby(["replication", "week"], observed=True).sum(numeric_only=True)
    found = []
    for name, (above, below) in SERIES.items():
        over = sums[above].unstack("replication").to_numpy(dtype=np.float64)  # weeks x replications
        under = sums[below].unstack("replication").to_numpy(dtype=np.float64)
        if not (under > 0).all():
            continue  # there is no such thing in this service, as visits where there is no contact
        level = without_season(over.sum(axis=1) / under.sum(axis=1))
        cut = mser5(level)
        begins = len(level) // 2 if cut is None else cut
        of_study = slice(warm_up, warm_up + counted)
        runs = [without_season(run) for run in (over / under).T]
        difference = mean_interval(
            [run[of_study].mean() - run[begins:].mean() for run in runs], CONFIDENCE
        )
        means = float(level[of_study].mean()), float(level[begins:].mean())
        found.append(Settling(name, level, cut, *means, difference, warm_up))
    return found


def verdict(found: list[Settling]) -> str:
    """Say in a sentence that the warm-up is too short, and what it should be; else nothing."""
    short = [each for each in found if each.is_too_short]
    if not short:
        return ""
    worst = max(short, key=lambda each: abs(each.off_by))
    needed = max(each.cut or 0 for each in short)
    names = ", ".join(each.name for each in short)
    return (
        f"the warm-up of {worst.warm_up} weeks is too short: by MSER-5, {needed} are needed until "
        f"all has settled ({names}). What is counted is up to {100 * abs(worst.off_by):.0f} % "
        f"{'above' if worst.off_by > 0 else 'below'} the settled level ({worst.name}). Set "
        f"`warm_up_weeks: {needed}` in the scenario, or start from the service as it is today."
    )


def judged(results: Results) -> str:
    """Say whether the warm-up of a study that has run was too short, as far as it shows.

    Of the baseline, from the tables that the study kept; nothing where there is no warm-up, where
    the weeks were not kept, or where the runs are too short for MSER-5.
    """
    study = results.study
    if not study.scenario.warm_up_weeks or "team_weeks" not in study.tables:
        return ""
    columns = dict.fromkeys(name for pair in SERIES.values() for name in pair)
    weeks = results.table("team_weeks", ["replication", "week", *columns], study.policies[0].name)
    warm_up = int((weeks.groupby("week").size().index < 0).sum())
    return verdict(settling(weeks, warm_up, int(weeks["week"].max()) + 1))


def long_run(
    study: StudyFile,
    weeks: int,
    replications: int,
    *,
    jobs: int | None = None,
    beside: Path | None = None,
    progress: Watcher | None = None,
) -> list[Settling]:
    """Let a study's scenario warm up for long, and look at how it settles.

    All of it lies before the start date: the demand is level (that of the scenario, or the first
    year of its forecast), and no lever is pulled yet.

    Parameters
    ----------
    study
        Whose warm-up is looked at.
    weeks, replications
        How long, and how often.
    jobs, beside, progress
        As for `sim.study.running.run_study`.

    Raises
    ------
    InputError
        If the study starts from a position, and so has no warm-up; or the numbers are not accepted.
    """
    if study.scenario.position is not None:
        message = "the study starts from a position of its own, and has no warm-up"
        raise InputError(Problem(message, path="scenario.start"))
    counted = round(study.years * WEEKS_A_YEAR)
    scenario = changed(study.scenario, {"warm_up_weeks": weeks})
    alone = changed(
        study,
        {
            "scenario": scenario, "policies": study.policies[:1], "tables": ("team_weeks",),
            "years": SHORTEST,
        },
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        results = run_study(
            alone, replications=replications, jobs=jobs, out=folder, progress=progress,
            beside=beside,
        )  # fmt: skip
        return settling(results.team_weeks, study.scenario.warm_up_weeks, counted)
