"""What a newcomer takes over from colleagues, and how changes of worker are counted."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.absence import absence
from sim.model.columns import HELD
from sim.model.hazards import BECOMES_PARENT
from sim.model.newcomers import SETTLED_IN_DAYS
from sim.model.outcomes import measure
from sim.model.staffing import end_agency, leave_post
from tests.services import run, stage, tiny_service, world_of
from tests.small_services import MONDAY, go_on, holders, on_days, story

pytestmark = pytest.mark.behaviour

STARTS = 10  # the day on which a post is filled, ten days after it fell vacant


def team_of_three(share, **parts):
    """Three workers with four cases each, one a day; then the third leaves on the evening of day 15
    and is followed ten days later. Each case weighs the same."""
    scenario = story(
        list(range(12)), workers=3, team={"newcomers_take_over": share},
        stages={"care": stage(900, weight=1, worker_changes_outcome="in_care")},
        recruitment={"approval_days": 0, "round_days": STARTS, "success_per_round": 1},
        **parts,
    )  # fmt: skip
    world = world_of(scenario, years=0.5)
    go_on(world, 15)
    assert np.bincount(holders(world)).tolist() == [4, 4, 4]
    return world


@pytest.mark.parametrize(("share", "taken"), [(0, 0), (0.5, 2), (0.75, 3), (1, 4)])
def test_a_newcomer_takes_over_a_share_of_the_teams_load(share, taken):
    """Twelve cases for three: a full share is four, as many from each colleague."""
    world = team_of_three(share)
    leave_post(world, 2)
    go_on(world, 14 + STARTS + SETTLED_IN_DAYS)
    assert np.bincount(holders(world), minlength=4).tolist() == [6, 6, 0, 0]
    go_on(world, 15 + STARTS + SETTLED_IN_DAYS)
    held = np.bincount(holders(world), minlength=4)
    assert held[3] == taken
    assert held.sum() == 12
    assert abs(held[0] - held[1]) <= 1
    assert world.workers["caseload"][:4].tolist() == held.tolist()


def test_cases_that_colleagues_have_had_for_the_shortest_time_go_first():
    """The four of the worker who left: nobody else gets another worker."""
    world = team_of_three(1)
    had = np.array(holders(world))
    leave_post(world, 2)
    go_on(world, 15 + STARTS + SETTLED_IN_DAYS)
    now = np.array(holders(world))
    assert (now[had == 2] == 3).all()
    assert (now[had != 2] == had[had != 2]).all()


def test_whoever_comes_back_to_an_empty_desk_takes_over_cases_again():
    world = team_of_three(
        1, absence={"cover": "reallocate", "parental_leave": {"per_year": 0, "duration": 10}}
    )
    world.env.process(absence(world, 2, BECOMES_PARENT))  # away from day 16 to 25
    go_on(world, 26)
    assert np.bincount(holders(world), minlength=3).tolist() == [6, 6, 0]
    go_on(world, 26 + SETTLED_IN_DAYS)
    assert np.bincount(holders(world), minlength=3).tolist() == [4, 4, 4]


def test_a_departure_and_a_newcomer_are_three_workers_within_a_year():
    """Leaver, colleague, newcomer: only the leaver's four cases have had three."""
    world = team_of_three(1)
    leave_post(world, 2)
    go_on(world, 15 + STARTS + SETTLED_IN_DAYS)
    before = world.cases["worker_changed_before"]
    assert (before >= 0).sum() == 4
    assert (world.cases["workers"][before >= 0] == 3).all()
    assert (world.cases["worker_changed"][before < 0] < 0).all()


def test_two_changes_are_three_workers_for_a_year_and_no_longer():
    """Someone leaves in the second year, and whoever came then soon after: one case of one."""
    scenario = story(
        [0], workers=1, stages={"care": stage(9999, worker_changes_outcome="in_care")},
        recruitment={"approval_days": 0, "round_days": 1, "success_per_round": 1},
    )  # fmt: skip
    world = world_of(scenario, years=3.5)
    go_on(world, 300)
    leave_post(world, 0)
    go_on(world, 350)
    leave_post(world, 1)
    world.env.run(until=world.horizon - 0.05)
    counted, three = counts(world)
    days = np.array(world.record.weeks)
    assert (counted == (days >= 253)).all()  # no year to look back on before that
    first, last = days[three == 1][[0, -1]]
    assert 351 <= first <= 357
    assert 302 + 253 - 6 <= last <= 302 + 253
    assert measure(world)["in_care_with_three_workers"] == pytest.approx(
        three.sum() / counted.sum()
    )


def counts(world):
    """Cases counted in each week, and those with three workers."""
    columns = np.array([tally.sum(axis=0)[-2:] for tally in world.record.tallies])
    return columns[:, 0], columns[:, 1]


def test_changes_at_a_steady_rate_agree_with_the_poisson_distribution():
    """Each team is one worker with one case, who leaves once a year and is followed the next day:
    2 / e of the cases have had fewer than two changes within the last year."""
    scenario = tiny_service(
        workers=1, teams=400, cap=1, years=6,
        stages={"care": stage(99999, worker_changes_outcome="in_care")},
        demand={**on_days(*[0] * 500)}, start_date=MONDAY,
        turnover={"leaving_per_year": 1.0, "notice_days": 0},
        recruitment={"approval_days": 0, "round_days": 1, "success_per_round": 1},
    )  # fmt: skip
    world = run(scenario, years=6)
    held = world.cases["status"] == HELD
    assert held.sum() >= 250
    before = world.cases["worker_changed_before"][held]
    share = (before > world.horizon - 253).mean()
    expected = 1 - 2 / np.e
    assert share == pytest.approx(expected, abs=4 * (expected * (1 - expected) / held.sum()) ** 0.5)


def test_the_end_of_an_agency_contract_is_a_change_of_worker():
    world = team_of_three(0)
    end_agency(world, 2)
    go_on(world, 16)
    assert (world.cases["worker_changed"] >= 0).sum() == 4
