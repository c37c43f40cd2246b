"""Take the luck out of runs: what the same futures did to the scenario's own values says how much.

Each place meets a few of a set of futures (replications), in turn; the scenario's own values have
met all of them. Under common random numbers a future that is kind to the one is kind to the other,
so that much of what is luck can be taken off: a control variate, with the coefficient that leaves
least (Lavenberg and Welch, "A perspective on the use of control variables to increase the
efficiency of Monte Carlo simulations", Management Science, 1981).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Corrected:
    """What places give, less luck.

    Attributes
    ----------
    mean
        Expected outcomes as estimated, (places, outcomes).
    noise
        The variance of each of these estimates, of its own, by outcome.
    luck
        The variance of what they all have in common: that the futures are so many and no more.
    saved
        By how much the variance of a run is less than without the correction, as a share.
    """

    mean: Array
    noise: Array
    luck: Array
    saved: Array


def futures_of(place: int, runs: int, futures: int) -> list[int]:
    """List the replications that a place meets, by its number over all waves."""
    return [(place * runs + run) % futures for run in range(runs)]


def corrected(values: Array, met: NDArray[np.int64], own: Array) -> Corrected:
    """Take the luck out of what places gave.

    Parameters
    ----------
    values
        Outcomes of each run, (places, runs, outcomes); at least two runs.
    met
        The future that each run met, (places, runs).
    own
        What each future gave the scenario's own values, (futures, outcomes).
    """
    runs = values.shape[1]
    theirs = own[met] - own.mean(axis=0)
    apart = values - values.mean(axis=1, keepdims=True)
    expected = theirs - theirs.mean(axis=1, keepdims=True)
    there = ~np.isnan(apart)
    apart, expected = np.where(there, apart, 0.0), np.where(there, expected, 0.0)
    below = (expected**2).sum(axis=(0, 1))
    slope = (apart * expected).sum(axis=(0, 1)) / np.where(below > 0, below, 1.0)
    freedom = np.maximum(there.sum(axis=(0, 1)) * (1 - 1 / runs), 1.0)
    before = (apart**2).sum(axis=(0, 1)) / freedom
    after = ((apart - slope * expected) ** 2).sum(axis=(0, 1)) / freedom
    return Corrected(
        mean=(values - slope * theirs).mean(axis=1),
        noise=after / runs,
        luck=slope**2 * own.var(axis=0, ddof=1) / len(own),
        saved=1 - after / np.where(before > 0, before, 1.0),
    )
