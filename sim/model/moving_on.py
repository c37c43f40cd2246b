"""Cases move on whose stage is over, or whose patience: before the meeting, and in the evening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.pathways import HALF_A_DAY, move_cases_on, withdraw_cases

if TYPE_CHECKING:
    from sim.model.world import World


def let_go_before_the_meeting(world: World) -> None:
    """Let go of waiting cases whose patience did not last until this morning."""
    _withdraw(world, world.day)


def let_go_in_the_evening(world: World) -> None:
    """Let go of waiting cases whose patience ends today."""
    _withdraw(world, world.day + HALF_A_DAY)


def _withdraw(world: World, by: float) -> None:
    cases = world.cases
    if world.anyone_gives_up:
        withdraw_cases(
            by, cases.table, cases.open_rows, cases.counts, world.plan.stages, world.tally
        )


def end_stages(world: World) -> None:
    """End the stages whose time is up this morning; their workers have room at the meeting.

    Those that had to wait for work which is done today end when the day is closed.
    """
    cases, workers, plan = world.cases, world.workers, world.plan
    move_cases_on(
        world.day, world.horizon, cases.table, cases.due, cases.left, cases.done,
        cases.open_rows, cases.ending, cases.counts, workers.table, plan.stages, plan.items,
        plan.next_share, plan.next_stage, plan.pathways, plan.first_team, plan.teams_of_kind,
        world.heads, world.tails, world.returning, world.tally, plan.distributions, world.seed,
        world.replication,
    )  # fmt: skip
