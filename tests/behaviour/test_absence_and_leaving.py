"""What becomes of the work of someone who is away, leaves, is new, or is newly qualified."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.absence import absence
from sim.model.columns import (
    FILLED,
    LEAVE,
    LEFT,
    NOBODY,
    PARENTAL,
    PRESENT,
    SHORT_SICK,
    VACANT,
    WAITING,
)
from sim.model.hazards import BECOMES_PARENT, FALLS_ILL
from sim.model.turnover import resignation
from tests.services import by_week, stage, work, world_of
from tests.small_services import go_on, holders, hours_left, send_away, story, world_on

pytestmark = pytest.mark.behaviour

KINDS = {
    "visit": work(10, first_within_days=0, statutory=True),
    "letter": work(3, first_within_days=0),
}


def away(cover, *, kind=FALLS_ILL, days=10, struck=0, **more):
    """Two workers; the first holds a case with 10 hours of statutory work and 3 of other work, of
    which 7 are done on day 0, and is away from the next morning on."""
    scenario = story(
        [0], workers=2, stages={"care": stage(60, work=KINDS)},
        absence={"cover": cover, "reallocate_after_days": 4,
                 "short_sickness": {"per_year": 0, "duration": days},
                 "parental_leave": {"per_year": 0, "duration": days}, **more},
        allocation={"handover_hours": 2},
    )  # fmt: skip
    world = world_of(scenario, years=0.3)
    go_on(world, struck)
    assert holders(world) == [0]
    world.env.process(absence(world, 0, kind))
    return world


# ---------------------------------------------------------------- the four named answers


def test_wait_the_work_waits_and_is_resumed():
    """3 of 10 hours are left for the ten days away, and done on the day of the return, day 11."""
    world = away("wait")
    for day in (1, 5, 10):
        go_on(world, day)
        assert hours_left(world) == pytest.approx([3.0])
        assert holders(world) == [0]
        assert world.workers["status"][0] == SHORT_SICK
    go_on(world, 11)
    assert world.workers["status"][0] == PRESENT
    assert (hours_left(world, 1), hours_left(world, 2)) == ([0.0], [0.0])


def test_restart_what_was_done_of_the_piece_in_hand_is_lost():
    world = away("restart")
    go_on(world, 1)
    assert hours_left(world) == [10.0]
    go_on(world, 11)
    assert hours_left(world) == pytest.approx([3.0])
    assert holders(world) == [0]


def test_duty_a_colleague_does_what_is_urgent_and_only_that():
    world = away("duty")
    go_on(world, 1)
    assert (hours_left(world, 1), hours_left(world, 2)) == ([0.0], [3.0])
    go_on(world, 10)
    assert (hours_left(world, 2), holders(world)) == ([3.0], [0])
    assert world.workers["week_direct"][1] == 0.0  # nothing urgent in the second week
    go_on(world, 11)
    assert hours_left(world, 2) == [0.0]


def test_duty_a_colleague_goes_on_with_what_is_urgent_and_begun():
    """17 hours, 7 a day: the holder's on day 0, the only colleague's on the two days after."""
    scenario = story(
        [0], workers=2, stages={"care": stage(60, work={"visit": work(17)})},
        absence={"cover": "duty"}, working_time={"finish_what_was_begun": True},
        demand={"risk": {"high": 1.0}},
    )  # fmt: skip
    world = world_of(scenario, years=0.3)
    send_away(world, 0, 1, 10, SHORT_SICK)
    for day, left in ((0, 10.0), (1, 3.0), (2, 0.0)):
        go_on(world, day)
        assert hours_left(world) == pytest.approx([left])


def test_reallocate_the_case_goes_to_another_after_the_set_time_and_is_read_anew():
    """Away from day 1; on day 5 the case goes back to the list and to the colleague, who needs 2
    hours to read it before the 3 of the letter are done."""
    world = away("reallocate")
    go_on(world, 4)
    assert holders(world) == [0]
    go_on(world, 5.3)
    assert holders(world) == [1]
    assert hours_left(world, 0) == [2.0]
    go_on(world, 5)
    assert (hours_left(world, 0), hours_left(world, 2)) == ([0.0], [0.0])
    assert int(world.cases["workers"][0]) == 2
    go_on(world, 12)
    assert holders(world) == [1]  # it stays where it is when the first is back
    assert by_week(world, "reallocations").sum() == 1


def test_reallocate_a_shorter_spell_is_covered_and_not_reallocated():
    world = away("reallocate", days=3)
    go_on(world, 12)
    assert holders(world) == [0]
    assert int(world.cases["workers"][0]) == 1


def test_reallocate_parental_leave_is_known_beforehand_and_reallocated_at_once():
    world = away("reallocate", kind=BECOMES_PARENT)
    go_on(world, 1)
    assert world.workers["status"][0] == PARENTAL
    assert holders(world) == [1]


def test_duty_covers_annual_leave_too():
    """A worker on leave on days 1 to 3; the statutory hours are done on day 1 by the colleague."""
    scenario = story(
        [0], workers=2, stages={"care": stage(60, work=KINDS)}, absence={"cover": "duty"}
    )
    world = world_of(scenario, years=0.3)
    world.workers.diary[0, 1:4] = LEAVE
    go_on(world, 3)
    assert (hours_left(world, 1), hours_left(world, 2)) == ([0.0], [3.0])
    go_on(world, 4)
    assert hours_left(world, 2) == [0.0]


def test_someone_away_is_given_no_cases():
    scenario = story([0, 1, 2, 3], workers=2)
    world = world_of(scenario, years=0.3)
    world.workers.table["status"][0] = SHORT_SICK
    world.workers.diary[1, 2] = LEAVE
    go_on(world, 1)
    assert holders(world) == [1, 1]
    go_on(world, 2)
    assert holders(world) == [1, 1, NOBODY]
    go_on(world, 3)
    assert holders(world) == [1, 1, 1, 1]


def test_a_case_that_had_a_worker_is_not_withdrawn_when_it_waits_for_the_next_one():
    """Patience of 2 days: the case that has waited 0 days for its first worker is held, then
    handed over on day 5 with nobody to take it: it stays. One that nobody takes is withdrawn."""
    scenario = story([0, 6], workers=1, cap=1, demand={"patience": 2}, stages={"care": stage(200)})
    world = world_of(scenario, years=0.3)
    go_on(world, 4)
    world.env.process(resignation(world, 0))  # no notice: leaves on day 5
    go_on(world, 5)
    assert world.cases["status"][0] == WAITING
    go_on(world, 20)
    assert world.cases["status"].tolist() == [WAITING, 4]
    assert world.cases["closed"].tolist() == [-1, 8]


def test_patience_is_with_waiting_and_not_with_the_stage_before():
    """Ten days of screening, then two days' wait for a place: patience of 5 days is enough."""
    stages = {"screening": stage(10, team=None, to={"care": 1.0}), "care": stage(12)}
    scenario = story([0, 0], workers=1, cap=1, stages=stages, demand={"patience": 15})
    world = world_on(40, scenario)
    assert [int(status) for status in world.cases["status"]] == [3, 3]  # both closed


# ---------------------------------------------------------------- leaving


def test_notice_stops_allocation_and_the_last_day_hands_over():
    """Notice of 10 days given in the evening of day 1: no case from day 2 on; on day 12 the cases
    go back to the list; the colleague, who was away, gets them with handovers on day 12."""
    scenario = story(
        [0, 1, 2, 3], workers=2, turnover={"notice_days": 10}, allocation={"handover_hours": 2},
        stages={"care": stage(60)},
    )  # fmt: skip
    world = world_of(scenario, years=0.3)
    world.workers.diary[1, :12] = LEAVE
    go_on(world, 1)
    world.env.process(resignation(world, 0))
    go_on(world, 3)
    assert holders(world) == [0, 0, NOBODY, NOBODY]
    go_on(world, 11)
    assert holders(world) == [0, 0, NOBODY, NOBODY]
    assert world.posts["status"][0] == FILLED
    go_on(world, 12.3)
    assert holders(world) == [1, 1, 1, 1]
    assert hours_left(world, 0) == [2.0, 2.0, 0.0, 0.0]
    assert world.workers["status"][0] == LEFT
    assert world.posts["status"][0] == VACANT
    assert world.posts["holder"][0] == NOBODY


def test_a_vacancy_is_filled_after_approval_and_rounds():
    """Leaves on day 3; approval 5 days, a round 20: the next holder starts on day 28."""
    scenario = story(
        [0], workers=1, stages={"care": stage(200)},
        recruitment={"approval_days": 5, "round_days": 20, "success_per_round": 1},
    )  # fmt: skip
    world = world_of(scenario, years=0.3)
    go_on(world, 2)
    world.env.process(resignation(world, 0))
    go_on(world, 27)
    assert world.posts["status"][0] == VACANT
    go_on(world, 28)
    assert world.posts["status"][0] == FILLED
    assert int(world.workers["started"][1]) == 28
    assert world.workers["key"][0] != world.workers["key"][1]
    assert holders(world) == [1]


def test_agency_covers_a_vacancy_until_it_is_filled():
    """Vacant on day 3, agency after 10 days, filled on day 28: agency from day 13 to 27."""
    scenario = story(
        [0], workers=1, stages={"care": stage(200)},
        agency={"cover_share": 1, "lead_days": 10, "stay_days": 100},
        recruitment={"approval_days": 5, "round_days": 20, "success_per_round": 1},
    )  # fmt: skip
    world = world_of(scenario, years=0.3)
    go_on(world, 2)
    world.env.process(resignation(world, 0))
    go_on(world, 12)
    assert world.workers.n == 1
    go_on(world, 13)
    assert (world.workers.n, int(world.workers["agency"][1])) == (2, 1)
    assert holders(world) == [1]
    go_on(world, 28)
    assert int(world.workers["status"][1]) == LEFT
    assert holders(world) == [2]
    go_on(world, 34)
    assert by_week(world, "agency_fte_days").sum() == 15
    assert by_week(world, "vacant_fte_days").sum() == 25
    assert by_week(world, "covered_fte_days").sum() == 15


# ---------------------------------------------------------------- newly qualified


def test_newly_qualified_have_a_protected_caseload_for_their_months():
    """A cap of 10 and a protected share of .5: 5 cases for the first 6 months (126 days)."""
    scenario = story(
        [0] * 30, workers=2, cap=10, stages={"care": stage(1000)},
        recruitment={"newly_qualified": {"role": "social_worker", "months": 6,
                                         "caseload_share": 0.5, "protected_share": 0}},
    )  # fmt: skip
    world = world_of(scenario, years=1)
    world.workers.table["newly_qualified_until"][:2] = [126, -1]
    go_on(world, 125)
    assert world.workers["caseload"].tolist() == [5, 10]
    go_on(world, 126)
    assert world.workers["caseload"].tolist() == [10, 10]


def test_the_autumn_intake_fills_vacant_posts_on_the_first_working_day_of_its_month():
    """Three of five posts are vacant; an intake of 2 in October starts on 1 October 2001, and is
    newly qualified for 12 months."""
    scenario = story(
        [0], workers=5,
        recruitment={"approval_days": 900, "vacant_on_first_day": 0.6,
                     "newly_qualified": {"role": "social_worker", "month": 10,
                                         "intake_per_year": 2}},
    )  # fmt: skip
    world = world_of(scenario, years=0.3)
    vacant = int((world.posts["status"][:5] == VACANT).sum())
    assert vacant >= 2
    first = int(np.searchsorted(world.calendar.dates, np.datetime64("2001-10-01")))
    go_on(world, first - 1)
    before = world.workers.n
    go_on(world, first)
    new = world.workers.table[before : world.workers.n]
    assert len(new) == 2
    assert (new["started"] == first).all()
    assert (new["newly_qualified_until"] == first + 253).all()
    assert int((world.posts["status"][:5] == VACANT).sum()) == vacant - 2


@pytest.mark.parametrize(("caseload", "come"), [(30, True), (10, False)])
def test_former_workers_come_back_only_while_caseloads_are_manageable(caseload, come):
    """After three have left on day 1, one worker holds 20 cases; one a month would come back: on
    days 21, 42 and 63."""
    scenario = story(
        [0] * 20, workers=4, stages={"care": stage(1000)},
        recruitment={"approval_days": 900, "returners_per_year": 12,
                     "returners_caseload": caseload},
    )  # fmt: skip
    world = world_of(scenario, years=1)
    go_on(world, 0)
    for worker in (1, 2, 3):
        world.env.process(resignation(world, worker))
    go_on(world, 1)
    assert world.workers["caseload"].tolist() == [20, 0, 0, 0]
    go_on(world, 100)
    assert world.workers["started"][4:].tolist() == ([21, 42, 63] if come else [])
