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

from sim.model.cases_in_hand import look_at_cases_in_hand
from sim.model.columns import SLOTS, Table
from sim.model.compiled import compiled, compiled_inside, compiled_making_tables
from sim.model.exhaustion import felt_exhaustion, hurry
from sim.model.fetching import fetch_row
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
from sim.model.whose_turn import link_the_absent, take_turns, who_acts, who_is_at_work
from sim.model.work_list import (
    EMERGENCIES,
    PRESSING,
    copy_what_presses,
    finish_piece,
    list_what_is_not_due,
    most_on_a_list,
    overdue_hours,
    put_begun_work_first,
    strike_out_what_was_let_go,
    take_out,
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
    teams["support_left"][team] -= part * taken_over * delegable
    tally[team, SUPPORT_HOURS] += part * taken_over * delegable
    of_it_admin = 0.0
    if own > SMALL:
        of_it_admin = (hours * admin_share - taken_over * delegable) / own
    return part * needed, of_it_admin, part == 1.0


@compiled
def work_in_turn(
    day: int, turns: Table, acts_also_for: Table, in_hand: Table, keys: Table, ids: Table,
    cases: Table, due: Table, left: Table, done: Table, workers: Table, list_keys: Table,
    list_ids: Table, teams: Table, roles: Table, stages: Table, items: Table, settings: Table,
    tally: Table, distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Let one worker after the other do what the hours allow, the most pressing work first."""
    s = settings[0]
    for turn in range(len(turns)):
        worker = turns[turn]
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

        direct = 0.0
        admin = 0.0
        used = 0.0
        n = copy_what_presses(worker, acts_also_for, workers, list_keys, list_ids, keys, ids)
        if s["finish_begun"] == 1:
            n = put_begun_work_first(
                worker, day, n, keys, ids, cases, due, left, workers, stages, items
            )
        workers["begun"][worker] = 0
        place = 0
        all_that_presses_is_done = False
        while True:
            if place == n:
                if all_that_presses_is_done or available - used <= SMALL:
                    break
                all_that_presses_is_done = True
                place = 0
                n = list_what_is_not_due(
                    worker, day, in_hand, cases, due, left, workers, stages, items, settings,
                    keys, ids,
                )  # fmt: skip
                continue
            may_use = available - used
            if keys[place] < PRESSING:
                may_use += limit
            if keys[place] < EMERGENCIES:
                may_use += s["emergency_hours"]
            if may_use <= SMALL:
                break
            ahead = ids[min(place + 2, n - 1)] // SLOTS
            fetch_row(cases, ahead)
            fetch_row(due, ahead)
            fetch_row(done, ahead)
            row, slot = ids[place] // SLOTS, ids[place] % SLOTS
            spent, of_it_admin, finished = do_piece(
                row, slot, may_use, pace, team, cases, left, teams, items, settings, tally
            )
            used += spent
            admin += spent * of_it_admin
            direct += spent * (1.0 - of_it_admin)
            if not finished:
                workers["begun"][worker] = 1 + ids[place]
                break
            if not all_that_presses_is_done:
                holder = cases["worker"][row]
                listed = workers["listed"][holder]
                workers["listed"][holder] -= take_out(
                    ids[place], listed, list_keys[holder], list_ids[holder]
                )
            finish_piece(
                row, slot, day, cases, due, left, done, stages, items, settings, tally,
                distributions, seed, replication,
            )  # fmt: skip
            place += 1

        workers["overdue_hours"][worker] = overdue_hours(day, place, n, keys, ids, due, left)
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
    in_hand: Table, workers: Table, list_keys: Table, list_ids: Table, diary: Table,
    n_workers: int, teams: Table, roles: Table, tiers: Table, stages: Table, items: Table,
    settings: Table, tally: Table, distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Let every worker who is in work for a day."""
    s = settings[0]
    n_teams = len(teams)
    at_work = who_is_at_work(day, workers, diary, n_workers, roles)
    acting = who_acts(day, at_work, workers, n_workers, n_teams, settings)
    turns = take_turns(day, at_work, workers, n_teams)
    acts_also_for = np.empty(n_workers, np.int64)
    link_the_absent(acting, acts_also_for, workers, n_workers)
    strike_out_what_was_let_go(workers, n_workers, cases, list_keys, list_ids)
    look_at_cases_in_hand(
        day, open_rows, counts, in_hand, np.empty(n_workers, np.int64), cases, due, left, workers,
        n_workers, stages, items, tiers, settings, list_keys, list_ids,
    )  # fmt: skip
    room = most_on_a_list(turns, acts_also_for, workers)
    keys, ids = np.empty(room, np.float64), np.empty(room, np.int64)
    for team in range(n_teams):
        teams["support_left"][team] = (
            teams["business_support"][team] * s["hours_per_day"] * s["support_productive"]
        )
    save_manager_time(day, workers, diary, n_workers, teams, roles, settings)
    work_in_turn(
        day, turns, acts_also_for, in_hand, keys, ids, cases, due, left, done, workers, list_keys,
        list_ids, teams, roles, stages, items, settings, tally, distributions, seed, replication,
    )  # fmt: skip


def working_days(world: World) -> Process:
    """Each day, after the allocation meeting, the work is done."""
    yield world.env.timeout(CASEWORK_TIME)
    cases, workers, plan = world.cases, world.workers, world.plan
    kinds = 1 + int(plan.stages["items"].max())  # of work for a case, with the handover
    while True:
        workers.make_room_on_lists(kinds)
        world.each_day(work_the_day)(
            world.day, cases.table, cases.due, cases.left, cases.done, cases.open_rows,
            cases.counts, cases.in_hand, workers.table, workers.list_keys, workers.list_ids,
            workers.diary, workers.n, world.teams, plan.roles, plan.tiers, plan.stages, plan.items,
            plan.settings, world.tally, plan.distributions, world.seed, world.chances.families,
        )  # fmt: skip
        yield world.env.timeout(1)
