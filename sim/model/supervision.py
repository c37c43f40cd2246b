"""Supervision and professional development: held, put off by overdue work, or missed.

A session is due every so many working days, oftener for the newly qualified. It needs the worker
and a manager of the team with time for it. Unless it is protected, it is put off while too much
work is overdue; put off for too long, it is missed, and the next one comes in its turn.
"""

from __future__ import annotations

import numpy as np

from sim.model.columns import LEFT, PRESENT, WORKING, Table
from sim.model.compiled import compiled, compiled_making_tables
from sim.model.tallies import CPD_HOURS_DUE, CPD_HOURS_HELD, SUPERVISION_DUE, SUPERVISION_HELD

SAVED_AT_MOST_DAYS = 5.0  # managers' time for supervision that is not used within a week is gone
CPD_AT_MOST_A_DAY = 2.0  # hours
SMALL = 1e-9  # hours
CPD_LAPSES_ABOVE = 10.0  # hours owed beyond which what is not taken is lost


@compiled_making_tables
def save_manager_time(
    day: int, workers: Table, diary: Table, n_workers: int, teams: Table, roles: Table,
    settings: Table,
) -> None:  # fmt: skip
    """Add today's hours of the managers who are in to their teams' time for supervision."""
    a_day = settings[0]["manager_hours_per_day"]
    most = np.zeros(len(teams))
    for worker in range(n_workers):
        if roles["supervises"][workers["role"][worker]] == 1 and workers["status"][worker] != LEFT:
            team = workers["team"][worker]
            most[team] += SAVED_AT_MOST_DAYS * a_day * workers["fte"][worker]
            if workers["status"][worker] == PRESENT and diary[worker, day] == WORKING:
                teams["manager_bank"][team] += a_day * workers["fte"][worker]
    for team in range(len(teams)):
        if most[team] > 0:  # whoever has less than a session's time a week saves up for one
            most[team] = max(most[team], settings[0]["session_manager_hours"])
        teams["manager_bank"][team] = min(teams["manager_bank"][team], most[team])


@compiled
def hold_supervision(
    worker: int, day: int, workers: Table, teams: Table, settings: Table, tally: Table
) -> float:
    """Hold the worker's supervision today if it is due and can be; give the hours it takes."""
    if day < workers["supervision_due"][worker]:
        return 0.0
    s = settings[0]
    team = workers["team"][worker]
    every = s["supervision_every"]
    if day < workers["newly_qualified_until"][worker]:
        every = s["nq_supervision_every"]
    has_time = (
        s["supervision_protected"] == 1 or workers["overdue_hours"][worker] <= s["displaced_above"]
    )
    if has_time and teams["manager_bank"][team] >= s["session_manager_hours"] - SMALL:
        teams["manager_bank"][team] -= s["session_manager_hours"]
        tally[team, SUPERVISION_DUE] += 1
        tally[team, SUPERVISION_HELD] += 1
        workers["last_supervision"][worker] = day
        workers["supervision_due"][worker] = day + int(every)
        return float(s["supervision_hours"])
    if day - workers["supervision_due"][worker] >= s["missed_after"]:
        tally[team, SUPERVISION_DUE] += 1
        workers["supervision_due"][worker] += int(every)
    return 0.0


@compiled
def hold_cpd(worker: int, workers: Table, settings: Table, tally: Table) -> float:
    """Take the worker's time for professional development today, if overdue work allows."""
    s = settings[0]
    if s["cpd_per_day"] <= 0:
        return 0.0
    team = workers["team"][worker]
    owed = workers["cpd_owed"][worker] + s["cpd_per_day"] * workers["fte"][worker]
    taken = 0.0
    if s["cpd_protected"] == 1 or workers["overdue_hours"][worker] <= s["displaced_above"]:
        taken = min(owed, CPD_AT_MOST_A_DAY)
    lapsed = max(0.0, owed - taken - CPD_LAPSES_ABOVE)
    # Like a session of supervision, an hour has come due when it is taken or lost.
    tally[team, CPD_HOURS_DUE] += taken + lapsed
    tally[team, CPD_HOURS_HELD] += taken
    workers["cpd_owed"][worker] = owed - taken - lapsed
    return float(taken)
