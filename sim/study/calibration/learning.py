"""Learn from simulated points what each target's outcome would be anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study.calibration.futures import Corrected
from sim.study.calibration.implausibility import LIMIT, Foresight, Goals, log_likelihood, worst
from sim.study.calibration.space_left import Density
from sim.study.calibration.surrogate import fit_surrogate, one_thread

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Simulated:
    """Points of the unit cube (points, parameters), and what they gave."""

    points: Array
    given: Corrected


def learn(
    goals: Goals, latest: Simulated, before: Sequence[Simulated], earlier: Sequence[Foresight]
) -> Foresight:
    """Learn from the latest points, and from those before that are not ruled out.

    Parameters
    ----------
    goals
        The targets.
    latest, before
        What was simulated.
    earlier
        What was learnt before, by which points are ruled out.
    """
    with one_thread():
        old = [(each, worst(goals, earlier, each.points) <= LIMIT) for each in before]
    known = np.concatenate([latest.points, *(each.points[inside] for each, inside in old)])
    outcomes = np.concatenate(
        [latest.given.mean, *(each.given.mean[inside] for each, inside in old)]
    )
    return Foresight([fit_surrogate(known, column) for column in outcomes.T], latest.given.luck)


def likely_within(goals: Goals, foresights: Sequence[Foresight], limit: float) -> Density:
    """Return the likelihood as the latest surrogates have it, nothing where any is beyond a limit.

    Parameters
    ----------
    goals
        The targets.
    foresights
        What was learnt, wave by wave.
    limit
        The largest implausibility that may be.
    """

    def density(places: Array) -> Array:
        likely = log_likelihood(goals, *foresights[-1](places))
        return np.where(worst(goals, foresights, places, limit) <= limit, likely, -np.inf)

    return density
