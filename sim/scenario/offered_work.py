"""Hold the work that demand asks of each kind of team against what its posts can give.

A rough sum by the pathways' own shares and durations, before sickness, vacancies and lateness:
enough to see a scenario in which no team could ever keep up, before it is simulated.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.scenario.pathway import CLOSED, Pathway, Stage
from sim.scenario.service import Scenario

WORKING_DAYS_A_YEAR = 261  # weekdays, bank holidays among them
WEEKS_A_YEAR = 365.25 / 7


def warnings(scenario: Scenario) -> tuple[str, ...]:
    """Name the kinds of team from which more is asked than they could give with all overtime."""
    offered, capacity = offered_hours(scenario), capacity_hours(scenario)
    return tuple(
        f"teams.{kind}: demand asks for about {hours:,.0f} hours of casework a week; with every "
        f"post filled and all the overtime that workers give there are {capacity[kind]:,.0f} "
        f"({hours / capacity[kind]:.0%}). Work will pile up without end."
        if capacity[kind] > 0
        else f"teams.{kind}: demand asks for about {hours:,.0f} hours of casework a week, and "
        "there is nobody to do it."
        for kind, hours in offered.items()
        if hours > capacity[kind]
    )


def offered_hours(scenario: Scenario) -> dict[str, float]:
    """Add up the hours a week that demand asks of each kind of team, in the long run."""
    direct = dict.fromkeys(scenario.teams, 0.0)
    admin = dict.fromkeys(scenario.teams, 0.0)
    for stream in scenario.demand.values():
        pathway = scenario.pathways[stream.pathway]
        cases = stream.per_week
        if cases is None:
            months = stream.per_month or (0.0,)
            cases = sum(months) / len(months) * 12 / WEEKS_A_YEAR
        for name, visits in visits_to_stages(pathway).items():
            stage = pathway.stages[name]
            if stage.team in direct:
                direct[stage.team] += cases * visits * _hours(stage, "direct_hours")
                admin[stage.team] += cases * visits * _hours(stage, "admin_hours")
    support = _support_hours(scenario)
    share = scenario.working_time.delegable_admin_share
    return {
        kind: direct[kind] + admin[kind] - min(share * admin[kind], support[kind])
        for kind in scenario.teams
    }


def visits_to_stages(pathway: Pathway) -> dict[str, float]:
    """Say how often an arriving case goes through each stage, with its returns after closing."""
    names = list(pathway.stages)
    moves = np.array(
        [[stage.next.get(name, 0.0) for name in names] for stage in pathway.stages.values()]
    )
    start = np.zeros(len(names))
    start[0] = 1
    back = pathway.rereferral.share if pathway.rereferral else 0.0
    closing = np.array([stage.next.get(CLOSED, 0.0) for stage in pathway.stages.values()])
    moves = moves + back * np.outer(closing, start)
    if back >= 1:  # cases that never end for good come back for ever
        return dict.fromkeys(names, np.inf)
    return dict(zip(names, np.linalg.solve(np.eye(len(names)) - moves.T, start), strict=True))


def _hours(stage: Stage, kind: str) -> float:
    """Return the hours of a kind that a case asks for in one pass through a stage."""
    days = stage.duration.expected()
    return float(
        sum(
            getattr(item, kind) * (days / item.every_days if item.every_days else 1)
            for item in stage.work.values()
        )
    )


def capacity_hours(scenario: Scenario) -> dict[str, float]:
    """Add up the casework hours a week, with all overtime, of each kind of team's filled posts."""
    time, absence = scenario.working_time, scenario.absence
    away = (absence.annual_leave.days + absence.training_days) / WORKING_DAYS_A_YEAR
    hours = time.hours_per_week - time.team_hours_per_week + time.overtime_hours_per_week.expected()
    return {
        kind: sum(
            fte * max(hours, 0) * (1 - away) * scenario.roles[role].casework_share
            for role, fte in _workers(scenario, kind).items()
            if scenario.roles[role].holds_cases
        )
        for kind in scenario.teams
    }


def _workers(scenario: Scenario, kind: str) -> Mapping[str, float]:
    """Return the FTE by role of a kind of team: its posts, and agency beyond them."""
    team, agency = scenario.teams[kind], scenario.agency
    workers = {role: team.number * fte for role, fte in team.posts.items()}
    beyond = agency.beyond_establishment.get(kind, 0.0)
    if agency.beyond_role and beyond:
        workers[agency.beyond_role] = workers.get(agency.beyond_role, 0.0) + beyond
    return workers


def _support_hours(scenario: Scenario) -> dict[str, float]:
    time = scenario.working_time
    productive = time.hours_per_week * time.business_support_productive_share
    return {
        kind: team.number * team.business_support * productive
        for kind, team in scenario.teams.items()
    }
