"""A panel of simulated authorities, and what the national statistics would say of each year.

Each authority is a scenario of its own, written from what is published of it. Its demand moves from
year to year; whatever else moves, the simulation moves. The years are cut as England's statistics
cut them: the workforce census of 30 September, with the leavers and the sickness of the year to
that day, is set beside the children's figures of the year to the following 31 March.

Whether children in care keep their worker is published of the year to March 2024 alone, when far
more workers left than since. So each authority is simulated as it was then, too, and what goes with
that figure is looked for there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from sim.model.normal import normal_quantile
from sim.model.plan_columns import WORKING_DAYS_A_YEAR
from sim.model.randomness import purpose, uniform
from sim.model.world import simulate
from sim.scenario.authority.areas import Area, authorities
from sim.scenario.authority.average import STREAM, YEAR
from sim.scenario.authority.own_scenario import scenario_of
from sim.scenario.authority.table import PublishedFigures
from sim.scenario.offered_work import WEEKS_A_YEAR
from sim.scenario.policy import Policy
from sim.scenario.problems import InputError, Problem
from sim.scenario.service import Scenario
from sim.study.processes import processes_for
from sim.study.processes.crew import Crew
from sim.study.processes.getting_ready import to_simulate
from sim.study.watching import Watcher

FEWEST_IN_POST = 30.0  # FTE: smaller authorities are not in the published regressions either
DEMAND_MOVES = 0.10  # standard deviation of a year's demand around its mean, as a logarithm
MONTHS = 12
MOVES = purpose("panel.demand")
BASELINE = Policy(name="baseline", label="the service as it is")
ASSESSMENTS, CONFERENCES = "assessments_within_45_days", "conferences_within_15_days"
THREE_WORKERS = "children_in_care_with_three_workers"
BANDS = tuple(
    f"{CONFERENCES}_{band}" for band in ("in_0_to_10", "in_11_to_15", "in_16_to_20", "after_20")
)
FEWEST, FEWEST_YEARS, MOST_YEARS = 10, 2, 20
PANEL_YEARS = 6  # when nobody says
THEN = 2023  # the census within the one year of which continuity is published
AS_THEN = f"_as_in_{THEN}"  # after the names of columns of the authorities as they were


@dataclass(frozen=True)
class Member:
    """An authority of the panel: its scenario, which chances are its own, and how it was then.

    Whoever was not there then (a council made since) has no scenario of it.
    """

    area: str
    scenario: Scenario
    number: int
    then: Scenario | None = None


def members(table: PublishedFigures, number: int | None, years: int) -> list[Member]:
    """Choose authorities evenly over their caseloads, and write their scenarios.

    Raises
    ------
    InputError
        If there are not so many authorities, or too few of them or of years for a regression.
    """
    there = [
        area for area in authorities(YEAR)
        if table.last(area.code, "in_post_fte", YEAR) >= FEWEST_IN_POST
        and np.isfinite(table.last(area.code, "caseload", YEAR))
    ]  # fmt: skip
    problems = []
    if number is not None and not FEWEST <= number <= len(there):
        few, many = "too few authorities to find slopes", "there are not so many authorities"
        problems.append(
            Problem(
                few if number < FEWEST else many,
                path="authorities", given=str(number), accepted=f"{FEWEST} to {len(there)}",
            )
        )  # fmt: skip
    if not FEWEST_YEARS <= years <= MOST_YEARS:
        problems.append(
            Problem(
                "not a number of years: what goes with what is found from year to year",
                path="years", given=str(years), accepted=f"{FEWEST_YEARS} to {MOST_YEARS}",
            )
        )  # fmt: skip
    if problems:
        raise InputError(problems)
    there.sort(key=lambda area: table.last(area.code, "caseload", YEAR))
    count = len(there) if number is None else number
    places = ((np.arange(count) + 0.5) / count * len(there)).astype(int)
    return [_member(table, there[place], n, years) for n, place in enumerate(places)]


def _member(table: PublishedFigures, area: Area, number: int, years: int) -> Member:
    scenario = moving(scenario_of(table, area), number, years)
    if not area.first_year <= THEN <= area.last_year:
        return Member(area.code, scenario, number)
    as_then = moving(scenario_of(table, area, THEN), number, years)
    return Member(area.code, scenario, number, as_then)


def moving(scenario: Scenario, number: int, years: int) -> Scenario:
    """The scenario with demand that is another in each year, and the same on average.

    From the beginning of the year before the first that counts, so that the first census has a
    year of it behind it.
    """
    stream = scenario.demand[STREAM]
    assert stream.per_week is not None
    a_month = stream.per_week * WEEKS_A_YEAR / MONTHS
    factors = [_factor(number, year) for year in range(years + 1)]
    start = scenario.start_date
    changed = stream.model_copy(
        update={
            "per_week": None,
            "per_month": tuple(a_month * f for f in factors for _ in range(MONTHS)),
            "per_month_from": date(start.year - 1, start.month, 1),
        }
    )
    return scenario.model_copy(update={"demand": {**scenario.demand, STREAM: changed}})


def _factor(number: int, year: int) -> float:
    """By what a year's demand is multiplied: lognormal with mean 1."""
    z = normal_quantile(uniform(0, number, MOVES, year, 0))
    return float(np.exp(DEMAND_MOVES * z - DEMAND_MOVES**2 / 2))


def simulate_panel(
    panel: Sequence[Member], years: int, watcher: Watcher, *, jobs: int | None = None, seed: int = 0
) -> pd.DataFrame:
    """Simulate every authority for so many years.

    Returns
    -------
    pandas.DataFrame
        A row for each authority and year, by both, with the columns of `figures`; rates, shares
        and bands in per cent, caseload in cases; `AS_THEN` ends the names of what the same chances
        made of the authority as it was. The same for any number of processes.
    """
    with Crew(None, processes_for(jobs), watcher, to_simulate(panel[0].scenario)) as crew:
        rows = crew.do_all(partial(_simulated, years, seed), panel)
    return pd.DataFrame([row for of_member in rows for row in of_member])


def _simulated(years: int, seed: int, member: Member) -> list[dict[str, float | str]]:
    now = _years_of(member.scenario, years, seed, member.number)
    then = [{"three_workers": np.nan, "turnover": np.nan}] * years
    if member.then is not None:
        then = _years_of(member.then, years, seed, member.number)
    first = member.scenario.start_date.year
    return [
        {
            "authority": member.area, "year": first + n, **now[n],
            **{f"{key}{AS_THEN}": then[n][key] for key in ("three_workers", "turnover")},
        }
        for n in range(years)
    ]  # fmt: skip


def _years_of(scenario: Scenario, years: int, seed: int, number: int) -> list[dict[str, float]]:
    result = simulate(
        scenario, BASELINE, seed=seed, replication=number, years=years, tables=("team_weeks",)
    )
    sums = result.tables["team_weeks"].groupby("week_ending").sum(numeric_only=True)
    bands = {key: 100 * result.outcomes.get(key, np.nan) for key in BANDS}
    first = scenario.start_date.year
    return [{**figures(sums, first + n), **bands} for n in range(years)]


def figures(weeks: pd.DataFrame, year: int) -> dict[str, float]:
    """What the statistics would say of a year.

    Parameters
    ----------
    weeks
        Sums over teams of the columns of team_weeks, by the last day of each week.
    year
        That of the census of 30 September; the children's year ends on 31 March after it.
    """
    census = pd.Timestamp(year, 9, 30)
    workforce = weeks[(weeks.index > census - pd.DateOffset(years=1)) & (weeks.index <= census)]
    children = weeks[
        (weeks.index > pd.Timestamp(year, 3, 31)) & (weeks.index <= pd.Timestamp(year + 1, 3, 31))
    ].sum()
    people, on_the_day = workforce.sum(), workforce.iloc[-1]
    in_post, vacant = on_the_day["in_post_fte_days"], on_the_day["vacant_fte_days"]
    agency = on_the_day["agency_fte_days"]
    return {
        "caseload": _ratio(on_the_day["held_case_days"], on_the_day["case_holder_fte_days"]),
        "turnover": WORKING_DAYS_A_YEAR
        * _percent(people["leavers_fte"], people["in_post_fte_days"]),
        "absence": _percent(people["sick_fte_days"], people["in_post_fte_days"]),
        "vacancy": _percent(vacant, vacant + in_post),
        "agency": _percent(agency, agency + in_post),
        "assessments": _percent(
            children[f"{ASSESSMENTS}_in_time"], children[f"{ASSESSMENTS}_ended"]
        ),
        "conferences": _percent(
            children[f"{CONFERENCES}_in_time"], children[f"{CONFERENCES}_ended"]
        ),
        "three_workers": _percent(
            children[f"{THREE_WORKERS}_with_three"], children[f"{THREE_WORKERS}_counted"]
        ),
    }  # fmt: skip


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below > 0 else float("nan")


def _percent(above: float, below: float) -> float:
    return 100 * _ratio(above, below)
