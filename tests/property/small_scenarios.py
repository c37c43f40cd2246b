"""Random small services and policies, for the property tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from sim.model.plan_columns import RULES
from sim.model.position_today import continued
from sim.model.world import World
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario
from tests.small_services import LOW, lively_service, policy

FIRST_START = date(2002, 4, 1)
COVERS = ("wait", "restart", "duty", "reallocate")


def _or_none(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


durations = st.one_of(
    st.just(0) | st.floats(0, 40),
    st.builds(lambda mean: {"distribution": "exponential", "mean": mean}, st.floats(0.5, 40)),
    st.builds(
        lambda mean, cv: {"distribution": "lognormal", "mean": mean, "cv": cv, "maximum": 300},
        st.floats(1, 40),
        st.floats(0.2, 2),
    ),
)
spells = st.builds(
    lambda per_year, duration: {"per_year": per_year, "duration": duration},
    st.sampled_from([0, 0.3, 2, 20]),
    durations,
)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A service like the lively one, with anything between nobody and many, little and far too
    much to do, none and much absence, turnover and agency."""
    fte = st.sampled_from([0, 0.4, 1, 1.6, 3, 5])
    costs = st.sampled_from([0, 10, 40000])
    share = st.sampled_from([0, 0.3, 1])
    rotas = st.sampled_from([(), ("long_term",)])
    measured = st.sampled_from(["ended", "open"])
    often = st.fixed_dictionaries(
        {
            "every_days": st.sampled_from([1, 1.3, 10]),
            "opens_before_days": _or_none(st.sampled_from([0, 2.5, 30])),
            "first_within_days": _or_none(st.sampled_from([0, 12.6])),
        }
    )
    return lively_service(
        start_date=FIRST_START + timedelta(days=draw(st.integers(0, 300))),
        warm_up_weeks=draw(st.integers(0, 6)),
        start=draw(st.sampled_from(["steady", "empty"])),
        teams={
            "intake": {"number": draw(st.integers(1, 3)), "business_support": draw(fte),
                       "posts": {"social_worker": draw(fte), "senior": draw(fte),
                                 "manager": draw(fte)}},
            "long_term": {"posts": {"social_worker": draw(fte), "senior": draw(fte)}},
        },
        part_time={"share": draw(st.sampled_from([0, 0.5, 1])), "fte": draw(st.floats(0.1, 1))},
        pathways={"child": {"stages": {"assessment": {"duration": draw(durations)},
                                       "court": {"also_from": draw(rotas)},
                                       "plan": {"duration": draw(durations),
                                                "patience": draw(_or_none(durations)),
                                                "work": {"partners": draw(often)}},
                                       "review": {"timescale": {"measured_on": draw(measured)}}},
                            "rereferral": {"share": draw(st.sampled_from([0, 0.2, 0.9]))}}},
        demand={
            "referrals": {"per_week": draw(st.sampled_from([0, 0.5, 5, 30])),
                          "dispersion": draw(_or_none(st.floats(0.3, 20))),
                          "weekend_share": draw(st.floats(0, 1)),
                          "waiting_limit": draw(_or_none(st.integers(0, 20))),
                          "patience": draw(_or_none(durations))},
            "calls": {"per_week": draw(st.sampled_from([0, 4])), "risk": {LOW: 1.0}},
        },
        working_time={"finish_what_was_begun": draw(st.booleans()),
                      "look_ahead_days": draw(st.sampled_from([0, 0.3, 5, 30])),
                      "delegable_admin_share": draw(share),
                      "team_hours_per_week": draw(st.sampled_from([0, 5, 40]))},
        allocation={"rule": draw(st.sampled_from(RULES)),
                    "caseload_cap": draw(_or_none(st.sampled_from([0, 0.5, 5, 20]))),
                    "workload_cap": draw(_or_none(st.sampled_from([0, 0.8, 1.5]))),
                    "handover_hours": draw(st.sampled_from([0, 3]))},
        supervision={"protected": draw(st.booleans()), "hours": draw(st.sampled_from([0, 1.5, 9])),
                     "cpd_hours_per_week": draw(st.sampled_from([0, 1])),
                     "cpd_protected": draw(st.booleans())},
        absence={"annual_leave": {"days": draw(st.integers(0, 60))},
                 "training_days": draw(st.integers(0, 60)),
                 "short_sickness": draw(spells), "long_sickness": draw(spells),
                 "parental_leave": draw(spells), "cover": draw(st.sampled_from(COVERS)),
                 "reallocate_after_days": draw(st.integers(0, 20))},
        turnover={"leaving_per_year": draw(st.sampled_from([0, 0.3, 5])),
                  "notice_days": draw(st.integers(0, 40))},
        recruitment={"vacant_on_first_day": draw(share), "approval_days": draw(durations),
                     "round_days": draw(durations), "success_per_round": draw(st.floats(0.1, 1)),
                     "returners_per_year": draw(st.sampled_from([0, 12]))},
        agency={"cover_share": draw(share), "lead_days": draw(durations),
                "stay_days": draw(durations), "cap": draw(share)},
        wellbeing={"exhaustion": {"from_workload": draw(st.floats(0, 2)),
                                  "on_sickness": draw(st.floats(0, 5)),
                                  "on_leaving": draw(st.floats(0, 5)),
                                  "on_speed": draw(st.floats(0, 1))}},
        costs={"agency_per_week": draw(costs), "business_support_per_year": draw(costs)},
    )  # fmt: skip


_LEVERS = st.sampled_from(
    [
        {"lever": "posts", "role": "social_worker", "team": "intake", "fte": 2.5},
        {"lever": "posts", "role": "social_worker", "team": "long_term", "fte": 1,
         "filled_by": "at_once"},
        {"lever": "business_support", "fte": 1},
        {"lever": "caseload_cap", "cases": 3},
        {"lever": "workload_cap", "level": 0.7},
        {"lever": "newly_qualified_protection", "caseload_share": 0, "protected_share": 1},
        {"lever": "protected_supervision", "every_days": 5},
        {"lever": "protected_cpd", "hours_per_week": 3},
        {"lever": "supervision_ratio", "manager_hours_per_week": 0},
        {"lever": "time_to_hire", "days_factor": 0.5, "success_factor": 2},
        {"lever": "intake", "per_year": 10},
        {"lever": "pay_supplement", "per_year": 3000},
        {"lever": "agency_cap", "share": 0.05},
        {"lever": "overtime_limit", "hours_per_week": 0},
        {"lever": "allocation_rule", "rule": "optimal"},
        {"lever": "early_help", "share": 0.5},
        {"lever": "demand", "factor": 3, "stream": "referrals"},
        {"lever": "leavers", "share": 0.5},
    ]
)  # fmt: skip


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Up to three levers, at once or later, suddenly or bit by bit."""
    levers = draw(st.lists(_LEVERS, max_size=3))
    return policy(
        *(
            lever
            | {
                "start_after_months": draw(st.sampled_from([0, 1, 2.5])),
                "ramp_months": draw(st.sampled_from([0, 1])),
                "cost_per_year": draw(st.sampled_from([0, 25300])),
            }
            for lever in levers
        )
    )


@st.composite
def real_starts(draw: st.DrawFn) -> Scenario:
    """A service like those of `scenarios`, from where another run of it stands after a while."""
    before = draw(scenarios())
    nothing = Policy(name="nothing", label="as it is")
    world = World(before, nothing, seed=draw(st.integers(0, 2**32)), replication=0, years=0.2)
    world.env.run(until=draw(st.integers(1, 25)))
    return continued(world)
