"""Outcomes month by month that are quotients of what was counted, and how a change of them splits.

A month is its weeks: those that end in it. Both sides of a quotient A / B are taken as means of the
month's days (or a week, where something is counted by the week), so that long months do not matter.
Its change from one month to the next is split exactly into what A's change did and what B's did,
each at the mean of the other before and after (Shapley's value of a product of two factors), and,
since both are sums over teams, into what each team did:

    dA x (1/B0 + 1/B1) / 2    and    -dB x (A0 + A1) / (2 x B0 x B1)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.model.plan_columns import WORKING_DAYS_A_WEEK, WORKING_DAYS_A_YEAR
from sim.scenario.calendar import working_days_between
from sim.scenario.problems import InputError, Problem
from sim.scenario.service import Scenario
from sim.scenario.text_files import shown
from sim.study.asking import open_tables
from sim.study.results import Results

DAYS, WEEKS = "days", "weeks"
KEYS = ["replication", "month", "team"]


@dataclass(frozen=True)
class Quotient:
    """How an outcome is made from columns of team_weeks: factor x sum of `above` / sum of `below`.

    Attributes
    ----------
    above, below
        Columns; with none below, `above` is taken as a mean of the month's days.
    above_is, below_is
        What they are, in words.
    """

    above: tuple[str, ...]
    below: tuple[str, ...]
    above_is: str
    below_is: str
    factor: float = 1.0


QUOTIENTS = {
    "caseload_per_fte": Quotient(
        ("held_case_days",), ("case_holder_fte_days",), "cases held", "workers who hold cases"
    ),
    "unallocated_cases_mean": Quotient(("waiting_case_days",), (), "unallocated cases", ""),
    "overloaded_worker_weeks": Quotient(
        ("overloaded_weeks",), ("worker_weeks",), "overloaded worker-weeks", "worker-weeks"
    ),
    "over_line_worker_weeks": Quotient(
        ("over_line_weeks",), ("worker_weeks",), "worker-weeks above the line", "worker-weeks"
    ),
    "hours_per_week": Quotient(
        ("contracted_hours", "overtime_hours"), ("worked_fte_days",), "hours worked",
        "days worked", WORKING_DAYS_A_WEEK,
    ),
    "direct_time_share": Quotient(
        ("direct_hours",), ("contracted_hours", "overtime_hours"),
        "hours with children and families", "hours worked",
    ),
    "absence_rate": Quotient(
        ("sick_fte_days",), ("in_post_fte_days",), "days of sickness", "people in post"
    ),
    "vacancy_rate": Quotient(
        ("vacant_fte_days",), ("vacant_fte_days", "in_post_fte_days"), "vacant posts", "posts"
    ),
    "agency_rate": Quotient(
        ("agency_fte_days",), ("in_post_fte_days", "agency_fte_days"), "agency workers",
        "all workers",
    ),
    "turnover_rate": Quotient(
        ("leavers_fte",), ("in_post_fte_days",), "leavers", "people in post", WORKING_DAYS_A_YEAR
    ),
    "supervision_held": Quotient(
        ("supervision_held",), ("supervision_due",), "sessions held", "sessions due"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Split:
    """A change of a quotient: what its two sides did, and what each team did to either."""

    above: float
    below: float
    by_team: dict[str, float]


def quotients_of(scenario: Scenario) -> dict[str, Quotient]:
    """The outcomes that can be followed month by month: ours, and the scenario's timescales."""
    timescales = {
        stage.timescale.outcome
        for pathway in scenario.pathways.values()
        for stage in pathway.stages.values()
        if stage.timescale is not None
    }
    return QUOTIENTS | {
        key: Quotient((f"{key}_in_time",), (f"{key}_ended",), "ended in time", "ended")
        for key in sorted(timescales)
    }


def months_of(results: Results, policy: str) -> pd.DataFrame:
    """Sums of the weeks that count of a policy's runs, by replication, month and team.

    The working days and the weeks of each month are in the columns `days` and `weeks`, of the first
    team alone, so that they add up over teams like everything else.

    Raises
    ------
    InputError
        If the study kept no team_weeks, or has no week that counts.
    """
    with _opened(results) as connection:
        sums = connection.execute(
            "SELECT replication, strftime(week_ending, '%Y-%m') AS month, team, "
            "SUM(COLUMNS(* EXCLUDE (policy, replication, week, week_ending, team, kind)))::DOUBLE "
            "FROM team_weeks WHERE policy = ? AND week >= 0 GROUP BY ALL ORDER BY ALL",
            [policy],
        ).df()
    weeks = week_endings(results)
    number = pd.DataFrame(
        {
            "month": weeks.strftime("%Y-%m"),
            DAYS: [float(days_of_week(day.date(), results.study.scenario)) for day in weeks],
            WEEKS: 1.0,
        }
    )
    per_month = number.groupby("month")[[DAYS, WEEKS]].sum()
    first = sums["team"] == sums["team"].iloc[0]
    for name in (DAYS, WEEKS):
        sums[name] = np.where(first, sums["month"].map(per_month[name]), 0.0)
    return sums


def week_endings(results: Results) -> pd.DatetimeIndex:
    """The last working days of the weeks that count."""
    with _opened(results) as connection:
        rows = connection.execute(
            "SELECT DISTINCT week_ending FROM team_weeks WHERE week >= 0 ORDER BY week_ending"
        ).df()
    return pd.DatetimeIndex(rows["week_ending"])


def _opened(results: Results) -> duckdb.DuckDBPyConnection:
    if "team_weeks.parquet" not in results.manifest["files"]:
        raise InputError(
            Problem(
                "these results have no team_weeks, from which months are told",
                file=shown(results.folder),
                remedy="name team_weeks under `tables:` in the study, and run it again",
            )
        )
    return open_tables(results)


def days_of_week(ending: date, scenario: Scenario) -> int:
    """Working days of the week with this last working day, as far as the run has them."""
    monday = ending - timedelta(days=ending.weekday())
    first = scenario.start_date - timedelta(weeks=scenario.warm_up_weeks)
    after = ending + timedelta(days=1)
    return working_days_between(max(monday, first), after, scenario.bank_holidays)


def value_of(quotient: Quotient, sums: pd.DataFrame) -> pd.Series:
    """The outcome of each row of sums; NaN where there is nothing to divide by."""
    above = sums[list(quotient.above)].sum(axis=1)
    below = sums[list(quotient.below or (DAYS,))].sum(axis=1)
    return quotient.factor * above / below.where(below > 0)


def split(quotient: Quotient, before: pd.DataFrame, now: pd.DataFrame) -> Split:
    """Split the change of a quotient from one month to another.

    Parameters
    ----------
    quotient
        What is below the line must be above 0 in both months.
    before, now
        A row for each team, in the same order, with a column `team`.
    """
    (a0, b0), (a1, b1) = _sides(quotient, before), _sides(quotient, now)
    all_a0, all_b0, all_a1, all_b1 = (float(side.sum()) for side in (a0, b0, a1, b1))
    of_above = (a1 - a0) * (1 / all_b0 + 1 / all_b1) / 2
    of_below = -(b1 - b0) * (all_a0 + all_a1) / (2 * all_b0 * all_b1)
    by_team = dict(zip(now["team"].astype(str), (of_above + of_below).tolist(), strict=True))
    return Split(float(of_above.sum()), float(of_below.sum()), by_team)


def mean_side(columns: tuple[str, ...], sums: pd.DataFrame, unit: str) -> pd.Series:
    """One side of a quotient, of each row of sums, a day or a week of the month."""
    return sums[list(columns)].sum(axis=1) / float(sums[unit].sum())


def unit_of(quotient: Quotient) -> str:
    """Whether a quotient's sides are read as means of days, or as numbers a week."""
    by_days = all(name.endswith("_days") for name in (*quotient.above, *quotient.below))
    return DAYS if by_days else WEEKS


def _sides(
    quotient: Quotient, sums: pd.DataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What each team adds above the line and below it."""
    unit = unit_of(quotient)
    above = quotient.factor * mean_side(quotient.above, sums, unit).to_numpy(float)
    if not quotient.below:
        return above, np.full(len(sums), 1 / len(sums))
    return above, mean_side(quotient.below, sums, unit).to_numpy(float)
