"""Cases whose stage is over move on: in the morning, before the meeting, and in the evening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.pathways import move_cases_on

if TYPE_CHECKING:
    from sim.model.world import World


def end_stages(world: World) -> None:
    """End the stages that are over: the case is closed, or goes into its next stage.

    In the morning these are the stages whose time is up; their workers have room at the meeting. In
    the evening they are those that had to wait for work which was done today.
    """
    cases, workers, plan = world.cases, world.workers, world.plan
    move_cases_on(
        world.day, world.horizon, cases.table, cases.due, cases.left, cases.done,
        cases.open_rows, cases.counts, workers.table, plan.stages, plan.items, plan.next_share,
        plan.next_stage, plan.pathways, plan.first_team, plan.teams_of_kind, world.heads,
        world.tails, world.returning, world.tally, plan.distributions, world.seed,
        world.replication,
    )  # fmt: skip
