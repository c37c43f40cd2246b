"""Counting the people each evening: posts, those in post, agency, absence, and what they cost."""

from __future__ import annotations

from sim.model.columns import (
    FILLED,
    LEAVE,
    LEFT,
    LONG_SICK,
    NOBODY,
    PARENTAL,
    SHORT_SICK,
    TRAINING,
    Table,
)
from sim.model.compiled import compiled
from sim.model.tallies import (
    AGENCY_FTE_DAYS,
    CASE_HOLDER_FTE_DAYS,
    COST_AGENCY,
    COST_PERMANENT,
    COST_SUPPORT,
    COVERED_FTE_DAYS,
    IN_POST_FTE_DAYS,
    LEAVE_FTE_DAYS,
    NEWLY_QUALIFIED_FTE_DAYS,
    PARENTAL_FTE_DAYS,
    POST_FTE_DAYS,
    SICK_FTE_DAYS,
    STRESS_SICK_FTE_DAYS,
    TRAINING_FTE_DAYS,
    VACANT_FTE_DAYS,
)


@compiled
def count_people(
    day: int, workers: Table, diary: Table, n_workers: int, posts: Table, n_posts: int,
    teams: Table, roles: Table, settings: Table, tally: Table,
) -> None:  # fmt: skip
    """Add a day to what is counted of posts and people, and its cost."""
    s = settings[0]
    for post in range(n_posts):
        team = posts["team"][post]
        tally[team, POST_FTE_DAYS] += posts["fte"][post]
        if posts["status"][post] != FILLED:
            tally[team, VACANT_FTE_DAYS] += posts["fte"][post]
            if posts["cover"][post] != NOBODY:
                tally[team, COVERED_FTE_DAYS] += posts["fte"][post]
    for worker in range(n_workers):
        status = workers["status"][worker]
        if status == LEFT:
            continue
        team = workers["team"][worker]
        role = workers["role"][worker]
        fte = workers["fte"][worker]
        if workers["caseload"][worker] > 0:
            tally[team, CASE_HOLDER_FTE_DAYS] += fte
        if workers["agency"][worker] == 1:
            tally[team, AGENCY_FTE_DAYS] += fte
            tally[team, COST_AGENCY] += fte * s["agency_per_day"]
            continue
        tally[team, IN_POST_FTE_DAYS] += fte
        cost = roles["cost_per_day"][role]
        if roles["holds_cases"][role] == 1:
            cost += s["supplement_per_day"]
        tally[team, COST_PERMANENT] += fte * cost
        if day < workers["newly_qualified_until"][worker]:
            tally[team, NEWLY_QUALIFIED_FTE_DAYS] += fte
        if status in (SHORT_SICK, LONG_SICK):
            tally[team, SICK_FTE_DAYS] += fte
            if workers["stress_related"][worker] == 1:
                tally[team, STRESS_SICK_FTE_DAYS] += fte
        elif status == PARENTAL:
            tally[team, PARENTAL_FTE_DAYS] += fte
        elif diary[worker, day] == LEAVE:
            tally[team, LEAVE_FTE_DAYS] += fte
        elif diary[worker, day] == TRAINING:
            tally[team, TRAINING_FTE_DAYS] += fte
    for team in range(len(teams)):
        tally[team, COST_SUPPORT] += teams["business_support"][team] * s["support_per_day"]
