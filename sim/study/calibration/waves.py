"""History matching: wave after wave of points, each in what the ones before have not ruled out.

It knows nothing of services: points lie in the unit cube, and what they give is arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.study.calibration.futures import Corrected
from sim.study.calibration.implausibility import (
    LIMIT,
    Foresight,
    Goals,
    implausibility,
    log_likelihood,
    worst,
)
from sim.study.calibration.space_left import SpaceLeft, resampled, space_left, wander
from sim.study.calibration.surrogate import fit_surrogate, one_thread
from sim.study.watching import Watcher

Array = NDArray[np.float64]
Simulate = Callable[[int, Array], Corrected]
"""Simulate the points of a wave (its number and the points), and give the targets' outcomes."""

SURE_ENOUGH = 0.25  # surrogates are, when their variance is this share of what targets allow
FINAL_STEPS = 100
NEARLY = 1.05  # as near to the worst target as can be, or so


@dataclass(frozen=True, eq=False)
class Wave:
    """What was simulated in a wave, and what it left.

    Attributes
    ----------
    points
        Places in the unit cube (points, parameters).
    given
        What they gave.
    foresight
        The surrogates learnt from this wave's points.
    left
        What this wave and those before leave of the space.
    doubt
        For each target, the mean variance of the surrogate there, as a share of the variance that
        the target allows.
    """

    points: Array
    given: Corrected
    foresight: Foresight
    left: SpaceLeft
    doubt: Array


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Plausible places, each simulated.

    Attributes
    ----------
    points, given
        All that were simulated, and what they gave.
    worst
        The largest implausibility of each, by its own runs.
    weights
        Proportional to their posterior density over the density that they were drawn from; 0
        where a place turned out to be implausible.
    chosen
        Which places make up the ensemble, of equal weight: some more than once.
    central
        The place nearest to all targets together.
    """

    points: Array
    given: Corrected
    worst: Array
    weights: Array
    chosen: NDArray[np.int64]
    central: int

    @property
    def worth(self) -> float:
        """How many places of equal weight it is worth: Kish's effective size."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


@dataclass(frozen=True, eq=False)
class Matched:
    """What history matching found; without an ensemble where nothing was left."""

    waves: tuple[Wave, ...]
    ensemble: Ensemble | None


def match(
    goals: Goals,
    simulate: Simulate,
    parameters: int,
    *,
    points: int,
    waves: int,
    sets: int,
    seed: int,
    watcher: Watcher,
) -> Matched:
    """Find the places that agree with all targets.

    Parameters
    ----------
    goals
        The targets.
    simulate
        See `Simulate`. The ensemble's points are simulated as one more wave.
    parameters
        How many dimensions the space has.
    points, waves
        Points of a wave, and the most waves.
    sets
        How many sets make up the ensemble.
    seed
        Which chances the design takes; what is simulated has its own.
    watcher
        Is told how it gets on.
    """
    done: list[Wave] = []
    # A power of two: a Sobol' sequence fills the space evenly only then.
    sobol = qmc.Sobol(parameters, rng=np.random.default_rng([seed, 0]))
    design = sobol.random_base2(int(np.ceil(np.log2(points))))[:points]
    begin = design
    while len(done) < waves:
        number = len(done) + 1
        given = simulate(number, design)
        watcher.say(f"wave {number}: learning from {len(design)} points")
        dice = np.random.default_rng([seed, number])
        with one_thread():
            done.append(_learnt(goals, done, design, given, begin, dice))
        design = done[-1].left.places
        if done[-1].left.is_empty:
            return Matched(tuple(done), None)
        watcher.say(f"wave {number}: {done[-1].left.share:.2g} of the space is left")
        if done[-1].doubt.max() < SURE_ENOUGH:
            break
    return Matched(tuple(done), _ensemble(goals, done, simulate, sets, seed))


def _learnt(
    goals: Goals,
    before: list[Wave],
    points: Array,
    given: Corrected,
    begin: Array,
    dice: np.random.Generator,
) -> Wave:
    """Learn surrogates from a wave, and find what is left of the space."""
    earlier = [wave.foresight for wave in before]
    # Points of earlier waves that are still in the space tell of it too.
    old = [(wave, worst(goals, earlier, wave.points) <= LIMIT) for wave in before]
    known = np.concatenate([points, *(wave.points[inside] for wave, inside in old)])
    outcomes = np.concatenate([given.mean, *(wave.given.mean[inside] for wave, inside in old)])
    surrogates = [fit_surrogate(known, column) for column in outcomes.T]
    foresights = [*earlier, Foresight(surrogates, given.luck)]
    left = space_left(
        lambda places, enough: worst(goals, foresights, places, enough), LIMIT, begin, dice
    )
    if left.is_empty:
        left = replace(left, places=_compromise(goals, foresights, left, dice))
    variance = foresights[-1](left.places)[1]
    doubt = (variance / (goals.allowed**2)).mean(axis=0)
    return Wave(points, given, foresights[-1], left, doubt)


def _compromise(
    goals: Goals, foresights: list[Foresight], left: SpaceLeft, dice: np.random.Generator
) -> Array:
    """Of the places that are as near as can be to their worst target, find those near to others."""
    nearest = NEARLY * float(left.badness.max())

    def density(places: Array) -> Array:
        likely = log_likelihood(goals, *foresights[-1](places))
        return np.where(worst(goals, foresights, places, nearest) <= nearest, likely, -np.inf)

    return wander(left.places, density, FINAL_STEPS, dice)


def _ensemble(
    goals: Goals, waves: list[Wave], simulate: Simulate, sets: int, seed: int
) -> Ensemble | None:
    """Simulate places that should agree with the targets; weight them by how well they do.

    Sampling importance resampling (Rubin, "Using the SIR algorithm to simulate posterior
    distributions", Bayesian Statistics 3, 1988): places are drawn from the posterior density as the
    surrogates of the waves have it, and weighted by what their simulations say instead.
    """
    foresights = [wave.foresight for wave in waves]
    dice = np.random.default_rng([seed, len(waves) + 1])

    def density(places: Array) -> Array:
        likely = log_likelihood(goals, *foresights[-1](places))
        return np.where(worst(goals, foresights, places, LIMIT) <= LIMIT, likely, -np.inf)

    with one_thread():
        points = wander(waves[-1].left.places, density, FINAL_STEPS, dice)
        foreseen = density(points)
    given = simulate(len(waves) + 1, points)
    variance = np.broadcast_to(given.noise + given.luck, given.mean.shape)
    far = implausibility(goals, given.mean, variance).max(axis=1)
    possible = far <= LIMIT
    if not possible.any():
        return None
    # What a place gives is told from the runs of all of them: of its own few, much is chance.
    told = Foresight([fit_surrogate(points, column) for column in given.mean.T], given.luck)
    with one_thread():
        found = np.where(possible, log_likelihood(goals, *told(points)), -np.inf)
    ratio = found - foreseen
    weights = np.exp(ratio - ratio.max())
    order = np.argsort(-found)  # so that what is chosen does not depend on the order of points
    return Ensemble(
        points, given, far, weights,
        chosen=order[resampled(weights[order], sets, dice)],
        central=int(found.argmax()),
    )  # fmt: skip
