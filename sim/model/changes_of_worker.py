"""How many in a stage had three or more workers within a year, counted at the end of each week.

Three workers are two changes since the case entered the stage, one of which may be from whoever
brought it there. As in England's figures for children in care, everyone is counted who is in the
stage on the day, however long they have been in it. A change is a new worker who holds the case,
not a colleague on duty; one who comes back to a case after another is counted again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.columns import OPEN
from sim.model.plan_columns import WORKING_DAYS_A_YEAR
from sim.model.tallies import FIRST_TIMESCALE

if TYPE_CHECKING:
    from sim.model.world import World


def count_changes_of_worker(world: World) -> None:
    """Add this evening's cases, and those with three workers within a year, to the tally.

    Nothing is counted before there has been a year to look back on.
    """
    plan = world.plan
    if not plan.worker_changes or world.day < WORKING_DAYS_A_YEAR:
        return
    cases = world.cases.table
    rows = world.cases.open_rows[: world.cases.counts[OPEN]]
    outcome = plan.stages["worker_changes"][cases["stage"][rows]]
    rows, outcome = rows[outcome >= 0], outcome[outcome >= 0]
    team = cases["team"][rows]
    three = cases["worker_changed_before"][rows] > world.day - WORKING_DAYS_A_YEAR
    column = FIRST_TIMESCALE + 2 * (len(plan.timescales) + outcome)
    np.add.at(world.tally, (team, column), 1)
    np.add.at(world.tally, (team, column + 1), three)
