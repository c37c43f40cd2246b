"""The allocation meeting: each morning, waiting cases meet the workers who have room for them.

Cases are taken by risk tier and, within a tier, in the order in which they came. A worker is
eligible who is in today, is not leaving, may hold the stage (role and skill), and is below the caps
on the number of cases and on weighted workload. The highest tier goes to duty: allocated at once,
whatever the caps. What finds nobody waits, and is counted.
"""

from __future__ import annotations

import numpy as np

from sim.model.allocation_rules import EXPERIENCED_PENALTY, NOVICE_PENALTY
from sim.model.columns import LEFT, NEVER, NOBODY, PRESENT, WAITING, WORKING, Table
from sim.model.compiled import compiled, compiled_making_tables
from sim.model.pathways import HANDOVER_DUE_DAYS, begin_work, suits, take_up
from sim.model.tallies import (
    ALLOCATION_WAIT_DAYS,
    ALLOCATIONS,
    HIGH_RISK_ALLOCATIONS,
    HIGH_RISK_IN_ONE_DAY,
    REALLOCATIONS,
)
from sim.model.waiting_list import leave_waiting_list

ROUND_ROBIN, FEWEST_CASES, LOWEST_WORKLOAD, SKILL_MATCHED, CONTINUITY = range(5)
# What the allocation log keeps of each allocation; `why` in allocation_rules puts it into words.
LOG = np.dtype(
    [
        (name, np.int64)
        for name in (
            "day", "rule", "case", "worker", "team", "tier", "stage", "waited", "in_team",
            "present", "eligible", "by_duty", "caseload",
        )
    ]
    + [("load", np.float64)]
)  # fmt: skip
OWN_RULE = -1  # in the log: a rule that was passed to `simulate`
LONGEST_WAIT = 399  # the last cell of the histogram of waits


@compiled
def is_in(worker: int, day: int, workers: Table, diary: Table, roles: Table) -> bool:
    """Whether a worker who holds cases is at work today and can be given more."""
    return bool(
        workers["status"][worker] == PRESENT
        and workers["on_notice"][worker] == 0
        and diary[worker, day] == WORKING
        and roles["holds_cases"][workers["role"][worker]] == 1
    )


@compiled
def has_room(worker: int, day: int, workers: Table, roles: Table, settings: Table) -> bool:
    """Whether a worker is below the caps, and so can be given one more case."""
    s = settings[0]
    share = roles["caseload_share"][workers["role"][worker]]
    if day < workers["newly_qualified_until"][worker]:
        share *= s["nq_caseload_share"]
    if workers["caseload"][worker] + 1 > s["caseload_cap"] * share * workers["fte"][worker] + 1e-9:
        return False
    return bool(workers["workload"][worker] < s["workload_cap"] * workers["capacity"][worker])


@compiled
def may_hold(worker: int, stage: int, workers: Table, roles: Table, stages: Table) -> bool:
    """Whether a worker's role and skills let them hold a stage at all."""
    return bool(
        roles["holds_cases"][workers["role"][worker]] == 1 and suits(worker, stage, workers, stages)
    )


@compiled
def score(
    rule: int, row: int, weight: float, high_risk: bool, worker: int, day: int, cases: Table,
    workers: Table,
) -> float:  # fmt: skip
    """Compiled twins of `sim.model.allocation_rules`: the lowest score gets the case."""
    if rule == ROUND_ROBIN:
        return float(workers["given"][worker])
    if rule == FEWEST_CASES:
        return float(workers["caseload"][worker])
    load = (workers["workload"][worker] + weight) / workers["capacity"][worker]
    if rule == SKILL_MATCHED:
        if day < workers["newly_qualified_until"][worker]:
            return float(load + (NOVICE_PENALTY if high_risk else 0.0))
        return float(load + (0.0 if high_risk else EXPERIENCED_PENALTY))
    if rule == CONTINUITY and cases["former_worker"][row] == worker:
        return -1.0
    return float(load)


@compiled
def give(
    row: int, worker: int, day: int, order: int, cases: Table, due: Table, left: Table,
    done: Table, workers: Table, tiers: Table, stages: Table, items: Table, settings: Table,
    waits: Table, tally: Table, distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Give a waiting case to a worker: the caseload, the work, and what is counted."""
    team = cases["team"][row]
    tier = cases["tier"][row]
    waited = day - cases["waiting_since"][row]
    first_time = cases["allocated"][row] == -NEVER
    if first_time:
        tally[team, ALLOCATIONS] += 1
        tally[team, ALLOCATION_WAIT_DAYS] += waited
        waits[tier, min(waited, LONGEST_WAIT)] += 1
        if tiers["high_risk"][tier] == 1:
            tally[team, HIGH_RISK_ALLOCATIONS] += 1
            if waited <= 1:
                tally[team, HIGH_RISK_IN_ONE_DAY] += 1
    else:
        tally[team, REALLOCATIONS] += 1
    is_new_to_case = worker != cases["former_worker"][row]
    take_up(row, worker, day, cases, workers, stages)
    workers["given"][worker] = order
    if first_time:
        caseload = workers["caseload"][worker] / workers["fte"][worker]
        begin_work(
            row, day, caseload, cases, due, left, done, stages, items, distributions, seed,
            replication,
        )  # fmt: skip
        left[row, 0] = 0.0
    if is_new_to_case and cases["former_worker"][row] >= 0:
        cases["worker_changed_before"][row] = cases["worker_changed"][row]
        cases["worker_changed"][row] = day
        left[row, 0] = settings[0]["handover_hours"]
        due[row, 0] = day + HANDOVER_DUE_DAYS


@compiled
def allocate_all(
    day: int, rule: int, order: int, cases: Table, due: Table, left: Table, done: Table,
    workers: Table, roles: Table, tiers: Table, stages: Table, items: Table, settings: Table,
    heads: Table, tails: Table, waits: Table, tally: Table, log: Table, keep_log: bool,
    distributions: Table, seed: int, replication: int, in_team: Table, first: Table,
    by_team: Table,
) -> tuple[int, int]:  # fmt: skip
    """Go through the waiting lists, the highest risk first; give what `hold_meeting` gives."""
    logged = 0
    n_teams, n_tiers = heads.shape
    for team in range(n_teams):
        start, end = first[team], first[team + 1]
        for tier in range(n_tiers):
            if start == end:
                break  # nobody is in: everything waits
            duty = tiers["duty"][tier] == 1
            before = NOBODY
            row = heads[team, tier]
            while row >= 0:
                following = cases["waiting_next"][row]
                if cases["status"][row] != WAITING:  # withdrawn meanwhile
                    leave_waiting_list(row, before, cases, heads, tails)
                    row = following
                    continue
                stage = cases["stage"][row]
                weight = stages["weight"][stage] * cases["complexity"][row]
                high_risk = tiers["high_risk"][tier] == 1
                chosen = NOBODY
                best = 0.0
                eligible = 0
                anyone_has_room = False
                for place_in_team in range(start, end):
                    worker = by_team[place_in_team]
                    fits = duty or has_room(worker, day, workers, roles, settings)
                    anyone_has_room = anyone_has_room or fits
                    if not fits or not may_hold(worker, stage, workers, roles, stages):
                        continue
                    eligible += 1
                    value = score(
                        LOWEST_WORKLOAD if duty else rule, row, weight, high_risk, worker, day,
                        cases, workers,
                    )  # fmt: skip
                    if chosen == NOBODY or value < best:
                        chosen = worker
                        best = value
                if chosen >= 0:
                    if keep_log and logged < len(log):
                        entry = log[logged]
                        entry["day"] = day
                        entry["rule"] = rule
                        entry["case"] = cases["key"][row]
                        entry["worker"] = chosen
                        entry["team"] = team
                        entry["tier"] = tier
                        entry["stage"] = stage
                        entry["waited"] = day - cases["waiting_since"][row]
                        entry["in_team"] = in_team[team]
                        entry["present"] = end - start
                        entry["eligible"] = eligible
                        entry["by_duty"] = duty
                        entry["caseload"] = workers["caseload"][chosen]
                        entry["load"] = workers["workload"][chosen] / workers["capacity"][chosen]
                        logged += 1
                    leave_waiting_list(row, before, cases, heads, tails)
                    order += 1
                    give(
                        row, chosen, day, order, cases, due, left, done, workers, tiers, stages,
                        items, settings, waits, tally, distributions, seed, replication,
                    )  # fmt: skip
                else:
                    before = row
                    if not anyone_has_room:
                        break
                row = following
    return order, logged


@compiled_making_tables
def hold_meeting(
    day: int, rule: int, order: int, cases: Table, due: Table, left: Table, done: Table,
    workers: Table, diary: Table, n_workers: int, roles: Table, tiers: Table, stages: Table,
    items: Table, settings: Table, heads: Table, tails: Table, waits: Table, tally: Table,
    log: Table, keep_log: bool, distributions: Table, seed: int, replication: int,
) -> tuple[int, int]:  # fmt: skip
    """Hold the morning's meetings of all teams under one of the compiled rules.

    Returns
    -------
    order
        The running number of allocations, for round robin.
    logged
        Entries written to `log`.
    """
    n_teams = len(heads)
    # Who is in today, team by team, in the order of the rows.
    size = max(n_workers, 1)
    by_team = np.empty(size, np.int64)
    first = np.zeros(n_teams + 1, np.int64)
    in_team = np.zeros(n_teams, np.int64)
    for worker in range(n_workers):
        person = workers[worker]
        if person["status"] != LEFT:
            in_team[person["team"]] += roles[person["role"]]["holds_cases"]
            if is_in(worker, day, workers, diary, roles):
                first[person["team"] + 1] += 1
    for team in range(n_teams):
        first[team + 1] += first[team]
    place = first[:-1].copy()
    for worker in range(n_workers):
        if is_in(worker, day, workers, diary, roles):
            team = workers[worker]["team"]
            by_team[place[team]] = worker
            place[team] += 1
    return allocate_all(
        day, rule, order, cases, due, left, done, workers, roles, tiers, stages, items, settings,
        heads, tails, waits, tally, log, keep_log, distributions, seed, replication, in_team,
        first, by_team,
    )  # fmt: skip
