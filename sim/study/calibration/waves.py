"""History matching: wave after wave of points, each in what the ones before have not ruled out.

It knows nothing of services: points lie in the unit cube, and what they give is arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.study.calibration.ensemble import Ensemble, choose_ensemble
from sim.study.calibration.futures import Corrected
from sim.study.calibration.implausibility import LIMIT, Foresight, Goals, worst
from sim.study.calibration.learning import Simulated, learn, likely_within
from sim.study.calibration.space_left import SpaceLeft, space_left, wander
from sim.study.calibration.surrogate import one_thread
from sim.study.watching import Watcher

Array = NDArray[np.float64]
Simulate = Callable[[int, Array], Corrected]
"""Simulate the points of a wave (its number and the points), and give the targets' outcomes."""

SURE_ENOUGH = 0.25  # surrogates are, when their variance is this share of what targets allow
STEPS = 100  # of wandering, once nothing is left
NEARLY = 1.05  # as near to the worst target as can be, or so


@dataclass(frozen=True, eq=False)
class Wave:
    """What was simulated in a wave, and what it left.

    Attributes
    ----------
    simulated
        Its points, and what they gave.
    foresight
        The surrogates learnt from this wave's points.
    left
        What this wave and those before leave of the space.
    doubt
        For each target, the mean variance of the surrogate there, as a share of the variance that
        the target allows.
    """

    simulated: Simulated
    foresight: Foresight
    left: SpaceLeft
    doubt: Array


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
        See `Simulate`. The ensemble's points are simulated as further waves.
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
        latest = Simulated(design, simulate(number, design))
        watcher.say(f"wave {number}: learning from {len(design)} points")
        done.append(_learnt(goals, done, latest, begin, np.random.default_rng([seed, number])))
        design = done[-1].left.places
        if done[-1].left.is_empty:
            return Matched(tuple(done), None)
        watcher.say(f"wave {number}: {done[-1].left.share:.2g} of the space is left")
        if done[-1].doubt.max() < SURE_ENOUGH:
            break
    ensemble = choose_ensemble(
        goals,
        [wave.foresight for wave in done],
        [wave.simulated for wave in done],
        design,
        lambda number, places: simulate(len(done) + number, places),
        sets,
        np.random.default_rng([seed, len(done) + 1]),
    )
    return Matched(tuple(done), ensemble)


def _learnt(
    goals: Goals, before: list[Wave], latest: Simulated, begin: Array, dice: np.random.Generator
) -> Wave:
    """Learn from a wave, and find what is left of the space."""
    earlier = [wave.foresight for wave in before]
    known = [*earlier, learn(goals, latest, [wave.simulated for wave in before], earlier)]

    def badness(places: Array, enough: float) -> Array:
        return worst(goals, known, places, enough)

    with one_thread():
        left = space_left(badness, LIMIT, begin, dice)
        if left.is_empty:  # of places as near as can be to their worst target, those near to others
            nearest = NEARLY * float(left.badness.max())
            density = likely_within(goals, known, nearest)
            left = replace(left, places=wander(left.places, density, STEPS, dice))
        variance = known[-1](left.places)[1]
    return Wave(latest, known[-1], left, (variance / goals.allowed**2).mean(axis=0))
