"""Posts and people: who is in which post, starting work, leaving, handing cases over.

A post is known by its team, role and number, the n-th holder of a post by the post and n: the same
person under every policy, with the same chances of falling ill and the same patience.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.annual_leave import book_diary
from sim.model.columns import FILLED, HELD, LEFT, NEVER, NOBODY, OPEN, PRESENT, VACANT, Table
from sim.model.compiled import compiled
from sim.model.draws import draw, exponential_threshold
from sim.model.exhaustion import deployable_hours
from sim.model.hazards import BECOMES_PARENT, FALLS_ILL, FALLS_LONG_ILL
from sim.model.newcomers import settling_in
from sim.model.normal import normal_quantile
from sim.model.pathways import put_down
from sim.model.plan_columns import MONTHS_A_YEAR, WORKING_DAYS_A_WEEK, WORKING_DAYS_A_YEAR
from sim.model.randomness import purpose, uniform
from sim.model.tallies import (
    COST_RECRUITMENT,
    LEAVERS_FTE,
    NEWLY_QUALIFIED_LEAVERS_FTE,
    STARTERS_FTE,
)
from sim.model.waiting_list import join_waiting_list

if TYPE_CHECKING:
    from sim.model.world import World

OVERTIME_GIVEN = purpose("worker.overtime")
TENDENCY = purpose("worker.tendency")
LEAVING_AT = purpose("worker.leaving")
SHORT_SICKNESS_AT = purpose("worker.short_sickness")
LONG_SICKNESS_AT = purpose("worker.long_sickness")
PARENTAL_AT = purpose("worker.parental")
FIRST_SUPERVISION = purpose("worker.first_supervision")

HOLDERS = 1 << 12  # holders that a post can have in a run


def start_worker(
    world: World, *, team: int, role: int, fte: float, key: int, post: int, agency: bool,
    started: int, newly_qualified_until: int,
) -> int:  # fmt: skip
    """Give someone a desk: a new row of the workers, with all their own chances drawn.

    Returns
    -------
    int
        The row of the worker.
    """
    plan, workers, chances = world.plan, world.workers, world.chances
    absence = plan.scenario.absence
    row = workers.add()
    world.each_day(write_worker)(
        row, key, post, role, team, agency, fte, started, newly_qualified_until, world.day,
        workers.table, plan.rows["overtime"], plan.scenario.wellbeing.exhaustion.person_spread,
        plan.roles, plan.settings, plan.distributions, world.seed, chances.workers,
        chances.turnover, chances.absence,
    )  # fmt: skip
    world.each_day(book_diary)(
        row, key, world.day, world.horizon, workers.diary, world.leave_weights,
        absence.annual_leave.days, absence.annual_leave.block_days, absence.training_days,
        world.seed, chances.absence,
    )  # fmt: skip
    return row


@compiled
def write_worker(
    worker: int, key: int, post: int, role: int, team: int, agency: bool, fte: float,
    started: int, newly_qualified_until: int, day: int, workers: Table, overtime: int,
    spread: float, roles: Table, settings: Table, distributions: Table, seed: int, own: int,
    turnover: int, absence: int,
) -> None:  # fmt: skip
    """Write down a new worker, and draw what is their own: the overtime they give, how easily they
    tire, when they are struck by what, and on which day their first supervision is due; each from
    the replication of its source of chance."""
    workers["key"][worker] = key
    workers["post"][worker] = post
    workers["role"][worker] = role
    workers["team"][worker] = team
    workers["agency"][worker] = agency
    workers["fte"][worker] = fte
    workers["started"][worker] = started
    workers["status"][worker] = PRESENT
    workers["skills"][worker] = roles["skills"][role]
    workers["newly_qualified_until"][worker] = newly_qualified_until
    workers["exhaustion"][worker] = settings[0]["exhaustion_at_start"]
    a_week = draw(distributions[overtime], seed, own, OVERTIME_GIVEN, key, 0)
    workers["overtime_limit"][worker] = a_week / WORKING_DAYS_A_WEEK
    u = uniform(seed, own, TENDENCY, key, 0)
    workers["tendency"][worker] = spread * normal_quantile(u)
    workers["leaving_at"][worker] = exponential_threshold(seed, turnover, LEAVING_AT, key, 0)
    for kind in (FALLS_ILL, FALLS_LONG_ILL, BECOMES_PARENT):
        set_threshold(worker, kind, workers, seed, absence)
    u = uniform(seed, own, FIRST_SUPERVISION, key, 0)
    workers["supervision_due"][worker] = day + int(u * settings[0]["supervision_every"])
    workers["last_supervision"][worker] = day
    workers["capacity"][worker] = deployable_hours(worker, day, workers, roles, settings)


@compiled
def set_threshold(worker: int, kind: int, workers: Table, seed: int, replication: int) -> None:
    """Draw at which hazard gathered a worker is next struck.

    The n-th time of each kind has a chance of its own, which does not depend on the other kinds.
    """
    key = workers["key"][worker]
    if kind == FALLS_ILL:
        spell = workers["short_sickness_spells"][worker]
        workers["short_sickness_at"][worker] += exponential_threshold(
            seed, replication, SHORT_SICKNESS_AT, key, spell
        )
    elif kind == FALLS_LONG_ILL:
        spell = workers["long_sickness_spells"][worker]
        workers["long_sickness_at"][worker] += exponential_threshold(
            seed, replication, LONG_SICKNESS_AT, key, spell
        )
    else:
        spell = workers["parental_spells"][worker]
        workers["parental_at"][worker] += exponential_threshold(
            seed, replication, PARENTAL_AT, key, spell
        )


@compiled
def hand_over_cases(
    worker: int, day: int, cases: Table, in_hand: Table, open_rows: Table, counts: Table,
    workers: Table, stages: Table, heads: Table, tails: Table,
) -> None:  # fmt: skip
    """Put all cases of a worker back on the waiting list, for others to take up."""
    first = workers["first_in_hand"][worker]
    for place in range(first, first + workers["in_hand"][worker]):
        row = in_hand[place]
        if cases["status"][row] == HELD and cases["worker"][row] == worker:
            put_down(row, cases, workers, stages)
            join_waiting_list(row, day, cases, heads, tails)
    i = 0
    while workers["caseload"][worker] > 0 and i < counts[OPEN]:  # given since
        row = open_rows[i]
        if cases["status"][row] == HELD and cases["worker"][row] == worker:
            put_down(row, cases, workers, stages)
            join_waiting_list(row, day, cases, heads, tails)
        i += 1
    workers["begun"][worker] = 0


def hand_over(world: World, worker: int) -> None:
    """Put all cases of a worker back on the waiting list."""
    cases = world.cases
    world.each_day(hand_over_cases)(
        worker, world.day, cases.table, cases.in_hand, cases.open_rows, cases.counts,
        world.workers.table, world.plan.stages, world.heads, world.tails,
    )  # fmt: skip


def fill_post(
    world: World, post: int, *, newly_qualified: bool = False, tenure_days: int = 0,
    counted: bool = True,
) -> int:  # fmt: skip
    """Start a permanent worker in a vacant post; agency cover there ends. Gives the worker."""
    row = world.posts[post]
    until = -NEVER
    scheme = world.plan.scenario.recruitment.newly_qualified
    if newly_qualified and scheme is not None:
        length = int(scheme.months / MONTHS_A_YEAR * WORKING_DAYS_A_YEAR)
        until = world.day - tenure_days + length
    worker = start_worker(
        world, team=int(row["team"]), role=int(row["role"]), fte=float(row["fte"]),
        key=next_holder(world, post), post=post, agency=False,
        started=world.day - tenure_days, newly_qualified_until=until,
    )  # fmt: skip
    world.posts["status"][post] = FILLED
    world.posts["holder"][post] = worker
    cover = int(world.posts["cover"][post])
    if cover != NOBODY:
        end_agency(world, cover)
    if counted:
        world.env.process(settling_in(world, worker))
        world.tally[row["team"], STARTERS_FTE] += row["fte"]
        world.tally[row["team"], COST_RECRUITMENT] += world.plan.settings["recruitment_per_hire"][0]
    return worker


def leave_post(world: World, worker: int) -> None:
    """Someone permanent leaves: their cases go back to the list, their post becomes vacant."""
    table = world.workers.table
    hand_over(world, worker)
    table["status"][worker] = LEFT
    team, fte = table["team"][worker], table["fte"][worker]
    world.tally[team, LEAVERS_FTE] += fte
    if world.day < table["newly_qualified_until"][worker]:
        world.tally[team, NEWLY_QUALIFIED_LEAVERS_FTE] += fte
    post = int(table["post"][worker])
    world.posts["holder"][post] = NOBODY
    world.posts["vacancies"][post] += 1
    make_vacant(world, post)


def make_vacant(world: World, post: int) -> None:
    """A post is vacant: recruitment begins, and the search for agency cover."""
    from sim.model.agency import agency_cover
    from sim.model.recruitment import recruitment

    world.posts["status"][post] = VACANT
    world.posts["since"][post] = world.day
    world.env.process(recruitment(world, post))
    world.env.process(agency_cover(world, post))


def end_agency(world: World, worker: int) -> None:
    """An agency worker goes: their cases go back to the list."""
    table = world.workers.table
    hand_over(world, worker)
    table["status"][worker] = LEFT
    post = int(table["post"][worker])
    if post != NOBODY and world.posts["cover"][post] == worker:
        world.posts["cover"][post] = NOBODY


def next_holder(world: World, post: int) -> int:
    """Who the next permanent holder of a vacant post is, and so which vacancy it is: a key."""
    row = world.posts[post]
    return int(row["key"]) * HOLDERS + int(row["vacancies"])


def is_vacant(world: World, post: int, vacancy: int) -> bool:
    """Whether a post still stands vacant for the same, n-th time."""
    row = world.posts[post]
    return bool(row["status"] == VACANT and row["vacancies"] == vacancy)


def vacant_posts(world: World, role: int | None = None) -> list[int]:
    """Vacant posts (of a role that holds cases, or of one role), the longest vacant first."""
    posts = world.posts[: world.n_posts]
    wanted = posts["status"] == VACANT
    if role is None:
        wanted &= world.plan.roles["holds_cases"][posts["role"]] == 1
    else:
        wanted &= posts["role"] == role
    rows = np.flatnonzero(wanted)
    return [int(row) for row in rows[np.lexsort((rows, posts["since"][rows]))]]
