"""Where a case that was given out came from: new, from another stage, or from a colleague."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.model.columns import LEFT, NOBODY, PRESENT, WORKER_STATUS
from sim.study.one_week.casework import Before

NEW, BACK, FROM_SCREENING = "new referral", "came back", "from screening"
NEXT_STAGE, HANDED_OVER = "next stage", "handed over"
HAS_LEFT, IS_LEAVING = "has left", "is leaving"


@dataclass(frozen=True)
class Origin:
    """How a case came to be given out.

    Attributes
    ----------
    how
        new referral, came back (after closing), from screening, next stage (of its pathway), or
        handed over (within a stage).
    former
        The worker who had it before, as a row of the run's workers; NOBODY if there is none.
    former_is
        Why that worker has it no longer, where it was handed over: has left, is leaving, or the
        kind of absence; empty if nothing of these.
    """

    how: str
    former: int = NOBODY
    former_is: str = ""


def origins(before: Before, given: Any) -> dict[tuple[int, int], Origin]:
    """Say where the cases given out on a day came from, by day and the case's key.

    Parameters
    ----------
    before
        The service after that day's meeting.
    given
        The entries of the allocation log of that day.
    """
    rows = {int(key): row for row, key in enumerate(before.cases["key"])}
    return {
        (int(entry["day"]), int(entry["case"])): _origin(before, rows[int(entry["case"])])
        for entry in given
        if int(entry["case"]) in rows
    }


def _origin(before: Before, row: int) -> Origin:
    case = before.cases[row]
    former = int(case["former_worker"])
    if former == NOBODY:
        if case["steps"] > 1:
            return Origin(FROM_SCREENING)
        return Origin(BACK if case["returned"] == 1 else NEW)
    if case["waiting_since"] == case["entered"]:
        return Origin(NEXT_STAGE, former)
    return Origin(HANDED_OVER, former, _what_became_of(before.workers[former]))


def _what_became_of(worker: np.void) -> str:
    if worker["status"] == LEFT:
        return HAS_LEFT
    if worker["status"] != PRESENT:
        return WORKER_STATUS[worker["status"]]
    return IS_LEAVING if worker["on_notice"] else ""
