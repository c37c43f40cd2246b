"""Safety: overdue contact, and the hazard of a serious incident, added up over case-days.

Serious incidents are too rare to count in a run. The expected number is an index to hold policies
against each other: a base rate by risk tier, times what overdue contact, a recent change of worker
and waiting unallocated add to it.
"""

from __future__ import annotations

from sim.model.columns import HELD, WAITING, Table
from sim.model.compiled import compiled_inside
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
    """At the close of a day, count an open case and what puts it at risk."""
    s = settings[0]
    team = cases["team"][row]
    tier = cases["tier"][row]
    high_risk = tiers["high_risk"][tier] == 1
    status = cases["status"][row]
    tally[team, OPEN_CASE_DAYS] += 1
    factor = 1.0
    if status == WAITING:
        tally[team, WAITING_CASE_DAYS] += 1
        if high_risk:
            tally[team, WAITING_HIGH_RISK_CASE_DAYS] += 1
        factor += s["unallocated_factor"]
    elif status == HELD:
        tally[team, HELD_CASE_DAYS] += 1
        overdue = 0.0
        if day >= cases["presses_from"][row]:  # else nothing is due
            stage = cases["stage"][row]
            for slot in range(1, stages["last_contact"][stage] + 1):
                if items[stage, slot - 1]["contact"] == 1 and left[row, slot] > 0:
                    overdue = max(overdue, day - due[row, slot])
        at_risk = tiers["overdue_held"][tier] if s["hold_overdue"] == 1 else overdue
        factor += s["overdue_factor"] * at_risk
        if day - cases["new_worker_since"][row] < s["new_worker_days"]:
            factor += s["new_worker_factor"]
        if high_risk:
            tally[team, HIGH_RISK_CASE_DAYS] += 1
            tally[team, OVERDUE_HIGH_RISK_DAYS] += overdue
            if overdue > 0:
                workers["overdue_high_risk"][cases["worker"][row]] += 1
    tally[team, EXPECTED_INCIDENTS] += tiers["incidents_per_day"][tier] * factor
