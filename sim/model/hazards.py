"""Hazards: what may befall a worker gathers day by day, and strikes at the person's own threshold.

A hazard is a rate a day. It is added up for each worker, and when the sum passes a threshold drawn
for that person from the exponential distribution with mean 1, the event happens. Under a kinder
policy the same person falls ill or leaves later, never at an unrelated time.
"""

from __future__ import annotations

from sim.model.columns import LEFT, PRESENT, Table
from sim.model.compiled import compiled
from sim.model.exhaustion import felt_exhaustion

FALLS_ILL, FALLS_LONG_ILL, BECOMES_PARENT, RESIGNS = range(4)


@compiled
def leaving_factor(
    worker: int, day: int, workers: Table, roles: Table, tenure_days: Table, tenure_factor: Table
) -> float:
    """How much likelier than others someone of this role and tenure is to leave."""
    band = 0
    in_post = day - workers["started"][worker]
    while band < len(tenure_days) and in_post >= tenure_days[band]:
        band += 1
    return float(tenure_factor[band] * roles["leaving_factor"][workers["role"][worker]])


@compiled
def gather_hazards(
    day: int, workers: Table, n_workers: int, roles: Table, settings: Table, tenure_days: Table,
    tenure_factor: Table, struck: Table, events: Table,
) -> int:  # fmt: skip
    """Add a day's hazards to all workers; write who is struck by what; give how many are."""
    s = settings[0]
    n = 0
    for worker in range(n_workers):
        if workers["status"][worker] == LEFT:
            continue
        event = -1
        if workers["status"][worker] == PRESENT:
            tired = felt_exhaustion(worker, s["hold_on_sickness"], workers)
            ill = 1.0 + s["on_sickness"] * tired
            workers["short_sickness"][worker] += s["short_sickness"] * ill
            workers["long_sickness"][worker] += s["long_sickness"] * ill
            if workers["agency"][worker] == 0:
                workers["parental"][worker] += s["parental"]
            if workers["long_sickness"][worker] >= workers["long_sickness_at"][worker]:
                event = FALLS_LONG_ILL
            elif workers["parental"][worker] >= workers["parental_at"][worker]:
                event = BECOMES_PARENT
            elif workers["short_sickness"][worker] >= workers["short_sickness_at"][worker]:
                event = FALLS_ILL
            if event >= 0:
                struck[n] = worker
                events[n] = event
                n += 1
        if workers["agency"][worker] == 0 and workers["on_notice"][worker] == 0:
            tired = felt_exhaustion(worker, s["hold_on_leaving"], workers)
            workers["leaving"][worker] += (
                s["leaving"]
                * s["pay_factor"]
                * (1.0 + s["on_leaving"] * tired)
                * leaving_factor(worker, day, workers, roles, tenure_days, tenure_factor)
            )
            if workers["leaving"][worker] >= workers["leaving_at"][worker]:
                struck[n] = worker
                events[n] = RESIGNS
                n += 1
    return n
