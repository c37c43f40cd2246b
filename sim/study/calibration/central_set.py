"""Choose the central set: of the places that make the targets likeliest, the nearest to them.

Likelihoods are told by surrogates, and surrogates know slopes the least. So the likeliest few are
simulated under all futures, and what they give decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study.calibration.ensemble import Ensemble
from sim.study.calibration.implausibility import Goals

Array = NDArray[np.float64]

FINALISTS = 8


@dataclass(frozen=True, eq=False)
class CentralSet:
    """The plausible place that stands for all.

    Attributes
    ----------
    place
        Its number among the places of the ensemble.
    given
        What it gives under all futures, (futures, targets).
    """

    place: int
    given: Array


def distance(goals: Goals, given: Array) -> float:
    """How far what is simulated is from the targets: the mean square, in standard deviations."""
    off = (given.mean(axis=0) - goals.value) / goals.allowed
    return float(np.nan_to_num(np.mean(off**2), nan=np.inf))


def choose_central_set(
    goals: Goals, ensemble: Ensemble, simulate: Callable[[int, Array], Array]
) -> CentralSet:
    """Simulate the likeliest places, and choose the nearest to the targets; of equals, the first.

    Parameters
    ----------
    goals
        The targets.
    ensemble
        Where the places are.
    simulate
        Simulates a place under all futures, by its number from 0.
    """
    finalists = [
        CentralSet(place, simulate(number, ensemble.points[place]))
        for number, place in enumerate(ensemble.likeliest[:FINALISTS].tolist())
    ]
    return min(finalists, key=lambda each: distance(goals, each.given))
