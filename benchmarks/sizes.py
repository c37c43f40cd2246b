"""The shipped scenario made smaller or larger: the same service with fewer or more teams."""

from __future__ import annotations

from typing import Any

from sim.scenario.service import Scenario

AVERAGE = 237  # FTE in post of the average authority


def scaled(scenario: Scenario, size: int) -> Scenario:
    """Scale teams, posts, demand, agency and intake to so many FTE in post.

    The number of teams is rounded, and the posts of each make up for it: the caseload of a worker
    stays what it is.
    """
    factor = size / AVERAGE
    content: dict[str, Any] = scenario.model_dump()
    for team in content["teams"].values():
        number = max(1, round(team["number"] * factor))
        each = factor * team["number"] / number
        team["number"] = number
        team["posts"] = {role: fte * each for role, fte in team["posts"].items()}
        team["business_support"] *= each
    for stream in content["demand"].values():
        for key in ("per_week", "per_month"):
            if stream[key] is not None:
                value = stream[key]
                stream[key] = value * factor if key == "per_week" else [n * factor for n in value]
    beyond = content["agency"]["beyond_establishment"]
    content["agency"]["beyond_establishment"] = {k: fte * factor for k, fte in beyond.items()}
    recruitment = content["recruitment"]
    recruitment["returners_per_year"] *= factor
    if recruitment["newly_qualified"] is not None:
        recruitment["newly_qualified"]["intake_per_year"] *= factor
    return Scenario.model_validate(content)
