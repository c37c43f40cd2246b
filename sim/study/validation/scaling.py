"""The average authority made as large as another: its posts, its agency and its cases."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario.authority.average import WORKING_DAYS_A_YEAR
from sim.scenario.demand import Stream
from sim.scenario.offered_work import arrivals_per_year, flows
from sim.scenario.people import Team
from sim.scenario.service import Scenario

LEAST_HOLDING, MOST_HOLDING = 0.1, 0.95  # of posts: the share that hold cases


@dataclass(frozen=True)
class Start:
    """What is published of an authority at a census: FTE, and cases."""

    in_post: float
    vacant: float
    agency: float
    case_holders: float
    cases: float

    @property
    def posts(self) -> float:
        """The establishment."""
        return self.in_post + self.vacant


@dataclass(frozen=True)
class Scaled:
    """What of a scenario is otherwise in an authority of another size.

    Attributes
    ----------
    teams, demand
        As in the scenario.
    room_for_agency
        FTE that agency may have beside the posts, by kind of team.
    holding_posts
        FTE of posts that hold cases.
    """

    teams: dict[str, Team]
    demand: dict[str, Stream]
    room_for_agency: dict[str, float]
    holding_posts: float


def scaled(base: Scenario, start: Start, holding: float, room_for_agency: float) -> Scaled:
    """Scale posts, room for agency and demand to an authority's position.

    Parameters
    ----------
    base
        The average authority.
    start
        The position.
    holding
        Of those who may hold cases, the share who do at a time.
    room_for_agency
        FTE.
    """
    filled = start.in_post / start.posts
    wanted = (start.case_holders / holding - start.agency) / filled
    with_cases = min(max(wanted, LEAST_HOLDING * start.posts), MOST_HOLDING * start.posts)
    usual = posts_of(base, base.teams, holding_cases=True)
    more = with_cases / usual
    others = (start.posts - with_cases) / posts_of(base, base.teams, holding_cases=False)
    teams = {name: _resized(base, team, more, others) for name, team in base.teams.items()}
    of_kind = {
        name: posts_of(base, {name: team}, holding_cases=True) for name, team in teams.items()
    }
    return Scaled(
        teams,
        _with_cases(base, start.cases),
        {kind: room_for_agency * fte / with_cases for kind, fte in of_kind.items() if fte > 0},
        with_cases,
    )


def posts_of(base: Scenario, teams: dict[str, Team], *, holding_cases: bool) -> float:
    """FTE of posts that hold cases, or of the others."""
    return sum(
        team.number * fte
        for team in teams.values()
        for role, fte in team.posts.items()
        if base.roles[role].holds_cases == holding_cases
    )


def _resized(base: Scenario, team: Team, more: float, others: float) -> Team:
    """So many teams that each is about as large as before, with so many times the posts in all."""
    holds = any(base.roles[role].holds_cases for role in team.posts)
    number = max(1, round(team.number * (more if holds else 1.0)))
    same = team.number / number
    posts = {
        role: fte * same * (more if base.roles[role].holds_cases else others)
        for role, fte in team.posts.items()
    }
    support = team.business_support * same * more
    return team.model_copy(update={"number": number, "posts": posts, "business_support": support})


def _with_cases(base: Scenario, cases: float) -> dict[str, Stream]:
    """Demand that keeps so many cases in stages that somebody holds, by Little's law."""
    held = 0.0
    for stream in base.demand.values():
        pathway = base.pathways[stream.pathway]
        a_day = arrivals_per_year(stream, pathway) / WORKING_DAYS_A_YEAR
        visits = flows(pathway)
        held += a_day * sum(
            visits[name] * stage.duration.expected()
            for name, stage in pathway.stages.items()
            if stage.team is not None
        )
    return {
        name: stream.model_copy(update={"per_week": (stream.per_week or 0.0) * cases / held})
        for name, stream in base.demand.items()
    }
