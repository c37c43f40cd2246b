"""How many in a stage had three or more workers within a year, counted at the end of each week.

Three workers are two changes since the case entered the stage, one of which may be from whoever
brought it there. As in England's figures for children in care, everyone is counted who is in the
stage on the day, however long they have been in it. A change is a new worker who holds the case,
not a colleague on duty; one who comes back to a case after another is counted again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.columns import OPEN, Table
from sim.model.compiled import compiled
from sim.model.plan_columns import WORKING_DAYS_A_YEAR
from sim.model.tallies import FIRST_TIMESCALE

if TYPE_CHECKING:
    from sim.model.world import World


@compiled
def add_cases_with_three(
    day: int, first_column: int, cases: Table, open_rows: Table, counts: Table, stages: Table,
    tally: Table,
) -> None:  # fmt: skip
    """Add the open cases of each stage that is looked at, and those with three, to the tally.

    Nothing is counted before there has been a year to look back on.
    """
    if day < WORKING_DAYS_A_YEAR:
        return
    for i in range(counts[OPEN]):
        row = open_rows[i]
        outcome = stages["worker_changes"][cases["stage"][row]]
        if outcome < 0:
            continue
        team, column = cases["team"][row], first_column + 2 * outcome
        tally[team, column] += 1
        if cases["worker_changed_before"][row] > day - WORKING_DAYS_A_YEAR:
            tally[team, column + 1] += 1


def count_changes_of_worker(world: World) -> None:
    """Add this evening's cases, and those with three workers within a year, to the tally."""
    plan, cases = world.plan, world.cases
    if not plan.worker_changes:
        return
    first_column = FIRST_TIMESCALE + 2 * len(plan.timescales)
    add_cases_with_three(
        world.day, first_column, cases.table, cases.open_rows, cases.counts, plan.stages,
        world.tally,
    )  # fmt: skip
