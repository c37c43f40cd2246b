"""Exhaustion: worn by strain, restored by rest; between 0 and 1 for each worker.

Each day a worker's exhaustion moves a little towards the level that the day's strain tends to, with
one time constant at work and a shorter one away from it. Everything is linear and mild, since that
is what England's figures show: no cliffs.
"""

from __future__ import annotations

from sim.model.columns import LEFT, PRESENT, WORKING, Table
from sim.model.compiled import compiled, compiled_inside

MONTH_OF_WORKING_DAYS = 22  # for how long supervision relieves
HEAVIEST_LOAD = 3.0  # a ratio above this is someone with next to no capacity: the same strain


@compiled
def deployable_hours(worker: int, day: int, workers: Table, roles: Table, settings: Table) -> float:
    """Hours a week that a worker has for cases, when in: after protected time and reductions."""
    s = settings[0]
    contracted = workers["fte"][worker] * s["hours_per_day"]
    protected = s["team_hours_per_day"] * workers["fte"][worker]
    every = s["supervision_every"]
    reduced = 1.0
    if day < workers["newly_qualified_until"][worker]:
        protected += s["nq_protected_share"] * contracted
        every = s["nq_supervision_every"]
        reduced = s["nq_caseload_share"]
    protected += s["supervision_hours"] / every + s["cpd_per_day"] * workers["fte"][worker]
    share = roles["casework_share"][workers["role"][worker]]
    return float(max(5.0 * share * (contracted - protected) * reduced, 0.1))


@compiled_inside
def hurry(worker: int, workers: Table, settings: Table) -> float:
    """How much more an hour achieves: as much as anyone hurries, with a day's work overdue."""
    s = settings[0]
    a_day = s["hours_per_day"] * workers["fte"][worker]
    return float(s["hurry"] * min(1.0, workers["overdue_hours"][worker] / a_day))


@compiled_inside
def felt_exhaustion(worker: int, held: float, workers: Table) -> float:
    """The exhaustion that an effect responds to: the worker's own, unless the arrow is held."""
    if held == 1:
        return float(workers["exhaustion_held"][worker])
    return float(workers["exhaustion"][worker])


@compiled
def wear_and_rest(
    day: int, workers: Table, diary: Table, n_workers: int, roles: Table, settings: Table
) -> None:
    """At the close of a day, update capacity and exhaustion of all who hold cases."""
    s = settings[0]
    for worker in range(n_workers):
        if workers["status"][worker] == LEFT or roles["holds_cases"][workers["role"][worker]] == 0:
            continue
        workers["capacity"][worker] = deployable_hours(worker, day, workers, roles, settings)
        if s["hold_exhaustion"] == 1:
            workers["exhaustion"][worker] = workers["exhaustion_held"][worker]
            continue
        now = workers["exhaustion"][worker]
        if workers["status"][worker] != PRESENT or diary[worker, day] != WORKING:
            workers["exhaustion"][worker] = now - now / s["days_to_recover"]
            continue
        load = min(workers["workload"][worker] / workers["capacity"][worker], HEAVIEST_LOAD)
        level = (
            s["strain_base"]
            + workers["tendency"][worker]
            + s["strain_workload"] * (load - 1.0)
            + s["strain_overtime"] * workers["day_overtime"][worker]
            + s["strain_hurry"] * hurry(worker, workers, settings)
            + s["strain_admin"] * workers["day_admin_share"][worker]
            + s["strain_unmet"] * workers["overdue_high_risk"][worker]
        )
        if day - workers["last_supervision"][worker] <= MONTH_OF_WORKING_DAYS:
            level -= s["supervision_relief"]
        level = min(max(level, 0.0), 1.0)
        workers["exhaustion"][worker] = now + (level - now) / s["days_to_build"]


@compiled
def cross_over(workers: Table, n_workers: int, teams: Table, roles: Table, settings: Table) -> None:
    """At the close of a day, let those who hold no cases share the exhaustion of those who do.

    Managers and seniors carry an overloaded team with it. Strain is known to pass between people
    who work together (Westman 2001; Bakker, Le Blanc and Schaufeli 2005).
    """
    s = settings[0]
    if s["crosses_over"] == 0:
        return
    for team in range(len(teams)):
        teams["case_holders"][team] = 0.0
        teams["exhaustion"][team] = 0.0
    number = 0.0
    total = 0.0
    for worker in range(n_workers):
        if workers["status"][worker] != LEFT and roles["holds_cases"][workers["role"][worker]] == 1:
            team = workers["team"][worker]
            teams["case_holders"][team] += 1.0
            teams["exhaustion"][team] += workers["exhaustion"][worker]
            number += 1.0
            total += workers["exhaustion"][worker]
    for worker in range(n_workers):
        if workers["status"][worker] == LEFT or roles["holds_cases"][workers["role"][worker]] == 1:
            continue
        team = workers["team"][worker]
        if s["hold_exhaustion"] == 1:
            workers["exhaustion"][worker] = workers["exhaustion_held"][worker]
        elif number > 0:
            theirs = total / number
            if teams["case_holders"][team] > 0:
                theirs = teams["exhaustion"][team] / teams["case_holders"][team]
            own = s["exhaustion_at_start"]
            workers["exhaustion"][worker] = own + s["crosses_over"] * (theirs - own)
