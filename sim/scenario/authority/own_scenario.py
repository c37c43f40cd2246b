"""A scenario for an authority: the average one, changed wherever it has figures of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.scenario.authority.areas import Area
from sim.scenario.authority.average import NAME, YEAR, average_authority
from sim.scenario.authority.draft import Draft
from sim.scenario.authority.establishment import Workforce
from sim.scenario.authority.figures import AuthorityFigures, figures_of
from sim.scenario.authority.levels import children_of, level_of
from sim.scenario.authority.origins import Origins
from sim.scenario.authority.own_cases import add_demand, add_pathway, known_cases
from sim.scenario.authority.own_pathway import OwnPathway, own_pathway
from sim.scenario.authority.own_people import (
    add_agency,
    add_leaving_and_sickness,
    add_recruitment,
    add_teams,
    workforce_of,
)
from sim.scenario.authority.table import PublishedFigures
from sim.scenario.loading import scenario_from
from sim.scenario.service import Scenario

LONGEST_NAME = 60


@dataclass(frozen=True)
class OwnScenario:
    """The draft of an authority's scenario, and what it was made from.

    Attributes
    ----------
    draft
        What is otherwise than in the average authority's scenario.
    figures, workforce, cases
        The authority's rates, its people, and the cases that they hold.
    pathway
        How its cases go their way.
    """

    draft: Draft
    figures: AuthorityFigures
    workforce: Workforce
    cases: float
    pathway: OwnPathway

    def scenario(self) -> Scenario:
        """The scenario itself."""
        return scenario_from(self.draft.values())


def own_scenario(table: PublishedFigures, authority: Area, year: int = YEAR) -> OwnScenario:
    """Write the average scenario as that of an authority in a year.

    Parameters
    ----------
    table
        What is published; nothing later than `year` is used.
    authority
        Whose scenario.
    year
        The year whose position at the end of September it is to have.

    Raises
    ------
    InputError
        If nothing is published of the authority up to then.
    """
    average, figures = average_authority(), figures_of(table, authority, year)
    rates = {key: figure.value for key, figure in figures.rates.items()}
    in_post = level_of(table, authority, "in_post_fte", year)
    children = children_of(table, authority, year)
    people = in_post
    if people < 1:  # everybody is agency: what posts there are, filled as usual
        vacant = level_of(table, authority, "vacancy_fte", year)
        people = (people + vacant) * (1 - rates["vacancy"])
    workforce = workforce_of(rates, people)
    known = known_cases(rates, children, workforce)
    pathway = own_pathway(known, average)
    origins = Origins(figures)

    draft = Draft()
    draft.add("based_on", NAME)
    draft.add("name", key_of(authority))
    draft.add("title", f"Children's social work in {authority.name}")
    draft.add("description", f"From what is published up to {year}, with {NAME}.")
    add_teams(draft, workforce, pathway, average, origins)
    add_demand(draft, known, rates["rereferral"], average, origins)
    add_pathway(draft, pathway, average, origins)
    add_recruitment(draft, workforce, rates, average, origins)
    add_leaving_and_sickness(draft, rates, average, origins)
    add_agency(draft, workforce, pathway, rates, average, origins)
    higher = rates["caseload"] / average.rates["caseload"]
    cap = average.scenario.allocation.caseload_cap
    if higher > 1 and cap is not None:
        draft.add("allocation.caseload_cap", cap * higher, "as far above the mean as on average")
    return OwnScenario(draft, figures, workforce, known.cases, pathway)


def scenario_of(table: PublishedFigures, authority: Area, year: int = YEAR) -> Scenario:
    """The scenario of an authority in a year; as `own_scenario`."""
    return own_scenario(table, authority, year).scenario()


def key_of(authority: Area) -> str:
    """The name of an authority's scenario: lower-case letters and underscores."""
    return re.sub(r"[^a-z]+", "_", authority.name.lower()).strip("_")[:LONGEST_NAME]
