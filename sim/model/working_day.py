"""The working day: what a service's workers do with their hours, worker by worker.

For each worker who is in: first the time that is spoken for (team time, protected time of the newly
qualified, supervision, professional development), then the due work of their cases in order, until
the hours are used up; then overtime, for work that is due, within what the worker gives, and in an
emergency beyond that. What is left becomes overdue. Business support takes over a share of the
admin while it has hours.

Each worker's day adds up: contracted + overtime = protected + direct + admin + idle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.columns import NOBODY, OPEN, SLOTS, Table
from sim.model.compiled import compiled, compiled_inside, compiled_making_tables
from sim.model.exhaustion import felt_exhaustion, hurry
from sim.model.supervision import hold_cpd, hold_supervision, save_manager_time
from sim.model.tallies import (
    ADMIN_HOURS,
    CONTRACTED_HOURS,
    DIRECT_HOURS,
    IDLE_HOURS,
    OVERTIME_HOURS,
    PROTECTED_HOURS,
    SUPPORT_HOURS,
    WORKED_FTE_DAYS,
)
from sim.model.whose_turn import take_turns, who_acts, who_is_at_work
from sim.model.work_list import (
    EMERGENCIES,
    NOT_YET,
    cross_off,
    finish_piece,
    gather_what_is_not_due,
    list_what_presses,
    put_in_order,
    share_out,
)

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

CASEWORK_TIME = 0.5  # of the working day
SMALL = 1e-9  # hours
SLOWEST = 0.05  # of full speed: however new and tired, some of it is done


@compiled
def speed(worker: int, day: int, workers: Table, settings: Table) -> float:
    """What an hour of a worker achieves: less when new, less when exhausted, more in a hurry."""
    s = settings[0]
    pace = 1.0 - s["on_speed"] * felt_exhaustion(worker, s["hold_on_speed"], workers)
    pace *= 1.0 + hurry(worker, workers, settings)
    in_post = day - workers["started"][worker]
    if in_post < s["days_to_full_speed"]:
        at_start = s["speed_at_start"]
        pace *= at_start + (1.0 - at_start) * in_post / s["days_to_full_speed"]
    return float(max(pace, SLOWEST))


@compiled_inside
def do_piece(
    row: int, slot: int, may_use: float, pace: float, team: int, cases: Table, left: Table,
    teams: Table, items: Table, settings: Table, tally: Table,
) -> tuple[float, float, bool]:  # fmt: skip
    """Do a piece of work, or as much of it as the hours allow; business support takes its share.

    Returns
    -------
    spent, of_it_admin, finished
        The worker's own hours, the share of them that is admin, and whether the piece is done.
    """
    admin_share = 1.0  # of a handover: reading the file
    if slot > 0:
        admin_share = items[cases["stage"][row], slot - 1]["admin_share"]
    hours = left[row, slot]
    delegable = hours * admin_share * settings[0]["delegable"]
    taken_over = 0.0  # share of the delegable admin that business support takes over
    if delegable > SMALL:
        taken_over = min(1.0, teams["support_left"][team] / delegable)
    own = hours - taken_over * delegable
    needed = own / pace
    part = 1.0
    if needed > may_use:
        part = may_use / needed
        left[row, slot] = hours * (1.0 - part)
        cases["presses_from"][row] = 0  # begun work is looked at again, due or not
    teams["support_left"][team] -= part * taken_over * delegable
    tally[team, SUPPORT_HOURS] += part * taken_over * delegable
    of_it_admin = 0.0
    if own > SMALL:
        of_it_admin = (hours * admin_share - taken_over * delegable) / own
    return part * needed, of_it_admin, part == 1.0


@compiled
def work_in_turn(
    day: int, turns: Table, pressing_keys: Table, pressing_ids: Table, first: Table,
    rest_keys: Table, rest_ids: Table, next_held: Table, cases: Table, due: Table, left: Table,
    done: Table, workers: Table, teams: Table, roles: Table, tiers: Table, stages: Table,
    items: Table, settings: Table, tally: Table, distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Let one worker after the other do what the hours allow, the most pressing work first."""
    s = settings[0]
    for worker in turns:
        role = workers["role"][worker]
        team = workers["team"][worker]
        contracted = workers["fte"][worker] * s["hours_per_day"]
        protected = s["team_hours_per_day"] * workers["fte"][worker]
        if day < workers["newly_qualified_until"][worker]:
            protected += s["nq_protected_share"] * contracted
        protected += hold_supervision(worker, day, workers, teams, settings, tally)
        protected += hold_cpd(worker, workers, settings, tally)
        protected = min(protected, contracted)
        protected += (1.0 - roles["casework_share"][role]) * (contracted - protected)
        available = contracted - protected
        limit = min(workers["overtime_limit"][worker], s["overtime_limit"]) * workers["fte"][worker]
        pace = speed(worker, day, workers, settings)

        workers["begun"][worker] = 0
        direct = 0.0
        admin = 0.0
        used = 0.0
        keys = pressing_keys[first[worker] : first[worker + 1]]
        ids = pressing_ids[first[worker] : first[worker + 1]]
        n = len(keys)
        for nothing_presses in (False, True):
            if nothing_presses:
                keys, ids = rest_keys, rest_ids
                row = workers["first_case"][worker]
                while row != NOBODY:
                    n = gather_what_is_not_due(
                        row, day, n, keys, ids, cases, due, left, stages, items, settings
                    )
                    row = next_held[row]
            put_in_order(keys, ids, n)
            while n > 0:
                may_use = available - used
                if keys[0] < NOT_YET:
                    may_use += limit
                if keys[0] < EMERGENCIES:
                    may_use += s["emergency_hours"]
                if may_use <= SMALL:
                    break
                row, slot = ids[0] // SLOTS, ids[0] % SLOTS
                spent, of_it_admin, finished = do_piece(
                    row, slot, may_use, pace, team, cases, left, teams, items, settings, tally
                )  # fmt: skip
                used += spent
                admin += spent * of_it_admin
                direct += spent * (1.0 - of_it_admin)
                if not finished:
                    workers["begun"][worker] = 1 + ids[0]
                    break
                finish_piece(
                    row, slot, day, cases, due, left, done, stages, items, tally, distributions,
                    seed, replication,
                )  # fmt: skip
                n = cross_off(keys, ids, n)
            if n > 0 or available - used <= SMALL:
                break

        overdue = 0.0
        for i in range(n):
            row, slot = ids[i] // SLOTS, ids[i] % SLOTS
            if keys[i] < NOT_YET and due[row, slot] < day:
                overdue += left[row, slot]
        workers["overdue_hours"][worker] = overdue
        overtime = max(0.0, used - available)
        idle = max(0.0, available - used)
        workers["day_overtime"][worker] = overtime
        workers["day_admin_share"][worker] = admin / (contracted + overtime)
        workers["week_contracted"][worker] += contracted
        workers["week_overtime"][worker] += overtime
        workers["week_protected"][worker] += protected
        workers["week_direct"][worker] += direct
        workers["week_admin"][worker] += admin
        workers["week_idle"][worker] += idle
        tally[team, CONTRACTED_HOURS] += contracted
        tally[team, OVERTIME_HOURS] += overtime
        tally[team, PROTECTED_HOURS] += protected
        tally[team, DIRECT_HOURS] += direct
        tally[team, ADMIN_HOURS] += admin
        tally[team, IDLE_HOURS] += idle
        tally[team, WORKED_FTE_DAYS] += workers["fte"][worker]


@compiled_making_tables
def work_the_day(
    day: int, cases: Table, due: Table, left: Table, done: Table, open_rows: Table, counts: Table,
    next_held: Table, workers: Table, diary: Table, n_workers: int, teams: Table, roles: Table,
    tiers: Table, stages: Table, items: Table, settings: Table, tally: Table, distributions: Table,
    seed: int, replication: int,
) -> None:  # fmt: skip
    """Let every worker who is in work for a day."""
    s = settings[0]
    n_teams = len(teams)
    at_work = who_is_at_work(day, workers, diary, n_workers, roles)
    acting = who_acts(day, at_work, workers, n_workers, n_teams, settings)
    pieces = counts[OPEN] * SLOTS
    keys, ids = np.empty(pieces, np.float64), np.empty(pieces, np.int64)
    whose = np.empty(pieces, np.int64)
    n = list_what_presses(
        day, open_rows, counts, acting, cases, due, left, workers, stages, items, tiers, settings,
        keys, ids, whose, next_held, n_workers,
    )  # fmt: skip
    first = np.zeros(n_workers + 2, np.int64)
    pressing_keys, pressing_ids = np.empty(n, np.float64), np.empty(n, np.int64)
    share_out(n, keys, ids, whose, first, pressing_keys, pressing_ids)
    for team in range(n_teams):
        teams["support_left"][team] = (
            teams["business_support"][team] * s["hours_per_day"] * s["support_productive"]
        )
    save_manager_time(day, workers, diary, n_workers, teams, roles, settings)
    turns = take_turns(day, at_work, workers, n_teams)
    work_in_turn(
        day, turns, pressing_keys, pressing_ids, first, keys, ids, next_held, cases, due, left,
        done, workers, teams, roles, tiers, stages, items, settings, tally, distributions, seed,
        replication,
    )  # fmt: skip


def working_days(world: World) -> Process:
    """Each day, after the allocation meeting, the work is done."""
    yield world.env.timeout(CASEWORK_TIME)
    cases, workers, plan = world.cases, world.workers, world.plan
    while True:
        world.each_day(work_the_day)(
            world.day, cases.table, cases.due, cases.left, cases.done, cases.open_rows,
            cases.counts, cases.next_held, workers.table, workers.diary, workers.n, world.teams,
            plan.roles, plan.tiers, plan.stages, plan.items, plan.settings, world.tally,
            plan.distributions, world.seed, world.chances.families,
        )  # fmt: skip
        yield world.env.timeout(1)
