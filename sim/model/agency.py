"""Agency workers: cover for a vacant post, and contracts beyond the establishment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.columns import LEFT, NEVER, NOBODY, Table
from sim.model.compiled import compiled
from sim.model.draws import draw_from
from sim.model.randomness import purpose, uniform
from sim.model.staffing import HOLDERS, end_agency, is_vacant, start_worker

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World

SOUGHT = purpose("agency.sought")
LEAD = purpose("agency.lead")
STAY = purpose("agency.stay")
EXPERIENCED_DAYS = 3 * 253  # agency workers need three years of practice (rules of October 2024)
COVER_KEY = 1 << 61  # apart from the keys of permanent workers
CONTRACTS = 1 << 8  # agency workers that one vacancy can have, one after the other


@compiled
def agency_fte(workers: Table, n_workers: int) -> float:
    """FTE of agency workers at work now."""
    fte = 0.0
    for worker in range(n_workers):
        if workers["agency"][worker] == 1 and workers["status"][worker] != LEFT:
            fte += workers["fte"][worker]
    return fte


def below_cap(world: World, fte: float) -> bool:
    """Whether so much more agency stays within the cap."""
    established = float(world.posts["fte"][: world.n_posts].sum())
    cap = float(world.plan.settings["agency_cap"][0])
    now = agency_fte(world.workers.table, world.workers.n)
    return now + fte <= cap * established + 1e-9


def _days(world: World, name: str, what_for: int, key: int, number: int) -> int:
    """Draw a whole number of days, at least 1."""
    plan, run = world.plan, (world.seed, world.chances.turnover)
    drawn = draw_from(plan.distributions, plan.rows[name], *run, what_for, key, number)
    return max(1, int(drawn + 0.5))


def agency_cover(world: World, post: int, lead: bool = True) -> Process:
    """Cover a vacancy with agency workers, one after the other, until the post is filled."""
    row = world.posts[post]
    vacancy = int(row["vacancies"])
    key = int(row["key"]) * HOLDERS + vacancy
    u = uniform(world.seed, world.chances.turnover, SOUGHT, key, 0)
    number = 0
    while u < world.plan.settings["agency_cover"][0] and number < CONTRACTS - 1:
        if lead:
            yield world.until(world.day + _days(world, "agency_lead", LEAD, key, number))
        lead = True
        if not is_vacant(world, post, vacancy):
            return
        if below_cap(world, float(row["fte"])):
            worker = start_worker(
                world, team=int(row["team"]), role=int(row["role"]), fte=float(row["fte"]),
                key=COVER_KEY + key * CONTRACTS + number, post=post, agency=True,
                started=world.day - EXPERIENCED_DAYS, newly_qualified_until=-NEVER,
            )  # fmt: skip
            world.posts["cover"][post] = worker
            yield world.until(world.day + _days(world, "agency_stay", STAY, key, number))
            if world.workers.table["status"][worker] != LEFT:
                end_agency(world, worker)
        number += 1


def agency_beyond(world: World, team: int, role: int, fte: float, place: int) -> Process:
    """Keep an agency contract beyond the establishment going in a team."""
    number = 0
    key = (1 << 54) + (team << 8) + place
    while True:
        if below_cap(world, fte):
            worker = start_worker(
                world, team=team, role=role, fte=fte, key=key * CONTRACTS + number,
                post=NOBODY, agency=True, started=world.day - EXPERIENCED_DAYS,
                newly_qualified_until=-NEVER,
            )  # fmt: skip
            yield world.until(world.day + _days(world, "agency_stay", STAY, key, number))
            if world.workers.table["status"][worker] != LEFT:
                end_agency(world, worker)
        number += 1
        yield world.until(world.day + _days(world, "agency_lead", LEAD, key, number))
