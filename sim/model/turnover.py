"""A resignation: notice, then the last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.columns import LEFT
from sim.model.staffing import leave_post

if TYPE_CHECKING:
    from sim.model.process import Process
    from sim.model.world import World


def resignation(world: World, worker: int) -> Process:
    """Give notice, be given no new cases, and leave when the notice has run out.

    On the last day the cases that are left go back to the waiting list; whoever takes one up needs
    time to read it and meet the family, and the family has a new worker.
    """
    notice = int(world.plan.settings["notice_days"][0])
    yield from notice_until(world, worker, world.day + 1 + notice)


def notice_until(world: World, worker: int, last_day: int) -> Process:
    """Be on notice from now on, and gone from the morning of a day."""
    world.workers.table["on_notice"][worker] = 1
    world.workers.table["last_day"][worker] = last_day
    yield world.until(last_day)
    if world.workers.table["status"][worker] != LEFT:
        leave_post(world, worker)
