"""Safety: overdue contact, and the hazard of a serious incident, added up over case-days.

Serious incidents are too rare to count in a run. The expected number is an index to hold policies
against each other: a base rate by risk tier, times what overdue contact, a recent change of worker
and waiting unallocated add to it.
"""

from __future__ import annotations

from math import ceil

from sim.model.columns import HELD, NEVER, SCREENED, WAITING, Table
from sim.model.compiled import compiled, compiled_inside
from sim.model.pathways import HALF_A_DAY
from sim.model.tallies import (
    EXPECTED_INCIDENTS,
    HELD_CASE_DAYS,
    HIGH_RISK_CASE_DAYS,
    OPEN_CASE_DAYS,
    OVERDUE_HIGH_RISK_DAYS,
    WAITING_CASE_DAYS,
    WAITING_HIGH_RISK_CASE_DAYS,
)


@compiled_inside
def watch_case(
    row: int, day: int, cases: Table, due: Table, left: Table, workers: Table, tiers: Table,
    stages: Table, items: Table, settings: Table, tally: Table,
) -> None:  # fmt: skip
    """At the close of a day, find what puts an open case at risk, and until when that stays so."""
    s = settings[0]
    tier = cases["tier"][row]
    status = cases["status"][row]
    # By the evening before the stage may be over it has to be looked at again.
    stays = cases["ends"][row] - 1 - HALF_A_DAY
    factor = 1.0
    if status == WAITING:
        factor += s["unallocated_factor"]
    elif status == HELD:
        stage = cases["stage"][row]
        if stays <= day - 1 and stages["booked_for"][stage] < 0:
            stays = float(NEVER)  # it waits for work, and is looked at when a piece is done
        contact_due = float(NEVER)
        for slot in range(1, stages["last_contact"][stage] + 1):
            if items[stage, slot - 1]["contact"] == 1 and left[row, slot] > 0:
                contact_due = min(contact_due, due[row, slot])
        overdue = max(0.0, day - contact_due)
        stays = min(stays, contact_due)
        at_risk = overdue
        if s["hold_overdue"] == 1:
            at_risk = tiers["overdue_held"][tier]
            stays = 0.0
        factor += s["overdue_factor"] * at_risk
        since = cases["new_worker_since"][row]
        if day - since < s["new_worker_days"]:
            factor += s["new_worker_factor"]
            stays = min(stays, since + s["new_worker_days"])
        if tiers["high_risk"][tier] == 1 and overdue > 0:
            tally[cases["team"][row], OVERDUE_HIGH_RISK_DAYS] += overdue
            workers["overdue_high_risk"][cases["worker"][row]] += 1
    cases["incidents"][row] = tiers["incidents_per_day"][tier] * factor
    cases["quiet_until"][row] = ceil(stays)


@compiled_inside
def count_case(row: int, cases: Table, open_cases: Table, tally: Table) -> None:
    """At the close of a day, count an open case and the incidents that are to be expected of it."""
    team = cases["team"][row]
    open_cases[team, cases["status"][row], cases["tier"][row]] += 1
    tally[team, EXPECTED_INCIDENTS] += cases["incidents"][row]


@compiled
def sum_up_cases(open_cases: Table, tiers: Table, tally: Table) -> None:
    """Add the evening's open cases to the tally, and begin their count anew.

    They are counted by team, status and tier, as a processor that has to ask each case what it is
    guesses the answer wrong too often.
    """
    for team in range(len(open_cases)):
        for tier in range(len(tiers)):
            waiting = open_cases[team, WAITING, tier]
            held = open_cases[team, HELD, tier]
            tally[team, OPEN_CASE_DAYS] += open_cases[team, SCREENED, tier] + waiting + held
            tally[team, WAITING_CASE_DAYS] += waiting
            tally[team, HELD_CASE_DAYS] += held
            if tiers["high_risk"][tier] == 1:
                tally[team, WAITING_HIGH_RISK_CASE_DAYS] += waiting
                tally[team, HIGH_RISK_CASE_DAYS] += held
            open_cases[team, :, tier] = 0
