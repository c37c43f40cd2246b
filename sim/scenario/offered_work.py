"""The work that demand offers, against the hours of those who are there to do it.

Arithmetic on means, without simulating: how often a case passes through each stage, the hours that
the stage asks for, and the deployable hours of a year. It finds a scenario that cannot work, or
whose caseload weights are far from the work that they stand for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.scenario.demand import Stream
from sim.scenario.pathway import Pathway, Stage
from sim.scenario.service import Scenario

WORKING_DAYS_A_YEAR = 253
WEEKS_A_YEAR = 365.25 / 7
DAYS_A_WEEK = 5
WEIGHT_OFF_BY = 2.0  # a weight further from its work than this is worth a word
MOSTLY_IDLE = 0.5  # asking for less than this share of the contracted hours is worth a word


@dataclass(frozen=True)
class Offered:
    """Work against hours, for the teams of one kind."""

    team: str
    hours_asked: float  # a year, after what business support takes over
    hours_there: float  # a year, contracted, after leave, sickness and protected time
    hours_with_overtime: float

    @property
    def ratio(self) -> float:
        """Hours asked over contracted hours there."""
        return self.hours_asked / self.hours_there if self.hours_there > 0 else float("inf")


def flows(pathway: Pathway) -> dict[str, float]:
    """How often a case passes through each stage of its pathway, on average."""
    return visits({name: stage.next for name, stage in pathway.stages.items()})


def visits(onward: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """How often a case passes through each stage, from where cases go from each, as shares.

    The solution of the traffic equations v = entry + P'v, with P the shares. Cases come in at the
    first stage named.
    """
    names = list(onward)
    shares = np.array([[onward[a].get(b, 0.0) for b in names] for a in names], np.float64)
    entry = np.zeros(len(names))
    entry[0] = 1.0
    times = np.linalg.solve(np.eye(len(names)) - shares.T, entry)
    return dict(zip(names, times.tolist(), strict=True))


def arrivals_per_year(stream: Stream, pathway: Pathway) -> float:
    """Cases that arrive in a year, those who come back included, in the long run."""
    if stream.per_week is not None:
        new = stream.per_week * WEEKS_A_YEAR
    else:
        assert stream.per_month is not None
        new = 12 * sum(stream.per_month) / len(stream.per_month)
    back = 0.0 if pathway.rereferral is None else pathway.rereferral.share
    return new / (1 - min(back, 0.95))


def hours_of(stage: Stage) -> tuple[float, float]:
    """Hours of direct work and of admin that one case asks for in a stage, on average."""
    direct = admin = 0.0
    for item in stage.work.values():
        times = 1.0
        if item.every_days is not None:
            times = stage.duration.expected() / item.every_days
        direct += times * item.direct_hours
        admin += times * item.admin_hours
    return direct, admin


def offered_work(scenario: Scenario) -> list[Offered]:
    """Work against hours for each kind of team that demand asks anything of."""
    direct = dict.fromkeys(scenario.teams, 0.0)
    admin = dict.fromkeys(scenario.teams, 0.0)
    for stream in scenario.demand.values():
        pathway = scenario.pathways[stream.pathway]
        arrivals, visits = arrivals_per_year(stream, pathway), flows(pathway)
        for name, stage in pathway.stages.items():
            a_case = hours_of(stage)
            for kind, share in _shares(scenario, stage).items():
                direct[kind] += arrivals * visits[name] * share * a_case[0]
                admin[kind] += arrivals * visits[name] * share * a_case[1]
    found = []
    for name, team in scenario.teams.items():
        if direct[name] + admin[name] > 0:
            support = team.business_support * team.number * scenario.working_time.hours_per_week
            support *= scenario.working_time.business_support_productive_share * WEEKS_A_YEAR
            taken = min(support, scenario.working_time.delegable_admin_share * admin[name])
            asked = direct[name] + admin[name] - taken
            found.append(Offered(name, asked, *_hours_there(scenario, name)))
    return found


def _shares(scenario: Scenario, stage: Stage) -> dict[str, float]:
    """Which kinds of team do the work of a stage: in proportion to the posts that may hold it."""
    if stage.team is None or not stage.also_from:
        return {} if stage.team is None else {stage.team: 1.0}
    able = {
        kind: scenario.teams[kind].number
        * sum(
            fte
            for name, fte in scenario.teams[kind].posts.items()
            if scenario.roles[name].holds_cases
            and (not stage.roles or name in stage.roles)
            and (stage.skill is None or stage.skill in scenario.roles[name].skills)
        )
        for kind in (stage.team, *stage.also_from)
    }
    total = sum(able.values())
    return {kind: fte / total for kind, fte in able.items()} if total else {stage.team: 1.0}


def _hours_there(scenario: Scenario, team_name: str) -> tuple[float, float]:
    """Deployable hours a year of the teams of a kind, without and with overtime."""
    team, time, absence = scenario.teams[team_name], scenario.working_time, scenario.absence
    supervision = scenario.supervision
    away = absence.annual_leave.days + absence.training_days
    away += sum(
        spells.per_year * spells.duration.expected()
        for spells in (absence.short_sickness, absence.long_sickness, absence.parental_leave)
    )
    present = max(0.0, WORKING_DAYS_A_YEAR - away)
    spoken_for = time.team_hours_per_week + supervision.cpd_hours_per_week
    spoken_for += supervision.hours * DAYS_A_WEEK / supervision.every_days
    a_day = max(0.0, time.hours_per_week - spoken_for) / DAYS_A_WEEK
    unfilled = scenario.recruitment.vacant_on_first_day * (1 - scenario.agency.cover_share)
    fte = sum(
        posts * scenario.roles[role].casework_share
        for role, posts in team.posts.items()
        if scenario.roles[role].holds_cases
    )
    at_work = fte * team.number * (1 - unfilled)
    at_work += scenario.agency.beyond_establishment.get(team_name, 0.0)
    overtime = time.overtime_hours_per_week.expected() / DAYS_A_WEEK
    return at_work * present * a_day, at_work * present * (a_day + overtime)


def _on_call(scenario: Scenario) -> set[str]:
    """Kinds of team that share a stage with others: part of their time is to be at hand."""
    stages = [stage for pathway in scenario.pathways.values() for stage in pathway.stages.values()]
    return {kind for s in stages if s.team and s.also_from for kind in (s.team, *s.also_from)}


def _given_up(scenario: Scenario) -> set[str]:
    """Kinds of team some of whose cases do not wait for ever."""
    return {
        stage.team
        for stream in scenario.demand.values()
        for stage in scenario.pathways[stream.pathway].stages.values()
        if stage.team is not None and (stage.patience is not None or stream.patience is not None)
    }


def warnings(scenario: Scenario) -> tuple[str, ...]:
    """What looks wrong about the work and the hours, in plain sentences; empty if nothing does."""
    found = []
    on_call, given_up = _on_call(scenario), _given_up(scenario)
    for offered in offered_work(scenario):
        asked, there = offered.hours_asked, offered.hours_there
        if there <= 0:
            found.append(
                f"teams.{offered.team}: demand asks for {asked:,.0f} hours of work a year, and "
                "there is nobody to do it: these cases will all wait"
            )
        elif asked > offered.hours_with_overtime:
            found.append(
                f"teams.{offered.team}: demand asks for {asked:,.0f} hours of work a year, and "
                f"contracts with all overtime give {offered.hours_with_overtime:,.0f}: "
                + (
                    "cases will be withdrawn while they wait"
                    if offered.team in given_up
                    else "the teams will fall ever further behind"
                )
            )
        elif offered.ratio < MOSTLY_IDLE and offered.team not in on_call:
            found.append(
                f"teams.{offered.team}: demand asks for only {offered.ratio:.0%} of the contracted "
                f"hours ({asked:,.0f} of {there:,.0f} a year)"
            )
    for pathway_name, pathway in scenario.pathways.items():
        for stage_name, stage in pathway.stages.items():
            weeks = stage.duration.expected() / DAYS_A_WEEK
            if stage.team is None or weeks <= 0:
                continue
            a_week = sum(hours_of(stage)) / weeks
            if a_week > WEIGHT_OFF_BY * stage.weight or stage.weight > WEIGHT_OFF_BY * a_week:
                found.append(
                    f"pathways.{pathway_name}.stages.{stage_name}.weight: {stage.weight:g} hours a "
                    f"week, while its work asks for {a_week:.1f}: loads and caps will mislead"
                )
    return tuple(found)
