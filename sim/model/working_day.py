"""The working day: what a service's workers do with their hours, worker by worker.

For each worker who is in: first the time that is spoken for (team time, protected time of the newly
qualified, supervision, professional development), then the due work of their cases in order, until
the hours are used up; then overtime, for work that is due, within what the worker gives. What is
left becomes overdue. Business support takes over a share of the admin while it has hours.

Each worker's day adds up: contracted + overtime = protected + direct + admin + idle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.allocation import is_in
from sim.model.blueprint import CLOSING, EVERY, RESTART, WAIT
from sim.model.columns import HELD, NOBODY, PRESENT, SLOTS, WORKING, Table
from sim.model.compiled import compiled, compiled_making_tables
from sim.model.pathways import work_hours
from sim.model.supervision import hold_cpd, hold_supervision, save_manager_time
from sim.model.tallies import (
    ADMIN_HOURS,
    CONTRACTED_HOURS,
    DIRECT_HOURS,
    IDLE_HOURS,
    OVERTIME_HOURS,
    PROTECTED_HOURS,
    SUPPORT_HOURS,
    VISITS,
    VISITS_ON_TIME,
    WORKED_FTE_DAYS,
)

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

CASEWORK_TIME = 0.5  # of the working day
# Order of work: begun (where begun work is finished first), urgent, due, not yet due.
BEGUN, URGENT, DUE, NOT_YET_DUE = range(4)
CLASS_STEP = 1e7  # longer than any run, so that a class outranks every due date
SMALL = 1e-9  # hours
SLOWEST = 0.05  # of full speed: however new and tired, some of it is done


@compiled
def speed(worker: int, day: int, workers: Table, settings: Table) -> float:
    """What an hour of a worker achieves: less when new, less when exhausted."""
    s = settings[0]
    pace = 1.0 - s["on_speed"] * workers["exhaustion"][worker]
    in_post = day - workers["started"][worker]
    if in_post < s["days_to_full_speed"]:
        at_start = s["speed_at_start"]
        pace *= at_start + (1.0 - at_start) * in_post / s["days_to_full_speed"]
    return float(max(pace, SLOWEST))


@compiled
def _before(key_a: float, id_a: int, key_b: float, id_b: int) -> bool:
    return key_a < key_b or (key_a == key_b and id_a < id_b)


@compiled
def _sink(keys: Table, ids: Table, root: int, end: int) -> None:
    """Restore the heap below `root`: the most pressing work is on top."""
    key, which = keys[root], ids[root]
    child = 2 * root + 1
    while child < end:
        if child + 1 < end and _before(keys[child + 1], ids[child + 1], keys[child], ids[child]):
            child += 1
        if not _before(keys[child], ids[child], key, which):
            break
        keys[root], ids[root] = keys[child], ids[child]
        root = child
        child = 2 * root + 1
    keys[root], ids[root] = key, which


@compiled
def gather_work(
    row: int, day: int, urgent_only: bool, begun_piece: int, n: int, keys: Table, ids: Table,
    cases: Table, due: Table, left: Table, stages: Table, items: Table, tiers: Table,
    settings: Table,
) -> int:  # fmt: skip
    """Add to a worker's heap the open work of one case; give the new number of pieces.

    Urgent is what the law asks for, or any work on a high-risk case, once it is due or nearly so.
    """
    s = settings[0]
    stage = cases["stage"][row]
    high_risk = tiers["high_risk"][cases["tier"][row]] == 1
    for slot in range(stages["items"][stage] + 1):
        if left[row, slot] <= 0:
            continue
        when = due[row, slot]
        urgent = high_risk
        begun = False
        if slot > 0:
            item = items[stage, slot - 1]
            if item["when"] == EVERY and day < when - item["opens_before"]:
                continue
            if item["when"] == CLOSING and day + 0.5 < cases["ends"][row]:
                continue
            urgent = urgent or item["statutory"] == 1
            begun = s["finish_begun"] == 1 and begun_piece == 1 + row * SLOTS + slot
        order = NOT_YET_DUE
        if when <= day + s["look_ahead"]:
            order = URGENT if urgent else DUE
        if begun:
            order = BEGUN
        if urgent_only and order != URGENT:
            continue
        keys[n] = order * CLASS_STEP + when
        ids[n] = row * SLOTS + slot
        n += 1
    return n


@compiled
def finish_piece(
    row: int, slot: int, day: int, cases: Table, due: Table, left: Table, done: Table,
    stages: Table, items: Table, tally: Table, distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Note that a piece of work is done; recurring work comes again."""
    left[row, slot] = 0.0
    if slot == 0:
        return
    stage = cases["stage"][row]
    item = items[stage, slot - 1]
    done[row, slot] += 1
    if item["contact"] == 1:
        team = cases["team"][row]
        tally[team, VISITS] += 1
        if day <= due[row, slot]:
            tally[team, VISITS_ON_TIME] += 1
    if item["when"] == EVERY:
        due[row, slot] = day + item["every"]
        left[row, slot] = work_hours(
            row, slot, stage, cases, done, items, distributions, seed, replication
        )


@compiled_making_tables
def sort_by_worker(
    day: int, cases: Table, open_rows: Table, counts: Table, workers: Table, diary: Table,
    n_workers: int, n_teams: int, roles: Table, settings: Table, first: Table, rows: Table,
) -> None:  # fmt: skip
    """List the held cases by who acts on them today, into rows[first[worker]:first[worker + 1]].

    The cases of someone who is away go, for urgent work only, to the colleague on duty in the
    team: one of those who are in, another each day. Where the scenario lets work wait, they wait.
    """
    covered = settings[0]["cover"] not in (WAIT, RESTART)
    on_duty = np.full(n_teams, NOBODY, np.int64)
    if covered:
        in_team = np.zeros(n_teams, np.int64)
        for worker in range(n_workers):
            if is_in(worker, day, workers, diary, roles):
                in_team[workers["team"][worker]] += 1
        seen = np.zeros(n_teams, np.int64)
        for worker in range(n_workers):
            if is_in(worker, day, workers, diary, roles):
                team = workers["team"][worker]
                if seen[team] == day % in_team[team]:
                    on_duty[team] = worker
                seen[team] += 1
    acting = np.full(counts[0], NOBODY, np.int64)
    first[: n_workers + 1] = 0
    for i in range(counts[0]):
        row = open_rows[i]
        if cases["status"][row] != HELD:
            continue
        worker = cases["worker"][row]
        if workers["status"][worker] != PRESENT or diary[worker, day] != WORKING:
            worker = on_duty[workers["team"][worker]]
        if worker >= 0:
            acting[i] = worker
            first[worker + 1] += 1
    for worker in range(n_workers):
        first[worker + 1] += first[worker]
    place = first[: n_workers + 1].copy()
    for i in range(counts[0]):
        if acting[i] >= 0:
            rows[place[acting[i]]] = open_rows[i]
            place[acting[i]] += 1


@compiled_making_tables
def take_turns(
    day: int, workers: Table, diary: Table, n_workers: int, n_teams: int, roles: Table
) -> Table:  # fmt: skip
    """Put the case-holding workers who are in today in order, team by team.

    Another one of a team is first in line for business support and managers' time each day. The
    order within a team does not depend on who is in another.
    """
    first = np.zeros(n_teams + 1, np.int64)
    is_at_work = np.zeros(n_workers, np.bool_)
    for worker in range(n_workers):
        is_at_work[worker] = (
            workers["status"][worker] == PRESENT
            and diary[worker, day] == WORKING
            and roles["holds_cases"][workers["role"][worker]] == 1
        )
        if is_at_work[worker]:
            first[workers["team"][worker] + 1] += 1
    for team in range(n_teams):
        first[team + 1] += first[team]
    order = np.empty(first[n_teams], np.int64)
    seen = np.zeros(n_teams, np.int64)
    for worker in range(n_workers):
        if is_at_work[worker]:
            team = workers["team"][worker]
            place = (seen[team] + day) % (first[team + 1] - first[team])
            order[first[team] + place] = worker
            seen[team] += 1
    return order


@compiled
def work_in_turn(
    day: int, turns: Table, first: Table, rows: Table, keys: Table, ids: Table, cases: Table,
    due: Table, left: Table, done: Table, workers: Table, teams: Table, roles: Table, tiers: Table,
    stages: Table, items: Table, settings: Table, tally: Table, distributions: Table, seed: int,
    replication: int,
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

        n = 0
        for i in range(first[worker], first[worker + 1]):
            row = rows[i]
            n = gather_work(
                row, day, cases["worker"][row] != worker, workers["begun"][worker], n, keys, ids,
                cases, due, left, stages, items, tiers, settings,
            )  # fmt: skip
        for root in range(n // 2 - 1, -1, -1):
            _sink(keys, ids, root, n)

        direct = 0.0
        admin = 0.0
        used = 0.0
        workers["begun"][worker] = 0
        while n > 0:
            row, slot = ids[0] // SLOTS, ids[0] % SLOTS
            may_use = available - used
            if keys[0] < NOT_YET_DUE * CLASS_STEP:
                may_use += limit
            if may_use <= SMALL:
                break
            admin_share = 1.0  # of a handover: reading the file
            if slot > 0:
                admin_share = items[cases["stage"][row], slot - 1]["admin_share"]
            hours = left[row, slot]
            delegable = hours * admin_share * s["delegable"]
            taken_over = 0.0  # share of the delegable admin that business support takes over
            if delegable > SMALL:
                taken_over = min(1.0, teams["support_left"][team] / delegable)
            own = hours - taken_over * delegable
            needed = own / pace
            part = 1.0
            if needed > may_use:
                part = may_use / needed
            spent = part * needed
            used += spent
            if own > SMALL:
                own_admin = (hours * admin_share - taken_over * delegable) / own
                admin += spent * own_admin
                direct += spent * (1.0 - own_admin)
            teams["support_left"][team] -= part * taken_over * delegable
            tally[team, SUPPORT_HOURS] += part * taken_over * delegable
            if part < 1.0:
                left[row, slot] = hours * (1.0 - part)
                workers["begun"][worker] = 1 + ids[0]
                break
            finish_piece(
                row, slot, day, cases, due, left, done, stages, items, tally, distributions,
                seed, replication,
            )  # fmt: skip
            n -= 1
            keys[0], ids[0] = keys[n], ids[n]
            _sink(keys, ids, 0, n)

        overdue = 0.0
        for i in range(n):
            if keys[i] < NOT_YET_DUE * CLASS_STEP and keys[i] % CLASS_STEP < day:
                overdue += left[ids[i] // SLOTS, ids[i] % SLOTS]
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
    workers: Table, diary: Table, n_workers: int, teams: Table, roles: Table, tiers: Table,
    stages: Table, items: Table, settings: Table, tally: Table, distributions: Table, seed: int,
    replication: int,
) -> None:  # fmt: skip
    """Let every worker who is in work for a day."""
    s = settings[0]
    n_teams = len(teams)
    first = np.zeros(n_workers + 2, np.int64)
    rows = np.empty(max(counts[0], 1), np.int64)
    sort_by_worker(
        day, cases, open_rows, counts, workers, diary, n_workers, n_teams, roles, settings,
        first, rows,
    )  # fmt: skip
    most = 1
    for worker in range(n_workers):
        most = max(most, first[worker + 1] - first[worker])
    keys = np.empty(most * SLOTS, np.float64)
    ids = np.empty(most * SLOTS, np.int64)
    for team in range(n_teams):
        teams["support_left"][team] = (
            teams["business_support"][team] * s["hours_per_day"] * s["support_productive"]
        )
    save_manager_time(day, workers, diary, n_workers, teams, roles, settings)
    turns = take_turns(day, workers, diary, n_workers, n_teams, roles)
    work_in_turn(
        day, turns, first, rows, keys, ids, cases, due, left, done, workers, teams, roles, tiers,
        stages, items, settings, tally, distributions, seed, replication,
    )  # fmt: skip


def working_days(world: World) -> Process:
    """Each day, after the allocation meeting, the work is done."""
    yield world.env.timeout(CASEWORK_TIME)
    cases, workers, plan = world.cases, world.workers, world.plan
    while True:
        work_the_day(
            world.day, cases.table, cases.due, cases.left, cases.done, cases.open_rows,
            cases.counts, workers.table, workers.diary, workers.n, world.teams, plan.roles,
            plan.tiers, plan.stages, plan.items, plan.settings, world.tally, plan.distributions,
            world.seed, world.replication,
        )  # fmt: skip
        yield world.env.timeout(1)
