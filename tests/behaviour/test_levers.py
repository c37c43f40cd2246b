"""Every lever of a policy moves what it should: one test for each, most of them by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from sim.model.columns import FILLED, LEFT, VACANT, WAITING
from sim.model.levers import pay_effect
from sim.scenario import policy as all_levers
from tests.services import by_week, stage, tiny_service, work, world_of
from tests.small_services import (
    LIVELY,
    go_on,
    hours_left,
    lived,
    lively_service,
    policy,
    story,
)

pytestmark = pytest.mark.behaviour

A_YEAR = 253  # working days
MONTH = round(A_YEAR / 12)  # a lever that starts after a month starts on this day


def under(scenario, *levers, years=0.4, **more):
    return world_of(scenario, policy=policy(*levers), years=years, **more)


def total(run, name, after=0):
    weeks = run.tables["team_weeks"]
    return weeks.loc[weeks["week"] >= after, name].sum()


# ---------------------------------------------------------------- people


def test_posts_at_once_are_there_with_their_people_on_the_first_day():
    """2.5 FTE over two teams: whole posts in turn, and a half."""
    lever = {"lever": "posts", "role": "social_worker", "team": "team", "fte": 2.5,
             "filled_by": "at_once", "start_after_months": 1}  # fmt: skip
    world = under(tiny_service(teams=2, cases_a_day=0), lever)
    go_on(world, MONTH - 1)
    assert (world.n_posts, world.workers.n) == (2, 2)
    go_on(world, MONTH)
    posts = world.posts[2:5]
    assert (world.n_posts, world.workers.n) == (5, 5)
    assert posts["fte"].tolist() == [1.0, 1.0, 0.5]
    assert posts["team"].tolist() == [0, 1, 0]
    assert (posts["status"] == FILLED).all()
    assert (world.workers["started"][2:] == MONTH).all()


def test_posts_by_recruitment_are_vacant_until_someone_was_hired():
    """Approval 5 days, a round 20: filled 25 days after the first day."""
    lever = {"lever": "posts", "role": "social_worker", "team": "team", "fte": 1}
    terms = {"approval_days": 5, "round_days": 20, "success_per_round": 1}
    world = under(tiny_service(cases_a_day=0, recruitment=terms), lever)
    go_on(world, 24)
    assert world.posts["status"][:2].tolist() == [FILLED, VACANT]
    go_on(world, 25)
    assert world.posts["status"][:2].tolist() == [FILLED, FILLED]


def test_posts_with_a_ramp_come_one_after_the_other():
    """Four posts over 4 months (84 days): on days 0, 21, 42 and 63."""
    lever = {"lever": "posts", "role": "social_worker", "team": "team", "fte": 4,
             "filled_by": "at_once", "ramp_months": 4}  # fmt: skip
    world = under(tiny_service(cases_a_day=0), lever)
    go_on(world, 90)
    assert world.workers["started"][1:].tolist() == [0, 21, 42, 63]


def test_time_to_hire_shortens_the_rounds():
    """A round of 40 days at half its length: with 5 days' approval 25 days."""
    posts = {"lever": "posts", "role": "social_worker", "team": "team", "fte": 1}
    terms = {"approval_days": 5, "round_days": 40, "success_per_round": 1}
    for factor, expected in ((1.0, 45), (0.5, 25)):
        lever = {"lever": "time_to_hire", "days_factor": factor}
        world = under(tiny_service(cases_a_day=0, recruitment=terms), lever, posts)
        go_on(world, 60)
        assert world.workers["started"].tolist()[1:] == [expected]


def test_time_to_hire_makes_more_rounds_succeed():
    """A round every 10 days, one in five fills the post: a mean of 50 days; at five times, 10."""
    posts = {"lever": "posts", "role": "social_worker", "team": "team", "fte": 200}
    terms = {"approval_days": 0, "round_days": 10, "success_per_round": 0.2}
    scenario = tiny_service(cases_a_day=0, recruitment=terms)
    slow, fast = (
        under(scenario, {"lever": "time_to_hire", "success_factor": factor}, posts, years=1)
        for factor in (1, 5)
    )
    for world in (slow, fast):
        go_on(world, 10)
    assert fast.workers.n == 201
    # binomial(200, .2): 40, and four times its standard deviation of 5.66
    assert abs(slow.workers.n - 1 - 40) < 4 * 5.66


def test_intake_brings_so_many_newly_qualified_workers():
    """Ten vacant posts; the scheme brings 1 in May, the policy makes it 6."""
    terms = {
        "approval_days": 900, "vacant_on_first_day": 1,
        "newly_qualified": {"role": "social_worker", "month": 5, "intake_per_year": 1},
    }  # fmt: skip
    scenario = tiny_service(cases_a_day=0, workers=10, recruitment=terms)
    for levers, expected in (([], 1), ([{"lever": "intake", "per_year": 6}], 6)):
        world = under(scenario, *levers)
        go_on(world, 60)
        assert world.workers.n == expected
        assert (world.workers["newly_qualified_until"] > 60).all()


def test_newly_qualified_protection_changes_caps_and_hours():
    """A cap of 10: 9 at a share of .9, 4 at .4; protected 10 % of 7 hours, then 50 %."""
    scheme = {"role": "social_worker", "caseload_share": 0.9, "protected_share": 0.1}
    scenario = story(
        [0] * 20, cap=10, stages={"care": stage(500)}, recruitment={"newly_qualified": scheme}
    )
    lever = {
        "lever": "newly_qualified_protection", "caseload_share": 0.4, "protected_share": 0.5
    }  # fmt: skip
    for levers, cases, hours in (([], 9, 0.7), ([lever], 4, 3.5)):
        world = under(scenario, *levers)
        world.workers.table["newly_qualified_until"][0] = 200
        go_on(world, 0)
        assert int(world.workers["caseload"][0]) == cases
        assert world.workers["week_protected"][0] == pytest.approx(hours)


def test_leavers_takes_all_permanent_case_holders_at_a_share_of_1():
    lever = {"lever": "leavers", "share": 1, "start_after_months": 1}
    world = under(lively_service(warm_up_weeks=0), lever)
    go_on(world, MONTH - 0.5)
    before = world.workers.table[: world.workers.n].copy()
    go_on(world, MONTH + 0.05)
    status = world.workers["status"][: len(before)]
    role_holds = world.plan.roles["holds_cases"][before["role"]] == 1
    should_leave = role_holds & (before["agency"] == 0)
    assert (status[should_leave] == LEFT).all()
    others = ~should_leave & (before["status"] != LEFT)
    assert others.sum() > 2  # agency and managers
    assert (status[others] != LEFT).all()
    held = world.cases["worker"]
    assert not np.isin(held[held >= 0], np.flatnonzero(should_leave)).any()


def test_leavers_takes_its_share():
    """A fifth of 400: 80, and four times the standard deviation of 8."""
    lever = {"lever": "leavers", "share": 0.2}
    world = under(tiny_service(workers=400, cases_a_day=0), lever)
    go_on(world, 0)
    assert abs((world.workers["status"] == LEFT).sum() - 80) < 4 * 8


def test_pay_supplement_costs_what_it_says_and_keeps_people():
    """£3,000 a year on a mean cost of £65,000 with an elasticity of 1: leaving falls by a factor
    of 1/(1 + 3/65); the payment goes to each FTE that holds cases."""
    lever = {"lever": "pay_supplement", "per_year": 3000}
    scenario = lively_service(turnover={"leaving_per_year": 1.2})
    runs = [lived(scenario, *levers, years=2) for levers in ([], [lever])]
    world = under(scenario, lever)
    go_on(world, world.first_day_counted + 5)
    assert pay_effect(world, 3000) == pytest.approx(1 / (1 + 3 / 65))
    assert world.plan.settings["pay_factor"][0] == pytest.approx(1 / (1 + 3 / 65))
    leavers = [total(run, "leavers_fte") for run in runs]
    assert leavers[1] < leavers[0]
    fte = 253 * 1.0
    no_managers = lively_service(
        teams={kind: {"posts": {"manager": 0}} for kind in LIVELY["teams"]}
    )
    plain, paid = (lived(no_managers, *levers) for levers in ([], [lever]))
    for run, more in ((plain, 0), (paid, 3000)):
        weeks = run.tables["worker_weeks"]
        assert set(weeks["role"]) == {"social_worker", "senior"}
        cheapest = total(run, "in_post_fte_days", 1) * (60000 + more) / fte
        assert total(run, "cost_permanent", 1) > cheapest
        dearest = total(run, "in_post_fte_days", 1) * (70000 + more) / fte
        assert total(run, "cost_permanent", 1) < dearest


def test_agency_cap_of_nothing_lets_contracts_run_out():
    """Contracts of 15 days and none thereafter: 15 days after the first there is nobody left."""
    scenario = tiny_service(
        workers=10, cases_a_day=0, agency={"cover_share": 1, "lead_days": 1, "stay_days": 15},
        recruitment={"approval_days": 900, "vacant_on_first_day": 1},
    )  # fmt: skip
    lever = {"lever": "agency_cap", "share": 0, "start_after_months": 1}
    world = under(scenario, lever)
    go_on(world, MONTH - 1)
    assert (world.workers["status"] != LEFT).sum() == 10
    go_on(world, MONTH + 16)
    assert (world.workers["status"] != LEFT).sum() == 0


def test_agency_cap_holds():
    """A third of 12 posts, all vacant: at most 4 at once."""
    scenario = tiny_service(
        workers=12, cases_a_day=0, agency={"cover_share": 1, "lead_days": 1, "stay_days": 5},
        recruitment={"approval_days": 900, "vacant_on_first_day": 1},
    )  # fmt: skip
    world = under(scenario, {"lever": "agency_cap", "share": 1 / 3})
    seen = []
    for day in range(60):
        go_on(world, day)
        seen.append(int((world.workers["status"] != LEFT).sum()))
    assert seen[0] == 12  # who covers a post on the first morning was there before the policy
    assert max(seen[5:]) == 4
    assert np.mean(seen[10:]) > 2


# ---------------------------------------------------------------- work


def test_business_support_takes_over_more_admin():
    """8 hours of admin, all delegable: nobody to take it, then 1 FTE with 5.6 hours a day."""
    admin = {"label": "W", "when": "opening", "admin_hours": 8, "first_within_days": 0}
    scenario = story(
        [0], stages={"care": stage(60, work={"w": admin})},
        working_time={"delegable_admin_share": 1},
    )  # fmt: skip
    for levers, left in (([], 1.0), ([{"lever": "business_support", "fte": 1}], 0.0)):
        world = under(scenario, *levers)
        go_on(world, 0)
        assert hours_left(world) == pytest.approx([left])


def test_business_support_is_spread_over_all_teams_or_those_of_a_kind():
    for team, expected in ((None, [1.4, 1.4, 1.5]), ("intake", [1.9, 1.9, 0.5])):
        world = under(
            lively_service(warm_up_weeks=0), {"lever": "business_support", "fte": 3, "team": team}
        )
        go_on(world, 0)
        assert world.teams["business_support"] == pytest.approx(expected)


def test_business_support_costs_its_price():
    run = lived(lively_service(warm_up_weeks=0), {"lever": "business_support", "fte": 2})
    fte = 0.4 * 2 + 0.5 + 2
    assert run.outcomes["cost_business_support"] == pytest.approx(fte * 34000)


def test_caseload_cap_holds_back_allocation():
    for levers, cases in (([], 20), ([{"lever": "caseload_cap", "cases": 6}], 6)):
        world = under(story([0] * 20, stages={"care": stage(500)}), *levers)
        go_on(world, 3)
        assert int(world.workers["caseload"][0]) == cases
        assert (world.cases["status"] == WAITING).sum() == 20 - cases


def test_workload_cap_holds_back_allocation():
    """Cases of 7 hours a week against 35: below .5 up to the third (14), which ends at 21."""
    stages = {"care": stage(500, weight=7.0)}
    for levers, cases in (([], 20), ([{"lever": "workload_cap", "level": 0.5}], 3)):
        world = under(story([0] * 20, stages=stages), *levers)
        go_on(world, 3)
        assert int(world.workers["caseload"][0]) == cases


def urgent(**more):
    """Far more urgent work than time, and a manager with time for supervision."""
    kinds = {"w": work(4000, first_within_days=0, statutory=True)}
    return story(
        [0], stages={"care": stage(60, work=kinds)},
        roles={"manager": {"label": "Manager", "supervises": True}},
        team={"posts": {"manager": 1}},
        working_time={"overtime_hours_per_week": 10},
        supervision={"every_days": 10, "newly_qualified_every_days": 10, "hours": 1,
                     "manager_hours": 1, "manager_hours_per_week": 5, "missed_after_days": 5,
                     **more},
    )  # fmt: skip


def held(world, name):
    return float(by_week(world, f"{name}_held").sum())


def test_protected_supervision_is_held_and_as_often_as_it_says():
    """Weeks 3 to 14 of urgent work: none held; protected every 10 days about 6; every 5, 11."""
    lever = {"lever": "protected_supervision", "start_after_months": 0.5}
    found = {}
    for name, levers in (
        ("none", []), ("kept", [lever]), ("oftener", [{**lever, "every_days": 5}])
    ):  # fmt: skip
        world = under(urgent(), *levers)
        go_on(world, 11)
        before = held(world, "supervision")
        go_on(world, 69)
        found[name] = held(world, "supervision") - before
    assert found["none"] == 0
    assert 5 <= found["kept"] <= 7
    assert 10 <= found["oftener"] <= 12


def test_protected_cpd_is_taken_whatever_is_due():
    """2 hours a week from day 0: 14 weeks x 2."""
    lever = {"lever": "protected_cpd", "hours_per_week": 2}
    for levers, hours in (([], 0), ([lever], 28)):
        world = under(urgent(), *levers)
        go_on(world, 69)
        assert float(by_week(world, "cpd_hours_held").sum()) == pytest.approx(hours)


def test_supervision_ratio_gives_managers_more_or_less_time():
    """A session takes the manager an hour, four workers need one each ten days: two a week. With
    5 hours a week all are held; with 1 hour a week one a week; with none, none."""
    scenario = story(
        [], workers=4, roles={"manager": {"label": "Manager", "supervises": True}},
        team={"posts": {"manager": 1}},
        supervision={"every_days": 10, "newly_qualified_every_days": 10, "hours": 1,
                     "manager_hours": 1, "manager_hours_per_week": 5, "missed_after_days": 5},
    )  # fmt: skip
    found = []
    for hours in (5, 1, 0):
        world = under(scenario, {"lever": "supervision_ratio", "manager_hours_per_week": hours})
        go_on(world, 69)
        assert world.plan.settings["manager_hours_per_day"][0] == hours / 5  # to the last bit
        found.append(held(world, "supervision"))
    assert found[0] == pytest.approx(28, abs=4)  # within a session each of 7 rounds of 4
    assert found[1] == pytest.approx(14, abs=1)
    assert found[2] == 0


def test_overtime_limit_limits_overtime_from_its_first_day():
    """2 hours a day of overtime; half an hour (2.5 a week) from day 21 on."""
    lever = {"lever": "overtime_limit", "hours_per_week": 2.5, "start_after_months": 1}
    world = under(urgent(), lever)
    go_on(world, 39)
    overtime = by_week(world, "overtime_hours")[:, 0]
    assert overtime[:4] == pytest.approx([10.0] * 4)
    assert overtime[4] == pytest.approx(2 + 4 * 0.5)
    assert overtime[5:8] == pytest.approx([2.5] * 3)


def test_allocation_rule_changes_who_gets_the_next_case():
    """Worker 0 has more cases, and was given one longer ago: fewest cases names the other, round
    robin names worker 0."""
    scenario = story([0, 30], workers=2, stages={"care": stage(100)})
    lever = {"lever": "allocation_rule", "rule": "round_robin", "start_after_months": 1}
    for levers, expected in (([], 1), ([lever], 0)):
        world = under(scenario, *levers)
        go_on(world, 29)
        world.workers.table["caseload"][:2] = [5, 4]
        world.workers.table["given"][:2] = [1, 2]
        go_on(world, 30)
        assert int(world.cases["worker"][1]) == expected


# ---------------------------------------------------------------- demand


def test_early_help_takes_away_its_share_of_arrivals():
    """20 cases a day for a year, 30 % diverted: 70 % of 5,060, four standard deviations."""
    scenario = tiny_service(cases_a_day=20, duration=1)
    levers = [[], [{"lever": "early_help", "share": 0.3}]]
    plain, helped = (world_of(scenario, policy=policy(*lever)) for lever in levers)
    plain.run()
    helped.run()
    every, kept = plain.cases.n, helped.cases.n
    assert abs(kept - 0.7 * every) < 4 * np.sqrt(0.3 * 0.7 * every)


def test_people_leave_more_readily_for_a_while():
    """Three times the rate from the start date, a third of that after a year: what was is again."""
    world = world_of(
        tiny_service(turnover={"leaving_per_year": 0.2}), years=2,
        policy=policy(
            {"lever": "leaving_rate", "factor": 3},
            {"lever": "leaving_rate", "factor": 1 / 3, "start_after_months": 12},
        ),
    )  # fmt: skip
    seen = []
    for day in (10.5, 250.5, 260.5):
        world.env.run(until=day)
        seen.append(253 * float(world.plan.settings["leaving"][0]))
    assert seen == pytest.approx([0.6, 0.6, 0.2])


def test_demand_multiplies_arrivals():
    """Twice as many, four standard deviations of two Poisson counts."""
    scenario = tiny_service(cases_a_day=10, duration=1)
    plain, doubled = (
        world_of(scenario, policy=policy(*levers))
        for levers in ([], [{"lever": "demand", "factor": 2}])
    )
    plain.run()
    doubled.run()
    n, more = plain.cases.n, doubled.cases.n
    assert abs(more - 2 * n) < 4 * np.sqrt(6 * n)
    assert (doubled.cases["arrived"] == 0).sum() >= (plain.cases["arrived"] == 0).sum()


def test_a_lever_pulled_on_the_first_day_is_pulled_before_the_doors_open():
    """Demand of 20 times 10 cases: the first day has some 200."""
    world = under(tiny_service(cases_a_day=10), {"lever": "demand", "factor": 20})
    go_on(world, 0)
    assert abs(world.cases.n - 200) < 4 * np.sqrt(200)


# ---------------------------------------------------------------- start, ramp, cost


def test_a_lever_starts_on_its_date_or_the_working_day_after_it():
    for start, first in (("2001-09-10", 5), ("2001-09-08", 5), ("2001-09-11", 6)):
        world = under(story([0]), {"lever": "caseload_cap", "cases": 3, "start": start})
        go_on(world, first - 1)
        assert world.plan.settings["caseload_cap"][0] == np.inf
        go_on(world, first)
        assert world.plan.settings["caseload_cap"][0] == 3


def test_a_lever_that_starts_before_the_run_is_pulled_on_the_first_day():
    world = under(story([0]), {"lever": "caseload_cap", "cases": 3, "start": "1999-01-01"})
    go_on(world, 0)
    assert world.plan.settings["caseload_cap"][0] == 3


def test_a_lever_that_starts_after_the_run_changes_nothing():
    lever = {"lever": "caseload_cap", "cases": 0, "start": "2030-01-01"}
    world = under(story([0]), lever)
    world.run()
    assert world.plan.settings["caseload_cap"][0] == np.inf


def test_a_ramp_goes_in_equal_steps_from_what_is_there():
    """From a cap of 20 to 10 over 4 months: 84 steps and one more, of 10/85 each."""
    lever = {"lever": "caseload_cap", "cases": 10, "ramp_months": 4}
    world = under(story([0], cap=20), lever)
    for day in (0, 41, 84, 90):
        go_on(world, day)
        expected = 20 - 10 * min(day + 1, 85) / 85
        assert world.plan.settings["caseload_cap"][0] == pytest.approx(expected)


def test_two_levers_that_add_up_do_so_while_both_are_on_the_way():
    """Ramps that overlap: in the end both supplements are paid, both factors hold."""
    levers = [
        {"lever": "pay_supplement", "per_year": 1000, "ramp_months": 2},
        {"lever": "pay_supplement", "per_year": 2000, "ramp_months": 3, "start_after_months": 1},
        {"lever": "demand", "factor": 2, "ramp_months": 2},
        {"lever": "demand", "factor": 3, "ramp_months": 2},
        {"lever": "early_help", "share": 0.5, "ramp_months": 1},
        {"lever": "early_help", "share": 0.2, "ramp_months": 2},
        {"lever": "business_support", "fte": 1, "ramp_months": 1},
        {"lever": "business_support", "fte": 2, "ramp_months": 2},
        {"lever": "time_to_hire", "days_factor": 0.5, "ramp_months": 1},
        {"lever": "time_to_hire", "days_factor": 0.5, "ramp_months": 2},
    ]
    world = under(story([0]), *levers)
    go_on(world, 90)
    settings, stream = world.plan.settings[0], world.plan.streams[0]
    assert settings["supplement_per_day"] * A_YEAR == pytest.approx(3000)
    assert stream["factor"] == pytest.approx(6)
    assert stream["diverted"] == pytest.approx(1 - 0.5 * 0.8)
    assert world.teams["business_support"].tolist() == pytest.approx([3])
    assert settings["round_factor"] == pytest.approx(0.25)


def test_the_cost_of_a_policy_is_counted_from_its_first_day():
    """£25,300 a year is £100 a working day: for a whole year, and for the days after a start."""
    lever = {"lever": "protected_supervision", "cost_per_year": 25300}
    whole = lived(lively_service(), lever)
    assert whole.outcomes["cost_policy"] == pytest.approx(25300)
    later = world_of(
        story([0]), policy=policy({**lever, "start": str(date(2001, 9, 3) + timedelta(days=14))}),
        years=0.4,
    )  # fmt: skip
    go_on(later, 14)
    assert by_week(later, "cost_policy").sum() == pytest.approx(500)


def test_every_lever_has_a_test_here():
    """Each kind of lever that a policy may have is named in this file."""
    from pathlib import Path
    from typing import get_args

    text = Path(__file__).read_text(encoding="utf-8")
    kinds = [
        get_args(lever.model_fields["lever"].annotation)[0]
        for lever in get_args(get_args(all_levers.Lever)[0])
    ]
    assert len(kinds) == 18
    for kind in kinds:
        assert f'"lever": "{kind}"' in text, kind
