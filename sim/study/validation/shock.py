"""The shock of 2022: more people leave for two years; what follows, and what is left of it.

Between 2020 and 2022 England's turnover rose from 13.5 to 17.2 %, vacancies from 16.1 to 20.0 %;
by 2025 both were lower than before. Here the average authority's people leave as much more readily
for two years, and as before from then on; each run is held against the same run without it. In
England much else changed in those years, so that this is a comparison of sizes, not a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from sim.model.world import simulate
from sim.scenario.authority.areas import authorities
from sim.scenario.authority.table import PublishedFigures
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario
from sim.study.processes import processes_for
from sim.study.processes.crew import Crew
from sim.study.processes.getting_ready import to_simulate
from sim.study.validation.panel import BASELINE, figures
from sim.study.validation.slopes import Slope
from sim.study.watching import Watcher

RISE = (15.4 / 13.5, 17.2 / 13.5)  # England's turnover of 2021 and 2022 over that of 2020
RUNS = 12
YEARS = 5  # two of the shock, three after it
MEASURES = ("turnover", "vacancy", "agency", "caseload")  # per cent; cases
LEVEL = 0.95
BEFORE = 2020  # the census before the shock
SCALES = {"turnover": 100, "vacancy": 100, "agency": 100, "caseload": 1}
COLUMNS = {"turnover": "turnover_rate", "vacancy": "vacancy_rate", "agency": "agency_rate",
           "caseload": "caseload"}  # fmt: skip


@dataclass(frozen=True)
class After:
    """What a measure was above the same run without the shock, at a census after its beginning."""

    measure: str
    years: int
    change: Slope
    published: Slope | None = None


def shock(factors: tuple[float, ...] = RISE) -> Policy:
    """People leave so many times as readily in each year, and as before from then on."""
    steps = np.array([*factors, 1.0]) / np.array([1.0, *factors])
    return Policy.model_validate(
        {
            "name": "shock",
            "label": "people leave more readily for a while",
            "levers": [
                {"lever": "leaving_rate", "factor": float(step), "start_after_months": 12.0 * year}
                for year, step in enumerate(steps)
            ],
        }
    )


def simulate_shock(
    average: Scenario, table: PublishedFigures, watcher: Watcher, *, runs: int = RUNS,
    jobs: int | None = None, seed: int = 0,
) -> list[After]:  # fmt: skip
    """Simulate the average authority with and without the shock, under the same chances.

    The start date is moved to October, so that a year of the shock is one of the census.
    """
    start = average.start_date.replace(month=10, day=1)
    scenario = average.model_copy(update={"start_date": start})
    with Crew(None, processes_for(jobs), watcher, to_simulate(scenario)) as crew:
        changes = crew.do_all(partial(_changes, scenario, seed), range(runs))
    return [
        After(
            measure,
            years,
            _mean([float(of_run[measure].loc[years]) for of_run in changes]),
            published_change(table, measure, BEFORE + years),
        )
        for years in range(1, YEARS + 1)
        for measure in MEASURES
    ]


def published_change(table: PublishedFigures, measure: str, year: int) -> Slope | None:
    """The mean change over authorities since before the shock; nothing where none is published."""
    column, scale = COLUMNS[measure], SCALES[measure]
    changes = [
        scale * (table.value(area.code, year, column) - table.value(area.code, BEFORE, column))
        for area in authorities()
    ]
    known = [change for change in changes if np.isfinite(change)]
    return _mean(known) if len(known) > 1 else None


def _changes(scenario: Scenario, seed: int, run: int) -> pd.DataFrame:
    """What the shock changes at each census, by the years since its beginning."""
    with_it, without = (_censuses(scenario, policy, seed, run) for policy in (shock(), BASELINE))
    return with_it - without


def _censuses(scenario: Scenario, policy: Policy, seed: int, run: int) -> pd.DataFrame:
    result = simulate(
        scenario, policy, seed=seed, replication=run, years=YEARS, tables=("team_weeks",)
    )
    weeks = result.tables["team_weeks"].groupby("week_ending").sum(numeric_only=True)
    first = scenario.start_date.year
    rows = {n: figures(weeks, first + n) for n in range(1, YEARS + 1)}
    return pd.DataFrame(rows).T[list(MEASURES)]


def _mean(values: list[float]) -> Slope:
    """Their mean with its interval by Student's t distribution."""
    estimate = float(np.mean(values))
    reach = stats.t.ppf(0.5 + LEVEL / 2, len(values) - 1) * stats.sem(values)
    return Slope(estimate, estimate - float(reach), estimate + float(reach))


def after_table(after: Sequence[After]) -> pd.DataFrame:
    """What follows as a table, a row for each measure and year."""
    return pd.DataFrame(
        [
            {
                "measure": each.measure, "years": each.years,
                **{name: getattr(each.change, name) for name in ("estimate", "low", "high")},
                **{
                    f"published_{name}": getattr(each.published, name, np.nan)
                    for name in ("estimate", "low", "high")
                },
            }
            for each in after
        ]
    )  # fmt: skip
