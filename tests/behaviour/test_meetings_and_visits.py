"""Stages that end at a booked meeting, or only once their visits are made; and hurry."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sim.model.columns import GONE_CLOSED, HELD, SHORT_SICK
from sim.model.outcomes import measure
from sim.model.own_outcomes import own_outcome
from sim.model.working_day import speed
from sim.scenario.loading import unknown_outcomes
from sim.scenario.yaml_lines import Document
from tests.services import run, stage, tiny_service, work, world_of
from tests.small_services import go_on, hours_left, send_away, story, world_on

pytestmark = pytest.mark.behaviour


def booked(for_day=8, *, notice=3, again=4, hours=1.0, clock=0, **parts):
    """An enquiry of `clock` days, and a meeting for which a report of some hours is written."""
    stages = {
        "enquiry": stage(clock, to={"meeting": 1.0}, starts_clock=True),
        "meeting": stage(
            notice, work={"report": work(hours, first_within_days=0, statutory=True)},
            timescale={"within_days": 8, "counted_from": "clock", "outcome": "meetings",
                       "bands": (5, 8)},
            booking={"for_day": for_day, "again_after_days": again},
        ),
    }  # fmt: skip
    return story(
        [0],
        stages=stages,
        working_time={"hours_per_week": parts.pop("hours_per_week", 35)},
        **parts,
    )


def closed_on(scenario, ill=()):
    """The day on which the one case was closed."""
    world = world_of(scenario, years=0.3)
    for first, last in ill:
        send_away(world, 0, first, last, SHORT_SICK)
    go_on(world, 60)
    assert list(world.cases["status"]) == [GONE_CLOSED]
    return int(world.cases["closed"][0])


# ---------------------------------------------------------------- a meeting that is booked


@pytest.mark.parametrize(
    ("for_day", "notice", "clock", "held"),
    [
        (8, 3, 0, 8),  # booked for day 8, the notice is over by then
        (8, 3, 4, 8),  # the enquiry ends on day 4: still day 8, from the strategy discussion
        (8, 3, 7, 10),  # it ends on day 7: notice to day 10
        (2, 3, 0, 3),  # nobody can come before the notice is over
    ],
)
def test_a_meeting_is_held_on_the_day_it_was_booked_for(for_day, notice, clock, held):
    """Not on the first day on which the report is ready, however early that is."""
    assert closed_on(booked(for_day, notice=notice, clock=clock)) == held


@pytest.mark.parametrize(("hours", "held"), [(48, 8), (50, 12), (76, 12), (78, 16)])
def test_a_meeting_is_booked_again_when_the_report_is_not_ready_that_morning(hours, held):
    """Seven hours a day from day 1 on: 49 by the evening of day 7, 77 by that of day 11."""
    assert closed_on(booked(hours=hours)) == held


def test_a_report_that_is_finished_on_the_day_itself_is_too_late():
    """52 hours are done on day 8: without a booking the stage would be over that evening."""
    assert closed_on(booked(hours=52)) == 12


@pytest.mark.parametrize(
    ("ill", "held"), [([(8, 8)], 12), ([(7, 7)], 8), ([(8, 8), (12, 12)], 16), ([(3, 40)], 44)]
)
def test_a_meeting_is_booked_again_when_the_worker_is_ill_that_morning(ill, held):
    assert closed_on(booked(), ill) == held


def test_each_time_that_a_meeting_is_put_off_has_a_chance_of_its_own():
    scenario = booked(again={"distribution": "triangular", "low": 1, "mode": 5, "high": 20})
    world = world_of(scenario, years=0.3)
    send_away(world, 0, 8, 50, SHORT_SICK)
    days = set()
    for day in range(8, 50):
        go_on(world, day)
        assert list(world.cases["status"]) == [HELD]
        days.add(float(world.cases["ends"][0]) - day)
    assert world.cases["put_off"][0] > 2
    assert len(days) == 42


def test_the_bands_of_a_timescale_add_up_and_are_counted_to_the_day():
    stages = {
        "care": stage(
            {"distribution": "triangular", "low": 0, "mode": 10, "high": 20},
            timescale={"within_days": 10, "counted_from": "stage", "outcome": "in_time",
                       "bands": (4, 10)},
        )
    }  # fmt: skip
    world = run(tiny_service(cases_a_day=2, stages=stages, years=2), years=2)
    found = measure(world)
    parts = [found[f"in_time_{end}"] for end in ("in_0_to_4", "in_5_to_10", "after_10")]
    assert sum(parts) == pytest.approx(1.0)
    assert parts[0] + parts[1] == pytest.approx(found["in_time"])
    closed = world.cases["status"] == GONE_CLOSED
    closed &= world.cases["closed"] <= world.record.weeks[-1]  # weeks count whole
    took = (world.cases["closed"] - world.cases["allocated"])[closed]
    assert parts[0] == pytest.approx((took <= 4).mean())


def test_bands_and_changes_of_worker_are_outcomes_that_a_study_may_name():
    scenario = {
        "timescale": {"outcome": "meetings", "bands": [5, 8]},
        "worker_changes_outcome": "in_care",
    }
    asked = ["meetings_in_0_to_5", "meetings_in_6_to_8", "meetings_after_8",
             "in_care_with_three_workers", "meetings_in_6_to_9"]  # fmt: skip
    unknown = unknown_outcomes(Document({"outcomes": asked, "scenario": scenario}), [])
    assert [problem.given for problem in unknown] == ["'meetings_in_6_to_9'"]
    labels = [own_outcome(key).label for key in asked[1:4]]
    assert labels == ["Meetings: days 6 to 8", "Meetings: after day 8",
                      "In care with three or more workers in a year"]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"booking": {"for_day": 8, "again_after_days": 4}}, "needs a timescale"),
        ({"timescale": {"within_days": 8, "outcome": "x", "bands": (8, 5)}}, "rise"),
        ({"timescale": {"within_days": 8, "outcome": "x", "bands": (5, 5)}}, "rise"),
        ({"timescale": {"within_days": 8, "outcome": "x", "bands": (-1, 5)}}, "rise"),
        ({"timescale": {"within_days": 8, "outcome": "x", "bands": (5,), "measured_on": "open"}},
         "measured_on: ended"),
        ({"work": {"w": work(1, must_be_done=True)}}, "when: every"),
        ({"team": None, "worker_changes_outcome": "x"}, "no team holds"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(more, said):
    with pytest.raises(ValidationError, match=said):
        tiny_service(stages={"care": stage(5, **more)})


# ---------------------------------------------------------------- visits that must be made


def visited(must, hours):
    """Visits every five days, and a stage whose own time is up on day 6."""
    visit = work(hours, "every", every_days=5, opens_before_days=0, must_be_done=must)
    return story([0], stages={"care": stage(6, work={"visit": visit})})


@pytest.mark.parametrize(
    ("must", "hours", "closed"),
    [
        (True, 5, 6),  # due and done on day 5; the next is due on day 10
        (True, 15, 7),  # 7 hours on days 5 and 6, the last one on day 7
        (False, 15, 6),  # not waited for
    ],
)
def test_a_stage_waits_for_a_visit_that_is_due_where_it_must_be_made(must, hours, closed):
    assert closed_on(visited(must, hours)) == closed


def test_a_visit_that_is_not_due_yet_is_not_waited_for():
    visit = work(5, "every", every_days=7, opens_before_days=0, must_be_done=True)
    assert closed_on(story([0], stages={"care": stage(6, work={"visit": visit})})) == 6


# ---------------------------------------------------------------- hurry


@pytest.mark.parametrize(
    ("hurry", "overdue", "expected"),
    [(0.3, 0.0, 1.0), (0.3, 3.5, 1.15), (0.3, 7.0, 1.3), (0.3, 70.0, 1.3), (0, 70.0, 1.0)],
)
def test_whoever_has_a_days_work_overdue_hurries(hurry, overdue, expected):
    world = world_on(1, story([0], working_time={"hurry": hurry}))
    world.workers.table["overdue_hours"][0] = overdue
    assert speed(0, 2, world.workers.table, world.plan.settings) == pytest.approx(expected)


def test_hurry_is_in_proportion_to_the_hours_of_a_part_time_worker():
    world = world_on(1, story([0], workers=0.5, working_time={"hurry": 0.3}))
    world.workers.table["overdue_hours"][0] = 3.5
    assert speed(0, 2, world.workers.table, world.plan.settings) == pytest.approx(1.3)


@pytest.mark.parametrize(("hurry", "left"), [(0.0, 9.0), (0.3, 6.9)])
def test_overdue_work_is_done_sooner_in_a_hurry(hurry, left):
    """30 hours due on day 0, and overdue from day 1 on: 7 + 7, and on day 2 the 30 % more."""
    work_due = {"w": work(30, first_within_days=0)}
    scenario = story([0], stages={"care": stage(60, work=work_due)}, working_time={"hurry": hurry})
    assert hours_left(world_on(2, scenario)) == pytest.approx([left])
