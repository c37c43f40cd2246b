"""Where agency workers beyond the establishment go: to the team with most work for its hours."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.agency import beyond_key, neediest_team
from sim.model.columns import LEFT, LONG_SICK
from tests.services import ROLE, START, TEAM, by_week, run, stage, tiny_service, world_of
from tests.small_services import go_on, on_days

pytestmark = pytest.mark.behaviour

NO_CASES = {"per_week": 0}


def three_teams(**parts):
    """Three teams of four without any cases yet, and an agency worker for each."""
    agency = {"beyond_establishment": {TEAM: 3}, "beyond_role": ROLE, "stay_days": 50,
              "lead_days": 1}  # fmt: skip
    return tiny_service(workers=4, teams=3, **{"demand": NO_CASES, "agency": agency} | parts)


def agency_by_team(world):
    there = (world.workers["agency"] == 1) & (world.workers["status"] != LEFT)
    return np.bincount(world.workers["team"][there], minlength=3).tolist()


def test_on_an_empty_first_morning_they_are_spread():
    assert agency_by_team(world_of(three_teams())) == [1, 1, 1]


def test_of_teams_with_equally_much_the_one_with_fewest_hours_comes_first():
    world = world_of(three_teams())
    world.workers["status"][world.workers["team"] == 1] = LEFT
    assert neediest_team(world, 0) == 1


def test_who_comes_goes_where_there_is_most_work_for_the_hours():
    """Team 2 has as many cases as the others and half of its people away; their work counts."""
    world = world_of(three_teams())
    world.workers["workload"][:] = 10
    assert neediest_team(world, 0) == 0
    own = np.flatnonzero((world.workers["team"] == 2) & (world.workers["agency"] == 0))
    world.workers["status"][own[:2]] = LONG_SICK
    assert neediest_team(world, 0) == 2


def test_what_waits_is_work_too():
    """Seven cases in two teams, and nobody may hold any: the team with more of them comes first."""
    scenario = tiny_service(
        workers=1, teams=2, stages={"care": stage(900, weight=1)}, cap=0,
        demand=on_days(0, 0, 0, 0, 0, 0, 0, start=START),
    )  # fmt: skip
    world = world_of(scenario)
    go_on(world, 1)
    assert (world.workers["caseload"] == 0).all()
    for most in (0, 1):
        world.cases["team"][:] = [most] * 4 + [1 - most] * 3
        assert neediest_team(world, 0) == most


def test_the_next_contract_follows_the_need_and_its_worker_is_the_same_person():
    """After 50 days three new contracts begin. With team 0 swamped meanwhile, the first goes there;
    who they are does not depend on it."""
    calm, swamped = world_of(three_teams()), world_of(three_teams())
    for world in (calm, swamped):
        go_on(world, 40)
    swamped.workers["workload"][swamped.workers["team"] == 0] = 500
    for world in (calm, swamped):
        go_on(world, 55)
    assert agency_by_team(calm) == [1, 1, 1]
    assert agency_by_team(swamped) == [3, 0, 0]
    keys = [sorted(world.workers["key"][world.workers["agency"] == 1]) for world in (calm, swamped)]
    assert keys[0] == keys[1]
    assert beyond_key(0, 2, 1) in keys[0]


def test_who_goes_is_followed_by_the_next_on_the_same_morning():
    world = world_of(three_teams())
    for day in range(1, 120):
        go_on(world, day)
        assert sum(agency_by_team(world)) == 3
    assert (world.workers["agency"] == 1).sum() == 9


def test_when_there_is_too_much_agency_it_is_tried_again_after_the_usual_time():
    """Tried on days 0, 40 and 80; the cap of nothing is lifted on day 50."""
    agency = {"beyond_establishment": {TEAM: 3}, "beyond_role": ROLE, "stay_days": 50,
              "lead_days": 40, "cap": 0}  # fmt: skip
    world = world_of(three_teams(agency=agency))
    go_on(world, 50)
    world.plan.settings["agency_cap"] = 1
    go_on(world, 79)
    assert sum(agency_by_team(world)) == 0
    go_on(world, 80)
    assert sum(agency_by_team(world)) == 3


def test_teams_of_a_kind_are_alike_in_the_long_run():
    """Four teams share two agency workers: over many runs none has more than the others."""
    scenario = tiny_service(
        workers=2, teams=4, stages={"care": stage(60, weight=2)},
        cases_a_day=0.8,
        agency={"beyond_establishment": {TEAM: 2}, "beyond_role": ROLE, "stay_days": 60,
                "lead_days": 5},
    )  # fmt: skip
    days = np.array([agency_days(scenario, replication) for replication in range(40)])
    mean, error = days.mean(axis=0), days.std(axis=0, ddof=1) / np.sqrt(len(days))
    assert (np.abs(mean - mean.mean()) < 4 * error).all(), (mean, error)


def agency_days(scenario, replication):
    world = run(scenario, replication=replication, years=3)
    return by_week(world, "agency_fte_days")[52:].sum(axis=0)
