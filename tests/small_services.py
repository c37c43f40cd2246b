"""A small service with everything in it, and helpers to tell a story day by day.

`lively_service()` is the opposite of `tests.services.tiny_service`: three teams, two streams, every
kind of stage, work, absence, cover and cost, so that a test of the whole meets every part of the
model in some thirty milliseconds a year. A test changes what it is about, as in `tiny_service`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from sim.model.columns import LEFT, PRESENT
from sim.model.world import RunResult, World, simulate
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario
from tests.services import BASELINE, STREAM, TEAM, exponential, merged, tiny_service, world_of

MONDAY = date(2001, 9, 3)  # sixteen weeks to the next bank holiday
EVERYTHING = ("team_weeks", "worker_loads", "worker_weeks", "closed_cases", "allocation_log")
EVENING = 0.95  # of a working day, when all is done and counted
AFTER_THE_MEETING = 0.3
HIGHEST, HIGH, LOW = "immediate", "high", "low"

LIVELY: dict[str, Any] = {
    "name": "lively_service",
    "title": "A small service with everything in it",
    "start_date": date(2002, 4, 1),
    "warm_up_weeks": 8,
    "risk_tiers": {
        HIGHEST: {"label": "Immediate", "high_risk": True, "duty": True,
                  "incidents_per_1000_case_years": 6},
        HIGH: {"label": "High", "high_risk": True, "incidents_per_1000_case_years": 2},
        LOW: {"label": "Low", "incidents_per_1000_case_years": 0.2},
    },
    "roles": {
        "social_worker": {"label": "Social worker", "holds_cases": True, "annual_cost": 60000},
        "senior": {"label": "Senior", "holds_cases": True, "caseload_share": 0.8,
                   "casework_share": 0.8, "skills": ["court"], "annual_cost": 70000,
                   "leaving_factor": 0.7},
        "manager": {"label": "Team manager", "supervises": True, "annual_cost": 80000},
    },
    "teams": {
        "intake": {"label": "Intake", "number": 2, "business_support": 0.4,
                   "posts": {"social_worker": 3, "senior": 1, "manager": 1}},
        "long_term": {"label": "Long term", "business_support": 0.5,
                      "posts": {"social_worker": 4, "senior": 0.6, "manager": 1}},
    },
    "part_time": {"share": 0.25, "fte": 0.6},
    "pathways": {
        "child": {
            "label": "Child",
            "rereferral": {"share": 0.2, "after": {"distribution": "weibull", "mean": 50,
                                                   "shape": 0.9}},
            "stages": {
                "screening": {"label": "Screening", "duration": 1,
                              "next": {"closed": 0.1, "assessment": 0.9}},
                "assessment": {
                    "label": "Assessment", "team": "intake", "weight": 2.5,
                    "duration": {"distribution": "lognormal", "mean": 20, "cv": 0.5},
                    "timescale": {"within_days": 30, "counted_from": "referral",
                                  "outcome": "assessments_in_time"},
                    "work": {
                        "first_visit": {"label": "First visit", "when": "opening",
                                        "first_within_days": 3, "direct_hours": 2,
                                        "statutory": True, "contact": True},
                        "visit": {"label": "Visit", "every_days": 7, "direct_hours": 1.5,
                                  "admin_hours": 1, "contact": True,
                                  "hours_vary": {"distribution": "gamma", "mean": 1, "shape": 4}},
                        "report": {"label": "Report", "when": "closing", "admin_hours": 4,
                                   "statutory": True},
                    },
                    "next": {"closed": 0.55, "court": 0.1, "plan": 0.35},
                },
                "court": {
                    "label": "Court", "team": "intake", "roles": ["senior"], "skill": "court",
                    "weight": 4, "risk_at_least": HIGH, "duration": 15, "duration_from": "entry",
                    "starts_clock": True,
                    "work": {"statement": {"label": "Statement", "when": "opening",
                                           "direct_hours": 1, "admin_hours": 5,
                                           "statutory": True}},
                    "next": {"closed": 0.5, "plan": 0.5},
                },
                "plan": {
                    "label": "Plan", "team": "long_term", "weight": 1.5, "starts_clock": True,
                    "duration": exponential(60),
                    "work": {
                        "visit": {"label": "Visit", "every_days": 10, "direct_hours": 1.5,
                                  "admin_hours": 1.5, "statutory": True, "contact": True},
                        "partners": {"label": "Partners", "every_days": 15, "admin_hours": 1},
                    },
                    "next": {"closed": 0.7, "review": 0.3},
                },
                "review": {
                    "label": "Review", "team": "long_term", "weight": 2, "duration": 70,
                    "duration_from": "clock",
                    "timescale": {"within_days": 80, "counted_from": "clock",
                                  "outcome": "reviews_in_time"},
                    "work": {"meeting": {"label": "Meeting", "when": "closing",
                                         "direct_hours": 1, "admin_hours": 2}},
                    "next": {"closed": 1.0},
                },
            },
        },
        "advice": {
            "label": "Advice",
            "stages": {
                "advice": {"label": "Advice", "team": "intake", "weight": 1, "duration": 5,
                           "work": {"call": {"label": "Call", "when": "opening",
                                             "direct_hours": 1}},
                           "next": {"closed": 1.0}},
            },
        },
    },
    "demand": {
        "referrals": {"label": "Referrals", "pathway": "child", "per_week": 15,
                      "seasonal": [1.1, 0.9] * 6, "dispersion": 4, "weekend_share": 0.2,
                      "risk": {HIGHEST: 0.1, HIGH: 0.3, LOW: 0.6},
                      "complexity": {"distribution": "lognormal", "mean": 1, "cv": 0.4},
                      "patience": exponential(30)},
        "calls": {"label": "Calls", "pathway": "advice", "per_week": 2, "waiting_limit": 4,
                  "risk": {LOW: 1.0}, "complexity": 1},
    },
    "working_time": {"hours_per_week": 36, "team_hours_per_week": 4,
                     "overtime_hours_per_week": {"distribution": "gamma", "mean": 5, "shape": 2},
                     "delegable_admin_share": 0.5},
    "allocation": {"rule": "lowest_workload", "caseload_cap": 16, "workload_cap": 1.3,
                   "handover_hours": 2},
    "supervision": {"every_days": 20, "hours": 1.5, "newly_qualified_every_days": 10,
                    "manager_hours": 2, "manager_hours_per_week": 8, "cpd_hours_per_week": 0.5},
    "absence": {
        "annual_leave": {"days": 28, "block_days": 5},
        "training_days": 5,
        "short_sickness": {"per_year": 1.5, "duration": {"distribution": "lognormal", "mean": 4,
                                                         "cv": 0.8, "minimum": 1}},
        "long_sickness": {"per_year": 0.2, "duration": {"distribution": "gamma", "mean": 50,
                                                        "shape": 2}},
        "stress_share": 0.3,
        "parental_leave": {"per_year": 0.1, "duration": 60},
        "cover": "reallocate",
        "reallocate_after_days": 10,
    },
    "turnover": {"leaving_per_year": 0.3, "notice_days": 20, "pay_elasticity": 1,
                 "by_tenure": [{"up_to_years": 2, "factor": 1.3}]},
    "recruitment": {
        "vacant_on_first_day": 0.15, "approval_days": 5, "round_days": exponential(40),
        "success_per_round": 0.5, "weeks_to_full_speed": 8, "speed_at_start": 0.6,
        "returners_per_year": 1,
        "newly_qualified": {"month": 9, "intake_per_year": 2, "role": "social_worker",
                            "share_on_first_day": 0.2},
    },
    "agency": {"cover_share": 0.7, "lead_days": 5, "stay_days": exponential(60),
               "beyond_establishment": {"intake": 1}, "beyond_role": "social_worker", "cap": 0.4},
    "wellbeing": {"exhaustion": {
        "at_start": 0.4, "base": 0.2, "from_workload": 0.3, "from_overtime": 0.05,
        "from_admin": 0.1, "from_unmet_need": 0.05, "supervision_relief": 0.1,
        "person_spread": 0.1, "on_sickness": 0.8, "on_leaving": 0.8, "on_speed": 0.1}},
    "safety": {"overdue_contact_factor": 0.3, "new_worker_factor": 0.3, "unallocated_factor": 1},
    "costs": {"agency_per_week": 1800, "recruitment_per_hire": 6000,
              "business_support_per_year": 34000, "overtime_value_per_hour": 35},
}  # fmt: skip


def lively_service(**parts: Any) -> Scenario:
    """Build the lively service, with parts of it changed as in `tests.services.tiny_service`."""
    return Scenario.model_validate(merged(LIVELY, parts))


def policy(*levers: Mapping[str, Any]) -> Policy:
    """A policy of these levers."""
    return Policy.model_validate(
        {"name": "policy", "label": "a policy to be tried", "levers": levers}
    )


def lived(
    scenario: Scenario, *levers: Mapping[str, Any], years: float = 1, seed: int = 1,
    replication: int = 0, **more: Any,
) -> RunResult:  # fmt: skip
    """The outcomes and all tables of a run under a policy of these levers."""
    return simulate(
        scenario, policy(*levers) if levers else BASELINE, seed=seed, replication=replication,
        years=years, tables=EVERYTHING, **more,
    )  # fmt: skip


def same_tables(one: RunResult, other: RunResult) -> bool:
    """Whether two runs have exactly the same outcomes and tables."""
    return one.outcomes == other.outcomes and all(
        one.tables[name].equals(other.tables[name]) for name in EVERYTHING
    )


# ---------------------------------------------------------------- stories, day by day


def on_days(*days: int, start: date = MONDAY) -> dict[str, Any]:
    """Demand that is one case on each of these working days (of weeks without a bank holiday)."""
    dates = [start + timedelta(days=day // 5 * 7 + day % 5) for day in days]
    return {"per_week": 0, "also_on": dates}


def story(
    days: Iterable[int],
    *,
    team: Mapping[str, Any] | None = None,
    risk: Mapping[str, float] | None = None,
    **parts: Any,
) -> Scenario:
    """A tiny service that begins on a Monday, with one case on each of these days.

    `team` is what its team has beside its social workers. With `risk` there are the lively
    service's three tiers, and a case has each of them with this chance.
    """
    demand = {**on_days(*days), **parts.pop("demand", {})}
    found = tiny_service(start_date=MONDAY, demand=demand, **parts).model_dump()
    if risk:
        found["risk_tiers"] = LIVELY["risk_tiers"]
        found["demand"][STREAM]["risk"] = dict(risk)
    return Scenario.model_validate(merged(found, {"teams": {TEAM: team or {}}}))


def world_on(day: float, scenario: Scenario, **asked: Any) -> World:
    """A world that has been run to the evening of a day (or to a time of it)."""
    world = world_of(scenario, **{"years": 0.3, **asked})
    go_on(world, day)
    return world


def go_on(world: World, day: float) -> None:
    """Go on to the evening of a day, or to a time of it."""
    world.env.run(until=day + EVENING if day == int(day) else day)


def send_away(world: World, worker: int, first: int, last: int, status: int) -> None:
    """Have a worker away, in one way or another, from a morning to an evening."""

    def away() -> Any:
        yield world.until(first)
        world.workers.table["status"][worker] = status
        yield world.until(last + 1)
        if world.workers.table["status"][worker] != LEFT:
            world.workers.table["status"][worker] = PRESENT

    world.env.process(away())


def holders(world: World) -> list[int]:
    """The worker of each case, in the order of arrival; -1 for none."""
    return [int(worker) for worker in world.cases["worker"]]


def hours_left(world: World, slot: int = 1) -> list[float]:
    """Hours still to do of the first kind of work of each case."""
    return [float(hours) for hours in world.cases.left[: world.cases.n, slot]]


def stream_of(scenario: Scenario) -> Any:
    """The one stream of a tiny service."""
    return scenario.demand[STREAM]


def keys(world: World) -> np.ndarray:
    """Who the cases are, under every policy."""
    return np.array(world.cases["key"])
