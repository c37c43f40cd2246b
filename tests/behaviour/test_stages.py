"""What a stage can say: how long people wait, who else may hold it, how its timescale counts."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.columns import GONE_CLOSED, GONE_WITHDRAWN, HELD, WAITING
from sim.model.first_contact import wait_within, waits_to_first_contact
from sim.model.outcomes import measure
from sim.model.own_outcomes import own_outcome
from sim.model.staffing import hand_over
from sim.model.tallies import DIRECT_HOURS
from sim.scenario.loading import unknown_outcomes
from sim.scenario.service import Scenario
from sim.scenario.yaml_lines import Document
from tests.services import (
    PATHWAY,
    ROLE,
    STREAM,
    TEAM,
    merged,
    run,
    stage,
    tiny_service,
    work,
)
from tests.small_services import (
    AFTER_THE_MEETING,
    HIGHEST,
    LOW,
    go_on,
    holders,
    lively_service,
    story,
    world_on,
)

pytestmark = pytest.mark.behaviour

VISIT = {"visit": work(2.0, contact=True)}

# ---------------------------------------------------------------- patience in a stage


def changed(scenario: Scenario, **parts) -> Scenario:
    """The scenario with other parts laid over it."""
    return Scenario.model_validate(merged(scenario.model_dump(), parts))


def two_stages(days, patience=None, **parts) -> Scenario:
    """A stage of two days, then one that nobody has room for: its team has no worker."""
    stages = {
        "care": stage(2, to={"later": 1.0, "closed": 0.0}),
        "later": stage(10, team="nobody", patience=patience),
    }
    teams = {"nobody": {"label": "Nobody there", "posts": {ROLE: 0}}}
    return changed(story(days), teams=teams, pathways={PATHWAY: {"stages": stages}}, **parts)


@pytest.mark.parametrize(("patience", "gone"), [(None, None), (0, 2), (3, 5), (3.4, 5), (3.6, 6)])
def test_a_case_leaves_the_list_of_a_stage_when_its_patience_there_is_over(patience, gone):
    """It had a worker on days 0 and 1 and waits from day 2 on; to the middle of a day."""
    world = world_on(30, two_stages([0], patience))
    (status,), (closed,) = world.cases["status"], world.cases["closed"]
    assert (status, closed) == ((WAITING, -1) if gone is None else (GONE_WITHDRAWN, gone))
    assert world.cases["workers"][0] == 1


def test_a_stage_without_patience_of_its_own_keeps_who_had_a_worker():
    """A stream's patience is with waiting for the first worker of all."""
    world = world_on(30, two_stages([0], demand={STREAM: {"patience": 3}}))
    assert world.cases["status"][0] == WAITING


def test_patience_is_drawn_anew_each_time_and_does_not_move_what_is_held():
    """Care, a year's rest, care again ...: whoever has a worker is never withdrawn, and those who
    do not wait are never withdrawn however short their patience."""
    stages = {
        "care": stage(5, patience=0.2, to={"rest": 1.0}),
        "rest": stage(20, team=None, to={"care": 0.8, "closed": 0.2}),
    }
    world = world_on(300, story([0, 3, 7], stages=stages), years=2)
    assert set(world.cases["status"].tolist()) <= {GONE_CLOSED, 0, HELD}
    assert (world.cases["steps"] > 2).any()


def test_who_was_taken_up_in_the_stage_is_not_withdrawn_when_the_worker_goes():
    """Taken up on day 0, back on the list on day 2, with nobody left who could take it up again."""
    world = world_on(1, story([0], stages={"care": stage(30, patience=3)}))
    hand_over(world, 0)
    world.workers.table["on_notice"][0] = 1
    go_on(world, 20)
    assert world.cases["status"][0] == WAITING


def test_nobody_waits_where_no_team_holds_the_stage():
    with pytest.raises(ValueError, match="patience, workers of other teams, a booking"):
        story([0], stages={"care": stage(5, team=None, patience=3)})


# ---------------------------------------------------------------- workers of other teams

SKILLED = {"amhp": {"label": "AMHP", "holds_cases": True, "skills": ["act"]}}


def rota(days, *, hub=0.0, others=("first", "second"), risk=LOW, **parts) -> Scenario:
    """A hub and two teams with one skilled and one other worker each; the stage is the hub's."""
    posts = {"amhp": 1, ROLE: 1}
    act = stage(3, skill="act", also_from=list(others), weight=7.0,
                work={"interview": work(5.0, statutory=True)})  # fmt: skip
    teams = {
        TEAM: {"posts": {ROLE: 0, "amhp": hub}},
        "first": {"label": "First", "posts": posts},
        "second": {"label": "Second", "posts": posts},
    }
    return changed(
        story(days, risk={risk: 1.0}, **parts),
        roles=SKILLED,
        teams=teams,
        pathways={PATHWAY: {"stages": {"care": act}}},
    )


def test_a_skill_is_drawn_from_other_teams():
    """Two cases, nobody in the hub: the skilled worker of each team gets one; nobody else may."""
    world = world_on(AFTER_THE_MEETING, rota([0, 0, 0], allocation={"caseload_cap": 1}))
    role = world.workers["role"]
    assert [int(role[w]) if w >= 0 else None for w in holders(world)] == [1, 1, None]
    assert len(set(holders(world)[:2])) == 2


def test_without_it_the_case_waits_for_its_own_team():
    world = world_on(20, rota([0], others=[], hub=0.0))
    assert world.cases["status"][0] == WAITING


def test_the_rule_chooses_among_all_of_them():
    """One in the hub and one in each team: the lowest workload, one after the other."""
    world = world_on(
        AFTER_THE_MEETING, rota([0, 0, 0], hub=1, allocation={"rule": "lowest_workload"})
    )
    assert len(set(holders(world))) == 3


def test_the_hours_are_those_of_the_workers_own_team():
    """Nobody in the hub, one case of 5 hours: they are gone from the first team's day."""
    world = world_on(0, rota([0]))
    (worker,) = holders(world)
    assert world.workers["team"][worker] != world.cases["team"][0] == 0
    by_team = world.tally[:, DIRECT_HOURS]
    assert by_team[0] == 0
    assert by_team[world.workers["team"][worker]] == pytest.approx(5.0)


def test_duty_on_a_rota_is_above_any_cap():
    world = world_on(AFTER_THE_MEETING, rota([0] * 5, risk=HIGHEST, cap=0))
    assert (world.cases["status"] == HELD).all()
    capped = world_on(AFTER_THE_MEETING, rota([0] * 5, risk=LOW, cap=0))
    assert (capped.cases["status"] == WAITING).all()


@pytest.mark.parametrize("rule", ["round_robin", "skill_matched", "optimal"])
def test_a_rota_works_under_every_rule(rule):
    world = world_on(AFTER_THE_MEETING, rota([0, 0], allocation={"rule": rule}))
    assert (world.cases["status"] == HELD).all()


def test_a_stage_of_ones_own_team_is_as_without_a_rota():
    """A scenario in which the other teams have nobody with the skill: the same in every hour."""
    court = {"child": {"stages": {"court": {"also_from": ["empty"]}}}}
    empty = {"empty": {"label": "Nobody", "posts": {"senior": 0}}}
    plain = run(lively_service(teams=empty), years=0.5)
    with_rota = run(lively_service(teams=empty, pathways=court), years=0.5)
    for column in ("worker", "status", "closed"):
        same = plain.cases[column] == with_rota.cases[column]
        assert same.mean() > 0.95, column  # court cases come a moment earlier in the meeting


def test_a_team_that_is_not_there_is_a_problem():
    with pytest.raises(ValueError, match="also_from: there is no team 'third'"):
        rota([0], others=["third"])


# ---------------------------------------------------------------- first contact


def test_the_wait_to_first_contact_is_the_wait_for_a_worker_and_for_the_visit():
    """One place, stages of 3 days, a visit of 2 hours at once: the first is seen on day 0, the
    second takes the place on day 3. Arrivals on days 0 and 0: waits of 0 and 3 working days."""
    world = world_on(20, story([0, 0], cap=1, stages={"care": stage(3, work=VISIT)}))
    assert world.cases["seen"].tolist() == [0, 3]
    assert waits_to_first_contact(world).tolist() == [0, 3]
    assert wait_within(waits_to_first_contact(world), 0.5) == 0
    assert wait_within(waits_to_first_contact(world), 0.75) == 3
    assert wait_within(waits_to_first_contact(world, stream=1), 0.5) is None


def test_only_the_first_contact_counts_and_work_without_the_person_does_not():
    """A report of 8 hours comes first (7 hours a day), then a visit every two days."""
    every = {"label": "Visit", "every_days": 2, "first_within_days": 1, "direct_hours": 1,
             "contact": True}  # fmt: skip
    stages = {"care": stage(10, work={"report": work(8.0, statutory=True), "visit": every})}
    world = world_on(9, story([0], stages=stages))
    assert world.cases["seen"].tolist() == [1]


def test_a_stream_names_its_waits():
    scenario = changed(
        story([0, 0], cap=1, stages={"care": stage(3, work=VISIT)}),
        demand={STREAM: {"first_contact_outcome": "wait"}},
    )
    found = measure(run(scenario, years=0.3))
    assert found["wait_median"] == found["first_contact_days_median"] == 0
    assert found["wait_upper_quartile"] == found["wait_p95"] == 3
    document = Document({"scenario": scenario.model_dump(), "outcomes": ["wait_p95", "wait_p96"]})
    assert [problem.given for problem in unknown_outcomes(document, [])] == ["'wait_p96'"]
    known = own_outcome("wait_p95")
    assert (known.label, known.direction) == ("Wait, slowest twentieth", "lower")


# ---------------------------------------------------------------- a timescale of open cases


def test_a_timescale_of_open_cases_counts_who_is_late_and_never_seen():
    """Two cases from Monday of week 0, no room for either; a third, from day 5, is in the stage
    within its five days. Late on Friday evenings: week 0, none of two (4 days); week 1 (9 and 4
    days), two of three. Over both weeks 3 of 5 were in time."""
    within = {"within_days": 5, "outcome": "in_time", "measured_on": "open"}
    stages = {"care": stage(3, timescale=within)}
    world = world_on(5, story([0, 0, 5], cap=0, stages=stages), years=0.2)
    go_on(world, 9)
    column = world.record.tallies[0].shape[1] - 2
    assert [tally[0, column:].tolist() for tally in world.record.tallies] == [[2, 2], [3, 1]]


def test_a_timescale_of_open_cases_counts_the_whole_pathway():
    """Care for 3 days, then 20 days of rest, which is not late whatever its length."""
    within = {"within_days": 1, "outcome": "in_time", "measured_on": "open"}
    stages = {
        "care": stage(3, timescale=within, to={"rest": 1.0}),
        "rest": stage(20, team=None),
    }
    world = world_on(14, story([0, 13], stages=stages), years=0.2)
    column = world.record.tallies[0].shape[1] - 2
    found = [tally[0, column:].tolist() for tally in world.record.tallies]
    assert found == [[1, 1], [1, 1], [2, 2]]


def test_timescales_are_measured_where_stages_end_if_nothing_is_said():
    within = {"within_days": 5, "outcome": "in_time"}
    world = run(tiny_service(stages={"care": stage(3, timescale=within)}, years=1), years=0.5)
    ended = sum(tally[:, -2].sum() for tally in world.record.tallies)
    assert ended == pytest.approx((world.cases["status"] == GONE_CLOSED).sum(), abs=5)
    assert PATHWAY in world.plan.scenario.pathways
    assert np.all(world.plan.stages["measured_open"] == -1)
