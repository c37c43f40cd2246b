"""Who works on cases today: who is at work, in which order, and who acts for the absent."""

from __future__ import annotations

import numpy as np

from sim.model.columns import NOBODY, PRESENT, WORKING, Table
from sim.model.compiled import compiled, compiled_making_tables
from sim.model.plan_columns import RESTART, WAIT


@compiled_making_tables
def who_is_at_work(
    day: int, workers: Table, diary: Table, n_workers: int, roles: Table
) -> Table:  # fmt: skip
    """Give the rows of the case-holding workers who are at work today."""
    found = np.empty(n_workers, np.int64)
    n = 0
    for worker in range(n_workers):
        person = workers[worker]
        if (
            person["status"] == PRESENT
            and diary[worker, day] == WORKING
            and roles[person["role"]]["holds_cases"] == 1
        ):
            found[n] = worker
            n += 1
    return found[:n]


@compiled_making_tables
def take_turns(day: int, at_work: Table, workers: Table, n_teams: int) -> Table:
    """Put those who are at work in order, team by team.

    Another one of a team is first in line for business support and managers' time each day. The
    order within a team does not depend on who is in another.
    """
    first = np.zeros(n_teams + 1, np.int64)
    for worker in at_work:
        first[workers[worker]["team"] + 1] += 1
    for team in range(n_teams):
        first[team + 1] += first[team]
    order = np.empty(len(at_work), np.int64)
    seen = np.zeros(n_teams, np.int64)
    for worker in at_work:
        team = workers[worker]["team"]
        place = (seen[team] + day) % (first[team + 1] - first[team])
        order[first[team] + place] = worker
        seen[team] += 1
    return order


@compiled_making_tables
def who_acts(
    day: int, at_work: Table, workers: Table, n_workers: int, n_teams: int, settings: Table
) -> Table:  # fmt: skip
    """Give for each worker who acts on their cases today, or NOBODY.

    The cases of someone who is away go, for urgent work only, to the colleague on duty in the
    team: one of those who are in and not leaving, another each day. Where the scenario lets work
    wait, they wait.
    """
    acting = np.empty(n_workers, np.int64)
    acting[:] = NOBODY
    for worker in at_work:
        acting[worker] = worker
    if settings[0]["cover"] in (WAIT, RESTART):
        return acting
    in_team = np.zeros(n_teams, np.int64)
    for worker in at_work:
        in_team[workers[worker]["team"]] += workers[worker]["on_notice"] == 0
    on_duty = np.empty(n_teams, np.int64)
    on_duty[:] = NOBODY
    seen = np.zeros(n_teams, np.int64)
    for worker in at_work:
        person = workers[worker]
        if person["on_notice"] == 0:
            team = person["team"]
            if seen[team] == day % in_team[team]:
                on_duty[team] = worker
            seen[team] += 1
    for worker in range(n_workers):
        if acting[worker] == NOBODY:
            acting[worker] = on_duty[workers[worker]["team"]]
    return acting


@compiled
def link_the_absent(
    acting: Table, acts_also_for: Table, workers: Table, n_workers: int
) -> None:  # fmt: skip
    """Link whoever acts today to the absent colleagues they act for, one after the other.

    `acts_also_for` is filled: for each worker the next one whose cases are looked at by the same
    person, or NOBODY.
    """
    for worker in range(n_workers):
        acts_also_for[worker] = NOBODY
    for worker in range(n_workers - 1, -1, -1):
        actor = acting[worker]
        if actor != NOBODY and actor != worker and workers["caseload"][worker] > 0:
            acts_also_for[worker] = acts_also_for[actor]
            acts_also_for[actor] = worker
