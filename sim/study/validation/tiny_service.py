"""A tiny service, in which everything that a question is not about is switched off.

`tiny_service()` is one team of one full-time social worker and one pathway of one stage, `care`:
no work to do in it, no caps, Poisson arrivals at the same rate on every working day, complexity 1,
from empty. Nobody is ever ill, on leave, in supervision or training, tired, or leaves; there is no
agency, no business support, no overtime. Whoever asks switches on what it is about, until it is a
case whose answer theory knows:

    tiny_service(cases_a_day=2, duration=exponential(60), years=3)
    tiny_service(workers=5, cap=1, absence={"cover": "wait"})
    tiny_service(stages={"visit": stage(duration=0, work={...}), "plan": stage(...)})

Any part of a scenario can be given by name, as in its YAML: mappings are merged into the tiny
service's own, down to the distributions, and everything else is replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, TypeGuard

from sim.scenario.calendar import working_days_between
from sim.scenario.service import Scenario

START = date(2001, 4, 2)  # a Monday
TEAM, ROLE, STREAM, PATHWAY, STAGE = "team", "social_worker", "referrals", "pathway", "care"


def exponential(mean: float) -> dict[str, Any]:
    """An exponential duration."""
    return {"distribution": "exponential", "mean": mean}


def stage(
    duration: Any = 20, *, team: str | None = TEAM, to: Mapping[str, float] | None = None,
    **rest: Any,
) -> dict[str, Any]:  # fmt: skip
    """A stage, held by the team, after which cases are closed."""
    held = {} if team is None else {"team": team}
    return {
        "label": "A stage",
        "duration": duration,
        "next": dict(to or {"closed": 1.0}),
        **held,
        **rest,
    }


def work(hours: float, when: str = "opening", **rest: Any) -> dict[str, Any]:
    """A kind of work: all direct hours, once, from the start of the stage."""
    return {"label": "Work", "when": when, "direct_hours": hours, **rest}


@cache
def same_rate_every_day(cases_a_day: float, years: float, start: date = START) -> tuple[float, ...]:
    """Monthly totals that make the rate of every working day the same, from the start date on."""
    found, year, month = [], start.year, start.month
    for _ in range(int(12 * years) + 2):
        first = date(year, month, 1)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        found.append(cases_a_day * working_days_between(first, date(year, month, 1)))
    return tuple(found)


def tiny_service(
    *,
    cases_a_day: float = 1.0,
    duration: Any = 20,
    workers: float = 1,
    teams: int = 1,
    cap: float | None = None,
    years: float = 10,
    stages: Mapping[str, Any] | None = None,
    demand: Mapping[str, Any] | None = None,
    **parts: Any,
) -> Scenario:
    """Build a tiny service.

    Parameters
    ----------
    cases_a_day
        Expected arrivals of a working day, over all teams together.
    duration
        Of the one stage, in working days; goes with `stages` left out.
    workers, teams, cap
        FTE in each team; number of teams; cases that a full-time worker holds at most.
    years
        For how long the rate of arrivals is the same every day; runs should not be longer.
    stages
        The stages of the one pathway, in place of `care`.
    demand
        More about the one stream (patience, risk, dispersion ...); `per_week` replaces the rate.
    **parts
        Any other part of a scenario, merged into the tiny one.
    """
    stream: dict[str, Any] = {
        "label": "Referrals", "pathway": PATHWAY, "risk": {"low": 1.0}, "complexity": 1,
        "per_month": same_rate_every_day(cases_a_day, years), **(demand or {}),
    }  # fmt: skip
    if "per_week" in stream:
        del stream["per_month"]
    tiny: dict[str, Any] = {
        "name": "tiny_service",
        "title": "A tiny service",
        "start_date": START,
        "warm_up_weeks": 0,
        "start": "empty",
        "risk_tiers": {
            "high": {"label": "High", "high_risk": True},
            "low": {"label": "Low"},
        },
        "roles": {ROLE: {"label": "Social worker", "holds_cases": True}},
        "teams": {TEAM: {"label": "Team", "number": teams, "posts": {ROLE: workers}}},
        "pathways": {
            PATHWAY: {"label": "Pathway", "stages": dict(stages or {STAGE: stage(duration)})}
        },
        "demand": {STREAM: stream},
        "working_time": {"hours_per_week": 35, "overtime_hours_per_week": 0},
        "allocation": {"rule": "fewest_cases", "caseload_cap": cap},
        "supervision": {
            "every_days": 1e6, "newly_qualified_every_days": 1e6, "hours": 0, "manager_hours": 0
        },
        "absence": {
            "annual_leave": {"days": 0},
            "short_sickness": {"per_year": 0, "duration": 3},
            "long_sickness": {"per_year": 0, "duration": 60},
            "parental_leave": {"per_year": 0, "duration": 120},
            "cover": "wait",
        },
        "turnover": {"leaving_per_year": 0, "notice_days": 0},
        "recruitment": {"approval_days": 0, "round_days": 60, "success_per_round": 1},
        "agency": {"lead_days": 10, "stay_days": 100},
        "wellbeing": {"exhaustion": {"at_start": 0, "base": 0}},
    }  # fmt: skip
    return Scenario.model_validate(merged(tiny, parts))


def side_by_side(number: int, **asked: Any) -> Scenario:
    """As many tiny services in one, each with its own team, pathway and stream of cases.

    For what a scenario states of a stream as a whole, such as the places on a waiting list; where
    that does not matter, `tiny_service(teams=number)` is the same and simpler. `cases_a_day` is
    what comes to each.
    """
    one = tiny_service(**asked).model_dump()
    found = {**one, "teams": {}, "pathways": {}, "demand": {}}
    for n in range(number):
        team, pathway, stream = f"{TEAM}_{n}", f"{PATHWAY}_{n}", f"{STREAM}_{n}"
        found["teams"][team] = one["teams"][TEAM]
        stages = {
            name: {**stage, "team": team if stage["team"] else None}
            for name, stage in one["pathways"][PATHWAY]["stages"].items()
        }
        found["pathways"][pathway] = {**one["pathways"][PATHWAY], "stages": stages}
        found["demand"][stream] = {**one["demand"][STREAM], "pathway": pathway}
    return Scenario.model_validate(found)


def merged(into: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Merge mappings; a distribution is a whole, not merged."""
    found = dict(into)
    for name, value in more.items():
        old = found.get(name)
        if _has_parts(old) and _has_parts(value):
            found[name] = merged(old, value)
        else:
            found[name] = value
    return found


def _has_parts(value: Any) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping) and "distribution" not in value
