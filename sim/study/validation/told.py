"""What a simulated service is told of England's years from 2020 to 2025: leaving, hiring and posts.

All of it is published, and none of it is something that one service decides: in 2022 more people
left everywhere, fewer were hired for each vacancy everywhere, and all the while councils created
posts, most of them for people who hold no cases. What vacancies, agency and caseloads make of it is
left to the simulation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sim.model.plan_columns import MONTHS_A_YEAR
from sim.scenario.authority.average import YEAR
from sim.scenario.authority.table import PublishedFigures
from sim.scenario.authority.workforce_census import ENGLAND
from sim.scenario.evidence import facts
from sim.scenario.policy import Policy
from sim.scenario.service import Scenario
from sim.study.validation.scaling import posts_of

BEFORE = 2020  # the census before the shock
YEARS = (2021, 2022, 2023, 2024, 2025)
LEAVING, HIRING, POSTS = "leaving", "hiring", "posts"
ALL = (LEAVING, HIRING, POSTS)
WITH_CASES = ("csww_role_case_holder_fte", "csww_role_senior_practitioner_fte")
ROLES_KNOWN = (2019, 2023)  # from 2024 on roles are counted in another way


def years_told(scenario: Scenario, table: PublishedFigures, what: Sequence[str] = ALL) -> Policy:
    """Tell a scenario of the published years, as levers from its first day on.

    Parameters
    ----------
    scenario
        The average authority; its first day is the one after a census.
    table
        Published figures.
    what
        Which of `ALL` it is told; of the rest nothing changes.
    """
    levers: list[dict[str, Any]] = []
    if LEAVING in what:
        levers += [
            {"lever": "leaving_rate", "factor": step, "start_after_months": months}
            for months, step in _by_year(_steps(leaving(table)))
        ]
    if HIRING in what:
        levers += _hiring(scenario, hiring(table))
    if POSTS in what:
        levers += _new_posts(scenario, posts(table), created_with_cases(table))
    label = f"told of {', '.join(what)}"
    return Policy.model_validate({"name": "told", "label": label, "levers": levers})


def leaving(table: PublishedFigures) -> list[float]:
    """How many times as readily people leave in each year as in the average authority.

    As many points of turnover more as in England since 2020, whose turnover was higher to begin
    with than the one that the average authority has.
    """
    usual = table.value(ENGLAND, YEAR, "turnover_rate")
    before = table.value(ENGLAND, BEFORE, "turnover_rate")
    return [
        (usual + table.value(ENGLAND, year, "turnover_rate") - before) / usual for year in YEARS
    ]


def hiring(table: PublishedFigures) -> list[float]:
    """How many times as many are hired for each vacancy as would make up for those who left.

    England hired more than that before 2020, to fill the posts that it created. The average
    authority, which creates none, is in balance: this is what it has to be multiplied by.
    """
    vacant = {year: table.value(ENGLAND, year, "vacancy_fte") for year in (BEFORE, *YEARS)}
    balance = table.value(ENGLAND, BEFORE, "leavers_fte") / vacant[BEFORE]
    return [
        table.value(ENGLAND, year, "starters_fte")
        / ((vacant[year - 1] + vacant[year]) / 2)
        / balance
        for year in YEARS
    ]


def posts(table: PublishedFigures) -> list[float]:
    """Posts created in each year, as a share of those of 2020."""
    there = [
        table.value(ENGLAND, year, "in_post_fte") + table.value(ENGLAND, year, "vacancy_fte")
        for year in (BEFORE, *YEARS)
    ]
    return [float(more) for more in np.diff(there) / there[0]]


def created_with_cases(table: PublishedFigures) -> float:
    """Of the posts that were created, the share for people who hold cases.

    Known of people in post only: of all that came to be in post, those in roles with cases.
    """
    known = {fact.key: float(fact.value) for fact in facts() if fact.key.startswith(WITH_CASES)}
    first, last = ROLES_KNOWN
    more = sum(known[f"{role}_{last}"] - known[f"{role}_{first}"] for role in WITH_CASES)
    in_post = [table.value(ENGLAND, year, "in_post_fte") for year in ROLES_KNOWN]
    return more / float(in_post[1] - in_post[0])


def _hiring(scenario: Scenario, times: Sequence[float]) -> Iterator[dict[str, Any]]:
    """Searches succeed, and the newly qualified come, so many times as often."""
    for months, step in _by_year(_steps(times)):
        yield {"lever": "time_to_hire", "success_factor": step, "start_after_months": months}
    scheme = scenario.recruitment.newly_qualified
    if scheme is not None:
        for months, factor in _by_year(times):
            number = factor * scheme.intake_per_year
            yield {"lever": "intake", "per_year": number, "start_after_months": months}


def _new_posts(
    scenario: Scenario, shares: Sequence[float], with_cases: float
) -> Iterator[dict[str, Any]]:
    """Create posts evenly over each year: a share of them with cases, in proportion."""
    holding, others = (
        posts_of(scenario, scenario.teams, holding_cases=holds) for holds in (True, False)
    )
    for months, share in _by_year(shares):
        created = share * (holding + others)
        each = {True: created * with_cases / holding, False: created * (1 - with_cases) / others}
        for name, team in scenario.teams.items():
            for role, fte in team.posts.items():
                more = each[scenario.roles[role].holds_cases] * team.number * fte
                yield {
                    "lever": "posts", "team": name, "role": role, "fte": more,
                    "start_after_months": months, "ramp_months": MONTHS_A_YEAR,
                }  # fmt: skip


def _by_year(values: Sequence[float]) -> list[tuple[float, float]]:
    """Each year's value with the months after which it begins."""
    return [(float(MONTHS_A_YEAR * number), value) for number, value in enumerate(values)]


def _steps(times: Sequence[float]) -> list[float]:
    """From how many times as before in each year to the step from one year to the next."""
    return [float(step) for step in np.divide(times, (1.0, *times[:-1]))]
