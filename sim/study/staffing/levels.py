"""The same service with more or fewer posts, business support, another cap or time to hire.

The scenario itself is changed, so that it holds from the first morning of the warm-up on: the
question is how a service would be that *has* these people, or this cap, not how to get there.
"""

from __future__ import annotations

from typing import Any

from sim.scenario.distributions import Distribution
from sim.scenario.service import Scenario

IN_UNITS_OF_TIME = ("value", "mean", "minimum", "maximum", "low", "mode", "high", "edges")


def posts_of(scenario: Scenario, role: str, team: str | None = None) -> float:
    """Add up the established posts of a role, in FTE, over all teams or those of one kind."""
    return sum(
        each.number * each.posts.get(role, 0.0)
        for name, each in scenario.teams.items()
        if team in (None, name)
    )


def support_of(scenario: Scenario, team: str | None = None) -> float:
    """Add up business support, in FTE, over all teams or those of one kind."""
    return sum(
        each.number * each.business_support
        for name, each in scenario.teams.items()
        if team in (None, name)
    )


def with_posts(scenario: Scenario, role: str, team: str | None, total: float) -> Scenario:
    """Give each team posts of the role in proportion to those that it has."""
    factor = total / posts_of(scenario, role, team)
    teams = {
        name: each.model_copy(
            update={"posts": {**each.posts, role: round(each.posts[role] * factor, 6)}}
        )
        if team in (None, name) and role in each.posts
        else each
        for name, each in scenario.teams.items()
    }
    return scenario.model_copy(update={"teams": teams})


def with_support(scenario: Scenario, team: str | None, total: float) -> Scenario:
    """Give each team business support in proportion to what it has; where none has any, alike."""
    present = support_of(scenario, team)
    kinds = [name for name in scenario.teams if team in (None, name)]
    number = sum(scenario.teams[name].number for name in kinds)
    teams: dict[str, Any] = dict(scenario.teams)
    for name in kinds:
        own = teams[name].business_support
        support = own * total / present if present > 0 else total / number
        teams[name] = teams[name].model_copy(update={"business_support": support})
    return scenario.model_copy(update={"teams": teams})


def with_cap(scenario: Scenario, cases: float) -> Scenario:
    """Allocate nothing above so many cases per full-time worker."""
    allocation = scenario.allocation.model_copy(update={"caseload_cap": cases})
    return scenario.model_copy(update={"allocation": allocation})


def with_time_to_hire(scenario: Scenario, factor: float) -> Scenario:
    """Make each round of recruitment so many times as long, as if it had long been so.

    Vacancies on the first day follow: in a service whose posts fall vacant at one rate and are
    filled after a time T on average, the odds of finding one vacant are proportional to T.
    """
    terms = scenario.recruitment
    rounds = terms.round_days.expected() / terms.success_per_round
    days = terms.approval_days.expected() + rounds
    longer = (days + (factor - 1) * rounds) / days if days > 0 else 1.0
    vacant = terms.vacant_on_first_day
    changed = terms.model_copy(
        update={
            "round_days": _scaled(terms.round_days, factor),
            "vacant_on_first_day": longer * vacant / (1 - vacant + longer * vacant),
        }
    )
    return scenario.model_copy(update={"recruitment": changed})


def _scaled(duration: Distribution, factor: float) -> Distribution:
    """Make a duration so many times as long, its shape kept."""
    update = {}
    for field in IN_UNITS_OF_TIME:
        value = getattr(duration, field, None)
        if isinstance(value, tuple):
            update[field] = tuple(factor * each for each in value)
        elif value is not None:
            update[field] = factor * value
    return duration.model_copy(update=update)
