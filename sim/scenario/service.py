"""A scenario: the whole of a service, as we ask about it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from sim.scenario.base import Name, NonNegative, Part
from sim.scenario.demand import RiskTier, Stream
from sim.scenario.pathway import Pathway
from sim.scenario.people import Absence, Agency, PartTime, Recruitment, Role, Team, Turnover
from sim.scenario.position.content import Position, PositionFiles
from sim.scenario.wellbeing import Allocation, Costs, Safety, Supervision, Wellbeing, WorkingTime


class SafeLine(Part):
    """How far an outcome may go in a service, and who says so."""

    value: NonNegative
    source: str = Field(min_length=1, description="the law, the standard or the council's own rule")


class Scenario(Part):
    """A service: its people, its pathways, its demand and its ways of working."""

    name: Name
    title: str
    description: str = ""
    start_date: date = Field(description="the first day that counts; the warm-up comes before it")
    warm_up_weeks: int = Field(52, ge=0, le=1040)
    start: Literal["steady", "empty"] | PositionFiles = Field(
        "steady",
        description="steady: the run begins with the open cases of a service long at work; "
        "empty: with none; or the files with the service's position on the start date, which "
        "needs no warm-up",
    )
    position: SkipJsonSchema[Position | None] = Field(
        None, description="what was read from the files that `start` names"
    )
    bank_holidays: str = Field("England", description="the part of the UK whose holidays hold")
    evidence: dict[str, str] = Field(
        default_factory=dict, description="rows of the evidence table behind values, by path"
    )

    safe_lines: dict[Name, SafeLine] = Field(
        default_factory=dict,
        description="lines of safe practice, by the key of the outcome, where the service has "
        "others than those that `plimsoll outcomes` lists",
    )

    risk_tiers: dict[Name, RiskTier] = Field(min_length=1, max_length=6)
    roles: dict[Name, Role] = Field(min_length=1, max_length=20)
    teams: dict[Name, Team] = Field(min_length=1)
    part_time: PartTime = PartTime()
    pathways: dict[Name, Pathway] = Field(min_length=1)
    demand: dict[Name, Stream] = Field(min_length=1)

    working_time: WorkingTime
    allocation: Allocation
    supervision: Supervision = Supervision()
    absence: Absence
    turnover: Turnover
    recruitment: Recruitment
    agency: Agency
    wellbeing: Wellbeing
    safety: Safety = Safety()
    costs: Costs = Costs()

    def __hash__(self) -> int:
        """Equal scenarios have equal hashes (the mappings inside have none of their own)."""
        return int(self.content_hash()[:15], 16)

    def content_hash(self) -> str:
        """SHA-256 of the content, the same on every machine."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        problems = list(_unknown_names(self))
        if problems:
            raise ValueError("; ".join(problems))
        return self


def teams_by_name(scenario: Scenario) -> dict[str, str]:
    """Every team by its name, with its kind: the kind, and a number where there are several."""
    return {
        kind + (f"_{number + 1}" if team.number > 1 else ""): kind
        for kind, team in scenario.teams.items()
        for number in range(team.number)
    }


def _unknown_names(scenario: Scenario) -> list[str]:
    """Cross-references that lead nowhere, and stages whose team has nobody to do the work."""
    problems = []

    def need(kind: str, name: str | None, known: Mapping[str, object], where: str) -> None:
        if name is not None and name not in known:
            problems.append(f"{where}: there is no {kind} {name!r}; known: {', '.join(known)}")

    roles, teams = dict(scenario.roles), dict(scenario.teams)
    tiers, pathways = dict(scenario.risk_tiers), dict(scenario.pathways)
    for team_name, team in scenario.teams.items():
        for role_name in team.posts:
            need("role", role_name, roles, f"teams.{team_name}.posts")
    for stream_name, stream in scenario.demand.items():
        need("pathway", stream.pathway, pathways, f"demand.{stream_name}.pathway")
        for tier in stream.risk:
            need("risk tier", tier, tiers, f"demand.{stream_name}.risk")
    for kind in scenario.agency.beyond_establishment:
        need("team", kind, teams, "agency.beyond_establishment")
    need("role", scenario.agency.beyond_role, roles, "agency.beyond_role")
    if scenario.agency.beyond_establishment and scenario.agency.beyond_role is None:
        problems.append("agency.beyond_role: say which role agency beyond the establishment has")
    intake = scenario.recruitment.newly_qualified
    if intake is not None:
        need("role", intake.role, roles, "recruitment.newly_qualified.role")
    skills = [skill for role in scenario.roles.values() for skill in role.skills]
    for pathway_name, pathway in scenario.pathways.items():
        for stage_name, stage in pathway.stages.items():
            where = f"pathways.{pathway_name}.stages.{stage_name}"
            need("risk tier", stage.risk_at_least, tiers, f"{where}.risk_at_least")
            need("team", stage.team, teams, f"{where}.team")
            for kind in stage.also_from:
                need("team", kind, teams, f"{where}.also_from")
            for role_name in stage.roles:
                need("role", role_name, roles, f"{where}.roles")
            if stage.skill is not None and stage.skill not in skills:
                problems.append(f"{where}.skill: no role has the skill {stage.skill!r}")
            if stage.team in scenario.teams:
                kinds = [k for k in (stage.team, *stage.also_from) if k in scenario.teams]
                able = [
                    name
                    for kind in kinds
                    for name in scenario.teams[kind].posts
                    if name in scenario.roles
                    and scenario.roles[name].holds_cases
                    and (not stage.roles or name in stage.roles)
                    and (stage.skill is None or stage.skill in scenario.roles[name].skills)
                ]
                if not able:
                    problems.append(
                        f"{where}.team: no post in team {stage.team!r} may hold this stage; give "
                        "the team posts of a role that holds cases (and has the skill)"
                    )
    return problems
