"""The allocation meeting as a process: each morning, after the doors have opened.

The compiled meeting serves the built-in rules. `optimal` and a researcher's own rules hold the same
meeting here, in Python: the same order of cases, the same eligibility, the same duty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.allocation import LOG, OWN_RULE, give, has_room, hold_meeting, is_in, may_hold
from sim.model.allocation_rules import (
    OPTIMAL,
    AllocationRule,
    Eligible,
    LowestWorkload,
    WaitingCase,
)
from sim.model.columns import LEFT, NOBODY, WAITING
from sim.model.moving_on import end_stages, let_go_before_the_meeting, refuse_newcomers
from sim.model.waiting_list import leave_waiting_list

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

MEETING_TIME = 0.1  # of the working day
CONTINUITY_WORTH = 0.5  # of a capacity: what knowing the case is worth in the optimal assignment
OUT_OF_THE_QUESTION = 1e6


def allocation_meetings(world: World) -> Process:
    """Each morning, once ended cases have left their workers, hold the meeting of every team."""
    from sim.model.shared_meeting import hold_shared_meeting

    yield world.env.timeout(MEETING_TIME)
    cases, streams = world.cases, world.plan.streams
    lists_are_limited = bool((streams["waiting_limit"] >= 0).any())
    while True:
        if world.anyone_gives_up:
            let_go_before_the_meeting(world)
        end_stages(world)
        rule_number = int(world.plan.settings["rule"][0])
        if world.anything_is_shared:
            hold_shared_meeting(world)
        if world.own_rule is not None:
            hold_meeting_in_python(world, world.own_rule)
        elif rule_number == OPTIMAL:
            hold_optimal_meeting(world)
        else:
            _hold_compiled_meeting(world, rule_number)
        if lists_are_limited:
            world.each_day(refuse_newcomers)(
                world.day, cases.table, cases.open_rows, cases.counts, streams, world.tally
            )
        yield world.env.timeout(1)


def _hold_compiled_meeting(world: World, rule: int) -> None:
    cases, workers, plan = world.cases, world.workers, world.plan
    if world.keep_log:
        waiting = int((cases["status"] == WAITING).sum())
        world.log = np.zeros(max(waiting, 1), LOG)
    world.order, logged = world.each_day(hold_meeting)(
        world.day, rule, world.order, cases.table, cases.due, cases.left, cases.done,
        workers.table, workers.diary, workers.n, plan.roles, plan.tiers, plan.stages, plan.items,
        plan.settings, world.heads, world.tails, world.waits, world.tally, world.log,
        world.keep_log, plan.distributions, world.seed, world.chances.families,
    )  # fmt: skip
    if world.keep_log:
        world.logged.append(world.log[:logged])


def waiting_rows(world: World, team: int, tier: int) -> list[int]:
    """Rows of the cases that wait in a team's list for a tier, in order."""
    rows, row = [], int(world.heads[team, tier])
    while row >= 0:
        if world.cases.table["status"][row] == WAITING:
            rows.append(row)
        row = int(world.cases.table["waiting_next"][row])
    return rows


def workers_in(world: World, team: int) -> list[int]:
    """Rows of the team's case-holding workers who are in today."""
    plan, workers = world.plan, world.workers
    return [
        worker
        for worker in np.flatnonzero(workers["team"] == team).tolist()
        if is_in(worker, world.day, workers.table, workers.diary, plan.roles)
    ]


def with_room(world: World, present: list[int]) -> list[int]:
    """Those of the present who are below the caps."""
    plan, workers = world.plan, world.workers
    return [
        worker
        for worker in present
        if has_room(worker, world.day, workers.table, plan.roles, plan.settings)
    ]


def eligible_workers(world: World, row: int, workers: list[int]) -> list[int]:
    """Those of some workers whose role and skills let them hold a case."""
    plan, table = world.plan, world.workers.table
    stage = int(world.cases.table["stage"][row])
    return [worker for worker in workers if may_hold(worker, stage, table, plan.roles, plan.stages)]


def hold_meeting_in_python(world: World, rule: AllocationRule) -> None:
    """Hold the meeting of every team under a rule that is a Python object."""
    teams, tiers = world.heads.shape
    for team in range(teams):
        present = workers_in(world, team)
        room = with_room(world, present)
        for tier in range(tiers):
            duty = bool(world.plan.tiers["duty"][tier])
            able = present if duty else room
            for row in waiting_rows(world, team, tier) if able else ():
                if not able:
                    break
                eligible = eligible_workers(world, row, able)
                if not eligible:
                    continue
                chooser = LowestWorkload() if duty else rule
                place = chooser.choose(waiting_case(world, row), columns_of(world, eligible))
                if not 0 <= place < len(eligible):
                    raise ValueError(
                        f"allocation rule {rule.name!r} chose place {place} of {len(eligible)} "
                        "eligible workers; choose must give 0 or more and less than their number"
                    )
                chosen = eligible[place]
                allocate(world, row, chosen, len(present), len(eligible), by_duty=duty)
                if chosen in room and not with_room(world, [chosen]):
                    room.remove(chosen)


def hold_optimal_meeting(world: World) -> None:
    """Assign all of a team's waiting cases at once, one to a worker, again until none fits.

    The cost of a pair is the worker's load with the case, less what continuity is worth; the
    assignment with the least total cost is found by `scipy.optimize.linear_sum_assignment`.
    """
    from scipy.optimize import linear_sum_assignment  # 30 MB that no other rule needs

    teams, tiers = world.heads.shape
    for team in range(teams):
        present = workers_in(world, team)
        while present:
            options = _next_to_assign(world, team, present, tiers)
            if not options:
                break
            rows = list(options)
            cost = np.full((len(rows), len(present)), OUT_OF_THE_QUESTION)
            for i, row in enumerate(rows):
                case, columns = waiting_case(world, row), columns_of(world, options[row])
                load = (columns.workload + case.weight) / columns.capacity
                load = load - CONTINUITY_WORTH * (columns.worker == case.former_worker)
                for worker, value in zip(options[row], load, strict=True):
                    cost[i, present.index(worker)] = value
            for i, j in zip(*linear_sum_assignment(cost), strict=True):
                if cost[i, j] < OUT_OF_THE_QUESTION:
                    duty = bool(world.plan.tiers["duty"][world.cases.table["tier"][rows[i]]])
                    allocate(
                        world,
                        rows[i],
                        present[j],
                        len(present),
                        len(options[rows[i]]),
                        by_duty=duty,
                    )


def _next_to_assign(
    world: World, team: int, present: list[int], tiers: int
) -> dict[int, list[int]]:
    """At most as many cases as workers, the highest risk first, each with its eligible workers."""
    room = with_room(world, present)
    options: dict[int, list[int]] = {}
    for tier in range(tiers):
        able = present if world.plan.tiers["duty"][tier] else room
        for row in waiting_rows(world, team, tier) if able else ():
            eligible = eligible_workers(world, row, able)
            if eligible:
                options[row] = eligible
            if len(options) == len(present):
                return options
    return options


def allocate(
    world: World, row: int, worker: int, present: int, eligible: int, *, by_duty: bool
) -> None:
    """Take a case from its waiting list, give it to a worker, and log why."""
    cases, workers, plan = world.cases, world.workers, world.plan
    team, tier = int(cases.table["team"][row]), int(cases.table["tier"][row])
    if world.keep_log:
        entry = np.zeros(1, LOG)
        held = (workers["team"] == team) & (workers["status"] != LEFT)
        for name, value in (
            ("day", world.day),
            ("rule", OWN_RULE if world.own_rule else world.plan.settings["rule"][0]),
            ("case", cases.table["key"][row]),
            ("worker", worker),
            ("team", team),
            ("tier", tier),
            ("stage", cases.table["stage"][row]),
            ("waited", world.day - cases.table["waiting_since"][row]),
            ("in_team", int((held & (plan.roles["holds_cases"][workers["role"]] == 1)).sum())),
            ("present", present),
            ("eligible", eligible),
            ("by_duty", by_duty),
            ("caseload", workers.table["caseload"][worker]),
            ("load", workers.table["workload"][worker] / workers.table["capacity"][worker]),
        ):
            entry[name] = value
        world.logged.append(entry)
    before, other = NOBODY, int(world.heads[team, tier])
    while other != row:
        before, other = other, int(cases.table["waiting_next"][other])
    leave_waiting_list(row, before, cases.table, world.heads, world.tails)
    world.order += 1
    give(
        row, worker, world.day, world.order, cases.table, cases.due, cases.left, cases.done,
        workers.table, plan.tiers, plan.stages, plan.items, plan.settings, world.waits,
        world.tally, plan.distributions, world.seed, world.chances.families,
    )  # fmt: skip


def waiting_case(world: World, row: int) -> WaitingCase:
    """What a rule may know of a case."""
    case, stages = world.cases.table[row], world.plan.stages
    return WaitingCase(
        tier=int(case["tier"]),
        high_risk=bool(world.plan.tiers["high_risk"][case["tier"]]),
        weight=float(stages["weight"][case["stage"]] * case["complexity"]),
        waited_days=world.day - int(case["waiting_since"]),
        former_worker=int(case["former_worker"]),
    )


def columns_of(world: World, rows: list[int]) -> Eligible:
    """What a rule may know of some workers."""
    table = world.workers.table[rows]
    return Eligible(
        worker=np.array(rows, np.int64),
        given=table["given"],
        caseload=table["caseload"],
        workload=table["workload"],
        capacity=table["capacity"],
        newly_qualified=table["newly_qualified_until"] > world.day,
        exhaustion=table["exhaustion"],
        tenure_days=world.day - table["started"],
    )
