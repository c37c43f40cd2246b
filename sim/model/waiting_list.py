"""The waiting lists: unallocated cases by team and risk tier, in the order in which they came.

A list is a chain of rows: `heads` and `tails` by team and tier, and `waiting_next` in each case.
A case that is withdrawn while it waits stays in the chain until the next meeting passes over it.
"""

from __future__ import annotations

from sim.model.columns import NOBODY, WAITING, Table
from sim.model.compiled import compiled


@compiled
def join_waiting_list(row: int, day: int, cases: Table, heads: Table, tails: Table) -> None:
    """Put a case at the end of its team's list for its tier."""
    team = cases["team"][row]
    tier = cases["tier"][row]
    cases["status"][row] = WAITING
    cases["worker"][row] = NOBODY
    cases["waiting_since"][row] = day
    cases["quiet_until"][row] = 0
    cases["waiting_next"][row] = NOBODY
    last = tails[team, tier]
    if last == NOBODY:
        heads[team, tier] = row
    else:
        cases["waiting_next"][last] = row
    tails[team, tier] = row


@compiled
def leave_waiting_list(row: int, before: int, cases: Table, heads: Table, tails: Table) -> None:
    """Take a case out of its list; `before` is the row before it there, or NOBODY."""
    team = cases["team"][row]
    tier = cases["tier"][row]
    after = cases["waiting_next"][row]
    if before == NOBODY:
        heads[team, tier] = after
    else:
        cases["waiting_next"][before] = after
    if after == NOBODY:
        tails[team, tier] = before
    cases["waiting_next"][row] = NOBODY
