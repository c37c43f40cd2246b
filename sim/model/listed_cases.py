"""The open cases of a real service on its first morning: in their stages, with their workers.

A stage that has lasted so long ends after a length that is drawn among those that may last longer.
Where a report or summary has to be done before a stage can end, its own time may be up already:
that work is taken to be done anywhere between then and the day on which it is due. Visits are due
as long after the last one as they should be. Of what lists don't say (reviews, reports), work
that is due once is done if its time is over, and work that comes again is somewhere between two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import NEVER, NOBODY, OPEN, SCREENED, Table
from sim.model.compiled import compiled, compiled_making_tables
from sim.model.draws import place_among
from sim.model.pathways import begin_work, take_up, timescale_began
from sim.model.plan_columns import CLOSING, EVERY, FROM_ALLOCATION, FROM_CLOCK, OPENING
from sim.model.randomness import purpose, uniform
from sim.model.starting_position import QUANTILES, WORK_AT_START, expect_back, first_key, new_row
from sim.model.waiting_list import join_waiting_list
from sim.scenario.service import teams_by_name

if TYPE_CHECKING:
    from sim.model.world import World
    from sim.scenario.position.content import OpenCase, Position

LENGTH_OF_LISTED = purpose("start.length_of_listed")
PATIENCE_OF_LISTED = purpose("start.patience_of_listed")
AREA_OF_LISTED = purpose("start.area_of_listed")

GOLDEN_RATIO = 0.6180339887498949  # its multiples spread evenly between whole numbers
UNKNOWN = NEVER  # instead of a day that nobody has written down

LISTED = np.dtype(
    [
        (name, np.int64)
        for name in (
            "key",
            "stream",
            "stage",
            "tier",  # or NOBODY
            "team",  # or NOBODY
            "worker",  # row of the workers, or NOBODY
            "entered",
            # days, or UNKNOWN:
            "arrived",
            "clock",
            "allocated",
            "waiting_since",
            "last_visit",
            "workers",  # or NOBODY
        )
    ]
)


def open_listed_cases(world: World, position: Position, people: list[int]) -> None:
    """Write down the cases of a position, and those that were closed before it and come back.

    Parameters
    ----------
    position
        Where the service stands.
    people
        The rows of its people among the workers.
    """
    plan, cases = world.plan, world.cases
    listed = _as_table(world, position, people)
    cases.make_room(len(listed))
    cases.n = write_listed_cases(
        listed, position.visits_known, cases.n, _stage_lengths(world), *_patiences(world),
        cases.table, cases.due, cases.left, cases.done, cases.open_rows, cases.counts,
        world.workers.table, plan.stages, plan.items, plan.streams, plan.risk, plan.first_team,
        plan.teams_of_kind, world.heads, world.tails, plan.distributions, world.seed,
        world.chances.families,
    )  # fmt: skip
    for stream in range(len(plan.streams)):
        expect_back(world, stream)


def _as_table(world: World, position: Position, people: list[int]) -> Table:
    """Put the cases of a position into rows, those that have waited longest first."""
    plan, scenario = world.plan, world.plan.scenario
    teams = {name: number for number, name in enumerate(teams_by_name(scenario))}
    stages = {
        (stream, stage): (s, n, int(plan.pathways["first"][plan.streams["pathway"][s]]) + n)
        for s, (stream, about) in enumerate(scenario.demand.items())
        for n, stage in enumerate(scenario.pathways[about.pathway].stages)
    }
    tiers = {name: number for number, name in enumerate(plan.tier_names)}
    numbers: dict[tuple[int, int], int] = {}

    def row(case: OpenCase) -> tuple[int, ...]:
        stream, n, stage = stages[case.stream, case.stage]
        number = numbers.get((stream, n), 0)
        numbers[stream, n] = number + 1
        days = (case.referred, case.clock, case.allocated, case.waiting_since, case.last_visit)
        return (
            first_key(stream, n) + number,
            stream,
            stage,
            NOBODY if case.tier is None else tiers[case.tier],
            NOBODY if case.team is None else teams[case.team],
            NOBODY if case.worker is None else people[case.worker],
            case.entered,
            *(UNKNOWN if day is None else day for day in days),
            NOBODY if case.workers_so_far is None else case.workers_so_far,
        )

    table: Table = np.array([row(case) for case in position.cases], LISTED)
    since = np.where(table["waiting_since"] == UNKNOWN, table["entered"], table["waiting_since"])
    in_order: Table = table[np.argsort(since, kind="stable")]
    return in_order


def _stage_lengths(world: World) -> NDArray[np.float64]:
    """Lengths of each stage, in order: (stages, quantiles)."""
    pathways = world.plan.scenario.pathways.values()
    return np.array(
        [
            _whole(stage.duration.quantiles(QUANTILES))
            for pathway in pathways
            for stage in pathway.stages.values()
        ]
    )


def _patiences(world: World) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How long cases wait in each stage, and for the first worker in each stream; as lengths."""
    scenario = world.plan.scenario
    forever = np.full(QUANTILES, float(NEVER))
    of_stages = [
        forever if stage.patience is None else _whole(stage.patience.quantiles(QUANTILES))
        for pathway in scenario.pathways.values()
        for stage in pathway.stages.values()
    ]
    of_streams = [
        forever if stream.patience is None else _whole(stream.patience.quantiles(QUANTILES))
        for stream in scenario.demand.values()
    ]
    return np.array(of_stages), np.array(of_streams)


def _whole(lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """A fixed duration has one length only: as many as the others."""
    return np.broadcast_to(lengths, QUANTILES) if len(lengths) == 1 else lengths


@compiled
def longer_than(
    gone: float, lengths: Table, what_for: int, key: int, seed: int, replication: int
) -> float:
    """Draw a length among those above `gone`; `gone` itself where none is that long."""
    n = len(lengths)
    below = place_among(lengths, gone, -1, n) + 1  # how many are not above it
    if below == n:
        return gone
    u = uniform(seed, replication, what_for, key, 0)
    return float(lengths[below + int(u * (n - below))])


@compiled
def lasts(length: float, j: int, until: float, within: float) -> float:
    """How long a stage lasts with its closing work: to somewhere before that is due.

    The j-th length has a place of its own between the two, evenly spread over all lengths.
    """
    place = j * GOLDEN_RATIO % 1.0
    return length + place * max(within, until - length)


@compiled
def own_time(
    gone: float, lengths: Table, until: float, within: float, key: int, seed: int,
    replication: int,
) -> float:  # fmt: skip
    """Draw a stage's own time, given that with its closing work it has lasted for `gone` so far.

    Parameters
    ----------
    until
        Days from when the time began to when the closing work is due, or 0 if that depends on the
        stage's end.
    within
        Days from the end of the stage's own time within which it is due, or 0.
    """
    eligible = 0
    for j in range(len(lengths)):
        eligible += lasts(lengths[j], j, until, within) > gone
    if eligible == 0:
        return gone
    wanted = int(uniform(seed, replication, LENGTH_OF_LISTED, key, 0) * eligible)
    for j in range(len(lengths)):
        if lasts(lengths[j], j, until, within) > gone:
            if wanted == 0:
                return float(lengths[j])
            wanted -= 1
    return gone


@compiled
def stage_time(
    row: int, began: int, lengths: Table, cases: Table, stages: Table, items: Table, seed: int,
    replication: int,
) -> float:  # fmt: skip
    """Draw the own time of the stage that a case is in, which began on a day."""
    stage = cases["stage"][row]
    key = cases["key"][row]
    until = within = 0.0
    for slot in range(1, stages["items"][stage] + 1):
        item = items[stage, slot - 1]
        if item["when"] == CLOSING:
            if stages["timescale"][stage] >= 0:
                until = timescale_began(row, cases, stages) + stages["within"][stage] - began
            else:
                within = max(within, item["first_within"])
    if until <= 0 and within == 0:
        return longer_than(float(-began), lengths, LENGTH_OF_LISTED, key, seed, replication)
    return own_time(float(-began), lengths, until, within, key, seed, replication)


@compiled
def set_work_in_hand(
    row: int, listed: Table, visits_known: bool, cases: Table, due: Table, left: Table,
    done: Table, stages: Table, items: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Say of each kind of work in a stage whether it is done, and when it is due."""
    stage = cases["stage"][row]
    key = cases["key"][row]
    allocated = cases["allocated"][row]
    visited = listed["last_visit"] != UNKNOWN and listed["last_visit"] >= listed["entered"]
    for slot in range(1, stages["items"][stage] + 1):
        item = items[stage, slot - 1]
        known = item["contact"] == 1 and (visits_known or visited)
        if item["when"] == EVERY:
            if known:
                if visited:
                    due[row, slot] = listed["last_visit"] + item["every"]
                    done[row, slot] = 1
            elif -allocated > item["first_within"]:
                u = uniform(seed, replication, WORK_AT_START, key, slot)
                due[row, slot] = u * item["every"]
        elif item["when"] == OPENING:
            if visited if known else -allocated > item["first_within"]:
                left[row, slot] = 0.0
        elif stages["timescale"][stage] < 0:
            due[row, slot] = cases["ends"][row] + item["first_within"]


@compiled_making_tables
def write_listed_cases(
    all_listed: Table, visits_known: bool, rows: int, lengths: Table, stage_patience: Table,
    stream_patience: Table, cases: Table, due: Table, left: Table, done: Table, open_rows: Table,
    counts: Table, workers: Table, stages: Table, items: Table, streams: Table, risk: Table,
    first_team: Table, teams_of_kind: Table, heads: Table, tails: Table, distributions: Table,
    seed: int, replication: int,
) -> int:  # fmt: skip
    """Write down listed cases, in the order given; give the rows in use."""
    held = np.zeros(len(workers))
    for k in range(len(all_listed)):
        if all_listed[k]["worker"] != NOBODY:
            held[all_listed[k]["worker"]] += 1
    for k in range(len(all_listed)):
        listed = all_listed[k]
        row = rows + k
        key, stream, stage = listed["key"], listed["stream"], listed["stage"]
        new_row(
            row, key, stream, stage, cases, streams, risk, first_team, teams_of_kind,
            distributions, seed, replication,
        )  # fmt: skip
        if listed["tier"] != NOBODY:
            cases["tier"][row] = listed["tier"]
        cases["tier"][row] = min(cases["tier"][row], stages["lowest_tier"][stage])
        entered = listed["entered"]
        arrived = listed["arrived"] if listed["arrived"] != UNKNOWN else entered
        clock = entered if stages["starts_clock"][stage] == 1 else arrived
        cases["steps"][row] = 1
        cases["arrived"][row] = arrived
        cases["entered"][row] = entered
        cases["clock"][row] = listed["clock"] if listed["clock"] != UNKNOWN else clock
        if listed["last_visit"] != UNKNOWN:
            cases["seen"][row] = listed["last_visit"]
        open_rows[counts[OPEN]] = row
        counts[OPEN] += 1

        worker = listed["worker"]
        kind = stages["kind"][stage]
        team = listed["team"]
        if worker != NOBODY and team == NOBODY:
            own = workers["team"][worker]
            if kind >= 0 and 0 <= own - first_team[kind] < teams_of_kind[kind]:
                team = own
        if team != NOBODY and kind >= 0:
            u = uniform(seed, replication, AREA_OF_LISTED, key, 0)
            cases["area"][row] = (team - first_team[kind] + u) / teams_of_kind[kind]

        allocated = listed["allocated"]
        if allocated == UNKNOWN and worker != NOBODY:
            allocated = entered
        began = entered
        if stages["duration_from"][stage] == FROM_ALLOCATION:
            began = allocated
        elif stages["duration_from"][stage] == FROM_CLOCK:
            began = cases["clock"][row]
        cases["ends"][row] = float(NEVER)
        if began != UNKNOWN:
            if worker != NOBODY:  # as if they had held as many when they took it up
                caseload = held[worker] / workers["fte"][worker]
                began = min(began + int(stages["days_for_each_case"][stage] * caseload), 0)
            cases["ends"][row] = began + stage_time(
                row, began, lengths[stage], cases, stages, items, seed, replication
            )
        if kind == NOBODY:
            cases["status"][row] = SCREENED
            continue
        cases["team"][row] = first_team[kind] + int(cases["area"][row] * teams_of_kind[kind])

        ends = cases["ends"][row]
        if allocated != UNKNOWN:
            begin_work(
                row, allocated, 0.0, cases, due, left, done, stages, items, distributions, seed,
                replication,
            )  # fmt: skip
            cases["ends"][row] = ends
            set_work_in_hand(
                row, listed, visits_known, cases, due, left, done, stages, items, seed,
                replication,
            )  # fmt: skip
            cases["allocated"][row] = allocated
        if worker != NOBODY:
            take_up(row, worker, allocated, cases, workers, stages)
            cases["workers"][row] = max(1, listed["workers"])
            cases["new_worker_since"][row] = allocated if listed["workers"] > 1 else -NEVER
            continue
        since = listed["waiting_since"] if listed["waiting_since"] != UNKNOWN else entered
        cases["workers"][row] = max(0, listed["workers"])
        patience = stage_patience[stage]
        if stages["patience"][stage] < 0:
            patience = stream_patience[stream]
        cases["patience"][row] = longer_than(
            float(-since), patience, PATIENCE_OF_LISTED, key, seed, replication
        )
        join_waiting_list(row, since, cases, heads, tails)
    return rows + len(all_listed)
