"""The first morning: who is in post, and which cases are open.

`steady` begins like a service long at work: each stage holds as many cases as the demand and the
durations give it (Little's law), each some way through its stage. A warm-up then lets waiting,
lateness and exhaustion find their level. `empty` begins with no case at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.agency import agency_beyond, agency_cover
from sim.model.allocation import may_hold
from sim.model.arrivals import STREAM, draw_needs
from sim.model.columns import GONE_CLOSED, LEFT, NEVER, NOBODY, OPEN, SCREENED, Table
from sim.model.compiled import compiled, compiled_making_tables
from sim.model.draws import place_among
from sim.model.pathways import begin_work, take_up
from sim.model.plan_columns import EVERY, OPENING, WORKING_DAYS_A_YEAR
from sim.model.posts import new_post, post_sizes
from sim.model.randomness import purpose, uniform
from sim.model.recruitment import recruitment
from sim.model.staffing import fill_post
from sim.model.waiting_list import join_waiting_list
from sim.scenario.offered_work import flows

if TYPE_CHECKING:
    from sim.model.world import World
    from sim.scenario.distributions import Distribution

VACANT_AT_START = purpose("start.vacant")
TENURE_AT_START = purpose("start.tenure")
NOVICE_AT_START = purpose("start.newly_qualified")
CASES_AT_START = purpose("start.cases")
LENGTH_AT_START = purpose("start.length")
THROUGH_AT_START = purpose("start.through")
WORK_AT_START = purpose("start.work")

MOST_COME_BACK = 0.95  # of those who leave: with more, cases would go round for ever
OPEN_AT_START = 1 << 57  # part of the key of a case that was open on the first day
GONE_AT_START = 1 << 56  # part of the key of one that was closed, and comes back
QUANTILES = 2000
STAGE_BITS = 32  # a key holds the stage above the number of the case


def staff_posts(world: World) -> None:
    """Create the scenario's posts; fill them, but for the share that is vacant."""
    plan, scenario = world.plan, world.plan.scenario
    part_time, recruit = scenario.part_time, scenario.recruitment
    scheme = recruit.newly_qualified
    for team, role, fte in establishment(world):
        for size in post_sizes(fte, part_time.share, part_time.fte):
            post = new_post(world, team, role, size, 0)
            key = int(world.posts["key"][post])
            if uniform_of(world, VACANT_AT_START, key) < recruit.vacant_on_first_day:
                world.env.process(recruitment(world, post))
                world.env.process(agency_cover(world, post, lead=False))
                continue
            novice = (
                scheme is not None
                and scheme.role == plan.role_names[role]
                and uniform_of(world, NOVICE_AT_START, key) < scheme.share_on_first_day
            )
            fill_post(
                world, post, newly_qualified=novice, counted=False,
                tenure_days=tenure_at_start(world, key, role, novice),
            )  # fmt: skip
    beyond_role = scenario.agency.beyond_role
    for kind_name, fte in scenario.agency.beyond_establishment.items():
        kind = plan.kind_names.index(kind_name)
        role = plan.role_names.index(str(beyond_role))
        for place, size in enumerate(post_sizes(fte, 0.0, 1.0)):
            world.env.process(agency_beyond(world, kind, role, size, place))


def establishment(world: World) -> Iterator[tuple[int, int, float]]:
    """Set up the teams; give the FTE of posts that each has of each role: team, role, FTE."""
    plan = world.plan
    for kind, team_of_kind in enumerate(plan.scenario.teams.values()):
        for n in range(team_of_kind.number):
            team = int(plan.first_team[kind]) + n
            world.teams["kind"][team], world.teams["area"][team] = kind, n
            world.teams["business_support"][team] = team_of_kind.business_support
            for role_name, fte in team_of_kind.posts.items():
                yield team, plan.role_names.index(role_name), fte


def tenure_at_start(world: World, post_key: int, role: int, novice: bool) -> int:
    """Draw for how many working days someone has been in their post on the first morning."""
    scenario = world.plan.scenario
    scheme = scenario.recruitment.newly_qualified
    u = uniform_of(world, TENURE_AT_START, post_key)
    if novice:
        return int(u * WORKING_DAYS_A_YEAR)
    years = -scenario.turnover.mean_tenure_years * np.log1p(-u)
    if scheme is not None and scheme.role == world.plan.role_names[role]:
        years += 1.0
    return int(years * WORKING_DAYS_A_YEAR)


def open_cases(world: World) -> None:
    """Write down the cases that a service long at work has open, and those due to come back."""
    scenario, plan, cases = world.plan.scenario, world.plan, world.cases
    key_of_run = (world.seed, world.chances.families)
    for stream_number, stream in enumerate(scenario.demand.values()):
        pathway = scenario.pathways[stream.pathway]
        arrivals_a_day = _arrivals_a_day(world, stream_number)
        visits = flows(pathway)
        first = int(plan.pathways["first"][plan.streams["pathway"][stream_number]])
        for n, (name, stage) in enumerate(pathway.stages.items()):
            mean = arrivals_a_day * visits[name] * stage.duration.expected()
            number = _whole(world, mean, (stream_number << 8) + n)
            cases.make_room(number)
            cases.n = write_open_cases(
                number, cases.n, first_key(stream_number, n), stream_number, first + n,
                *length_biased(stage.duration), cases.table, cases.due,
                cases.left, cases.done, cases.open_rows, cases.counts, world.workers.table,
                world.workers.n, plan.roles, plan.stages, plan.items, plan.streams, plan.risk,
                plan.first_team, plan.teams_of_kind, world.heads, world.tails,
                plan.distributions, *key_of_run,
            )  # fmt: skip
        expect_back(world, stream_number)


def expect_back(world: World, stream: int) -> None:
    """Write down the cases of a stream that were closed before the first day, and come back."""
    scenario, plan, cases = world.plan.scenario, world.plan, world.cases
    pathway_number = int(plan.streams["pathway"][stream])
    rereferral = list(scenario.pathways.values())[pathway_number].rereferral
    if rereferral is None:
        return
    mean = _arrivals_a_day(world, stream) * rereferral.share * rereferral.after.expected()
    number = _whole(world, mean, (stream << 8) + 255)
    cases.make_room(number)
    cases.n = write_returning_cases(
        number, cases.n, GONE_AT_START + stream * STREAM, stream,
        int(plan.pathways["first"][pathway_number]), *length_biased(rereferral.after),
        world.horizon, world.returning, cases.table, plan.streams, plan.risk, plan.first_team,
        plan.teams_of_kind, plan.distributions, world.seed, world.chances.families,
    )  # fmt: skip


def _arrivals_a_day(world: World, stream: int) -> float:
    """Cases of a stream that arrive on a working day, those who come back included."""
    scenario = world.plan.scenario
    pathway = scenario.pathways[list(scenario.demand.values())[stream].pathway]
    a_calendar_day = float(world.intensity[:365, stream].mean())
    back = 0.0 if pathway.rereferral is None else pathway.rereferral.share
    return a_calendar_day * 365.25 / WORKING_DAYS_A_YEAR / (1.0 - min(back, MOST_COME_BACK))


def first_key(stream: int, stage_of_pathway: int) -> int:
    """The key of the first of a stream's cases that are open in a stage on the first morning."""
    return OPEN_AT_START + stream * STREAM + (stage_of_pathway << STAGE_BITS)


def uniform_of(world: World, what_for: int, key: int) -> float:
    """The chance of a post or a person for one thing on the first morning."""
    return uniform(world.seed, world.chances.turnover, what_for, key, 0)


def _whole(world: World, mean: float, which: int) -> int:
    """A whole number with that mean."""
    whole = int(mean)
    u = uniform(world.seed, world.chances.families, CASES_AT_START, which, 0)
    return whole + int(u < mean - whole)


def length_biased(duration: Distribution) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Durations, and how likely a case found open is to have each: the longer, the likelier."""
    lengths = duration.quantiles(QUANTILES)
    total = lengths.sum()
    weights = np.cumsum(lengths) / total if total > 0 else np.linspace(0, 1, QUANTILES)
    return lengths, weights


@compiled
def new_row(
    row: int, key: int, stream: int, stage: int, cases: Table, streams: Table, risk: Table,
    first_team: Table, teams_of_kind: Table, distributions: Table, seed: int, replication: int,
) -> None:  # fmt: skip
    """Write down a case that nobody holds yet, with its own needs."""
    cases["key"][row] = key
    cases["stream"][row] = stream
    cases["stage"][row] = stage
    cases["worker"][row] = NOBODY
    cases["former_worker"][row] = NOBODY
    cases["new_worker_since"][row] = -NEVER
    cases["seen"][row] = -NEVER
    cases["closed"][row] = NOBODY
    cases["returns"][row] = NOBODY
    cases["waiting_next"][row] = NOBODY
    cases["allocated"][row] = -NEVER
    cases["worker_changed"][row] = -NEVER
    cases["worker_changed_before"][row] = -NEVER
    cases["patience"][row] = float(NEVER)
    draw_needs(row, cases, streams, risk, distributions, seed, replication)
    cases["team"][row] = first_team[0] + int(cases["area"][row] * teams_of_kind[0])


@compiled
def least_loaded(
    team: int, stage: int, workers: Table, n_workers: int, roles: Table, stages: Table
) -> int:
    """The worker of a team with the lowest workload for their share, who may hold a stage.

    Someone may have left already: agency cover of a post that is filled on the first morning.
    """
    chosen = NOBODY
    best = 0.0
    for worker in range(n_workers):
        if workers["team"][worker] != team or workers["status"][worker] == LEFT:
            continue
        if not may_hold(worker, stage, workers, roles, stages):
            continue
        share = max(roles["caseload_share"][workers["role"][worker]], 0.01)
        load = workers["workload"][worker] / (workers["capacity"][worker] * share)
        if chosen == NOBODY or load < best:
            chosen = worker
            best = load
    return chosen


@compiled_making_tables
def found_under_way(
    key: int, lengths: Table, weights: Table, seed: int, replication: int
) -> tuple[float, float]:
    """Draw the length of what is found under way, and how much of it is gone."""
    u = uniform(seed, replication, LENGTH_AT_START, key, 0)
    length = lengths[min(place_among(weights, u, -1, len(weights)) + 1, len(lengths) - 1)]
    return length, uniform(seed, replication, THROUGH_AT_START, key, 0) * length


@compiled_making_tables
def write_open_cases(
    number: int, rows: int, first_key: int, stream: int, stage: int, lengths: Table,
    weights: Table, cases: Table, due: Table, left: Table, done: Table, open_rows: Table,
    counts: Table, workers: Table, n_workers: int, roles: Table, stages: Table, items: Table,
    streams: Table, risk: Table, first_team: Table, teams_of_kind: Table, heads: Table,
    tails: Table, distributions: Table, seed: int, replication: int,
) -> int:  # fmt: skip
    """Write down cases that are some way through a stage, with the workers who have least to do."""
    for k in range(number):
        row = rows + k
        key = first_key + k
        new_row(
            row, key, stream, stage, cases, streams, risk, first_team, teams_of_kind,
            distributions, seed, replication,
        )  # fmt: skip
        length, gone = found_under_way(key, lengths, weights, seed, replication)
        began = -int(gone)
        ends = length - gone
        cases["steps"][row] = 1
        cases["tier"][row] = min(cases["tier"][row], stages["lowest_tier"][stage])
        cases["arrived"][row] = began
        cases["entered"][row] = began
        cases["clock"][row] = began
        cases["ends"][row] = ends
        open_rows[counts[OPEN]] = row
        counts[OPEN] += 1
        kind = stages["kind"][stage]
        if kind == NOBODY:
            cases["status"][row] = SCREENED
            continue
        cases["team"][row] = first_team[kind] + int(cases["area"][row] * teams_of_kind[kind])
        worker = least_loaded(cases["team"][row], stage, workers, n_workers, roles, stages)
        if worker == NOBODY:
            join_waiting_list(row, 0, cases, heads, tails)
            continue
        take_up(row, worker, began, cases, workers, stages)
        begin_work(
            row, began, 0.0, cases, due, left, done, stages, items, distributions, seed, replication
        )
        cases["ends"][row] = ends
        for slot in range(1, stages["items"][stage] + 1):
            item = items[stage, slot - 1]
            if item["when"] == EVERY:
                due[row, slot] = (
                    uniform(seed, replication, WORK_AT_START, key, slot) * item["every"]
                )
            elif item["when"] == OPENING:
                if gone > item["first_within"]:
                    left[row, slot] = 0.0
            elif stages["timescale"][stage] < 0:
                due[row, slot] = ends + item["first_within"]
    return rows + number


@compiled_making_tables
def write_returning_cases(
    number: int, rows: int, first_key: int, stream: int, stage: int, lengths: Table,
    weights: Table, horizon: int, returning: Table, cases: Table, streams: Table, risk: Table,
    first_team: Table, teams_of_kind: Table, distributions: Table, seed: int, replication: int,
) -> int:  # fmt: skip
    """Write down cases that were closed before the first day, and come back after it."""
    for k in range(number):
        row = rows + k
        key = first_key + k
        new_row(
            row, key, stream, stage, cases, streams, risk, first_team, teams_of_kind,
            distributions, seed, replication,
        )  # fmt: skip
        _, gone = found_under_way(key, lengths, weights, seed, replication)
        comes_back = int(gone + 0.5)
        cases["status"][row] = GONE_CLOSED
        cases["closed"][row] = -1
        if comes_back < horizon:
            cases["returns"][row] = comes_back
            cases["returns_next"][row] = returning[comes_back]
            returning[comes_back] = row
    return rows + number
