"""The end of the week: long hours, workload against the line, overload, fairness within teams.

Overload has one definition: weighted workload over deployable capacity above a level, for a number
of weeks running. Someone who is away with cases has no capacity, and is over it.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from sim.model.columns import LEFT, PRESENT, Table
from sim.model.compiled import compiled, compiled_making_tables
from sim.model.tallies import (
    EXHAUSTION,
    FAIR_WEEKS,
    GINI,
    LONG_WEEKS,
    LOW_DIRECT_WEEKS,
    NEWLY_QUALIFIED_OVER_WEEKS,
    NEWLY_QUALIFIED_WEEKS,
    OVER_LINE_WEEKS,
    OVERLOADED_WEEKS,
    RATIO_90_10,
    RATIO_WEEKS,
    VALUE_UNPAID,
    VARIATION,
    VERY_LOW_DIRECT_WEEKS,
    WEEK_HOURS,
    WORKER_WEEKS,
    WORKLOAD_RATIO,
    WORKLOAD_RATIO_WEEKS,
)

LOW_DIRECT, VERY_LOW_DIRECT = 0.20, 0.10  # of hours worked; Murphy et al. 2023 use these bands
HALF_A_WEEK = 0.5  # of a full week's hours: fewer say little about the week
CASELOADS = 100  # cells of the histogram of cases per FTE; the last one holds what is above


@compiled
def weeks_over(
    weeks_before: int, workload: float, capacity: float, level: float, is_away: bool
) -> int:
    """Weeks running above the overload level, this week included; 0 if it is not above."""
    if (is_away and workload > 0) or workload > level * capacity * (1.0 + 1e-12):
        return weeks_before + 1
    return 0


@compiled
def sort_up(values: Table) -> None:
    """Sort a team's values by insertion: numba's own sort takes a second to compile."""
    for i in range(1, len(values)):
        value = values[i]
        place = i
        while place > 0 and values[place - 1] > value:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value


@compiled
def gini(ordered: Table) -> float:
    """Mean absolute difference between all pairs over twice the mean; 0 when all is 0."""
    n = len(ordered)
    total = 0.0
    weighted = 0.0
    for i in range(n):
        total += ordered[i]
        weighted += (2 * (i + 1) - n - 1) * ordered[i]
    if total <= 0:
        return 0.0
    return float(max(weighted / (n * total), 0.0))


@compiled
def variation(values: Table) -> float:
    """Standard deviation over the mean, which is above 0."""
    mean = 0.0
    for value in values:
        mean += value / len(values)
    squares = 0.0
    for value in values:
        squares += (value - mean) ** 2
    return float(sqrt(squares / len(values)) / mean)


@compiled
def percentile(ordered: Table, share: float) -> float:
    """Value at a share of a sorted list, linear between neighbours."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (place - below) * (ordered[above] - ordered[below]))


@compiled_making_tables
def close_the_week(
    day: int, workers: Table, n_workers: int, teams: Table, roles: Table, settings: Table,
    caseloads: Table, tally: Table,
) -> None:  # fmt: skip
    """Sum up the week of each case-holding worker, and the fairness within each team."""
    s = settings[0]
    n_teams = len(teams)
    full_week = 5.0 * s["hours_per_day"]
    members = np.zeros(n_teams + 1, np.int64)
    for worker in range(n_workers):
        if workers["status"][worker] != LEFT and roles["holds_cases"][workers["role"][worker]] == 1:
            members[workers["team"][worker] + 1] += 1
    for team in range(n_teams):
        members[team + 1] += members[team]
    place = members.copy()
    loads = np.zeros(members[n_teams])
    for worker in range(n_workers):
        role = workers["role"][worker]
        if workers["status"][worker] == LEFT or roles["holds_cases"][role] == 0:
            continue
        team = workers["team"][worker]
        fte = workers["fte"][worker]
        workload = workers["workload"][worker]
        capacity = workers["capacity"][worker]
        away = workers["status"][worker] != PRESENT
        load = workload / capacity
        loads[place[team]] = load
        place[team] += 1
        weeks = weeks_over(
            workers["weeks_over"][worker], workload, capacity, s["overload_level"], away
        )
        workers["weeks_over"][worker] = weeks
        tally[team, WORKER_WEEKS] += 1
        tally[team, OVER_LINE_WEEKS] += weeks > 0
        tally[team, OVERLOADED_WEEKS] += weeks >= s["overload_weeks"]
        tally[team, EXHAUSTION] += workers["exhaustion"][worker]
        if not away:
            tally[team, WORKLOAD_RATIO] += load
            tally[team, WORKLOAD_RATIO_WEEKS] += 1
        if day < workers["newly_qualified_until"][worker]:
            tally[team, NEWLY_QUALIFIED_WEEKS] += 1
            tally[team, NEWLY_QUALIFIED_OVER_WEEKS] += workload > s["overload_level"] * capacity
        hours = workers["week_contracted"][worker] + workers["week_overtime"][worker]
        tally[team, WEEK_HOURS] += hours
        tally[team, LONG_WEEKS] += hours > s["long_hours"]
        tally[team, VALUE_UNPAID] += workers["week_overtime"][worker] * s["overtime_value"]
        if workers["week_contracted"][worker] >= HALF_A_WEEK * full_week * fte:
            share = workers["week_direct"][worker] / hours
            tally[team, LOW_DIRECT_WEEKS] += share < LOW_DIRECT
            tally[team, VERY_LOW_DIRECT_WEEKS] += share < VERY_LOW_DIRECT
        if workers["caseload"][worker] > 0:
            cell = int(workers["caseload"][worker] / fte + 0.5)
            caseloads[min(cell, CASELOADS - 1)] += fte
    for team in range(n_teams):
        ordered = loads[members[team] : members[team + 1]]
        sort_up(ordered)
        if len(ordered) < 2 or ordered[len(ordered) - 1] <= 0:
            continue
        tally[team, FAIR_WEEKS] += 1
        tally[team, GINI] += gini(ordered)
        tally[team, VARIATION] += variation(ordered)
        low = percentile(ordered, 0.1)
        if low > 0:
            tally[team, RATIO_90_10] += percentile(ordered, 0.9) / low
            tally[team, RATIO_WEEKS] += 1


@compiled
def begin_the_week(workers: Table, n_workers: int) -> None:
    """Set the week's sums of hours to zero."""
    for worker in range(n_workers):
        workers["week_contracted"][worker] = 0.0
        workers["week_overtime"][worker] = 0.0
        workers["week_protected"][worker] = 0.0
        workers["week_direct"][worker] = 0.0
        workers["week_admin"][worker] = 0.0
        workers["week_idle"][worker] = 0.0
