"""The meeting for shared stages: cases that workers of several kinds of team may hold.

Some work belongs to nobody's team alone: it is done by whoever has the skill, wherever they sit, as
on a rota. Each morning, before the teams' own meetings, such cases meet all who are in and have
room, in the case's own team and in every team of the other kinds that the stage names. The order of
cases, the caps and the duty of the highest tier are those of any meeting. Their worker stays in the
team where the post is, and other work there has so many hours less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.allocation_meeting import (
    allocate,
    columns_of,
    eligible_workers,
    waiting_case,
    with_room,
    workers_in,
)
from sim.model.allocation_rules import REFERENCE, AllocationRule, LowestWorkload
from sim.model.columns import OPEN, WAITING
from sim.model.plan_columns import RULES

if TYPE_CHECKING:
    from sim.model.world import World


def hold_shared_meeting(world: World) -> None:
    """Share out the waiting cases of shared stages, the highest risk first."""
    plan, cases = world.plan, world.cases
    open_rows = cases.open_rows[: cases.counts[OPEN]]
    waiting = cases.table[open_rows]["status"] == WAITING
    wanted = waiting & (plan.stages["shared"][cases.table[open_rows]["stage"]] == 1)
    rows = open_rows[wanted]
    order = np.lexsort((rows, cases.table["waiting_since"][rows], cases.table["tier"][rows]))
    in_today: dict[int, list[int]] = {}
    for row in rows[order].tolist():
        duty = bool(plan.tiers["duty"][cases.table["tier"][row]])
        present = []
        for team in _teams_that_may_take(world, row):
            if team not in in_today:
                in_today[team] = workers_in(world, team)
            present += in_today[team]
        able = present if duty else with_room(world, present)
        eligible = eligible_workers(world, row, able)
        if eligible:
            rule = LowestWorkload() if duty else _rule_of_the_day(world)
            place = rule.choose(waiting_case(world, row), columns_of(world, eligible))
            allocate(world, row, eligible[place], len(present), len(eligible), by_duty=duty)


def _teams_that_may_take(world: World, row: int) -> list[int]:
    """The case's own team, then every team of the other kinds that its stage names."""
    own = int(world.cases.table["team"][row])
    others = np.isin(world.teams["kind"], world.plan.also_from[world.cases.table["stage"][row]])
    return [own, *(team for team in np.flatnonzero(others).tolist() if team != own)]


def _rule_of_the_day(world: World) -> AllocationRule:
    """The rule in force; `optimal`, which is for whole teams, is the lowest workload here."""
    if world.own_rule is not None:
        return world.own_rule
    return REFERENCE.get(RULES[int(world.plan.settings["rule"][0])], LowestWorkload())
