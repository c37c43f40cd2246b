"""What a newcomer to a team takes over from colleagues, beside what is new.

When somebody leaves, colleagues take up their cases; whoever fills the post then, or covers it,
takes over part of the load again, so that one departure is more than one change of worker for a
family. So does whoever comes back to an empty desk after a long absence. The most loaded hand over
first, and each the case that they have had for the shortest time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.allocation import give, may_hold
from sim.model.columns import HELD, LEFT, NOBODY, OPEN, PRESENT, Table
from sim.model.compiled import compiled
from sim.model.pathways import put_down

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

SETTLED_IN_DAYS = 5  # of work, until a newcomer takes over cases


@compiled
def carries_cases_for(team: int, worker: int, workers: Table, roles: Table) -> bool:
    """Whether a worker is of a team, holds cases, and is not away."""
    return bool(
        workers["team"][worker] == team
        and workers["status"][worker] == PRESENT
        and roles["holds_cases"][workers["role"][worker]] == 1
    )


@compiled
def team_load(team: int, workers: Table, n_workers: int, roles: Table) -> float:
    """The weighted workload of a team's case-holding workers over their deployable hours."""
    workload = 0.0
    capacity = 0.0
    for worker in range(n_workers):
        if carries_cases_for(team, worker, workers, roles):
            workload += workers["workload"][worker]
            capacity += workers["capacity"][worker]
    return workload / capacity if capacity > 0 else 0.0


@compiled
def most_loaded(newcomer: int, workers: Table, n_workers: int) -> int:
    """The colleague in the newcomer's team with the most work for their hours, or NOBODY."""
    chosen = NOBODY
    most = 0.0
    for worker in range(n_workers):
        if worker == newcomer or workers["team"][worker] != workers["team"][newcomer]:
            continue
        load = workers["workload"][worker] / workers["capacity"][worker]
        if workers["status"][worker] != LEFT and load > most:
            chosen = worker
            most = load
    return chosen


@compiled
def later_case(
    first: int, second: int, newcomer: int, cases: Table, workers: Table, roles: Table,
    stages: Table,
) -> int:  # fmt: skip
    """Give the second of two cases if it came to its worker later and the newcomer may hold it."""
    since = max(cases["allocated"][second], cases["worker_changed"][second])
    if first != NOBODY and since <= max(cases["allocated"][first], cases["worker_changed"][first]):
        return first
    if may_hold(newcomer, cases["stage"][second], workers, roles, stages):
        return second
    return first


@compiled
def latest_case(
    colleague: int, newcomer: int, cases: Table, in_hand: Table, open_rows: Table, counts: Table,
    workers: Table, roles: Table, stages: Table,
) -> int:  # fmt: skip
    """Give the case that came to a colleague last, of those that the newcomer may hold, or NOBODY.

    Most cases of a colleague stand side by side since the last casework. All open cases are gone
    through only if some came since.
    """
    chosen = NOBODY
    missing = workers["caseload"][colleague]
    first = workers["first_in_hand"][colleague]
    for place in range(first, first + workers["in_hand"][colleague]):
        row = in_hand[place]
        if cases["status"][row] == HELD and cases["worker"][row] == colleague:
            missing -= 1
            chosen = later_case(chosen, row, newcomer, cases, workers, roles, stages)
    if missing == 0:
        return chosen
    chosen = NOBODY  # begun anew: of those of one day the first of all open cases is chosen
    for i in range(counts[OPEN]):
        row = open_rows[i]
        if cases["status"][row] == HELD and cases["worker"][row] == colleague:
            chosen = later_case(chosen, row, newcomer, cases, workers, roles, stages)
    return chosen


@compiled
def take_over(
    newcomer: int, share: float, day: int, order: int, cases: Table, due: Table, left: Table,
    done: Table, in_hand: Table, open_rows: Table, counts: Table, workers: Table, n_workers: int,
    roles: Table, tiers: Table, stages: Table, items: Table, settings: Table, waits: Table,
    tally: Table, distributions: Table, seed: int, replication: int,
) -> int:  # fmt: skip
    """Give a newcomer cases of colleagues, up to a share of the team's load; count allocations."""
    upto = share * team_load(workers["team"][newcomer], workers, n_workers, roles)
    while workers["workload"][newcomer] < upto * workers["capacity"][newcomer]:
        colleague = most_loaded(newcomer, workers, n_workers)
        if colleague == NOBODY:
            break
        chosen = latest_case(
            colleague, newcomer, cases, in_hand, open_rows, counts, workers, roles, stages
        )
        if chosen == NOBODY:
            break
        put_down(chosen, cases, workers, stages)
        order += 1
        give(
            chosen, newcomer, day, order, cases, due, left, done, workers, tiers, stages, items,
            settings, waits, tally, distributions, seed, replication,
        )  # fmt: skip
    return order


def settling_in(world: World, newcomer: int) -> Process:
    """Let a newcomer settle in, and then take over what is their share of the team's cases."""
    workers, cases, plan = world.workers, world.cases, world.plan
    if plan.roles["holds_cases"][workers["role"][newcomer]] == 0:
        return
    share = plan.newcomers_take_over[world.teams["kind"][workers["team"][newcomer]]]
    if share == 0:
        return
    yield world.in_days(SETTLED_IN_DAYS)
    if workers["status"][newcomer] != PRESENT:
        return
    world.order = world.each_day(take_over)(
        newcomer, share, world.day, world.order, cases.table, cases.due, cases.left, cases.done,
        cases.in_hand, cases.open_rows, cases.counts, workers.table, workers.n, plan.roles,
        plan.tiers, plan.stages, plan.items, plan.settings, world.waits, world.tally,
        plan.distributions, world.seed, world.chances.families,
    )  # fmt: skip
