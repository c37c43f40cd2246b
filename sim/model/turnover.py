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
    table = world.workers.table
    table["on_notice"][worker] = 1
    notice = int(world.plan.settings["notice_days"][0])
    yield world.until(world.day + 1 + notice)
    if world.workers.table["status"][worker] != LEFT:
        leave_post(world, worker)
