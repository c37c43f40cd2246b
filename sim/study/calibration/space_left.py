"""Draw places evenly from what is left of the space of parameters, however little that is.

The space is narrowed from level to level, as in subset simulation (Au and Beck, "Estimation of
small failure probabilities in high dimensions by subset simulation", Probabilistic Engineering
Mechanics, 2001): at each level the better half of the places stays, each of the others begins again
at one of those, and all wander, none to where it would be worse than the level. Wandering goes
along the difference of two other places, so that it follows what shape is left (ter Braak, "A
Markov chain Monte Carlo version of the genetic algorithm differential evolution", Statistics and
Computing, 2006).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Badness = Callable[[Array, float], Array]
"""How bad some places are; what is worse than the second argument need not be told exactly."""
Density = Callable[[Array], Array]
"""The logarithm of a density at some places, up to a constant; -inf where none may be."""

KEPT = 0.5  # of the places at each level
STEPS = 20  # of wandering at each level
LAST_STEPS = 60
MOST_LEVELS = 100
LEAST_GAIN = 0.002  # a level that is less of a step than this ...
MOST_STALLS = 5  # ... so many times running finds nothing better
JITTER = 0.01
BETWEEN_MODES = 0.1  # of the steps go the whole difference


@dataclass(frozen=True, eq=False)
class SpaceLeft:
    """What is left of the unit cube.

    Attributes
    ----------
    places
        Drawn evenly from it (places, parameters); where nothing is left, the least bad ones.
    badness
        At each of them.
    share
        How much of the cube is left, estimated; 0 where nothing is.
    """

    places: Array
    badness: Array
    share: float

    @property
    def is_empty(self) -> bool:
        """Whether no place is good enough."""
        return self.share == 0


def space_left(
    badness: Badness, limit: float, begin: Array, dice: np.random.Generator
) -> SpaceLeft:
    """Find what is left of the unit cube where badness is at most `limit`, level by level.

    Parameters
    ----------
    badness
        See `Badness`.
    limit
        The most that is left in.
    begin
        Places that fill the cube evenly (places, parameters).
    dice
        Where chance comes from.
    """
    places, found = begin.copy(), badness(begin, np.inf)
    share, level, stalls = 1.0, np.inf, 0
    for _ in range(MOST_LEVELS):
        next_level = max(float(np.quantile(found, KEPT)), limit)
        stalls = stalls + 1 if level - next_level < LEAST_GAIN * level else 0
        level = next_level
        within = np.flatnonzero(found <= level)
        share *= len(within) / len(found)
        if stalls >= MOST_STALLS:
            return SpaceLeft(places, found, 0.0)
        chosen = within[resampled(np.ones(len(within)), len(found), dice)]

        def inside(at: Array, level: float = level) -> Array:
            return np.where(badness(at, level) <= level, 0.0, -np.inf)

        steps = LAST_STEPS if level == limit else STEPS
        places = wander(places[chosen], inside, steps, dice)
        found = badness(places, level)
        if level == limit:
            return SpaceLeft(places, found, share)
    return SpaceLeft(places, found, 0.0)


def wander(places: Array, density: Density, steps: int, dice: np.random.Generator) -> Array:
    """Move places about, by Metropolis' rule, until they are drawn from a density.

    Half of the places move at a time, along differences between places of the other half.

    Parameters
    ----------
    places
        (places, parameters), each where the density is not nothing.
    density
        See `Density`.
    steps
        How often each is moved.
    """
    places, now = places.copy(), density(places)
    number, parameters = places.shape
    far = 2.38 / np.sqrt(2 * parameters)
    for _ in range(steps):
        order = dice.permutation(number)
        for moving, others in (np.array_split(order, 2), np.array_split(order, 2)[::-1]):
            one, other = dice.choice(others, (2, len(moving)))
            length = np.where(
                dice.random(len(moving)) < BETWEEN_MODES, 1.0, far * dice.random(len(moving))
            )
            step = length[:, None] * (places[one] - places[other])
            asked = places[moving] + step + JITTER * dice.normal(size=step.shape)
            asked = 1 - np.abs(1 - np.abs(asked) % 2)  # off the walls of the cube
            found = density(asked)
            moves = np.log(dice.random(len(moving))) < found - now[moving]
            places[moving[moves]], now[moving[moves]] = asked[moves], found[moves]
    return places


def resampled(weights: Array, number: int, dice: np.random.Generator) -> NDArray[np.int64]:
    """Draw so many of what has weights, each as often as it should be, up to one.

    Systematic resampling: see Kitagawa, "Monte Carlo filter and smoother for non-Gaussian nonlinear
    state space models", Journal of Computational and Graphical Statistics, 1996.
    """
    ends = np.cumsum(weights / weights.sum())
    ends[-1] = 1.0
    return np.searchsorted(ends, (np.arange(number) + dice.random()) / number).astype(np.int64)
