"""Each morning: which cases each worker has in hand, and what of them comes on their list.

All open cases are gone through once, in their order in memory, with a glance at each: fetching
cases is a good part of a day's time. Only those of which something new presses are looked at.
"""

from __future__ import annotations

from sim.model.columns import HELD, OPEN, Table
from sim.model.compiled import compiled
from sim.model.fetching import AHEAD, fetch_row
from sim.model.work_list import add_what_presses


@compiled
def look_at_cases_in_hand(
    day: int, open_rows: Table, counts: Table, in_hand: Table, next_place: Table, cases: Table,
    due: Table, left: Table, workers: Table, n_workers: int, stages: Table, items: Table,
    tiers: Table, settings: Table, list_keys: Table, list_ids: Table,
) -> None:  # fmt: skip
    """Put the rows of held cases side by side for each worker, and on their list what presses.

    The workers' `first_in_hand` and `in_hand` say where in `in_hand` each one's cases are; they
    stay true of this moment until the next casework. `next_place` is room to work in.
    """
    place = 0
    for worker in range(n_workers):
        workers["first_in_hand"][worker] = next_place[worker] = place
        workers["in_hand"][worker] = workers["caseload"][worker]
        place += workers["caseload"][worker]
    last = counts[OPEN] - 1
    for i in range(last + 1):
        row = open_rows[i]
        ahead = open_rows[min(i + AHEAD, last)]
        fetch_row(cases, ahead)
        fetch_row(due, ahead)  # what is left stands beside it
        if cases["status"][row] != HELD:
            continue
        holder = cases["worker"][row]
        in_hand[next_place[holder]] = row
        next_place[holder] += 1
        if day >= cases["presses_from"][row]:
            add_what_presses(
                row, day, cases, due, left, workers, stages, items, tiers, settings, list_keys,
                list_ids,
            )  # fmt: skip
