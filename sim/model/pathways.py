"""Pathways: how a case goes from stage to stage, and what each stage asks for.

What happens on a day counts as happening in its middle: a stage whose time is up at `ends` is over
on the first day for which day + 0.5 >= ends, so that durations are not rounded up. It ends in the
morning, so that it has had as many days of casework as its duration, and its worker has room for
another case at that morning's meeting; where work is still to do without which it cannot end, at
the close of the day on which that is done.
"""

from __future__ import annotations

import numpy as np

from sim.model.blueprint import (
    CLOSING,
    EVERY,
    FROM_ALLOCATION,
    FROM_CLOCK,
    FROM_ENTRY,
    FROM_REFERRAL,
)
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
    SCREENED,
    SLOTS,
    WAITING,
    Table,
)
from sim.model.compiled import compiled, compiled_inside, compiled_making_tables
from sim.model.draws import draw
from sim.model.randomness import purpose, uniform
from sim.model.tallies import (
    CLOSED_CASE_WORKERS,
    CLOSED_CASES_HELD,
    CLOSURES,
    FIRST_TIMESCALE,
    REFUSALS,
    WITHDRAWALS,
)
from sim.model.waiting_list import join_waiting_list

CASE_DURATION = purpose("case.duration")
CASE_NEXT = purpose("case.next")
CASE_RETURNS = purpose("case.returns")
CASE_RETURNS_AFTER = purpose("case.returns_after")
CASE_WORK = purpose("case.work")
CASE_PATIENCE_IN_STAGE = purpose("case.patience_in_stage")
HALF_A_DAY = 0.5
HANDOVER_DUE_DAYS = 5.0


@compiled
def work_hours(
    row: int, slot: int, stage: int, cases: Table, done: Table, items: Table,
    distributions: Table, seed: int, replication: int,
) -> float:  # fmt: skip
    """Hours of one piece of work: the kind's, times the case's complexity, times its own chance."""
    item = items[stage, slot - 1]
    hours = item["hours"] * cases["complexity"][row]
    if item["vary"] >= 0:
        # one draw for each piece: the step, the slot and how many were done before number it
        which = (cases["steps"][row] * SLOTS + slot) * 100_000 + done[row, slot]
        key = cases["key"][row]
        hours *= draw(distributions[item["vary"]], seed, replication, CASE_WORK, key, which)
    return float(hours)


@compiled
def timescale_began(row: int, cases: Table, stages: Table) -> int:
    """Give the day from which the timescale of a case's stage is counted."""
    counted_from = stages["counted_from"][cases["stage"][row]]
    if counted_from == FROM_REFERRAL:
        return int(cases["arrived"][row])
    if counted_from == FROM_CLOCK:
        return int(cases["clock"][row])
    return int(cases["entered"][row])


@compiled
def begin_work(
    row: int, day: int, cases: Table, due: Table, left: Table, done: Table, stages: Table,
    items: Table, distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Set up the work of a stage on the day that a worker takes it up for the first time."""
    stage = cases["stage"][row]
    key = cases["key"][row]
    if stages["duration_from"][stage] == FROM_ALLOCATION:
        length = draw(
            distributions[stages["duration"][stage]],
            seed, replication, CASE_DURATION, key, cases["steps"][row],
        )  # fmt: skip
        cases["ends"][row] = day + length
    cases["allocated"][row] = day
    for slot in range(1, SLOTS):
        left[row, slot] = 0.0
        done[row, slot] = 0
        if slot <= stages["items"][stage]:
            item = items[stage, slot - 1]
            left[row, slot] = work_hours(
                row, slot, stage, cases, done, items, distributions, seed, replication
            )
            due[row, slot] = day + item["first_within"]
            if item["when"] == CLOSING:
                due[row, slot] = cases["ends"][row] + item["first_within"]
                if stages["timescale"][stage] >= 0:
                    due[row, slot] = timescale_began(row, cases, stages) + stages["within"][stage]


@compiled
def open_stage(
    row: int, stage: int, day: int, cases: Table, stages: Table, distributions: Table,
    seed: int, replication: int,
) -> None:  # fmt: skip
    """Write into a case that it is in a stage from today, and until when, if that is known."""
    cases["stage"][row] = stage
    cases["steps"][row] += 1
    cases["entered"][row] = day
    cases["allocated"][row] = NOBODY
    cases["tier"][row] = min(cases["tier"][row], stages["lowest_tier"][stage])
    cases["ends"][row] = float(NEVER)
    if stages["starts_clock"][stage] == 1:
        cases["clock"][row] = day
    if stages["patience"][stage] >= 0:
        cases["patience"][row] = draw(
            distributions[stages["patience"][stage]],
            seed, replication, CASE_PATIENCE_IN_STAGE, cases["key"][row], cases["steps"][row],
        )  # fmt: skip
    if stages["duration_from"][stage] != FROM_ALLOCATION:
        length = draw(
            distributions[stages["duration"][stage]],
            seed, replication, CASE_DURATION, cases["key"][row], cases["steps"][row],
        )  # fmt: skip
        start = day if stages["duration_from"][stage] == FROM_ENTRY else cases["clock"][row]
        cases["ends"][row] = start + length


@compiled
def enter_stage(
    row: int, stage: int, day: int, cases: Table, stages: Table, first_team: Table,
    teams_of_kind: Table, heads: Table, tails: Table, distributions: Table, seed: int,
    replication: int,
) -> None:  # fmt: skip
    """Move a case into a stage: screened if nobody holds it, else on to its team's waiting list."""
    open_stage(row, stage, day, cases, stages, distributions, seed, replication)
    kind = stages["kind"][stage]
    if kind == NOBODY:
        cases["status"][row] = SCREENED
        return
    cases["team"][row] = first_team[kind] + int(cases["area"][row] * teams_of_kind[kind])
    join_waiting_list(row, day, cases, heads, tails)


@compiled
def suits(worker: int, stage: int, workers: Table, stages: Table) -> bool:
    """Whether a worker's role is among those of a stage, and they have the skill for it."""
    return bool(
        (stages["roles"][stage] >> workers["role"][worker]) & 1 == 1
        and (stages["skill"][stage] & ~workers["skills"][worker]) == 0
    )


@compiled
def put_down(row: int, cases: Table, workers: Table, stages: Table) -> None:
    """Take a case off its worker's caseload."""
    worker = cases["worker"][row]
    if worker >= 0:
        workers["caseload"][worker] -= 1
        weight = stages["weight"][cases["stage"][row]] * cases["complexity"][row]
        workers["workload"][worker] -= weight
        if workers["caseload"][worker] == 0:
            workers["workload"][worker] = 0.0  # no trace of rounding
        cases["former_worker"][row] = worker
        cases["worker"][row] = NOBODY


@compiled
def take_up(row: int, worker: int, day: int, cases: Table, workers: Table, stages: Table) -> None:
    """Put a case on a worker's caseload."""
    cases["status"][row] = HELD
    cases["worker"][row] = worker
    cases["presses_from"][row] = 0  # the worker has a look at it
    if worker != cases["former_worker"][row] or cases["workers"][row] == 0:
        cases["workers"][row] += 1
    cases["new_worker_since"][row] = day if cases["workers"][row] > 1 else -NEVER
    workers["caseload"][worker] += 1
    weight = stages["weight"][cases["stage"][row]] * cases["complexity"][row]
    workers["workload"][worker] += weight


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
            and cases["allocated"][row] == NOBODY
            and (cases["workers"][row] == 0 or stages["patience"][cases["stage"][row]] >= 0)
            and by >= cases["waiting_since"][row] + cases["patience"][row]
        ):
            cases["status"][row] = GONE_WITHDRAWN
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
            cases["closed"][row] = day
            waiting[stream] -= 1
            tally[cases["team"][row], REFUSALS] += 1


@compiled_inside
def is_open(row: int, cases: Table) -> bool:
    """Whether a case is still with the service."""
    return bool(cases["status"][row] in (SCREENED, WAITING, HELD))


@compiled_inside
def is_over(row: int, day: int, cases: Table, left: Table, stages: Table, items: Table) -> bool:
    """Whether a stage's time is up, and no work is left that it cannot end without."""
    if day + HALF_A_DAY < cases["ends"][row] or cases["status"][row] not in (SCREENED, HELD):
        return False
    stage = cases["stage"][row]
    for slot in range(1, stages["items"][stage] + 1):
        if items[stage, slot - 1]["when"] != EVERY and left[row, slot] > 0:
            return False
    return True


@compiled
def move_cases_on(
    day: int, horizon: int, cases: Table, due: Table, left: Table, done: Table, open_rows: Table,
    ending: Table, counts: Table, workers: Table, stages: Table, items: Table, next_share: Table,
    next_stage: Table, pathways: Table, first_team: Table, teams_of_kind: Table,
    heads: Table, tails: Table, returning: Table, tally: Table, distributions: Table,
    seed: int, replication: int,
) -> None:  # fmt: skip
    """End the stages that are over, among those that the evening foresaw and today's arrivals."""
    foreseen = counts[ENDING]
    for i in range(foreseen + counts[OPEN] - counts[OPEN_BEFORE]):
        row = ending[i] if i < foreseen else open_rows[counts[OPEN_BEFORE] + i - foreseen]
        if is_over(row, day, cases, left, stages, items):
            end_stage(
                row, day, horizon, cases, due, left, done, workers, stages, items,
                next_share, next_stage, pathways, first_team, teams_of_kind, heads,
                tails, returning, tally, distributions, seed, replication,
            )  # fmt: skip


@compiled
def end_stage(
    row: int, day: int, horizon: int, cases: Table, due: Table, left: Table, done: Table,
    workers: Table, stages: Table, items: Table, next_share: Table,
    next_stage: Table, pathways: Table, first_team: Table, teams_of_kind: Table,
    heads: Table, tails: Table, returning: Table, tally: Table, distributions: Table,
    seed: int, replication: int,
) -> None:  # fmt: skip
    """End the stage of a case: close it, or take it into its next stage."""
    stage = cases["stage"][row]
    key = cases["key"][row]
    timescale = stages["timescale"][stage]
    if timescale >= 0:
        column = FIRST_TIMESCALE + 2 * timescale
        tally[cases["team"][row], column] += 1
        if day - timescale_began(row, cases, stages) <= stages["within"][stage]:
            tally[cases["team"][row], column + 1] += 1

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
        begin_work(
            row, day, cases, due, left, done, stages, items, distributions, seed, replication
        )
        return
    enter_stage(
        row, following, day, cases, stages, first_team, teams_of_kind, heads, tails,
        distributions, seed, replication,
    )  # fmt: skip
