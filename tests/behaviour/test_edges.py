"""Services that nobody would run: none of them crashes, and no number is missing or negative."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from sim.model.columns import CASE, HELD, LEFT, SLOTS
from sim.model.world import simulate
from tests.services import tiny_service, world_of
from tests.small_services import EVERYTHING, LIVELY, lively_service, policy

pytestmark = pytest.mark.behaviour

NOBODY = {
    kind: {"posts": dict.fromkeys(team["posts"], 0)} for kind, team in LIVELY["teams"].items()
}
ONE_PART_TIMER = {
    kind: {"number": 1, "posts": {"social_worker": 0.5, "senior": 0, "manager": 0}}
    for kind in LIVELY["teams"]
}
NO_AGENCY = {"cover_share": 0, "beyond_establishment": {"intake": 0}}
NO_DEMAND = {"referrals": {"per_week": 0}, "calls": {"per_week": 0}}
ALWAYS_ILL = {
    "short_sickness": {"per_year": 1e6, "duration": 400},
    "long_sickness": {"per_year": 1e6, "duration": 400},
    "parental_leave": {"per_year": 1e6, "duration": 400},
}
EDGES = {
    "no workers": {"teams": NOBODY, "agency": NO_AGENCY},
    "no workers but agency": {"teams": NOBODY},
    "everyone has left": {"recruitment": {"vacant_on_first_day": 1, "success_per_round": 1e-6},
                          "agency": NO_AGENCY},
    "no arrivals": {"demand": NO_DEMAND, "start": "empty"},
    "no arrivals, cases at the start": {"demand": {"calls": {"per_week": 0}}},
    "nobody and nothing": {"teams": NOBODY, "agency": NO_AGENCY, "demand": NO_DEMAND,
                           "start": "empty"},
    "one part-time worker": {"teams": ONE_PART_TIMER, "agency": NO_AGENCY},
    "the smallest post": {"teams": {"intake": {"posts": {"social_worker": 0.03}}}},
    "caps of zero": {"allocation": {"caseload_cap": 0, "workload_cap": 0}},
    "a caseload cap of zero": {"allocation": {"caseload_cap": 0}},
    "a workload cap of zero": {"allocation": {"workload_cap": 0}},
    "everyone is ill": {"absence": ALWAYS_ILL},
    "everyone is ill and waited for": {"absence": {**ALWAYS_ILL, "cover": "wait"}},
    "spells of no length": {
        "absence": {kind: {"per_year": 300, "duration": 0} for kind in ALWAYS_ILL}
    },
    "everyone resigns at once": {"turnover": {"leaving_per_year": 1e6, "notice_days": 0}},
    "sixty days of leave and of training": {
        "absence": {"annual_leave": {"days": 60, "block_days": 20}, "training_days": 60}
    },
    "no hours for cases": {"working_time": {"team_hours_per_week": 36}},
    "roles without casework": {
        "roles": {name: {"casework_share": 0, "caseload_share": 0}
                  for name in ("social_worker", "senior")}
    },
    "everyone newly qualified and wholly protected": {
        "recruitment": {"newly_qualified": {"share_on_first_day": 1, "caseload_share": 0,
                                            "protected_share": 1}}
    },
    "nobody's patience lasts a day": {"demand": {"referrals": {"patience": 0}}},
    "no place on the list": {"demand": {"referrals": {"waiting_limit": 0}}},
    "stages without length": {
        "pathways": {"child": {"stages": {s: {"duration": 0} for s in
                                          ("screening", "assessment", "court", "plan")}}}
    },
    "cases without weight": {
        "pathways": {"child": {"stages": {s: {"weight": 0} for s in
                                          ("assessment", "court", "plan", "review")}}}
    },
    "everyone worn out": {
        "wellbeing": {"exhaustion": {"base": 1, "at_start": 1, "on_speed": 1, "on_sickness": 50,
                                     "on_leaving": 50, "days_to_build": 1}}
    },
    "everything comes back": {"pathways": {"child": {"rereferral": {"share": 1}}}},
    "one team of many": {"teams": {"intake": {"number": 60}}},
}  # fmt: skip


def sound(outcomes):
    for key, value in outcomes.items():
        assert np.isfinite(value), key
        assert value >= 0, key


@pytest.mark.parametrize("rule", ["lowest_workload", "optimal"])
@pytest.mark.parametrize("edge", EDGES)
def test_an_edge_runs_and_gives_sound_numbers(edge, rule):
    change = dict(EDGES[edge])
    change["allocation"] = {**change.get("allocation", {}), "rule": rule}
    run = simulate(
        lively_service(**change), policy(), seed=2, replication=0, years=0.7,
        tables=EVERYTHING, trace=True,
    )  # fmt: skip
    sound(run.outcomes)
    for table in run.tables.values():
        assert np.isfinite(table.select_dtypes("number").to_numpy(dtype=float)).all()


@pytest.mark.parametrize("years", [0.003, 0.01, 0.02, 0.04])
@pytest.mark.parametrize("warm_up", [0, 1])
def test_runs_of_a_few_days_are_sound(years, warm_up):
    run = simulate(
        lively_service(warm_up_weeks=warm_up), policy(), seed=2, replication=0, years=years,
        tables=EVERYTHING, trace=True,
    )  # fmt: skip
    sound(run.outcomes)
    assert set(run.tables) == set(EVERYTHING)


def test_no_workers_means_that_everything_waits():
    world = world_of(
        lively_service(**EDGES["no workers"], start="empty",
                       demand={"referrals": {"patience": None}})
    )  # fmt: skip
    outcomes = world.run().outcomes
    assert outcomes["in_post_fte"] == 0
    assert outcomes["held_cases_mean"] == 0
    assert outcomes["waiting_cases_end"] > 200
    for absent in ("turnover_rate", "agency_rate", "absence_rate", "caseload_per_fte",
                   "hours_per_week", "supervision_held", "vacancy_rate"):  # fmt: skip
        assert absent not in outcomes


def test_cover_of_a_post_that_is_filled_on_the_first_morning_gets_none_of_its_cases():
    world = world_of(
        lively_service(
            warm_up_weeks=0,
            recruitment={"vacant_on_first_day": 1, "approval_days": 0, "round_days": 0,
                         "success_per_round": 1},
            agency={"cover_share": 1},
        )
    )  # fmt: skip
    gone = np.flatnonzero(world.workers["status"] == LEFT)
    cases = world.cases.table[: world.cases.n]
    holders = cases["worker"][cases["status"] == HELD]
    assert len(gone) > 5
    assert len(holders) > 20
    assert not np.isin(holders, gone).any()


def test_no_arrivals_means_that_nothing_happens_to_cases():
    outcomes = world_of(lively_service(**EDGES["no arrivals"])).run().outcomes
    assert outcomes["open_cases_mean"] == outcomes["arrivals_per_year"] == 0
    assert outcomes["total_cost"] > 0


def test_everyone_away_with_their_cases_is_over_capacity_and_never_at_0_percent():
    """One worker who takes 12 cases on day 0, and falls ill for ever: overloaded from week 4 on."""
    scenario = tiny_service(
        cases_a_day=0, demand={"per_week": 0, "also_on": ["2001-04-02"] * 12}, duration=1000,
        stages={"care": {"label": "Care", "team": "team", "duration": 1000, "weight": 0.1,
                         "next": {"closed": 1.0}}},
        absence={"long_sickness": {"per_year": 1e6, "duration": 900}},
    )  # fmt: skip
    outcomes = world_of(scenario, years=1).run().outcomes
    assert outcomes["over_line_worker_weeks"] == 1.0
    assert outcomes["overloaded_worker_weeks"] == pytest.approx(1 - 3 / 52, abs=0.005)
    assert outcomes["absence_rate"] == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("own_rule", [False, True])
def test_ten_times_the_demand_for_three_years_runs_in_bounded_memory(own_rule):
    """Some 25,000 cases: their rows twice over, since tables double, and little else."""

    class First:
        name = "first"

        def choose(self, case, eligible):
            return 0

    scenario = lively_service(demand={"referrals": {"patience": None}})
    levers = policy({"lever": "demand", "factor": 10})
    tracemalloc.start()
    try:
        world = world_of(scenario, policy=levers, years=3)
        world.own_rule = First() if own_rule else None
        outcomes = world.run().outcomes
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    sound(outcomes)
    assert world.cases.n > 20_000
    assert outcomes["waiting_cases_end"] > 10_000
    # a row: the case, and for each kind of work when it is due, what is left, how often done
    row = CASE.itemsize + SLOTS * 24 + 8
    assert peak < 2 * 2 * world.cases.n * row + 20e6  # twice while a table is being copied


def test_ten_times_the_demand_without_caps_runs_as_well():
    """Everyone holds hundreds of cases."""
    scenario = lively_service(allocation={"caseload_cap": None, "workload_cap": None})
    levers = policy({"lever": "demand", "factor": 10})
    outcomes = world_of(scenario, policy=levers, years=3).run().outcomes
    sound(outcomes)
    assert outcomes["caseload_per_fte"] > 100
    assert outcomes["exhaustion"] <= 1
    assert outcomes["overloaded_worker_weeks"] > 0.8
