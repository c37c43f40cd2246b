"""The shock of 2022: the average authority lives through England's years from 2020 to 2025.

England's vacancies went from 16.1 to 20.0 % within two years and were at 14.2 % three years later.
The average authority is told what was published of leaving, hiring and new posts in these years,
and each run is held against the same run in which everything stays as it is. A second time it is
told of leaving alone: that says how much of the shock came of it. Turnover is told, and so, nearly,
is what becomes of vacancies once hiring is told: agency and caseloads are the simulation's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from sim.model.world import simulate
from sim.scenario.authority.table import PublishedFigures
from sim.scenario.authority.workforce_census import ENGLAND
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario
from sim.study.comparing import mean_interval
from sim.study.processes import processes_for
from sim.study.processes.crew import Crew
from sim.study.processes.getting_ready import to_simulate
from sim.study.validation import told
from sim.study.validation.panel import BASELINE, figures
from sim.study.validation.slopes import Slope
from sim.study.watching import Watcher

RUNS = 24
MEASURES = ("turnover", "vacancy", "agency", "caseload")  # per cent; cases
TOLD = {"leaving": (told.LEAVING,), "leaving, hiring, posts": told.ALL}
SCALES = {"turnover": 100, "vacancy": 100, "agency": 100, "caseload": 1}
COLUMNS = {"turnover": "turnover_rate", "vacancy": "vacancy_rate", "agency": "agency_rate",
           "caseload": "caseload"}  # fmt: skip


@dataclass(frozen=True)
class After:
    """By how much a measure differs from the same run in which everything stayed as it was.

    Attributes
    ----------
    measure, year
        Of `MEASURES`, at the census of the year.
    told
        What the service was told of these years, of `TOLD`.
    change
        The mean over runs with its 95 % range; points, or cases.
    published
        The change of England's own figure since 2020.
    """

    measure: str
    year: int
    told: str
    change: Slope
    published: float


def simulate_shock(
    average: Scenario, table: PublishedFigures, watcher: Watcher, *, runs: int = RUNS,
    jobs: int | None = None, seed: int = 0,
) -> list[After]:  # fmt: skip
    """Simulate the average authority with and without the published years, under the same chances.

    The start date is moved to October, so that a year of the run is one of the census.
    """
    start = average.start_date.replace(month=10, day=1)
    scenario = average.model_copy(update={"start_date": start})
    policies = [told.years_told(scenario, table, what) for what in TOLD.values()]
    with Crew(None, processes_for(jobs), watcher, to_simulate(scenario)) as crew:
        changes = crew.do_all(partial(_changes, scenario, policies, seed), range(runs))
    return [
        After(
            measure, year, said,
            _mean([float(of_run[number][measure].loc[year]) for of_run in changes]),
            published_change(table, measure, year),
        )
        for measure in MEASURES
        for number, said in enumerate(TOLD)
        for year in told.YEARS
    ]  # fmt: skip


def published_change(table: PublishedFigures, measure: str, year: int) -> float:
    """Give the change of England's own figure since 2020; NaN where none is published."""
    then, before = (table.value(ENGLAND, at, COLUMNS[measure]) for at in (year, told.BEFORE))
    return SCALES[measure] * (then - before)


def _changes(
    scenario: Scenario, policies: Sequence[Policy], seed: int, run: int
) -> list[pd.DataFrame]:
    """What each policy changes at each census, by its year."""
    without = _censuses(scenario, BASELINE, seed, run)
    return [_censuses(scenario, policy, seed, run) - without for policy in policies]


def _censuses(scenario: Scenario, policy: Policy, seed: int, run: int) -> pd.DataFrame:
    result = simulate(
        scenario, policy, seed=seed, replication=run, years=len(told.YEARS), tables=("team_weeks",)
    )
    weeks = result.tables["team_weeks"].groupby("week_ending").sum(numeric_only=True)
    later = scenario.start_date.year - told.BEFORE
    rows = {year: figures(weeks, year + later) for year in told.YEARS}
    return pd.DataFrame(rows).T[list(MEASURES)]


def _mean(values: list[float]) -> Slope:
    """Their mean with its interval."""
    found = mean_interval(values)
    return Slope(found.mean, found.low, found.high)


def after_table(after: Sequence[After]) -> pd.DataFrame:
    """What follows as a table, a row for each measure, what was told, and year."""
    return pd.DataFrame(
        [
            {
                "measure": each.measure, "told": each.told, "year": each.year,
                **{name: getattr(each.change, name) for name in ("estimate", "low", "high")},
                "published": each.published,
            }
            for each in after
        ]
    )  # fmt: skip
