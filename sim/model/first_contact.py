"""How long people wait to be seen: from arriving to the first contact that a worker makes.

Waiting for a worker is one part of it, the worker's own diary the other. Counted are those who were
first seen in the weeks that count; whoever is still waiting, or gave up, is not among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.scenario.demand import WAIT_QUANTILES

if TYPE_CHECKING:
    from sim.model.world import World


def waits_to_first_contact(world: World, stream: int | None = None) -> NDArray[np.int64]:
    """Working days from arriving to being seen, of all streams or of one.

    Cases that were open before the first morning are left out: their referral is made up.
    """
    cases = world.cases.table[: world.cases.n]
    counted = (cases["seen"] >= world.first_day_counted) & (cases["arrived"] >= 0)
    if stream is not None:
        counted &= cases["stream"] == stream
    waits: NDArray[np.int64] = (cases["seen"] - cases["arrived"])[counted]
    return waits


def wait_within(waits: NDArray[np.int64], share: float) -> float | None:
    """The working days within which a share of the waits was over; nothing where none was."""
    if len(waits) == 0:
        return None
    return float(np.quantile(waits, share, method="inverted_cdf"))


def waits_of_streams(world: World) -> dict[str, float]:
    """The waits of each stream whose scenario gives them a key."""
    found = {}
    for number, stream in enumerate(world.plan.scenario.demand.values()):
        if stream.first_contact_outcome is not None:
            waits = waits_to_first_contact(world, number)
            for end, share in WAIT_QUANTILES.items():
                value = wait_within(waits, share)
                if value is not None:
                    found[f"{stream.first_contact_outcome}_{end}"] = value
    return found
