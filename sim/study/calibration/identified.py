"""What the targets say of each parameter, and what they leave open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PRIOR_SPREAD = 1 / math.sqrt(12)  # standard deviation of a place drawn evenly between two ends
FOUND = 0.5  # a spread of this share of the one before, or less: the targets say what it is
UNKNOWN = 0.85  # of this share or more: they say next to nothing
SAME = 1e-9  # a smaller spread is that of sets which are all the same
SURELY = 3.0  # standard errors of a correlation, of which there are hundreds
TOGETHER = 0.5  # correlation, either way, from which two parameters are told apart badly


@dataclass(frozen=True)
class Pair:
    """Two parameters, by number, that targets tell apart badly."""

    one: int
    other: int
    correlation: float


def spread_left(places: Array) -> Array:
    """Return how wide each parameter still is, as a share of how wide it was before the fit.

    Parameters
    ----------
    places
        The ensemble, in the unit cube (sets, parameters).
    """
    return np.asarray(places.std(axis=0, ddof=1) / PRIOR_SPREAD)


def told_apart_badly(places: Array, worth: float) -> list[Pair]:
    """List the pairs of parameters that can make up for each other, the closest first.

    Parameters
    ----------
    places
        The ensemble, in the unit cube (sets, parameters).
    worth
        How many independent sets it is worth: a correlation that so few could show by chance does
        not count.
    """
    moves = places.std(axis=0) > SAME
    least = max(TOGETHER, SURELY / math.sqrt(worth))
    correlation = np.zeros((places.shape[1],) * 2)
    correlation[np.ix_(moves, moves)] = np.corrcoef(places[:, moves].T)
    pairs = [
        Pair(one, other, float(correlation[one, other]))
        for one, other in combinations(range(places.shape[1]), 2)
        if abs(correlation[one, other]) >= least
    ]
    return sorted(pairs, key=lambda pair: -abs(pair.correlation))
