"""Workload against capacity, overload and fairness, with the numbers of others."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.exhaustion import deployable_hours
from sim.model.tallies import FAIR_WEEKS, GINI, OVERLOADED_WEEKS, VARIATION
from sim.model.weekly_count import close_the_week, gini, weeks_over
from sim.model.world import World
from tests.services import stage, tiny_service, world_of

pytestmark = pytest.mark.theory


@pytest.mark.parametrize(("contracted", "available"), [(37, 2070), (30, 1658)])
def test_workload_capacity_in_points(contracted, available):
    """Target 2,176 points in 37 h, reductions 1.8 h: 2,176 x (hours - 1.8) / 37, in whole points.

    The reductions are a weekly supervision, which takes as long for someone part-time.
    """
    scenario = tiny_service(
        workers=contracted / 37,
        working_time={"hours_per_week": 37},
        supervision={"hours": 1.8, "every_days": 5},
    )
    world = world_of(scenario)
    plan, workers = world.plan, world.workers
    assert workers.n == 1
    assert workers["fte"][0] == pytest.approx(contracted / 37, abs=1e-6)
    hours = deployable_hours(0, 0, workers.table, plan.roles, plan.settings)
    assert hours == pytest.approx(contracted - 1.8, abs=1e-4)
    assert int(2176 * hours / 37) == available


def overloaded(weeks: list[float], capacity: float, level: float, running: int) -> bool:
    """Whether a worker with these weekly workloads is ever overloaded."""
    count, ever = 0, False
    for workload in weeks:
        count = weeks_over(count, workload, capacity, level, False)
        ever = ever or count >= running
    return ever


@pytest.mark.parametrize(
    ("weeks", "is_overloaded"),
    [
        ([111, 112, 115, 111, 109], True),
        ([111, 112, 115, 109, 120], False),
        ([111, 112, 115, 109, 120, 120, 120], False),  # counted anew after a week below
        ([109, 111, 111, 111, 111], True),
        ([110, 110, 110, 110, 110], False),  # above the level, not at it
    ],
)
def test_overload_is_a_level_and_a_duration(weeks, is_overloaded):
    """Weekly workload in per cent of capacity, against 110 % for four weeks running."""
    assert overloaded(weeks, 100, 1.10, 4) == is_overloaded


@pytest.mark.parametrize("weeks", [[111, 112, 115, 111, 109], [111, 112, 115, 109, 120]])
def test_overloaded_weeks_in_a_run(weeks):
    """The same weeks in a world: one worker, whose workload is set on each last day of the week."""
    world = world_of(tiny_service(demand={"per_week": 0}), years=0.1)
    found = []
    for percent in weeks:
        _close_a_week(world, [percent / 100])
        found.append(world.tally[0, OVERLOADED_WEEKS])
        world.tally[:] = 0
    assert found == [0, 0, 0, float(weeks == [111, 112, 115, 111, 109]), 0]


def _close_a_week(world: World, loads: list[float]) -> None:
    """Close a week in which the workers have these workloads, as shares of their capacity."""
    table, plan = world.workers.table, world.plan
    table["workload"][: len(loads)] = loads * table["capacity"][: len(loads)]
    table["caseload"][: len(loads)] = 1
    close_the_week(
        4, table, world.workers.n, world.teams, plan.roles, plan.settings, world.caseloads,
        world.tally,
    )  # fmt: skip


CASELOADS = [
    ([1, 2, 3, 4], 0.25, 0.833333),
    ([0, 0, 0, 10], 0.75, 0.25),
    ([18, 22, 15, 25, 20], 0.096, 0.971817),
]


@pytest.mark.parametrize(("caseloads", "exact", "jain"), CASELOADS)
def test_gini(caseloads, exact, jain):
    assert gini(np.sort(np.array(caseloads, np.float64))) == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize(("caseloads", "exact", "jain"), CASELOADS)
def test_fairness_within_a_team(caseloads, exact, jain):
    """As a team's week tells it; Jain's index is 1 / (1 + variation squared)."""
    world = world_of(tiny_service(workers=len(caseloads), demand={"per_week": 0}), years=0.1)
    _close_a_week(world, [cases / 10 for cases in caseloads])
    assert world.tally[0, FAIR_WEEKS] == 1
    assert world.tally[0, GINI] == pytest.approx(exact, abs=1e-9)
    assert 1 / (1 + world.tally[0, VARIATION] ** 2) == pytest.approx(jain, abs=1e-6)


def test_round_robin_shares_out_evenly():
    """40 cases at once among four workers: 10 each, a Gini of 0."""
    scenario = tiny_service(
        workers=4,
        stages={"care": stage(100, weight=1)},
        demand={"per_week": 0, "also_on": ["2001-04-03"] * 40},
        allocation={"rule": "round_robin"},
    )
    world = world_of(scenario, years=0.1)
    world.run()
    assert world.workers["caseload"].tolist() == [10, 10, 10, 10]
    assert world.record.tallies[2][0, GINI] == 0
