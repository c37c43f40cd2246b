"""The working day by hand: a 35-hour week is 7 hours a day, and one or two workers spend them."""

from __future__ import annotations

import pytest

from sim.model.working_day import speed
from tests.services import by_week, stage, work, world_of
from tests.small_services import HIGH, HIGHEST, LOW, go_on, hours_left, story, world_on

pytestmark = pytest.mark.behaviour

LONG = 60  # days in the stage


def one_stage(**kinds):
    return {"care": stage(LONG, work=kinds)}


def of_today(world, name):
    """A worker's hours so far this week."""
    return [round(float(hours), 9) for hours in world.workers[f"week_{name}"]]


# ---------------------------------------------------------------- hours and overtime


def test_work_of_15_hours_takes_two_days_and_an_hour():
    scenario = story([0], stages=one_stage(w=work(15)))
    for day, left in ((0, 8.0), (1, 1.0), (2, 0.0)):
        assert hours_left(world_on(day, scenario)) == pytest.approx([left])
    world = world_on(2, scenario)
    assert of_today(world, "contracted") == [21.0]
    assert of_today(world, "direct") == [15.0]
    assert of_today(world, "idle") == [6.0]


@pytest.mark.parametrize(
    ("gives", "limit", "due", "left"),
    [
        (0, None, 0, 23.0),  # 30 - 7
        (10, None, 0, 21.0),  # 2 hours of overtime a day
        (10, 5, 0, 22.0),  # the policy allows 1 hour a day
        (10, 0, 0, 23.0),
        (10, 50, 0, 21.0),  # a limit above what is given changes nothing
        (10, None, 5, 21.0),  # due within the look-ahead of 5 days
        (10, None, 6, 23.0),  # not yet worth overtime
    ],
)
def test_overtime_is_for_due_work_within_what_is_given_and_allowed(gives, limit, due, left):
    scenario = story(
        [0], stages=one_stage(w=work(30, first_within_days=due)),
        working_time={"overtime_hours_per_week": gives},
    )  # fmt: skip
    world = world_of(scenario, years=0.2)
    if limit is not None:
        world.plan.settings["overtime_limit"] = limit / 5
    go_on(world, 0)
    assert hours_left(world) == pytest.approx([left])
    assert of_today(world, "overtime") == [30 - left - 7]


def test_half_time_gives_half_the_hours_and_half_the_overtime():
    scenario = story(
        [0], workers=0.5, stages=one_stage(w=work(30, first_within_days=0)),
        working_time={"overtime_hours_per_week": 10},
    )  # fmt: skip
    assert hours_left(world_on(0, scenario)) == pytest.approx([30 - 3.5 - 1])


# ---------------------------------------------------------------- what is done first


def test_statutory_work_is_done_before_other_work_that_was_due_earlier():
    """7 hours each; the visit is due today, the statutory report in 4 days: the report is done."""
    kinds = {
        "visit": work(7, first_within_days=0),
        "report": work(7, first_within_days=4, statutory=True),
    }
    world = world_on(0, story([0], stages=one_stage(**kinds)))
    assert (hours_left(world, 1), hours_left(world, 2)) == ([7.0], [0.0])
    go_on(world, 1)
    assert hours_left(world, 1) == [0.0]


def test_statutory_work_that_is_not_yet_due_waits_for_what_is_due():
    kinds = {
        "visit": work(7, first_within_days=0),
        "report": work(7, first_within_days=6, statutory=True),
    }
    world = world_on(0, story([0], stages=one_stage(**kinds)))
    assert (hours_left(world, 1), hours_left(world, 2)) == ([0.0], [7.0])


def test_of_two_pieces_the_one_due_first_is_done_first():
    kinds = {"later": work(7, first_within_days=3), "sooner": work(7, first_within_days=2)}
    world = world_on(0, story([0], stages=one_stage(**kinds)))
    assert (hours_left(world, 1), hours_left(world, 2)) == ([7.0], [0.0])


def test_work_for_a_case_of_high_risk_comes_before_work_for_others():
    """Twelve cases of an hour; the day has seven, and high risk comes first whatever the order."""
    scenario = story(
        [0] * 12, stages=one_stage(w=work(1, first_within_days=1)),
        demand={"risk": {"high": 0.4, "low": 0.6}},
    )  # fmt: skip
    world = world_on(0, scenario, seed=4)
    high = world.cases["tier"] == 0
    assert 2 < high.sum() < 7
    left = hours_left(world)
    assert [left[row] for row in range(12) if high[row]] == [0.0] * int(high.sum())
    assert sum(left) == 5.0


@pytest.mark.parametrize(("finish", "left"), [(True, [0.0, 1.0]), (False, [1.0, 0.0])])
def test_begun_work_is_finished_first_where_the_scenario_says_so(finish, left):
    """Ten hours, begun on day 0 with 7; on day 1 comes 5 hours of urgent work for a second case.

    On day 1, finished first: the 3 that are left, and 4 of the 5. Not so: the 5, and 2 of the 3.
    """
    scenario = story(
        [0, 1], stages=one_stage(w=work(10)), working_time={"finish_what_was_begun": finish}
    )
    world = world_of(scenario, years=0.2)
    go_on(world, 1.2)  # after the second morning's meeting
    world.cases.left[1, 1] = 5.0
    world.cases.table["tier"][1] = 0  # high risk, and so urgent
    go_on(world, 1)
    assert hours_left(world) == pytest.approx(left)


@pytest.mark.parametrize(
    ("tier", "hours", "stays_on", "left", "overtime"),
    [
        (HIGH, 5, 0, [0.0, 1.0], 0.0),  # what is late comes first, and was begun
        (HIGHEST, 5, 0, [1.0, 0.0], 0.0),
        (HIGHEST, 12, 0, [3.0, 5.0], 0.0),
        (HIGHEST, 12, 4, [3.0, 1.0], 4.0),
        (HIGHEST, 12, 6, [3.0, 0.0], 5.0),  # and nothing else in the evening
        (HIGH, 12, 6, [0.0, 8.0], 0.0),
    ],
)
def test_an_emergency_comes_before_late_work_and_may_take_the_evening(
    tier, hours, stays_on, left, overtime
):
    """Ten hours of late statutory work, of which 7 are done on day 0; on day 1 an emergency."""
    scenario = story(
        [0, 1], risk={LOW: 1.0}, stages=one_stage(w=work(10, statutory=True, first_within_days=0)),
        working_time={"finish_what_was_begun": True, "emergency_hours": stays_on},
    )  # fmt: skip
    world = world_of(scenario, years=0.2)
    go_on(world, 1.2)  # after the second morning's meeting
    world.cases.left[1, 1] = hours
    world.cases.table["tier"][1] = list(scenario.risk_tiers).index(tier)
    go_on(world, 1)
    assert hours_left(world) == pytest.approx(left)
    assert of_today(world, "overtime") == pytest.approx([overtime])


def test_recurring_work_comes_again_so_many_days_after_it_was_done():
    """Every 10 days from its first due day, done when its window opens, half an interval before."""
    scenario = story([0], stages=one_stage(v=work(1, "every", every_days=10, contact=True)))
    world = world_on(4, scenario)
    assert hours_left(world) == [1.0]  # due on day 10, window from day 5
    go_on(world, 5)
    assert (hours_left(world), float(world.cases.due[0, 1])) == ([1.0], 15.0)
    assert int(world.cases.done[0, 1]) == 1
    go_on(world, 9)
    assert int(world.cases.done[0, 1]) == 1
    go_on(world, 10)
    assert int(world.cases.done[0, 1]) == 2


def test_a_stage_cannot_end_without_its_report_and_the_report_waits_for_the_end():
    """5 days of its own, then a report of 10 hours: done on days 5 and 6; closed that evening."""
    scenario = story([0], stages={"care": stage(5, work={"report": work(10, "closing")})})
    world = world_on(4, scenario)
    assert hours_left(world) == [10.0]
    go_on(world, 5)
    assert hours_left(world) == pytest.approx([3.0])
    go_on(world, 6)
    assert int(world.cases["closed"][0]) == 6


def test_visits_on_time_are_those_done_by_the_day_they_were_due():
    """Two visits of 7 hours due on day 0: one is on time, the other a day late."""
    kinds = {"v": work(7, first_within_days=0, contact=True)}
    world = world_on(4, story([0, 0], stages=one_stage(**kinds)))
    assert (by_week(world, "visits").sum(), by_week(world, "visits_on_time").sum()) == (2, 1)


# ---------------------------------------------------------------- admin and business support


@pytest.mark.parametrize(
    ("fte", "left", "support", "own"),
    [
        # 10 hours of admin, half of it delegable; 1 FTE of support has 7 x .8 = 5.6 hours a day.
        (0.0, 3.0, 0.0, 7.0),
        (1.0, 0.0, 5.0, 5.0),
        # .5 FTE has 2.8: 7.2 hours are the worker's own, of which 7 fit: 7/7.2 of everything.
        (0.5, 10 - 10 * 7 / 7.2, 2.8 * 7 / 7.2, 7.0),
    ],
)
def test_business_support_takes_over_half_the_admin_up_to_its_hours(fte, left, support, own):
    scenario = story(
        [0],
        stages=one_stage(w={"label": "W", "when": "opening", "admin_hours": 10}),
        team={"business_support": fte},
        working_time={"delegable_admin_share": 0.5, "business_support_productive_share": 0.8},
    )
    world = world_on(0, scenario)
    assert hours_left(world) == pytest.approx([left])
    assert world.tally[0, names("support_hours")] == pytest.approx(support)
    assert of_today(world, "admin") == pytest.approx([own])
    assert of_today(world, "direct") == [0.0]


def names(column):
    from sim.model.tallies import NAMES

    return NAMES.index(column)


def test_business_support_does_not_meet_families():
    """6 hours direct, 2 of admin, all delegable: 6 hours are left for the worker."""
    scenario = story(
        [0],
        stages=one_stage(w={"label": "W", "when": "opening", "direct_hours": 6, "admin_hours": 2}),
        team={"business_support": 1},
        working_time={"delegable_admin_share": 1},
    )
    world = world_on(0, scenario)
    assert hours_left(world) == [0.0]
    assert (of_today(world, "direct"), of_today(world, "admin")) == ([6.0], [0.0])
    assert of_today(world, "idle") == [1.0]


def test_business_support_serves_whole_teams_first_come_first_served_another_first_each_day():
    """5.6 hours for two workers with 7 hours of wholly delegable admin a day each: the first in
    line has 1.4 of 7 hours to do, the other all 7; the next day it is the other way round."""
    scenario = story(
        [0, 0, 1, 1], workers=2,
        stages=one_stage(w={"label": "W", "when": "opening", "admin_hours": 7,
                            "first_within_days": 0}),
        team={"business_support": 1},
        working_time={"delegable_admin_share": 1},
    )  # fmt: skip
    world = world_on(0, scenario)
    first = of_today(world, "admin")
    assert sorted(first) == pytest.approx([1.4, 7.0])
    go_on(world, 1)
    second = [now - before for now, before in zip(of_today(world, "admin"), first, strict=True)]
    assert sorted(second) == pytest.approx([1.4, 7.0])
    assert first.index(min(first)) != second.index(min(second))


# ---------------------------------------------------------------- protected time


def test_team_time_protected_time_and_a_part_casework_role_leave_the_rest():
    """7 h a day less 1 h of team time (5 a week); 30 % of 7 protected for the newly qualified;
    of what is left, 3.9, a role that does casework for 80 % has 3.12."""
    scenario = story(
        [0],
        stages=one_stage(w=work(20, first_within_days=0)),
        roles={"social_worker": {"casework_share": 0.8}},
        working_time={"team_hours_per_week": 5},
        recruitment={"newly_qualified": {"role": "social_worker", "protected_share": 0.3}},
    )
    world = world_of(scenario, years=0.2)
    world.workers.table["newly_qualified_until"][0] = 1  # not on the second day any more
    go_on(world, 0)
    assert of_today(world, "protected") == pytest.approx([7 - 3.12])
    assert hours_left(world) == pytest.approx([20 - 3.12])
    go_on(world, 1)
    assert hours_left(world) == pytest.approx([20 - 3.12 - 0.8 * 6])


def supervised(**more):
    """A worker with far too much urgent work, due for supervision on day 5, and a manager."""
    return story(
        [0], stages=one_stage(w=work(400, first_within_days=0, statutory=True)),
        roles={"manager": {"label": "Manager", "supervises": True}},
        team={"posts": {"social_worker": 1, "manager": 1}},
        supervision={"every_days": 10, "newly_qualified_every_days": 10, "hours": 1.5,
                     "manager_hours": 2, "manager_hours_per_week": 5,
                     "displaced_above_hours": 4, "missed_after_days": 3, **more},
    )  # fmt: skip


def sessions(world):
    held = by_week(world, "supervision_held").sum()
    return int(held), int(by_week(world, "supervision_due").sum())


def due_on(world, day):
    for worker in range(world.workers.n):
        world.workers.table["supervision_due"][worker] = day


@pytest.mark.parametrize(("protected", "expected"), [(True, (1, 1)), (False, (0, 1))])
def test_supervision_is_displaced_by_overdue_work_unless_protected(protected, expected):
    """Due on day 5 with hundreds of hours overdue: put off for 3 days, then missed."""
    world = world_of(supervised(protected=protected), years=0.2)
    due_on(world, 5)
    go_on(world, 9)
    assert sessions(world) == expected
    assert int(world.workers["supervision_due"][0]) == 15  # the next one, 10 days on


def test_supervision_held_takes_its_hours_from_casework():
    world = world_of(supervised(protected=True), years=0.2)
    due_on(world, 2)
    go_on(world, 2)
    assert of_today(world, "protected")[0] == 1.5
    assert of_today(world, "direct")[0] == 21 - 1.5


def test_supervision_needs_a_manager_with_time():
    """A manager has 1 hour a day and a session takes 2: due on day 0, it is held on day 1."""
    world = world_of(supervised(protected=True), years=0.2)
    due_on(world, 0)
    go_on(world, 0)
    assert of_today(world, "protected")[0] == 0.0
    go_on(world, 1)
    assert of_today(world, "protected")[0] == 1.5


def test_a_manager_with_less_than_a_session_a_week_saves_up_for_one():
    """Half an hour a week, .1 a day, and sessions of 2 hours: held on the 20th day."""
    world = world_of(
        supervised(protected=True, manager_hours_per_week=0.5, missed_after_days=99), years=0.2
    )
    due_on(world, 0)
    go_on(world, 18)
    assert sessions(world) == (0, 0)
    go_on(world, 24)
    assert sessions(world) == (1, 1)
    assert int(world.workers["last_supervision"][0]) == 19


def test_supervision_without_a_manager_is_missed():
    world = world_of(supervised(protected=True, manager_hours_per_week=0), years=0.2)
    due_on(world, 0)
    go_on(world, 4)
    assert sessions(world) == (0, 1)


@pytest.mark.parametrize(("protected", "taken"), [(True, 5.0), (False, 2.0)])
def test_development_time_is_displaced_by_overdue_work_unless_protected(protected, taken):
    """5 hours a week, 1 a day; what was due on day 0 is overdue in the evening of day 1."""
    world = world_of(
        supervised(every_days=1000, cpd_hours_per_week=5, cpd_protected=protected), years=0.2
    )
    due_on(world, 1000)
    go_on(world, 4)
    assert by_week(world, "cpd_hours_held").sum() == pytest.approx(taken)


# ---------------------------------------------------------------- speed


def test_a_new_starter_is_slower_and_ramps_up_linearly():
    """Half speed in the first week, full after 10 weeks: 3.5 of 7 hours' work done on day 0."""
    scenario = story(
        [0], stages=one_stage(w=work(70)),
        recruitment={"weeks_to_full_speed": 10, "speed_at_start": 0.5},
    )  # fmt: skip
    world = world_of(scenario, years=0.3)
    world.workers.table["started"][0] = 0
    go_on(world, 0)
    assert hours_left(world) == pytest.approx([70 - 3.5])
    paces = {
        day: speed(0, day, world.workers.table, world.plan.settings) for day in (0, 25, 49, 50, 80)
    }
    assert paces == pytest.approx({0: 0.5, 25: 0.75, 49: 0.99, 50: 1.0, 80: 1.0})


def test_exhaustion_slows_the_day_by_its_share():
    """30 % lost at exhaustion 1; at .5 a day of 7 hours achieves 7 x .85."""
    scenario = story(
        [0], stages=one_stage(w=work(70)),
        wellbeing={"exhaustion": {"on_speed": 0.3, "at_start": 0.5}},
    )  # fmt: skip
    assert hours_left(world_on(0, scenario)) == pytest.approx([70 - 7 * 0.85])
