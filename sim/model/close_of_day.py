"""The close of the day: stages that are over end, people are counted, strain and hazards gather."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.absence import absence
from sim.model.columns import ENDING, OPEN, OPEN_BEFORE, Table
from sim.model.compiled import compiled
from sim.model.exhaustion import cross_over, wear_and_rest
from sim.model.fetching import AHEAD, fetch_row
from sim.model.hazards import RESIGNS, gather_hazards
from sim.model.holding import who_is_struck
from sim.model.moving_on import end_stage, is_open, is_over, let_go_in_the_evening
from sim.model.pathways import HALF_A_DAY
from sim.model.safety import count_case, sum_up_cases, watch_case
from sim.model.staffing_count import count_people
from sim.model.tallies import COST_POLICY
from sim.model.turnover import resignation
from sim.model.weekly_count import begin_the_week, close_the_week

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

CLOSING_TIME = 0.9  # of the working day


@compiled
def close_the_day(
    day: int, horizon: int, cases: Table, due: Table, left: Table, done: Table, open_rows: Table,
    ending: Table, counts: Table, workers: Table, diary: Table, n_workers: int, posts: Table,
    n_posts: int, teams: Table, roles: Table, tiers: Table, stages: Table, items: Table,
    next_share: Table, next_stage: Table, pathways: Table, first_team: Table,
    teams_of_kind: Table, heads: Table, tails: Table, returning: Table, settings: Table,
    tenure_days: Table, tenure_factor: Table, tally: Table, lengths: Table, distributions: Table,
    open_cases: Table, struck: Table, struck_by: Table, seed: int, replication: int,
) -> int:  # fmt: skip
    """Close a day: cases, people, costs, strain, hazards. Give how many are struck by something.

    One call and one round of the cases: fetching them costs more than what is done with each.
    """
    for worker in range(n_workers):
        workers["overdue_high_risk"][worker] = 0
    kept = 0
    foreseen = 0
    for i in range(counts[OPEN]):
        row = open_rows[i]
        fetch_row(cases, open_rows[min(i + AHEAD, counts[OPEN] - 1)])
        if day >= cases["quiet_until"][row]:
            if is_over(row, day, cases, due, left, stages, items):
                end_stage(
                    row, day, horizon, cases, due, left, done, workers, stages, items, next_share,
                    next_stage, pathways, first_team, teams_of_kind, heads, tails, returning,
                    tally, lengths, distributions, seed, replication,
                )  # fmt: skip
            if not is_open(row, cases):
                continue
            watch_case(
                row, day, cases, due, left, workers, tiers, stages, items, settings, tally
            )  # fmt: skip
            if cases["ends"][row] <= day + 1 + HALF_A_DAY:
                ending[foreseen] = row
                foreseen += 1
        count_case(row, cases, open_cases, tally)
        open_rows[kept] = row
        kept += 1
    counts[OPEN], counts[ENDING], counts[OPEN_BEFORE] = kept, foreseen, kept
    sum_up_cases(open_cases, tiers, tally)

    count_people(day, workers, diary, n_workers, posts, n_posts, teams, roles, settings, tally)
    for team in range(len(teams)):
        tally[team, COST_POLICY] += settings[0]["policy_per_day"] / len(teams)
    wear_and_rest(day, workers, diary, n_workers, roles, settings)
    cross_over(workers, n_workers, teams, roles, settings)
    return int(
        gather_hazards(
            day, workers, n_workers, roles, settings, tenure_days, tenure_factor, struck, struck_by
        )
    )


def closes_of_day(world: World) -> Process:
    """Each evening, close the day; on the last of the week, close the week."""
    yield world.env.timeout(CLOSING_TIME)
    cases, workers, plan = world.cases, world.workers, world.plan
    while True:
        day = world.day
        if world.anyone_gives_up:
            let_go_in_the_evening(world)
        if len(world.struck) < 2 * workers.n:  # someone can fall ill and resign on one day
            world.struck = np.zeros(4 * workers.n, np.int64)
            world.struck_by = np.zeros(4 * workers.n, np.int64)
        struck = world.each_day(close_the_day)(
            day, world.horizon, cases.table, cases.due, cases.left, cases.done, cases.open_rows,
            cases.ending, cases.counts, workers.table, workers.diary, workers.n, world.posts,
            world.n_posts, world.teams, plan.roles, plan.tiers, plan.stages, plan.items,
            plan.next_share, plan.next_stage, plan.pathways, plan.first_team, plan.teams_of_kind,
            world.heads, world.tails, world.returning, plan.settings, plan.tenure_days,
            plan.tenure_factor, world.tally, world.lengths, plan.distributions,
            world.open_cases, world.struck,
            world.struck_by, world.seed, world.chances.families,
        )  # fmt: skip
        for worker, event in who_is_struck(world, struck):
            if event == RESIGNS:
                world.env.process(resignation(world, worker))
            else:
                world.env.process(absence(world, worker, event))
        if world.calendar.last_of_week[day]:
            close_the_week(
                day, workers.table, workers.n, world.teams, plan.roles, plan.settings,
                world.caseloads, world.tally,
            )  # fmt: skip
            world.record.keep_week(world)
            begin_the_week(workers.table, workers.n)
        yield world.env.timeout(1)
