"""Cases move on whose stage is over, or whose patience: before the meeting, and in the evening.

What happens on a day counts as happening in its middle: a stage whose time is up at `ends` is over
on the first day for which day + 0.5 >= ends, so that durations are not rounded up. It ends in the
morning, so that it has had as many days of casework as its duration, and its worker has room for
another case at that morning's meeting; where work is still to do without which it cannot end, at
the close of the day on which that is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.columns import (
    ENDING,
    GONE_CLOSED,
    GONE_REFUSED,
    GONE_WITHDRAWN,
    HELD,
    NEVER,
    NOBODY,
    OPEN,
    OPEN_BEFORE,
    PRESENT,
    SCREENED,
    WAITING,
    Table,
)
from sim.model.compiled import compiled, compiled_inside, compiled_making_tables
from sim.model.draws import draw
from sim.model.pathways import (
    HALF_A_DAY,
    begin_work,
    enter_stage,
    open_stage,
    put_down,
    suits,
    take_up,
    timescale_began,
)
from sim.model.plan_columns import EVERY, LONGEST
from sim.model.randomness import purpose, uniform
from sim.model.tallies import (
    CLOSED_CASE_WORKERS,
    CLOSED_CASES_HELD,
    CLOSURES,
    FIRST_TIMESCALE,
    REFUSALS,
    WITHDRAWALS,
)

if TYPE_CHECKING:
    from sim.model.world import World

CASE_NEXT = purpose("case.next")
CASE_BOOKED_AGAIN = purpose("case.booked_again")
CASE_RETURNS = purpose("case.returns")
CASE_RETURNS_AFTER = purpose("case.returns_after")
MOST_PUT_OFF = 1000  # times that a meeting is put off: one draw each


@compiled_inside
def is_open(row: int, cases: Table) -> bool:
    """Whether a case is still with the service."""
    return bool(cases["status"][row] in (SCREENED, WAITING, HELD))


@compiled_inside
def is_over(
    row: int, day: int, cases: Table, due: Table, left: Table, stages: Table, items: Table
) -> bool:  # fmt: skip
    """Whether a stage's time is up, and no work is left that it cannot end without.

    Work that comes again is such if it came due in the stage's own time, where the stage cannot do
    without: what comes due while the rest is late would make it later still, without end.
    """
    ends = cases["ends"][row]
    if day + HALF_A_DAY < ends or cases["status"][row] not in (SCREENED, HELD):
        return False
    stage = cases["stage"][row]
    for slot in range(1, stages["items"][stage] + 1):
        item = items[stage, slot - 1]
        if left[row, slot] > 0 and (
            item["when"] != EVERY
            or (item["must_be_done"] == 1 and due[row, slot] <= min(day, ends))
        ):
            return False
    return True


@compiled
def is_put_off(
    row: int, day: int, cases: Table, due: Table, left: Table, workers: Table, stages: Table,
    items: Table, distributions: Table, seed: int, replication: int,
) -> bool:  # fmt: skip
    """Whether a meeting that is booked for today cannot be held; if so, it is booked again.

    What it needs is not done, or the worker is ill, or there is none at present.
    """
    if (
        stages["booked_for"][cases["stage"][row]] < 0
        or cases["allocated"][row] == -NEVER
        or day + HALF_A_DAY < cases["ends"][row]
    ):
        return False
    worker = cases["worker"][row]
    if (
        worker >= 0
        and workers["status"][worker] == PRESENT
        and is_over(row, day, cases, due, left, stages, items)
    ):
        return False
    wait = draw(
        distributions[stages["booked_again"][cases["stage"][row]]],
        seed, replication, CASE_BOOKED_AGAIN, cases["key"][row],
        cases["steps"][row] * MOST_PUT_OFF + cases["put_off"][row],
    )  # fmt: skip
    cases["put_off"][row] += 1
    cases["ends"][row] = day + max(1.0, wait)
    return True


@compiled
def end_stage(
    row: int, day: int, horizon: int, cases: Table, due: Table, left: Table, done: Table,
    workers: Table, stages: Table, items: Table, next_share: Table,
    next_stage: Table, pathways: Table, first_team: Table, teams_of_kind: Table,
    heads: Table, tails: Table, returning: Table, tally: Table, lengths: Table,
    distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """End the stage of a case: close it, or take it into its next stage."""
    stage = cases["stage"][row]
    key = cases["key"][row]
    timescale = stages["timescale"][stage]
    if timescale >= 0:
        column = FIRST_TIMESCALE + 2 * timescale
        tally[cases["team"][row], column] += 1
        took = day - timescale_began(row, cases, stages)
        if took <= stages["within"][stage]:
            tally[cases["team"][row], column + 1] += 1
        lengths[timescale, min(max(took, 0), LONGEST)] += 1

    u = uniform(seed, replication, CASE_NEXT, key, cases["steps"][row])
    choice = stages["first_next"][stage]
    while choice < stages["last_next"][stage] and u >= next_share[choice]:
        choice += 1
    following = next_stage[choice]
    if following == NOBODY:
        close_case(
            row, day, horizon, cases, workers, stages, pathways, returning, tally, distributions,
            seed, replication,
        )  # fmt: skip
        return

    worker = cases["worker"][row]
    put_down(row, cases, workers, stages)
    same_team = (
        worker >= 0
        and stages["kind"][following] == stages["kind"][stage]
        and workers["on_notice"][worker] == 0
        and suits(worker, following, workers, stages)
    )
    if same_team:  # the worker goes on with the case
        open_stage(row, following, day, cases, stages, distributions, seed, replication)
        since = cases["new_worker_since"][row]
        take_up(row, worker, day, cases, workers, stages)
        cases["new_worker_since"][row] = since
        caseload = workers["caseload"][worker] / workers["fte"][worker]
        begin_work(
            row, day, caseload, cases, due, left, done, stages, items, distributions, seed,
            replication,
        )  # fmt: skip
        return
    enter_stage(
        row, following, day, cases, stages, first_team, teams_of_kind, heads, tails,
        distributions, seed, replication,
    )  # fmt: skip


@compiled
def close_case(
    row: int, day: int, horizon: int, cases: Table, workers: Table, stages: Table, pathways: Table,
    returning: Table, tally: Table, distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Close a case, and decide when it comes back, if it does."""
    key = cases["key"][row]
    team = cases["team"][row]
    pathway = stages["pathway"][cases["stage"][row]]
    put_down(row, cases, workers, stages)
    cases["status"][row] = GONE_CLOSED
    cases["closed"][row] = day
    tally[team, CLOSURES] += 1
    if cases["workers"][row] > 0:
        tally[team, CLOSED_CASE_WORKERS] += cases["workers"][row]
        tally[team, CLOSED_CASES_HELD] += 1
    share = pathways["rereferral"][pathway]
    if share > 0 and uniform(seed, replication, CASE_RETURNS, key, 0) < share:
        wait = draw(
            distributions[pathways["after"][pathway]],
            seed, replication, CASE_RETURNS_AFTER, key, 0,
        )  # fmt: skip
        comes_back = day + max(1, int(wait + HALF_A_DAY))
        if comes_back < horizon:
            cases["returns"][row] = comes_back
            cases["returns_next"][row] = returning[comes_back]
            returning[comes_back] = row


@compiled
def move_cases_on(
    day: int, horizon: int, cases: Table, due: Table, left: Table, done: Table, open_rows: Table,
    ending: Table, counts: Table, workers: Table, stages: Table, items: Table, next_share: Table,
    next_stage: Table, pathways: Table, first_team: Table, teams_of_kind: Table,
    heads: Table, tails: Table, returning: Table, tally: Table, lengths: Table,
    distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """End the stages that are over, among those that the evening foresaw and today's arrivals."""
    foreseen = counts[ENDING]
    for i in range(foreseen + counts[OPEN] - counts[OPEN_BEFORE]):
        row = ending[i] if i < foreseen else open_rows[counts[OPEN_BEFORE] + i - foreseen]
        if is_put_off(
            row, day, cases, due, left, workers, stages, items, distributions, seed, replication
        ):
            continue
        if is_over(row, day, cases, due, left, stages, items):
            end_stage(
                row, day, horizon, cases, due, left, done, workers, stages, items,
                next_share, next_stage, pathways, first_team, teams_of_kind, heads,
                tails, returning, tally, lengths, distributions, seed, replication,
            )  # fmt: skip


@compiled
def withdraw_cases(
    by: float, cases: Table, open_rows: Table, counts: Table, stages: Table, tally: Table
) -> None:  # fmt: skip
    """Let go of the cases whose patience with waiting is over by a time.

    A stage's own patience is with waiting in that stage, a stream's with waiting for the first
    worker of all.
    """
    for i in range(counts[OPEN]):
        row = open_rows[i]
        if (
            cases["status"][row] == WAITING
            and cases["allocated"][row] == -NEVER
            and (cases["workers"][row] == 0 or stages["patience"][cases["stage"][row]] >= 0)
            and by >= cases["waiting_since"][row] + cases["patience"][row]
        ):
            cases["status"][row] = GONE_WITHDRAWN
            cases["quiet_until"][row] = 0
            cases["closed"][row] = int(by)
            tally[cases["team"][row], WITHDRAWALS] += 1


@compiled_making_tables
def refuse_newcomers(
    day: int, cases: Table, open_rows: Table, counts: Table, streams: Table, tally: Table
) -> None:
    """After the meeting, refuse who came last where more wait than the list has places for.

    A case that had a worker before, or had its place at an earlier meeting, keeps it.
    """
    waiting = np.zeros(len(streams), np.int64)
    for i in range(counts[OPEN]):
        if cases["status"][open_rows[i]] == WAITING:
            waiting[cases["stream"][open_rows[i]]] += 1
    for i in range(counts[OPEN] - 1, -1, -1):
        row = open_rows[i]
        stream = cases["stream"][row]
        limit = streams["waiting_limit"][stream]
        if limit < 0 or waiting[stream] <= limit or cases["status"][row] != WAITING:
            continue
        if cases["workers"][row] == 0 and cases["waiting_since"][row] >= day - 1:
            cases["status"][row] = GONE_REFUSED
            cases["quiet_until"][row] = 0
            cases["closed"][row] = day
            waiting[stream] -= 1
            tally[cases["team"][row], REFUSALS] += 1


def let_go_before_the_meeting(world: World) -> None:
    """Let go of waiting cases whose patience did not last until this morning."""
    _withdraw(world, float(world.day))


def let_go_in_the_evening(world: World) -> None:
    """Let go of waiting cases whose patience ends today."""
    _withdraw(world, world.day + HALF_A_DAY)


def _withdraw(world: World, by: float) -> None:
    cases = world.cases
    world.each_day(withdraw_cases)(
        by, cases.table, cases.open_rows, cases.counts, world.plan.stages, world.tally
    )


def end_stages(world: World) -> None:
    """End the stages whose time is up this morning; their workers have room at the meeting.

    Those that had to wait for work which is done today end when the day is closed.
    """
    cases, workers, plan = world.cases, world.workers, world.plan
    world.each_day(move_cases_on)(
        world.day, world.horizon, cases.table, cases.due, cases.left, cases.done,
        cases.open_rows, cases.ending, cases.counts, workers.table, plan.stages, plan.items,
        plan.next_share, plan.next_stage, plan.pathways, plan.first_team, plan.teams_of_kind,
        world.heads, world.tails, world.returning, world.tally, world.lengths, plan.distributions,
        world.seed, world.chances.families,
    )  # fmt: skip
