"""Pathways: how a case enters a stage, who takes it up and down, and what the stage asks for."""

from __future__ import annotations

from sim.model.columns import HELD, NEVER, NOBODY, SCREENED, SLOTS, Table
from sim.model.compiled import compiled
from sim.model.draws import draw
from sim.model.plan_columns import CLOSING, FROM_ALLOCATION, FROM_CLOCK, FROM_ENTRY, FROM_REFERRAL
from sim.model.randomness import purpose
from sim.model.waiting_list import join_waiting_list

CASE_DURATION = purpose("case.duration")
CASE_WORK = purpose("case.work")
CASE_BOOKED_FOR = purpose("case.booked_for")
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
    row: int, day: int, caseload: float, cases: Table, due: Table, left: Table, done: Table,
    stages: Table, items: Table, distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Set up the work of a stage on the day that a worker takes it up for the first time.

    With a larger caseload, in cases per FTE, it takes longer: meetings are fitted into a fuller
    diary, as Coviello, Ichino and Persico (2014) found of judges with many cases open at a time.
    """
    stage = cases["stage"][row]
    key = cases["key"][row]
    if stages["duration_from"][stage] == FROM_ALLOCATION:
        length = draw(
            distributions[stages["duration"][stage]],
            seed, replication, CASE_DURATION, key, cases["steps"][row],
        )  # fmt: skip
        cases["ends"][row] = day + length
    cases["ends"][row] += stages["days_for_each_case"][stage] * caseload
    if stages["booked_for"][stage] >= 0:
        booked = timescale_began(row, cases, stages) + draw(
            distributions[stages["booked_for"][stage]],
            seed, replication, CASE_BOOKED_FOR, key, cases["steps"][row],
        )  # fmt: skip
        cases["ends"][row] = max(cases["ends"][row], booked)
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
    cases["allocated"][row] = -NEVER
    cases["put_off"][row] = 0
    cases["worker_changed"][row] = -NEVER
    cases["worker_changed_before"][row] = -NEVER
    cases["tier"][row] = min(cases["tier"][row], stages["lowest_tier"][stage])
    cases["ends"][row] = float(NEVER)
    cases["quiet_until"][row] = 0
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
        workers["let_go"][worker] = 1
        cases["former_worker"][row] = worker
        cases["worker"][row] = NOBODY


@compiled
def take_up(row: int, worker: int, day: int, cases: Table, workers: Table, stages: Table) -> None:
    """Put a case on a worker's caseload."""
    cases["status"][row] = HELD
    cases["worker"][row] = worker
    cases["presses_from"][row] = cases["listed"][row] = 0  # the worker makes a list of it anew
    cases["quiet_until"][row] = 0
    if worker != cases["former_worker"][row] or cases["workers"][row] == 0:
        cases["workers"][row] += 1
    cases["new_worker_since"][row] = day if cases["workers"][row] > 1 else -NEVER
    workers["caseload"][worker] += 1
    weight = stages["weight"][cases["stage"][row]] * cases["complexity"][row]
    workers["workload"][worker] += weight
