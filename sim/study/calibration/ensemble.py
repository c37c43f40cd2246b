"""Choose plausible sets: places drawn by how likely they make the targets, each simulated.

Sampling importance resampling (Rubin, "Using the SIR algorithm to simulate posterior
distributions", Bayesian Statistics 3, 1988): places are drawn from the posterior density as the
surrogates have it, and weighted by what simulating them says instead. Where few weigh much,
surrogates learn from these runs, and places are drawn once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study.calibration.futures import Corrected
from sim.study.calibration.implausibility import LIMIT, Foresight, Goals, implausibility
from sim.study.calibration.learning import Simulated, learn, likely_within
from sim.study.calibration.space_left import resampled, wander
from sim.study.calibration.surrogate import one_thread

Array = NDArray[np.float64]

ROUNDS = 3  # at most
STEPS = 100  # of wandering
ENOUGH = 0.3  # of the places simulated: worth so many sets of equal weight, they will do


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Plausible places, each simulated.

    Attributes
    ----------
    points, given
        All that were simulated in the last round, and what they gave.
    worst
        The largest implausibility of each, by its own runs.
    weights
        Proportional to their posterior density over the density that they were drawn from; 0
        where a place turned out to be implausible.
    chosen
        Which places make up the ensemble, of equal weight: some more than once.
    likeliest
        The places that are plausible, from the one that makes the targets likeliest.
    """

    points: Array
    given: Corrected
    worst: Array
    weights: Array
    chosen: NDArray[np.int64]
    likeliest: NDArray[np.int64]

    @property
    def worth(self) -> float:
        """How many places of equal weight it is worth: Kish's effective size."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


def choose_ensemble(
    goals: Goals,
    foresights: Sequence[Foresight],
    before: Sequence[Simulated],
    places: Array,
    simulate: Callable[[int, Array], Corrected],
    sets: int,
    dice: np.random.Generator,
) -> Ensemble | None:
    """Choose an ensemble; None if nothing that is simulated agrees with the targets.

    Parameters
    ----------
    goals
        The targets.
    foresights, before
        What was learnt, and simulated, wave by wave.
    places
        Where to begin, in the space that is not ruled out (places, parameters).
    simulate
        Simulates the points of a round, by its number from 1.
    sets
        How many sets to choose.
    dice
        Where chance comes from.
    """
    known, simulated = list(foresights), list(before)
    found: Ensemble | None = None
    for number in range(1, ROUNDS + 1):
        density = likely_within(goals, known, LIMIT)
        with one_thread():
            points = wander(places, density, STEPS, dice)
            foreseen = density(points)
        latest = Simulated(points, simulate(number, points))
        # What a place gives is told from all runs: of its own few, much is chance.
        known.append(learn(goals, latest, simulated, known))
        simulated.append(latest)
        found = _weighted(goals, known, latest, foreseen, sets, dice)
        if found is None or found.worth >= ENOUGH * len(points):
            return found
        places = points[found.chosen[np.arange(len(points)) % sets]]
    return found


def _weighted(
    goals: Goals,
    known: Sequence[Foresight],
    latest: Simulated,
    foreseen: Array,
    sets: int,
    dice: np.random.Generator,
) -> Ensemble | None:
    """Weight places by what is known now against what was foreseen, and draw from them."""
    given = latest.given
    variance = np.broadcast_to(given.noise + given.luck, given.mean.shape)
    far = implausibility(goals, given.mean, variance).max(axis=1)
    with one_thread():
        now = likely_within(goals, known[-1:], LIMIT)(latest.points)
    now = np.where(far <= LIMIT, now, -np.inf)
    if not np.isfinite(now).any():
        return None
    ratio = now - foreseen
    weights = np.exp(ratio - ratio.max())
    order = np.argsort(-now, kind="stable")
    chosen = order[resampled(weights[order], sets, dice)]
    likeliest = order[: np.isfinite(now).sum()]
    return Ensemble(latest.points, given, far, weights, chosen, likeliest)
