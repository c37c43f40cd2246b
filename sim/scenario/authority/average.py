"""The average authority that others are written as changes of, and what it stands for.

The shipped scenario was fitted to England's figures of 2025 over the number of authorities. A
figure of a single authority changes it in the proportion in which that figure differs from
England's: what nobody publishes (hours of work, time to hire, what exhaustion does) stays as it was
fitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sim.scenario.authority.areas import areas
from sim.scenario.authority.rates import RATES, history
from sim.scenario.authority.table import published_figures
from sim.scenario.authority.workforce_census import ENGLAND
from sim.scenario.loading import load_scenario
from sim.scenario.offered_work import arrivals_per_year, flows, hours_of
from sim.scenario.pathway import Pathway
from sim.scenario.service import Scenario

NAME = "children_average_england"
YEAR = 2025  # of the figures that it was fitted to
AUTHORITIES = 153
PATHWAY, STREAM = "child", "referrals"
STAGES = f"pathways.{PATHWAY}.stages"
ASSESSMENTS = ("section_47", "conference", "assessment", "assessment_after_section_47")
WORKING_DAYS_A_YEAR = 253


@dataclass(frozen=True)
class Average:
    """The average authority.

    Attributes
    ----------
    scenario
        The shipped scenario.
    rates
        England's rates, by the keys of `RATES`.
    in_post
        FTE in post: England's over the number of authorities.
    flows
        Cases a year that enter each stage.
    """

    scenario: Scenario
    rates: dict[str, float]
    in_post: float
    flows: dict[str, float]

    @property
    def pathway(self) -> Pathway:
        """Its one pathway."""
        return self.scenario.pathways[PATHWAY]

    def days(self, stage: str) -> float:
        """Mean working days in a stage."""
        return self.pathway.stages[stage].duration.expected()

    def hours_a_day(self, stage: str) -> float:
        """Hours of work that a case of a stage asks for on a working day, on average."""
        return sum(hours_of(self.pathway.stages[stage])) / self.days(stage)

    def open_cases(self, stage: str) -> float:
        """Cases that are in a stage at a time, by Little's law."""
        return self.flows[stage] * self.days(stage) / WORKING_DAYS_A_YEAR

    @property
    def hours_asked(self) -> float:
        """Hours of casework that its cases ask for in a year."""
        return WORKING_DAYS_A_YEAR * sum(
            self.open_cases(stage) * self.hours_a_day(stage) for stage in self.flows
        )

    def posts(self, kind: str, *, holding_cases: bool) -> float:
        """FTE of posts that hold cases, or of the others, in all teams of a kind."""
        team, roles = self.scenario.teams[kind], self.scenario.roles
        return team.number * sum(
            fte for role, fte in team.posts.items() if roles[role].holds_cases == holding_cases
        )

    def all_posts(self, *, holding_cases: bool) -> float:
        """The same in all teams."""
        return sum(self.posts(kind, holding_cases=holding_cases) for kind in self.scenario.teams)

    def team_of(self, stage: str) -> str | None:
        """The kind of team that holds a stage."""
        return self.pathway.stages[stage].team


@cache
def average_authority() -> Average:
    """The shipped average authority."""
    scenario, table = load_scenario(NAME), published_figures()
    england = [areas()[ENGLAND]]
    arrivals = arrivals_per_year(scenario.demand[STREAM], scenario.pathways[PATHWAY])
    return Average(
        scenario=scenario,
        rates={
            key: float(history(rate, table, england, [YEAR])[0][0, 0])
            for key, rate in RATES.items()
        },
        in_post=table.value(ENGLAND, YEAR, "in_post_fte") / AUTHORITIES,
        flows={
            stage: arrivals * times for stage, times in flows(scenario.pathways[PATHWAY]).items()
        },
    )
