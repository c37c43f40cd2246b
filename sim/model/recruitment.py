"""Recruitment: from a vacant post to a new starter; and former workers who come back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.model.columns import LEFT
from sim.model.draws import draw_from
from sim.model.holding import recruitment_terms, returners_see
from sim.model.plan_columns import MONTHS_A_YEAR, WORKING_DAYS_A_YEAR
from sim.model.randomness import purpose, uniform
from sim.model.staffing import fill_post, is_vacant, next_holder, vacant_posts

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

APPROVAL = purpose("vacancy.approval")
ROUND = purpose("vacancy.round")
ROUND_FILLS = purpose("vacancy.round_fills")
RETURNS = purpose("returner")
MOST_ROUNDS = 1000


def recruitment(world: World, post: int, first_ends: float | None = None) -> Process:
    """Approve, then advertise, select and wait for the starter, again until someone starts.

    It ends without a starter if the post is filled in another way meanwhile. A search that is found
    under way begins with its present round, which ends on the day `first_ends`.
    """
    plan = world.plan
    vacancy, key = int(world.posts["vacancies"][post]), next_holder(world, post)
    chances, run = plan.distributions, (world.seed, world.chances.turnover)
    start = world.day + draw_from(chances, plan.rows["approval"], *run, APPROVAL, key, 0)
    for number in range(MOST_ROUNDS):
        length = draw_from(chances, plan.rows["round"], *run, ROUND, key, number)
        start += length * recruitment_terms(world, post)[0]
        if number == 0 and first_ends is not None:
            start = first_ends
        yield world.until(max(world.day, int(start + 0.5)))
        if not is_vacant(world, post, vacancy):
            return
        u = uniform(*run, ROUND_FILLS, key, number)
        if u < recruitment_terms(world, post)[1]:
            fill_post(world, post)
            return


def returners(world: World) -> Process:
    """Each month, former workers ask to come back, and do if caseloads are manageable."""
    terms = world.plan.scenario.recruitment
    a_month = terms.returners_per_year / MONTHS_A_YEAR
    month = 0
    while a_month > 0:
        yield world.in_days(WORKING_DAYS_A_YEAR // MONTHS_A_YEAR)
        month += 1
        whole = int(a_month)
        number = whole + int(
            uniform(world.seed, world.chances.turnover, RETURNS, 0, month) < a_month - whole
        )
        workers = world.workers
        holding = (workers["caseload"] > 0) & (workers["status"] != LEFT)
        fte = float(workers["fte"][holding].sum())
        held = int(workers["caseload"].sum())
        caseload = returners_see(world, held / fte if fte > 0 else math.inf)
        if number > 0 and caseload <= terms.returners_caseload:
            for post in vacant_posts(world)[:number]:
                fill_post(world, post)
