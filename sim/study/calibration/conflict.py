"""Which targets cannot be met together, where nothing agrees with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.study.calibration.implausibility import LIMIT, Goals, implausibility
from sim.study.calibration.waves import Wave

PULLING = 0.8  # of the worst: targets this far off at the best compromise pull against each other


@dataclass(frozen=True)
class Missed:
    """A target that the best compromise misses.

    Attributes
    ----------
    target
        Its number.
    foreseen
        What its outcome would be at the best compromise.
    off
        By how many standard deviations that misses it.
    alone
        By how many the nearest of all simulated points misses it.
    """

    target: int
    foreseen: float
    off: float
    alone: float

    @property
    def is_out_of_reach(self) -> bool:
        """Whether no point came near it, whatever became of the other targets."""
        return self.alone > LIMIT


def missed_targets(goals: Goals, waves: Sequence[Wave]) -> list[Missed]:
    """List the targets that pull against each other, the furthest off first.

    Parameters
    ----------
    goals
        The targets.
    waves
        All that were simulated; the last one left nothing, or nothing that was simulated agreed.
    """
    expected, variance = waves[-1].foresight(waves[-1].left.places)
    all_off = implausibility(goals, expected, variance)
    best = int((all_off**2).sum(axis=1).argmin())
    off = all_off[best]
    simulated = np.concatenate([wave.simulated.given.mean for wave in waves])
    alone = np.nanmin(np.abs(goals.value - simulated) / goals.allowed, axis=0)
    missed = [
        Missed(number, float(expected[best, number]), float(off[number]), float(alone[number]))
        for number in range(len(goals.keys))
        if off[number] >= PULLING * off.max()
    ]
    return sorted(missed, key=lambda each: -each.off)
