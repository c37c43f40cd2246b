"""Without caps every case has a worker at once, and the open caseload is Poisson.

260 teams get 2 cases a day each: 260 independent services in one run.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.model.columns import HELD
from sim.model.world import World
from sim.scenario.service import Scenario
from tests.services import by_week, days_of_weeks, exponential, stage, tiny_service, world_of
from tests.theory.agreement import agrees, agrees_roughly, count_of, mean_of

pytestmark = pytest.mark.theory

TEAMS = 260
LAST_DAY = 420  # seven mean durations
SURE = 1e-4


def open_by_team(world: World) -> NDArray[np.int64]:
    """Cases that each team has open now."""
    cases = world.cases
    return np.bincount(cases["team"][cases["status"] == HELD], minlength=len(world.teams))


def service(duration: object, teams: int = TEAMS) -> Scenario:
    return tiny_service(cases_a_day=2 * teams, duration=duration, teams=teams, years=2)


@pytest.fixture(scope="module")
def evenings() -> dict[int, NDArray[np.int64]]:
    """Cases open in each team once so many days have passed since the empty start."""
    world = world_of(service(exponential(60)), years=2)
    found = {}
    for days in (30, 60, LAST_DAY):
        world.env.run(until=days - 1 + 0.95)  # the evening of the last of these days
        found[days] = open_by_team(world)
    return found


@pytest.mark.parametrize(("days", "exact"), [(30, 47.21632), (60, 75.85447), (LAST_DAY, 120)])
def test_mean_open_from_empty(evenings, days, exact):
    """2 cases a day, exponential duration with mean 60: 120 (1 - exp(-t / 60))."""
    assert exact == pytest.approx(120 * (1 - np.exp(-days / 60)), rel=1e-3)
    agrees(mean_of(evenings[days]), exact)


@pytest.mark.parametrize("days", [30, 60, LAST_DAY])
def test_open_cases_are_poisson(evenings, days):
    """The counts of the teams have the distribution, not only the mean."""
    counts = evenings[days]
    mean = 120 * (1 - np.exp(-days / 60))
    dispersion = ((counts - mean) ** 2).sum() / mean  # chi-squared with as many degrees as teams
    assert SURE < stats.chi2(TEAMS).cdf(dispersion) < 1 - SURE
    middle = (stats.poisson(mean).cdf(counts) + stats.poisson(mean).cdf(counts - 1)) / 2
    assert stats.kstest(middle, "uniform").pvalue > SURE


@pytest.mark.parametrize(
    ("duration", "mean", "longest"),
    [
        (60, 60, 60),
        ({"distribution": "lognormal", "mean": 60, "cv": 1}, 60, 400),
        ({"distribution": "uniform", "low": 0, "high": 120}, 60, 120),
        ({"distribution": "bands", "edges": [10, 30, 120], "shares": [0.3, 0.7]}, 58.5, 120),
    ],
)
def test_in_the_end_the_mean_does_not_depend_on_the_kind_of_duration(duration, mean, longest):
    """Arrivals a day times the mean duration, once the longest are over."""
    world = world_of(service(duration, teams=160), years=2)
    world.env.run(until=longest + 1.95)
    agrees(mean_of(open_by_team(world)), 2 * mean)


def test_a_steady_start_is_steady_from_the_first_day():
    """Begun as a service long at work, 120 cases a team on every day of the first year."""
    teams = 100
    scenario = tiny_service(
        cases_a_day=2 * teams, duration=exponential(60), teams=teams, workers=1, years=2,
        start="steady",
    )  # fmt: skip
    world = world_of(scenario, years=1)
    world.run()
    weekly = by_week(world, "open_case_days") / days_of_weeks(world)[:, None]
    for part in np.array_split(weekly, 4):
        agrees(mean_of(part.mean(axis=0)), 120)


def test_one_stage_after_another_by_different_teams():
    """Two stages in a row, held by two kinds of team: arrivals a day times mean duration in each.

    Who moves on in the morning is allocated at that morning's meeting. Only a stage that takes
    less than half a day ends in the evening of its first day, and the next waits for the night.
    """
    teams, per_day = 200, 2
    raw = tiny_service(
        cases_a_day=per_day * teams,
        teams=teams,
        years=2,
        stages={
            "first": stage(exponential(20), to={"second": 0.5, "closed": 0.5}),
            "second": stage({"distribution": "gamma", "mean": 40, "shape": 2}),
        },
    ).model_dump()
    raw["teams"]["other"] = raw["teams"]["team"]
    raw["pathways"]["pathway"]["stages"]["second"]["team"] = "other"
    world = world_of(Scenario.model_validate(raw), years=2)
    counts = []
    for evening in (160, 280, 400):
        world.env.run(until=evening + 0.95)
        cases = world.cases
        held = cases["status"] == HELD
        counts.append(np.bincount(cases["team"][held], minlength=2 * teams))
    mean = np.mean(counts, axis=0)
    agrees(mean_of(mean[:teams]), per_day * 20)
    agrees(mean_of(mean[teams:]), per_day / 2 * 40)
    waits = world.waits.sum(axis=0)
    by_night = (1 - np.exp(-0.5 / 20)) * 0.5 / 1.5
    agrees_roughly(count_of(waits[1]), by_night * waits.sum())
    assert waits[2:].sum() == 0
