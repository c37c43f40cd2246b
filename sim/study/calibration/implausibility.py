"""How far what is simulated, or foreseen, is from each target, in standard deviations.

The implausibility of history matching: |target - expected| / sqrt(variance of everything between
the two), the largest over the targets (Vernon, Goldstein and Bower, "Galaxy formation: a Bayesian
uncertainty analysis", Bayesian Analysis, 2010; for simulations with chance, Andrianakis and others,
"Bayesian history matching of complex infectious disease models using emulation", PLOS Computational
Biology, 2015). Between the two are how little the surrogate knows, chance, and how near a model
that is right could be expected to come, what was published being inexact too: half the target's
tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study.calibration.surrogate import Surrogate

Array = NDArray[np.float64]

LIMIT = 3.0  # standard deviations: Pukelsheim's rule, 95 % of any distribution with one peak


@dataclass(frozen=True, eq=False)
class Goals:
    """The targets as arrays: their keys, values, and the standard deviations that they allow."""

    keys: tuple[str, ...]
    value: Array
    allowed: Array


@dataclass(frozen=True, eq=False)
class Foresight:
    """What the surrogates of a wave say, one for each target, and the luck in their level.

    Attributes
    ----------
    luck
        The variance of what all runs of a wave have in common, target by target.
    """

    surrogates: Sequence[Surrogate]
    luck: Array

    def __call__(self, places: Array) -> tuple[Array, Array]:
        """Foresee each target's outcome: expected values and variances, (places, targets)."""
        found = [surrogate(places) for surrogate in self.surrogates]
        return (
            np.stack([expected for expected, _ in found], axis=1),
            np.stack([variance for _, variance in found], axis=1) + self.luck,
        )


def implausibility(goals: Goals, expected: Array, variance: Array) -> Array:
    """Say how far from each target something is, in standard deviations, (places, targets)."""
    return np.asarray(np.abs(goals.value - expected) / np.sqrt(variance + goals.allowed**2))


def log_likelihood(goals: Goals, expected: Array, variance: Array) -> Array:
    """Return the logarithm of the probability density of the targets at each place."""
    spread = variance + goals.allowed**2
    return np.asarray(
        -0.5 * ((goals.value - expected) ** 2 / spread + np.log(2 * np.pi * spread)).sum(axis=1)
    )


def worst(
    goals: Goals, foresights: Sequence[Foresight], places: Array, enough: float = np.inf
) -> Array:
    """Return the largest implausibility of each place, over all targets and waves.

    The latest wave is asked first, and earlier ones only of what is not worse than `enough`.
    """
    found = np.zeros(len(places))
    for foresight in reversed(foresights):
        asked = np.flatnonzero(found <= enough)
        if len(asked):
            here = implausibility(goals, *foresight(places[asked])).max(axis=1)
            found[asked] = np.maximum(found[asked], here)
    return found
