"""Timescales that are measured on open cases: the share that is not late, day by day.

Most timescales are measured where a stage ends. Where a stage may never come to its turn, as a
review that is put off year after year, those that ended say little: then all open cases of the
pathway are looked at, and late is who is in the stage beyond its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model.columns import OPEN
from sim.model.plan_columns import FROM_CLOCK, FROM_REFERRAL
from sim.model.tallies import FIRST_TIMESCALE

if TYPE_CHECKING:
    from sim.model.world import World


def count_open_cases_on_time(world: World) -> None:
    """Add the open cases of this evening, and those on time, to the tally of their teams."""
    plan = world.plan
    measured = np.flatnonzero(plan.stages["measured_open"] >= 0)
    if len(measured) == 0:
        return
    cases = world.cases.table[world.cases.open_rows[: world.cases.counts[OPEN]]]
    for stage in measured:
        row = plan.stages[stage]
        of_pathway = cases[plan.stages["pathway"][cases["stage"]] == row["pathway"]]
        began = of_pathway[
            {FROM_REFERRAL: "arrived", FROM_CLOCK: "clock"}.get(row["counted_from"], "entered")
        ]
        late = (of_pathway["stage"] == stage) & (world.day - began > row["within"])
        column = FIRST_TIMESCALE + 2 * row["measured_open"]
        np.add.at(world.tally, (of_pathway["team"], column), 1)
        np.add.at(world.tally, (of_pathway["team"][~late], column + 1), 1)
