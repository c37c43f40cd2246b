"""Timescales that are measured on open cases: the share that is not late, day by day.

Most timescales are measured where a stage ends. Where a stage may never come to its turn, as a
review that is put off year after year, those that ended say little: then all open cases of the
pathway are looked at, and late is who is in the stage beyond its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.columns import OPEN, Table
from sim.model.compiled import compiled
from sim.model.pathways import timescale_began
from sim.model.tallies import FIRST_TIMESCALE

if TYPE_CHECKING:
    from sim.model.world import World


@compiled
def add_cases_on_time(
    day: int, cases: Table, open_rows: Table, counts: Table, stages: Table, tally: Table
) -> None:
    """Add the open cases of a stage's pathway, and those not late in that stage, to the tally.

    Of each stage that is measured so.
    """
    for stage in range(len(stages)):
        if stages["measured_open"][stage] < 0:
            continue
        column = FIRST_TIMESCALE + 2 * stages["measured_open"][stage]
        for i in range(counts[OPEN]):
            row = open_rows[i]
            if stages["pathway"][cases["stage"][row]] != stages["pathway"][stage]:
                continue
            team = cases["team"][row]
            tally[team, column] += 1
            is_late = (
                cases["stage"][row] == stage
                and day - timescale_began(row, cases, stages) > stages["within"][stage]
            )
            tally[team, column + 1] += 0 if is_late else 1


def count_open_cases_on_time(world: World) -> None:
    """Add the open cases of this evening, and those on time, to the tally of their teams."""
    cases = world.cases
    add_cases_on_time(
        world.day, cases.table, cases.open_rows, cases.counts, world.plan.stages, world.tally
    )
