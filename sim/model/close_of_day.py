"""The close of the day: stages that are over end, people are counted, strain and hazards gather."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.absence import absence
from sim.model.exhaustion import wear_and_rest
from sim.model.hazards import RESIGNS, gather_hazards
from sim.model.moving_on import end_stages, let_go_in_the_evening
from sim.model.safety import watch_cases
from sim.model.staffing_count import count_people
from sim.model.tallies import COST_POLICY
from sim.model.turnover import resignation
from sim.model.weekly_count import begin_the_week, close_the_week

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

CLOSING_TIME = 0.9  # of the working day


def closes_of_day(world: World) -> Process:
    """Each evening, close the day; on the last of the week, close the week."""
    yield world.env.timeout(CLOSING_TIME)
    cases, workers, plan = world.cases, world.workers, world.plan
    while True:
        day = world.day
        let_go_in_the_evening(world)
        end_stages(world)
        watch_cases(
            day, cases.table, cases.due, cases.left, cases.open_rows, cases.counts,
            workers.table, workers.n, plan.tiers, plan.stages, plan.items, plan.settings,
            world.tally,
        )  # fmt: skip
        count_people(
            day, workers.table, workers.diary, workers.n, world.posts, world.n_posts, world.teams,
            plan.roles, plan.settings, world.tally,
        )  # fmt: skip
        world.tally[:, COST_POLICY] += plan.settings["policy_per_day"][0] / len(world.teams)
        wear_and_rest(day, workers.table, workers.diary, workers.n, plan.roles, plan.settings)
        if len(world.struck) < 2 * workers.n:  # someone can fall ill and resign on one day
            world.struck = np.zeros(4 * workers.n, np.int64)
            world.struck_by = np.zeros(4 * workers.n, np.int64)
        struck = gather_hazards(
            day, workers.table, workers.n, plan.roles, plan.settings, plan.tenure_days,
            plan.tenure_factor, world.struck, world.struck_by,
        )  # fmt: skip
        for i in range(struck):
            worker, event = int(world.struck[i]), int(world.struck_by[i])
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
